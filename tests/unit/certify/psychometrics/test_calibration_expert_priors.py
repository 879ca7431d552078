"""A prior of its own for each item, which also holds the scale where the population is free."""

from __future__ import annotations

import numpy as np
import pytest

from certify.psychometrics.calibrating.item_priors import PriorTerms
from certify.psychometrics.calibrating.preparation import prepared
from certify.psychometrics.calibration import (
    BetaPriors,
    Calibration,
    ItemPriors,
    NormalPriors,
    SlopePrior,
)
from tests.unit.certify.psychometrics.calibration_data import abilities, answered, bank

ITEMS = bank(40, 51)
GUESSES = ITEMS.b + np.random.default_rng(52).normal(0.0, 0.65, 40)
PRIORS = ItemPriors(SlopePrior(0.2, 0.3), NormalPriors(GUESSES, 0.65))


def test_a_free_population_is_found_on_the_scale_of_the_guesses() -> None:
    able = answered(abilities(600, 53, mean=0.8, sd=0.7), ITEMS, 54)
    fit = Calibration(priors=PRIORS, population="free", tolerance=1e-4).fit(able)
    assert fit.population_.means[0, 0] == pytest.approx(0.8, abs=0.3)
    assert fit.population_.sds[0, 0] == pytest.approx(0.7, abs=0.15)
    errors = fit.params_.b - ITEMS.b
    assert np.sqrt((errors**2).mean()) < 0.5 * np.sqrt(((GUESSES - ITEMS.b) ** 2).mean())
    held = Calibration(priors=PRIORS, population="standard", tolerance=1e-4).fit(able)
    assert abs((held.params_.b - ITEMS.b).mean()) > abs(errors.mean())


def test_priors_stay_with_their_items_where_others_are_left_out() -> None:
    responses = answered(abilities(300, 55), ITEMS, 56).astype(float)
    responses[:, 3] = 1.0
    found = Calibration(priors=PRIORS, tolerance=1e-4).fit(responses)
    assert [one.item for one in found.report_.excluded] == [3]
    rest = np.delete(np.arange(40), 3)
    priors = ItemPriors(SlopePrior(0.2, 0.3), NormalPriors(GUESSES[rest], 0.65))
    same = Calibration(priors=priors, tolerance=1e-4).fit(responses[:, rest])
    assert found.params_.b == pytest.approx(same.params_.b, abs=1e-9)


def test_a_free_population_without_priors_is_refused() -> None:
    responses = answered(abilities(50, 57), ITEMS, 58)
    with pytest.raises(ValueError, match="prior of the difficulties"):
        Calibration(population="free").fit(responses)


def test_asymptotes_stay_near_their_own_modes() -> None:
    modes = np.where(np.arange(40) % 2, 0.25, 0.5)
    priors = ItemPriors(SlopePrior(0.2, 0.3), None, BetaPriors.with_modes(modes, 200.0))
    responses = answered(abilities(400, 59), bank(40, 51, lower=0.25), 60)
    fit = Calibration("3pl", priors=priors, tolerance=1e-4).fit(responses)
    assert np.abs(fit.params_.c[1::2] - 0.25).max() < 0.1
    assert fit.params_.c[::2].mean() > fit.params_.c[1::2].mean() + 0.1


def test_the_terms_of_priors_by_item_have_the_slopes_of_their_values() -> None:
    responses = answered(abilities(80, 61), ITEMS, 62)
    priors = ItemPriors(
        None, NormalPriors(GUESSES, 0.65), BetaPriors.with_modes(np.full(40, 0.2), 20.0)
    )
    work = prepared(responses, "3pl", priors, groups=None, dimension=None, fixed=None)
    plan, values = work.problem.plan, work.problem.known.values
    here = PriorTerms.of(priors, values, plan)
    for column in (0, 1, 2):
        step = np.zeros_like(values)
        step[:, column] = 1e-6
        up = PriorTerms.of(priors, values + step, plan).value
        down = PriorTerms.of(priors, values - step, plan).value
        assert here.gradient[:, column] == pytest.approx((up - down) / 2e-6, abs=1e-4)


def test_numbers_that_are_no_prior_are_refused() -> None:
    with pytest.raises(ValueError, match="finite means"):
        NormalPriors(np.array([0.0, np.nan]), 0.65)
    with pytest.raises(ValueError, match="alpha, beta >= 1"):
        BetaPriors(np.array([0.5]), np.array([2.0]))
