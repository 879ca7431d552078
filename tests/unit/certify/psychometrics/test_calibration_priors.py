"""Priors for small samples: they shrink, and never decide against many answers."""

from __future__ import annotations

import numpy as np
import pytest

from certify.psychometrics.calibrating.item_priors import PriorTerms
from certify.psychometrics.calibrating.preparation import prepared
from certify.psychometrics.calibration import BetaPrior, Calibration, ItemPriors, SlopePrior
from certify.psychometrics.estimating.priors import NormalPrior
from certify.psychometrics.item_parameters import ItemParameters
from tests.unit.certify.psychometrics.calibration_data import abilities, answered, bank

ITEMS = bank(20, 41)
FEW = answered(abilities(50, 42), ITEMS, 43)
MANY = answered(abilities(4000, 44), ITEMS, 45)


def test_fifty_persons_are_enough_with_priors() -> None:
    plain = Calibration().fit(FEW)
    shrunk = Calibration(priors=ItemPriors.small_samples()).fit(FEW)
    truth = np.log(ITEMS.a[shrunk.items_])

    def error(fit: Calibration) -> float:
        return float(np.sqrt(np.mean((np.log(np.maximum(fit.params_.a, 0.05)) - truth) ** 2)))

    assert error(shrunk) < 0.35
    assert error(shrunk) < 0.7 * error(plain)
    assert np.isfinite(shrunk.se_.a).all()


def test_the_spread_of_slopes_is_read_from_the_data() -> None:
    fit = Calibration(priors=ItemPriors(slope=SlopePrior())).fit(MANY)
    assert fit.report_.slope_prior is not None
    mean, sd = fit.report_.slope_prior
    assert mean == pytest.approx(np.log(ITEMS.a).mean(), abs=0.05)
    assert sd == pytest.approx(np.log(ITEMS.a).std(), abs=0.08)


def test_a_given_number_of_the_slope_prior_stays() -> None:
    fit = Calibration(priors=ItemPriors(slope=SlopePrior(sd=0.2))).fit(FEW)
    assert fit.report_.slope_prior is not None
    assert fit.report_.slope_prior[1] == 0.2


def test_equal_slopes_shrink_to_each_other() -> None:
    same = answered(abilities(300, 46), ItemParameters.of(np.ones(20), ITEMS.b), 48)
    plain = Calibration().fit(same)
    shrunk = Calibration(priors=ItemPriors(slope=SlopePrior())).fit(same)
    assert shrunk.params_.a.std() < 0.7 * plain.params_.a.std()


def test_priors_hardly_move_estimates_from_many_persons() -> None:
    plain, shrunk = (
        Calibration().fit(MANY),
        Calibration(priors=ItemPriors.small_samples()).fit(MANY),
    )
    assert np.abs((plain.params_.a - shrunk.params_.a) / plain.se_.a).max() < 1.0
    assert shrunk.log_likelihood_ == pytest.approx(plain.log_likelihood_, abs=3.0)
    assert shrunk.log_likelihood_ <= plain.log_likelihood_
    assert shrunk.report_.log_posterior < shrunk.report_.log_likelihood + 50


def test_a_beta_prior_keeps_guessing_off_the_bound() -> None:
    items = bank(20, 49, lower=0.2)
    responses = answered(abilities(500, 50), items, 51)
    fit = Calibration("3pl", priors=ItemPriors(lower=BetaPrior(5.0, 17.0))).fit(responses)
    assert fit.report_.at_bounds == ()
    assert fit.params_.c == pytest.approx(np.full(20, 0.2), abs=0.12)


@pytest.mark.parametrize("model", ["4pl", "grm", "gpcm"])
def test_gradients_of_priors_are_those_of_their_value(model: str) -> None:
    priors = ItemPriors(
        SlopePrior(0.1, 0.4), NormalPrior(0.2, 1.5), BetaPrior(5.0, 17.0), BetaPrior(17.0, 2.0)
    )
    responses = MANY[:, ::2] + (MANY[:, 1::2] if model != "4pl" else 0)
    problem = prepared(responses, model, priors, groups=None, dimension=None, fixed=None).problem
    values = problem.known.values + 0.05
    values[:, -1] = 0.9
    terms = PriorTerms.of(priors, values, problem.plan)
    for v in np.flatnonzero(problem.plan.free.any(axis=0)):
        up, down = values.copy(), values.copy()
        up[:, v] += 1e-6
        down[:, v] -= 1e-6
        slope = (
            PriorTerms.of(priors, up, problem.plan).value
            - PriorTerms.of(priors, down, problem.plan).value
        ) / 2e-6
        assert terms.gradient[:, v] == pytest.approx(slope, rel=1e-5, abs=1e-5)


def test_impossible_priors_are_refused() -> None:
    with pytest.raises(ValueError, match="expected sd > 0"):
        SlopePrior(0.0, 0.0)
    with pytest.raises(ValueError, match="expected alpha, beta >= 1"):
        BetaPrior(0.5, 2.0)
