"""Building mixed banks, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest

from certify.psychometrics.irt import ItemModel, ItemParameters

MIXED = ItemParameters.concatenate(
    [
        ItemParameters.of([1.2, -0.7], [0.3, 1.0], [0.2, 0.0], [0.95, 1.0], dimension=1),
        ItemParameters.graded([1.1, 0.5], [[-1.0, 0.0, 2.0], [-0.5, 1.0]], dimension=[0, 2]),
        ItemParameters.partial_credit([1.3], [[0.5, -0.2, 0.4, 1.0]]),
    ]
)


def test_bank_of_several_models_is_padded_with_nan() -> None:
    assert len(MIXED) == 5
    assert MIXED.model.tolist() == [0, 0, 1, 1, 2]
    assert MIXED.max_category.tolist() == [1, 1, 3, 2, 4]
    assert MIXED.n_categories == 5
    assert np.isnan(MIXED.thresholds).tolist() == [
        [True] * 4,
        [True] * 4,
        [False, False, False, True],
        [False, False, True, True],
        [False] * 4,
    ]
    assert MIXED.b == pytest.approx([0.3, 1.0, 1 / 3, 0.25, 0.425])
    assert MIXED.dimension.tolist() == [1, 1, 0, 2, 0]
    assert MIXED.n_dimensions == 3


def test_only_banks_without_thresholds_are_dichotomous() -> None:
    assert not MIXED.is_dichotomous
    assert MIXED.take([1, 0]).is_dichotomous
    assert MIXED.take([0]).has_asymptotes
    assert not MIXED.take([1]).has_asymptotes


def test_part_of_a_bank_keeps_the_number_of_dimensions() -> None:
    part = MIXED.take([4, 2])
    assert part.model.tolist() == [ItemModel.PARTIAL_CREDIT, ItemModel.GRADED]
    assert part.n_dimensions == 3
    assert part.on_one_dimension().n_dimensions == 1
    assert part.on_one_dimension().dimension.tolist() == [0, 0]


def test_thresholds_may_come_as_a_padded_table() -> None:
    table = np.array([[-1.0, 0.0, 2.0], [-0.5, 1.0, np.nan]])
    ragged = ItemParameters.graded([1, 1], [[-1.0, 0.0, 2.0], [-0.5, 1.0]])
    padded = ItemParameters.graded([1, 1], table)
    assert np.array_equal(ragged.thresholds, padded.thresholds, equal_nan=True)


def test_negative_slope_turns_the_order_of_graded_thresholds() -> None:
    assert len(ItemParameters.graded([-1.0], [[1.0, 0.0]])) == 1
    with pytest.raises(ValueError, match="item 0: expected thresholds that rise along the slope"):
        ItemParameters.graded([-1.0], [[0.0, 1.0]])


def test_nothing_cannot_be_concatenated() -> None:
    with pytest.raises(ValueError, match="at least one bank"):
        ItemParameters.concatenate([])


@pytest.mark.parametrize(
    ("thresholds", "message"),
    [
        ([[0.0, 1.0], [1.0, 0.5]], "item 1: expected thresholds that rise"),
        ([[0.0, 1.0], [0.5, 0.5]], "item 1: expected thresholds that rise"),
        ([[0.0, 1.0], [math.nan, 0.5]], "item 1: expected finite thresholds, then NaN"),
        ([[0.0, 1.0], [0.5, math.inf]], "item 1: expected finite thresholds, then NaN"),
        ([[], [0.5]], "item 0: expected finite"),
        ([[0.0, 1.0]], "expected thresholds of 2 items"),
    ],
)
def test_thresholds_out_of_order_are_named(thresholds: list[list[float]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ItemParameters.graded([1.0, 1.0], thresholds)


def test_steps_of_partial_credit_may_come_in_any_order() -> None:
    assert ItemParameters.partial_credit([1.0], [[1.0, -1.0]]).thresholds.tolist() == [[1.0, -1.0]]


def test_dichotomous_item_with_thresholds_is_refused() -> None:
    with pytest.raises(ValueError, match="item 0: expected no thresholds"):
        ItemParameters(
            np.ones(1),
            np.zeros(1),
            np.zeros(1),
            np.ones(1),
            np.zeros(1, dtype=np.int8),
            np.zeros((1, 1)),
            np.zeros(1, dtype=np.intp),
        )


@pytest.mark.parametrize(
    ("c", "d", "message"),
    [
        ([0.0, 0.3], [1.0, 0.3], "item 1: expected c < d <= 1, found 0.3"),
        ([0.0, 0.0], [1.1, 1.0], "item 0: expected c < d <= 1, found 1.1"),
        ([0.0, 0.0], [math.nan, 1.0], "item 0: expected c < d <= 1, found nan"),
    ],
)
def test_upper_asymptote_out_of_range_is_named(
    c: list[float], d: list[float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        ItemParameters.of([1, 1], [0, 0], c, d)


@pytest.mark.parametrize("dimension", [[0, 3], [0, -1]])
def test_dimension_out_of_range_is_named(dimension: list[int]) -> None:
    with pytest.raises(ValueError, match="item 1: expected a dimension from 0 to 2"):
        ItemParameters.of([1, 1], [0, 0], dimension=dimension, n_dimensions=3)
