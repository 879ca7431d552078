"""Blocks of persons, and who works on them: in turn, on threads, or wherever an executor sends.

An E-step is a map over blocks and a sum. Whoever maps, the sums are added in the order of the
blocks, so the same data give the same digits serially, on threads and on a cluster. A cluster
needs no code here: anything with `place` and `total` will do.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from certify.psychometrics.calibrating.coded_responses import Cells, CodedResponses
from certify.psychometrics.item_parameters import FloatArray

Sums = tuple[FloatArray, ...]


@dataclass(frozen=True)
class PersonBlock:
    """Some response patterns of one group; `counts` is None where each stands for one person."""

    cells: Cells
    counts: FloatArray | None
    group: int

    def weighted(self, values: FloatArray) -> FloatArray:
        """Values of the patterns (first axis) times their counts."""
        if self.counts is None:
            return values
        return np.asarray(values * self.counts.reshape(-1, *(1,) * (values.ndim - 1)))


class BlockTask(Protocol):
    """What is done to each block; must be picklable to leave the process."""

    def of_block(self, block: PersonBlock) -> Sums:
        """Arrays that add up over blocks."""
        ...


class BlockExecutor(Protocol):
    """Where blocks live and tasks run."""

    def place(self, blocks: Sequence[PersonBlock]) -> Sequence[Any]:
        """Bring the blocks, once, to where they are worked on."""
        ...

    def total(self, task: BlockTask, placed: Sequence[Any]) -> Sums:
        """The sums of `task` over all placed blocks, added in their order."""
        ...


class SerialExecutor:
    """One block after the other in this thread."""

    def place(self, blocks: Sequence[PersonBlock]) -> Sequence[PersonBlock]:
        """Leave them where they are."""
        return blocks

    def total(self, task: BlockTask, placed: Sequence[PersonBlock]) -> Sums:
        """The sums of `task` over all blocks."""
        return added(map(task.of_block, placed))


class ThreadedExecutor:
    """Blocks on threads: numpy lets go of the interpreter lock in products and exponentials.

    Keep the BLAS library itself at one thread. Raises ValueError for less than one thread.
    """

    def __init__(self, threads: int) -> None:
        if threads < 1:
            raise ValueError(f"expected at least one thread, found {threads}")
        self.threads = threads

    def place(self, blocks: Sequence[PersonBlock]) -> Sequence[PersonBlock]:
        """Leave them where they are."""
        return blocks

    def total(self, task: BlockTask, placed: Sequence[PersonBlock]) -> Sums:
        """The sums of `task` over all blocks."""
        with ThreadPoolExecutor(self.threads) as pool:
            return added(pool.map(task.of_block, placed))


def added(parts: Iterable[Sums]) -> Sums:
    """Element-wise sums, in order."""
    total: Sums | None = None
    for part in parts:
        if total is None:
            total = tuple(values.copy() for values in part)
        else:
            for values, more in zip(total, part, strict=True):
                values += more
    if total is None:
        raise ValueError("expected at least one block of persons, found none")
    return total


def blocks_of(data: CodedResponses, size: int) -> list[PersonBlock]:
    """The patterns of each group in blocks of at most `size`."""
    blocks = []
    single = bool(np.all(data.counts == 1.0))
    edges: NDArray[np.intp] = np.searchsorted(data.group, np.arange(data.n_groups + 1))
    for group in range(data.n_groups):
        for start in range(edges[group], edges[group + 1], size):
            rows = slice(start, min(start + size, edges[group + 1]))
            counts = None if single else data.counts[rows]
            blocks.append(PersonBlock(data.cells[rows], counts, group))
    return blocks
