"""Classical statistics against values worked by hand and their own properties."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from certify.psychometrics import classical

# 20 persons, 3 items. Totals: 5 persons each with 0, 1, 2 and 3 points.
GUTTMAN = np.repeat([[0, 0, 0], [1, 0, 0], [1, 1, 0], [1, 1, 1]], 5, axis=0)

tables = arrays(
    np.int64, st.tuples(st.integers(20, 40), st.integers(2, 6)), elements=st.integers(0, 1)
)


def test_difficulty_is_the_share_of_points() -> None:
    assert classical.difficulty(GUTTMAN * 2, [2, 2, 2]).tolist() == [0.75, 0.5, 0.25]


def test_kr20_of_a_guttman_scale() -> None:
    # var(T) = 1.25 and sum pq = 0.1875 + 0.25 + 0.1875 over n: 3/2 (1 - 0.625/1.25) = 0.75.
    assert classical.cronbach_alpha(GUTTMAN) == pytest.approx(0.75, abs=1e-12)


def test_sem_of_a_guttman_scale() -> None:
    sd = (1.25 * 20 / 19) ** 0.5
    assert classical.standard_error_of_measurement(GUTTMAN) == pytest.approx(sd * 0.5, abs=1e-12)


def test_item_rest_correlation_of_a_guttman_scale() -> None:
    # First item: cov(X, rest) = 0.75 - 0.75 * 0.75, var = 0.1875, var(rest) = 1.25 - 0.75**2.
    expected = (0.75 - 0.75 * 0.75) / (0.1875 * (1.25 - 0.5625)) ** 0.5
    assert classical.item_rest_correlation(GUTTMAN)[0] == pytest.approx(expected, abs=1e-12)


def test_upper_and_lower_groups_without_ties() -> None:
    # round(0.27 * 20) = 5: the upper group all right, the lower group all wrong.
    assert classical.upper_lower_discrimination(GUTTMAN, [1, 1, 1]).tolist() == [1.0, 1.0, 1.0]


def test_ties_at_the_border_share_the_places() -> None:
    table = np.array([[1, 1]] * 2 + [[1, 0]] * 5 + [[0, 1]] * 5 + [[0, 0]] * 8)
    # Upper 5: two with 2 points and 3 places for 10 persons with 1 point, half of them on item 1.
    assert classical.upper_lower_discrimination(table, [1, 1])[0] == pytest.approx((2 + 1.5) / 5)


def test_below_twenty_persons_nothing_is_stated() -> None:
    few = GUTTMAN[:19]
    assert np.isnan(classical.difficulty(few, [1, 1, 1])).all()
    assert np.isnan(classical.item_rest_correlation(few)).all()
    assert np.isnan(classical.upper_lower_discrimination(few, [1, 1, 1])).all()
    assert np.isnan(classical.cronbach_alpha(few))
    assert np.isnan(classical.standard_error_of_measurement(few))


def test_item_that_does_not_vary_has_no_correlation() -> None:
    table = np.column_stack([GUTTMAN, np.ones(20)])
    assert np.isnan(classical.item_rest_correlation(table)).tolist() == [False] * 3 + [True]


def test_single_item_has_no_alpha_and_no_rest() -> None:
    table = GUTTMAN[:, :1]
    assert np.isnan(classical.cronbach_alpha(table))
    assert np.isnan(classical.item_rest_correlation(table)).all()


def test_flat_array_is_refused() -> None:
    with pytest.raises(ValueError, match="persons, items"):
        classical.cronbach_alpha(np.ones(30))


@settings(deadline=None)
@given(tables)
def test_order_of_persons_does_not_matter(table: np.ndarray) -> None:
    shuffled = table[np.random.default_rng(1).permutation(len(table))]
    ones = np.ones(table.shape[1])
    np.testing.assert_allclose(
        classical.upper_lower_discrimination(table, ones),
        classical.upper_lower_discrimination(shuffled, ones),
        atol=1e-12,
    )
    np.testing.assert_allclose(
        classical.item_rest_correlation(table),
        classical.item_rest_correlation(shuffled),
        atol=1e-9,
        equal_nan=True,
    )


@settings(deadline=None)
@given(tables)
def test_statistics_stay_in_range_and_ignore_the_scale(table: np.ndarray) -> None:
    ones = np.ones(table.shape[1])
    d27 = classical.upper_lower_discrimination(table, ones)
    r_rest = classical.item_rest_correlation(table)
    assert (np.abs(d27) <= 1 + 1e-12).all()
    assert (np.abs(r_rest[~np.isnan(r_rest)]) <= 1 + 1e-12).all()
    alpha = classical.cronbach_alpha(table)
    assert np.isnan(alpha) or alpha <= 1 + 1e-12
    np.testing.assert_allclose(alpha, classical.cronbach_alpha(table * 3), atol=1e-9)


def test_alpha_without_each_item() -> None:
    found = classical.alpha_if_deleted(GUTTMAN)
    for item in range(3):
        rest = np.delete(GUTTMAN, item, axis=1)
        assert found[item] == pytest.approx(classical.cronbach_alpha(rest))


def test_alpha_without_an_item_needs_three_items_and_twenty_persons() -> None:
    assert np.isnan(classical.alpha_if_deleted(GUTTMAN[:, :2])).all()
    assert np.isnan(classical.alpha_if_deleted(GUTTMAN[:19])).all()


def test_weights_of_a_fractional_number_of_persons_sum_to_it() -> None:
    total = np.array([3.0, 3.0, 1.0, 0.0])
    assert classical.top_weights(total, 1.5).tolist() == [0.75, 0.75, 0.0, 0.0]
    assert classical.top_weights(total, 2.5).tolist() == [1.0, 1.0, 0.5, 0.0]
    assert classical.top_weights(total, 0.0).sum() == 0.0
