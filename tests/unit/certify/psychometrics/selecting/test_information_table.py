"""The ranked table finds the same items as looking at all of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certify.psychometrics.irt import information
from certify.psychometrics.item_parameters import ItemParameters
from certify.psychometrics.selecting.information_table import InformationTable
from certify.psychometrics.selection import best_indices

SOURCE = np.random.default_rng(11)
N = 150


def two_parameter() -> ItemParameters:
    return ItemParameters.of(SOURCE.lognormal(0.2, 0.3, N), SOURCE.normal(size=N))


def with_asymptotes() -> ItemParameters:
    lower, upper = SOURCE.uniform(0, 0.3, N), SOURCE.uniform(0.8, 1.0, N)
    return ItemParameters.of(SOURCE.lognormal(0.2, 0.5, N), SOURCE.normal(size=N), lower, upper)


def mixed() -> ItemParameters:
    thresholds = np.sort(SOURCE.normal(size=(N, 3)), axis=1)
    return ItemParameters.concatenate(
        [
            with_asymptotes(),
            ItemParameters.graded(SOURCE.lognormal(0.2, 0.4, N), thresholds),
            ItemParameters.partial_credit(
                -SOURCE.lognormal(0.0, 0.4, N), SOURCE.normal(size=(N, 4))
            ),
        ]
    )


def all_alike() -> ItemParameters:
    return ItemParameters.of(np.ones(N), np.zeros(N))


BANKS = [two_parameter(), with_asymptotes(), mixed(), all_alike()]
WEIGHTS = [SOURCE.uniform(0.5, 2.0, len(bank)) for bank in BANKS[:3]] + [np.ones(N)]
TABLES = [
    InformationTable.of(bank, weights, depth=100)
    for bank, weights in zip(BANKS, WEIGHTS, strict=True)
]


@settings(deadline=None, max_examples=200)
@given(
    which=st.integers(0, 3),
    theta=st.floats(-5.5, 5.5),
    count=st.integers(1, 5),
    share=st.sampled_from([0.0, 0.1, 0.7, 0.99]),
    seed=st.integers(0, 10**6),
)
def test_table_finds_what_a_scan_finds(
    which: int, theta: float, count: int, share: float, seed: int
) -> None:
    bank = BANKS[which]
    available = np.random.default_rng(seed).random(len(bank)) >= share
    values = information(theta, bank) * WEIGHTS[which]
    expected = best_indices(values, available, count)
    assert TABLES[which].best(theta, available, count).tolist() == expected.tolist()


@pytest.mark.parametrize("which", range(4))
def test_bounds_hold_within_their_interval(which: int) -> None:
    table, bank = TABLES[which], BANKS[which]
    for interval in range(0, len(table.order), 25):
        for place in np.linspace(0.0, 0.04, 7):
            theta = table.start + interval * 0.04 + place
            values = information(theta, bank) * WEIGHTS[which]
            order = table.order[interval]
            assert (values[order] <= table.bound[interval] * (1 + 1e-12)).all()
            rest = np.setdiff1d(np.arange(len(bank)), order)
            assert values[rest].max(initial=0.0) <= table.bound[interval, -1] * (1 + 1e-12)


def test_nothing_available_gives_nothing() -> None:
    assert TABLES[0].best(0.0, np.zeros(N, dtype=bool)).tolist() == []


def test_small_bank_is_ranked_whole() -> None:
    table = InformationTable.of(ItemParameters.of([1.0, 2.0], [0.0, 0.0]))
    assert table.best(0.1, np.ones(2, dtype=bool), 3).tolist() == [1, 0]


def test_negative_weights_are_refused() -> None:
    with pytest.raises(ValueError, match="expected weights of 0 or more"):
        InformationTable.of(all_alike(), -1.0)


def test_several_dimensions_are_refused() -> None:
    items = ItemParameters.of([1.0, 1.0], [0.0, 0.0], dimension=[0, 1])
    with pytest.raises(ValueError, match="expected items of one dimension"):
        InformationTable.of(items)
