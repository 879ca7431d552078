"""Linking: known constants are found again by every method, for every model; faults are named."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certify.psychometrics import irt
from certify.psychometrics.ability import AbilityGrid
from certify.psychometrics.item_parameters import ItemParameters
from certify.psychometrics.linking import (
    default_grid,
    haebara,
    mean_mean,
    mean_sigma,
    stocking_lord,
)
from certify.psychometrics.parametrisation import rescaled

MIXED = ItemParameters.concatenate(
    [
        ItemParameters.of([1.1, 0.8, 1.5], [-1.0, 0.2, 0.9], [0.2, 0.0, 0.15], [1, 1, 0.97]),
        ItemParameters.graded([1.3, 0.9], [[-1.2, 0.1, 1.4], [-0.4, 0.8]]),
        ItemParameters.partial_credit([0.7], [[0.6, -0.5]]),
    ]
)


def noisy(items: ItemParameters, seed: int) -> ItemParameters:
    rng = np.random.default_rng(seed)
    n = len(items)
    return ItemParameters.of(
        items.a * np.exp(rng.normal(0, 0.1, n)), items.b + rng.normal(0, 0.1, n), items.c
    )


@settings(deadline=None, max_examples=20)
@given(st.floats(0.4, 2.5), st.floats(-1.5, 1.5))
def test_every_method_finds_an_exact_change_of_scale(slope: float, intercept: float) -> None:
    new = rescaled(MIXED, 1 / slope, -intercept / slope)
    for link in (
        mean_mean(new, MIXED),
        mean_sigma(new, MIXED),
        haebara(new, MIXED),
        stocking_lord(new, MIXED),
        haebara(new, MIXED, symmetric=True, count_wrong=True),
        stocking_lord(new, MIXED, symmetric=True),
    ):
        assert (link.slope, link.intercept) == pytest.approx((slope, intercept), abs=1e-6)
        assert link.converged


def plain_criterion(link_slope: float, link_intercept: float, kind: str, symmetric: bool) -> float:
    """Kim & Lee's criteria with loops, for dichotomous items."""
    base = ItemParameters.of([1.0, 1.4, 0.7, 1.1], [-0.8, 0.0, 0.6, 1.2], 0.1)
    new = noisy(rescaled(base, 0.8, -0.3), 1)
    grid = default_grid()
    on_base = rescaled(new, link_slope, link_intercept)
    on_new = rescaled(base, 1 / link_slope, -link_intercept / link_slope)
    total = 0.0
    for one, other in ((base, on_base), (new, on_new))[: 2 if symmetric else 1]:
        for theta in grid.points:
            gaps = irt.probability(theta, one) - irt.probability(theta, other)
            total += (gaps**2).mean() if kind == "haebara" else gaps.sum() ** 2
    return total / len(grid.points)


@pytest.mark.parametrize("symmetric", [False, True])
@pytest.mark.parametrize("kind", ["haebara", "stocking_lord"])
def test_curve_methods_minimise_their_criterion(kind: str, symmetric: bool) -> None:
    base = ItemParameters.of([1.0, 1.4, 0.7, 1.1], [-0.8, 0.0, 0.6, 1.2], 0.1)
    new = noisy(rescaled(base, 0.8, -0.3), 1)
    link = (haebara if kind == "haebara" else stocking_lord)(new, base, symmetric=symmetric)
    least = plain_criterion(link.slope, link.intercept, kind, symmetric)
    assert link.criterion == pytest.approx(least, rel=1e-9)
    for step in ((1e-3, 0), (-1e-3, 0), (0, 1e-3), (0, -1e-3), (1e-3, 1e-3), (-1e-3, 1e-3)):
        nearby = plain_criterion(link.slope + step[0], link.intercept + step[1], kind, symmetric)
        assert nearby > least


def test_counting_wrong_answers_matters_only_in_mixed_banks() -> None:
    base = MIXED.take([0, 1, 3])
    new = rescaled(
        ItemParameters.concatenate([noisy(base.take([0, 1]), 2), base.take([2])]), 0.9, 0.2
    )
    only, both = haebara(new, base), haebara(new, base, count_wrong=True)
    assert only.slope != pytest.approx(both.slope, abs=1e-6)
    two = base.take([0, 1])
    only, both = haebara(noisy(two, 3), two), haebara(noisy(two, 3), two, count_wrong=True)
    assert only.slope == pytest.approx(both.slope, abs=1e-7)


def test_rasch_items_are_only_shifted() -> None:
    base = ItemParameters.of(np.ones(4), [-1.0, -0.2, 0.4, 1.1])
    new = ItemParameters.of(np.ones(4), np.array([-1.1, 0.0, 0.3, 1.2]) - 0.5)
    for link in (
        mean_mean(new, base, rasch=True),
        haebara(new, base, rasch=True),
        stocking_lord(new, base, rasch=True),
    ):
        assert link.slope == 1.0
        assert link.intercept == pytest.approx(0.475, abs=0.01)


def test_weights_of_the_population_are_used() -> None:
    base = ItemParameters.of([1.0, 1.2], [-1.0, 1.0])
    new = ItemParameters.of([1.0, 1.2], [-1.5, 1.2])
    low = haebara(new, base, AbilityGrid.normal(mean=-1.5, sd=0.3), rasch=True)
    high = haebara(new, base, AbilityGrid.normal(mean=1.5, sd=0.3), rasch=True)
    assert low.intercept > 0.3 > 0.0 > high.intercept


def test_items_and_abilities_move_together() -> None:
    new = rescaled(MIXED, 1 / 1.3, -0.4 / 1.3)
    link = stocking_lord(new, MIXED)
    theta = np.array([-1.0, 0.0, 1.0])
    np.testing.assert_allclose(
        irt.expected_score(theta, new), irt.expected_score(link.theta(theta), link.items(new))
    )
    np.testing.assert_allclose(link.theta_se([0.3]), [0.39])


def test_faults_are_named() -> None:
    two = ItemParameters.of([1.0, 1.1], [0.0, 0.5])
    with pytest.raises(ValueError, match="same common items on both scales, found 2 and 1"):
        mean_mean(two, two.take([0]))
    with pytest.raises(ValueError, match="item 1: expected the same model"):
        haebara(two, ItemParameters.concatenate([two.take([0]), MIXED.take([3])]))
    with pytest.raises(ValueError, match="differ in difficulty"):
        mean_sigma(ItemParameters.of([1.0, 1.1], [0.5, 0.5]), two)
    with pytest.raises(ValueError, match="same sign"):
        mean_mean(ItemParameters.of([-1.0, -1.1], [0.0, 0.5]), two)
    with pytest.raises(ValueError, match="one dimension"):
        mean_mean(*[ItemParameters.of([1, 1], [0, 1], dimension=[0, 1])] * 2)
