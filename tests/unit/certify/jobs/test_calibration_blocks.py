"""Calibration through a cluster's client, here one that answers in this process."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from certify.jobs.calibration_blocks import DaskExecutor
from certify.psychometrics.calibration import Calibration
from tests.unit.certify.psychometrics.calibration_data import abilities, answered, bank


class ClientInProcess:
    """What a `distributed.Client` does, as far as calibration uses it."""

    def __init__(self) -> None:
        self.scattered = 0
        self.is_closed = False

    def scatter(self, data: list[Any], *, hash: bool) -> list[Any]:
        assert not hash
        self.scattered += 1
        return data

    def map(self, work: Callable[[Any], Any], data: Sequence[Any], *, pure: bool) -> list[Any]:
        assert not pure
        return [work(one) for one in data]

    def gather(self, futures: list[Any]) -> list[Any]:
        return futures

    def close(self) -> None:
        self.is_closed = True


def test_a_cluster_gives_the_digits_of_one_process() -> None:
    responses = answered(abilities(2000, 1), bank(15, 2), 3)
    client = ClientInProcess()
    with DaskExecutor(client) as executor:
        spread = Calibration("3pl", executor=executor, block_size=300).fit(responses)
    alone = Calibration("3pl", block_size=300).fit(responses)
    assert (spread.params_.a == alone.params_.a).all()
    assert (spread.se_.a == alone.se_.a).all()
    assert client.scattered == 1
    assert client.is_closed


def test_nothing_to_do_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one block"):
        DaskExecutor(ClientInProcess()).total(None, [])  # type: ignore[arg-type]


def test_without_dask_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ModuleNotFoundError, match=r"tcp://h:1.*install the extra `scale`"):
        DaskExecutor.connected_to("tcp://h:1")


def test_sums_are_not_added_into_the_parts_of_others() -> None:
    class Counted:
        def of_block(self, block: Any) -> tuple[Any, ...]:
            return (block,)

    first = np.ones(2)
    (total,) = DaskExecutor(ClientInProcess()).total(Counted(), [first, np.ones(2)])
    assert total.tolist() == [2.0, 2.0]
    assert first.tolist() == [1.0, 1.0]
