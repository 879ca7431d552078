"""The lognormal model: its likelihood, recovery, residuals and the flags of rapid guessing."""

import math

import numpy as np
import pytest

from certify.psychometrics.diagnosing.rapid_guessing import rapid_guessing, unusually_fast
from certify.psychometrics.diagnosing.response_times import (
    fit_response_times,
    speed_and_ability,
    speeds,
    time_residuals,
)
from certify.psychometrics.item_parameters import ItemParameters


def simulated(persons: int, seed: int, rho: float = 0.0) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    alpha, beta = rng.uniform(1.3, 2.5, 15), rng.normal(4.0, 0.4, 15)
    theta = rng.normal(size=persons)
    tau = 0.3 * (rho * theta + math.sqrt(1 - rho**2) * rng.normal(size=persons))
    logs = beta - tau[:, None] + rng.normal(size=(persons, 15)) / alpha
    return {"alpha": alpha, "beta": beta, "tau": tau, "theta": theta, "seconds": np.exp(logs)}


def test_parameters_are_recovered_with_times_missing() -> None:
    data = simulated(3000, 1)
    seconds = data["seconds"].copy()
    seconds[np.random.default_rng(2).random(seconds.shape) < 0.3] = np.nan
    model = fit_response_times(seconds)
    assert model.converged
    assert np.abs(model.alpha - data["alpha"]).max() < 0.15
    assert np.abs(model.beta - data["beta"]).max() < 0.06
    assert model.sigma == pytest.approx(0.3, abs=0.02)


def test_log_likelihood_is_that_of_the_multivariate_normal() -> None:
    seconds = simulated(40, 3)["seconds"]
    model = fit_response_times(seconds)
    covariance = np.diag(model.alpha**-2) + model.sigma**2
    residual = np.log(seconds) - model.beta
    square = np.einsum("ni,ij,nj->", residual, np.linalg.inv(covariance), residual)
    sign, determinant = np.linalg.slogdet(covariance)
    expected = -0.5 * (square + 40 * (determinant + 15 * math.log(2 * math.pi)))
    assert sign == 1
    assert model.log_likelihood == pytest.approx(expected, rel=1e-6)


def test_estimates_are_a_maximum() -> None:
    seconds = simulated(60, 4)["seconds"]
    model = fit_response_times(seconds)
    residual = np.log(seconds)

    def value(beta: np.ndarray, alpha: np.ndarray, sigma: float) -> float:
        covariance = np.diag(alpha**-2) + sigma**2
        gap = residual - beta
        square = np.einsum("ni,ij,nj->", gap, np.linalg.inv(covariance), gap)
        return -0.5 * float(square + 60 * np.linalg.slogdet(covariance)[1])

    best = value(model.beta, model.alpha, model.sigma)
    for factor in (0.98, 1.02):
        assert value(model.beta, model.alpha * factor, model.sigma) < best
        assert value(model.beta, model.alpha, model.sigma * factor) < best
        assert value(model.beta + factor - 1, model.alpha, model.sigma) < best


def test_speed_of_one_person_by_hand() -> None:
    data = simulated(300, 5)
    model = fit_response_times(data["seconds"])
    person = np.full((1, 15), np.nan)
    person[0, :2] = 30.0, 50.0
    weights = model.alpha[:2] ** 2
    total = weights.sum() + model.sigma**-2
    expected = (weights * (model.beta[:2] - np.log([30.0, 50.0]))).sum() / total
    found = speeds(person, model)
    assert found.tau[0] == pytest.approx(expected)
    assert found.se[0] == pytest.approx(total**-0.5)
    nobody = speeds(np.full((1, 15), np.nan), model)
    assert (nobody.tau[0], nobody.se[0]) == pytest.approx((0.0, model.sigma))


def test_residuals_are_standard_normal_under_the_model() -> None:
    data = simulated(2000, 6)
    z = time_residuals(data["seconds"], fit_response_times(data["seconds"]))
    assert z.mean() == pytest.approx(0.0, abs=0.02)
    assert z.std() == pytest.approx(1.0, abs=0.02)
    assert (z < -3.090232).mean() == pytest.approx(0.001, abs=0.001)


def test_correlation_of_speed_and_ability_is_recovered() -> None:
    data = simulated(2500, 7, rho=0.6)
    items = ItemParameters.of(np.full(15, 1.4), np.linspace(-1.5, 1.5, 15))
    rng = np.random.default_rng(8)
    p = 1 / (1 + np.exp(-1.4 * (data["theta"][:, None] - items.b)))
    responses = (rng.random(p.shape) < p).astype(float)
    model = fit_response_times(data["seconds"])
    found = speed_and_ability(data["seconds"], model, responses, items)
    assert found.correlation == pytest.approx(0.6, abs=3 * found.se)
    assert 0.01 < found.se < 0.05
    with pytest.raises(ValueError, match="2500 rows of times and 10 of responses"):
        speed_and_ability(data["seconds"], model, responses[:10], items)


def test_items_with_too_few_times_have_no_parameters_and_no_residuals() -> None:
    seconds = simulated(50, 9)["seconds"].copy()
    seconds[19:, 3] = np.nan
    model = fit_response_times(seconds)
    assert np.isnan([model.alpha[3], model.beta[3]]).all()
    assert np.isnan(time_residuals(seconds, model)[:, 3]).all()
    assert np.isfinite(speeds(seconds, model).tau).all()


def test_bad_times_are_refused_with_their_place() -> None:
    seconds = simulated(30, 10)["seconds"].copy()
    seconds[4, 2] = 0.0
    with pytest.raises(ValueError, match="person 4, item 2: expected a time above 0 s"):
        fit_response_times(seconds)
    with pytest.raises(ValueError, match="two items or more with at least 20 times each"):
        fit_response_times(np.ones((19, 3)))
    with pytest.raises(ValueError, match="persons, items"):
        fit_response_times(np.ones(30))
    model = fit_response_times(simulated(30, 11)["seconds"])
    with pytest.raises(ValueError, match="times of 15 items, found 3"):
        speeds(np.ones((2, 3)), model)


def test_rapid_guesses_by_a_share_of_the_usual_time() -> None:
    seconds = np.full((40, 4), 50.0)
    seconds[:, 3] = 300.0
    seconds[0] = [4.9, 5.1, np.nan, 9.9]
    found = rapid_guessing(seconds)
    assert found.thresholds.tolist() == pytest.approx([5.0, 5.0, 5.0, 10.0])
    assert found.is_rapid[0].tolist() == [True, False, False, True]
    assert found.effort[:2].tolist() == pytest.approx([1 / 3, 1.0])
    assert found.is_doubtful.tolist() == [True] + [False] * 39


def test_rapid_guessing_judges_no_item_with_few_times() -> None:
    seconds = np.full((40, 2), 50.0)
    seconds[19:, 1] = np.nan
    seconds[0, 1] = 0.1
    found = rapid_guessing(seconds)
    assert np.isnan(found.thresholds[1])
    assert not found.is_rapid.any()
    with pytest.raises(ValueError, match="share between 0 and 1"):
        rapid_guessing(seconds, share=0.0)


def test_unusually_fast_answers_adapt_to_the_person() -> None:
    data = simulated(1000, 12)
    model = fit_response_times(data["seconds"])
    seconds = data["seconds"].copy()
    seconds[0, 3] = 1.0
    # a person who is fast throughout is no guesser by this flag
    seconds[1] = np.exp(model.beta - 1.2)
    found = unusually_fast(seconds, model)
    assert found[0].sum() == 1
    assert found[0, 3]
    assert not found[1].any()


def test_what_an_author_expects_stands_in_for_a_median_of_too_few() -> None:
    seconds = np.full((30, 3), 40.0)
    seconds[5:, 1] = np.nan
    seconds[0] = 3.5
    found = rapid_guessing(seconds, floor_seconds=3.0, expected_seconds=[99.0, 60.0, 10.0])
    assert found.thresholds.tolist() == pytest.approx([4.0, 6.0, 4.0])
    assert found.is_rapid[0].all() and not found.is_rapid[1:].any()
    assert np.isnan(rapid_guessing(seconds, floor_seconds=3.0).thresholds[1])


def test_a_floor_lifts_the_threshold_of_a_quick_item() -> None:
    seconds = np.full((30, 1), 12.0)
    assert rapid_guessing(seconds).thresholds[0] == pytest.approx(1.2)
    assert rapid_guessing(seconds, floor_seconds=3.0).thresholds[0] == pytest.approx(3.0)
