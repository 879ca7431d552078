"""Calibration on a Dask cluster: blocks of persons stay on the workers, only sums come back.

An executor in the sense of `Calibration(executor=...)`: it hands blocks and tasks on without
looking into them. Workers need the same release of this software. Results are added in the order
of the blocks, so the estimates are those of one process, digit for digit.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Protocol

Sums = tuple[Any, ...]

NO_DASK = (
    "expected the packages dask and distributed to reach the scheduler {address}, found none: "
    "install the extra `scale`"
)


class BlockTask(Protocol):
    """What is done to each block."""

    def of_block(self, block: Any) -> Sums:
        """Arrays that add up over blocks."""
        ...


class DaskExecutor:
    """Maps blocks over the workers of a `distributed.Client`; closes it at the end of a `with`."""

    def __init__(self, client: Any) -> None:
        self.client = client

    @classmethod
    def connected_to(cls, address: str) -> DaskExecutor:
        """The cluster behind a scheduler's address (`tcp://host:8786`), the `--scheduler` option.

        Raises ModuleNotFoundError, saying what to install, where Dask is missing, and OSError where
        no scheduler answers.
        """
        try:
            from distributed import Client
        except ModuleNotFoundError as missing:
            raise ModuleNotFoundError(NO_DASK.format(address=address)) from missing
        return cls(Client(address))

    def place(self, blocks: Sequence[Any]) -> Sequence[Any]:
        """Send every block to a worker, once."""
        # equal blocks are different persons: they must not become one by their hash
        placed: Sequence[Any] = self.client.scatter(list(blocks), hash=False)
        return placed

    def total(self, task: BlockTask, placed: Sequence[Any]) -> Sums:
        """The sums of `task` over all blocks, in their order. Raises ValueError without blocks."""
        if not placed:
            raise ValueError("expected at least one block of persons, found none")
        # what is asked changes with every step: there is nothing to look up by key
        futures = self.client.map(task.of_block, placed, pure=False)
        first, *rest = self.client.gather(futures)
        total = tuple(values.copy() for values in first)
        for part in rest:
            for values, more in zip(total, part, strict=True):
                values += more
        return total

    def __enter__(self) -> DaskExecutor:
        """Itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of the workers."""
        self.client.close()
