"""Ability estimates and curves on the TCALS bank (85 items, 3PL) against R catR 3.17.

catR solves its estimating equations by R's `uniroot` with the default tolerance of 1.2e-4, so its
roots are good to four decimals and can be off in the fifth where it stopped early; the derivatives
below, which need no root, agree to the last digit. Its prior N(0, 1) of EAP
stands on 33 points from -4 to 4, integrated by the trapezoidal rule.
"""

from __future__ import annotations

import numpy as np
import pytest

from certify.psychometrics.ability import AbilityEstimate, AbilityFlag, AbilityGrid, eap
from certify.psychometrics.estimating.ability_modes import (
    Jeffreys,
    maximum_a_posteriori,
    maximum_likelihood,
    weighted_likelihood,
)
from certify.psychometrics.estimating.robust_ability import RobustWeight, robust_likelihood
from certify.psychometrics.estimating.step_rules import fixed_step, half_way
from certify.psychometrics.irt import category_curves, response_ratios, test_information
from tests.reference.reference_data import tcals_items

BANK = tcals_items()
PATTERN = "1111110111011111101101110111111111111111111111111111111111110101111110101110111111111"
RESPONSES = np.array([[float(answer) for answer in PATTERN]])
CONSTANT = np.array([[0.0] * 85, [1.0] * 85])
POINTS = np.linspace(-4.0, 4.0, 33)
NORMAL = AbilityGrid.of(POINTS, np.exp(-0.5 * POINTS**2))
RANGE = (-4.0, 4.0)
UNIROOT = 3e-5
HAND = BANK.take([14, 19, 62])
HAND_RESPONSES = np.array([[0.0, 1.0, 1.0]])


def assert_agrees(found: AbilityEstimate, theta: float, se: float) -> None:
    assert found.theta[0] == pytest.approx(theta, abs=1e-5)
    assert found.se[0] == pytest.approx(se, abs=1e-5)


def test_maximum_likelihood() -> None:
    assert_agrees(maximum_likelihood(RESPONSES, BANK, bounds=RANGE), 0.203340083, 0.187023904)


def test_missing_responses_are_left_out() -> None:
    gaps = RESPONSES.copy()
    gaps[0, :2] = np.nan
    found = maximum_likelihood(gaps, BANK, bounds=RANGE)
    assert found.theta[0] == pytest.approx(0.2012422819, abs=UNIROOT)


def test_posterior_mode_with_normal_prior() -> None:
    assert_agrees(maximum_a_posteriori(RESPONSES, BANK), 0.196204702, 0.183256135)


def test_posterior_mode_with_uniform_prior() -> None:
    found = maximum_likelihood(RESPONSES, BANK, bounds=(-2.0, 2.0))
    assert found.theta[0] == pytest.approx(0.20334862, abs=UNIROOT)


def test_posterior_mode_with_jeffreys_prior() -> None:
    found = maximum_a_posteriori(RESPONSES, BANK, Jeffreys.PRIOR)
    assert found.theta[0] == pytest.approx(0.18706001, abs=1e-5)


def test_weighted_likelihood() -> None:
    assert_agrees(weighted_likelihood(RESPONSES, BANK), 0.18390228, 0.185380938)


@pytest.mark.parametrize(
    ("density", "theta"),
    [
        (np.exp(-0.5 * POINTS**2), 0.21057446),
        (np.where(np.abs(POINTS) <= 2.0, 0.25, 0.0), 0.21911269),
        (np.sqrt(test_information(POINTS, BANK)), 0.20197503),
    ],
    ids=["normal", "uniform", "Jeffreys"],
)
def test_posterior_mean(density: np.ndarray, theta: float) -> None:
    found = eap(RESPONSES, BANK, AbilityGrid.of(POINTS, density))
    assert found.theta[0] == pytest.approx(theta, abs=1e-7)


def test_posterior_standard_deviation() -> None:
    assert_agrees(eap(RESPONSES, BANK, NORMAL), 0.210574463, 0.190635652)


@pytest.mark.parametrize(
    ("weight", "tuning", "theta"),
    [
        (RobustWeight.HUBER, 1.0, 0.13039759),
        (RobustWeight.HUBER, 2.0, 0.20548694),
        (RobustWeight.TUKEY, 4.0, 0.13835684),
    ],
)
def test_robust_estimate(weight: RobustWeight, tuning: float, theta: float) -> None:
    found = robust_likelihood(RESPONSES, BANK, weight, tuning=tuning, bounds=RANGE)
    assert found.theta[0] == pytest.approx(theta, abs=UNIROOT)


def test_standard_error_of_the_robust_estimate() -> None:
    found = robust_likelihood(RESPONSES, BANK, tuning=1.0, bounds=RANGE)
    assert found.se[0] == pytest.approx(0.191830782, abs=1e-5)


def test_weighted_likelihood_of_constant_patterns() -> None:
    found = weighted_likelihood(CONSTANT, BANK, bounds=RANGE)
    assert found.theta == pytest.approx([-4.0, 2.20388958], abs=UNIROOT)
    assert found.has(AbilityFlag.AT_BOUND).tolist() == [True, False]


def test_posterior_modes_of_constant_patterns() -> None:
    found = maximum_a_posteriori(CONSTANT, BANK)
    # uniroot leaves 2.8e-5 here: the slope of the log posterior at our roots is below 1e-8
    assert found.theta == pytest.approx([-3.80285107, 1.75079895], abs=UNIROOT)
    for row, theta in zip(CONSTANT, found.theta, strict=True):
        assert response_ratios(row, theta, BANK)[0].sum() == pytest.approx(theta, abs=1e-8)


def test_posterior_means_of_constant_patterns() -> None:
    found = eap(CONSTANT, BANK, NORMAL)
    assert found.theta == pytest.approx([-3.61959867, 1.9136781], abs=1e-7)


def test_step_rules_for_constant_patterns() -> None:
    rules = [
        (0.4, fixed_step(0.0, is_right=True, step=0.4)),
        (-0.4, fixed_step(0.0, is_right=False, step=0.4)),
        (0.7, fixed_step(0.0, is_right=True)),
        (-0.7, fixed_step(0.0, is_right=False)),
        (1.0, half_way(0.0, is_right=True, hardest=2.0, easiest=-2.0)),
        (-1.0, half_way(0.0, is_right=False, hardest=2.0, easiest=-2.0)),
    ]
    for expected, found in rules:
        assert found == expected


def test_three_items_by_hand() -> None:
    assert_agrees(maximum_a_posteriori(HAND_RESPONSES, HAND), 0.0680871867, 0.456132436)
    assert_agrees(eap(HAND_RESPONSES, HAND, NORMAL), -0.224508003, 0.767360193)


def test_lower_of_two_local_maxima_is_the_one_catr_stops_at() -> None:
    """The slope of this likelihood has three roots; `uniroot` happens to end at the first."""
    lower = (-4.0, -0.8)
    ml = maximum_likelihood(HAND_RESPONSES, HAND, bounds=lower)
    assert ml.theta[0] == pytest.approx(-1.43782886, abs=UNIROOT)
    assert ml.se[0] == pytest.approx(0.975810576, abs=1e-5)
    wle = weighted_likelihood(HAND_RESPONSES, HAND, bounds=lower)
    assert_agrees(wle, -1.33587567, 0.943674955)


def test_higher_of_two_local_maxima_is_the_maximum_likelihood() -> None:
    found = maximum_likelihood(HAND_RESPONSES, HAND)
    assert found.theta[0] == pytest.approx(0.0882851, abs=1e-6)
    heights = [
        np.log(category_curves(theta, HAND).p[range(3), [0, 1, 1]]).sum()
        for theta in (found.theta[0], -1.43782886)
    ]
    assert heights == pytest.approx([-3.671400, -3.982095], abs=1e-6)


def test_curves_and_their_derivatives() -> None:
    curves = category_curves(0.0, BANK.take(range(5)))
    right = curves.p[:, 1]
    expected = [
        (right, [0.98826077, 0.95611048, 0.99525535, 0.97827428, 0.93247551]),
        (
            right * curves.first[:, 1],
            [0.0257316629, 0.0486564157, 0.0099241141, 0.0566648051, 0.0779109993],
        ),
        (
            right * curves.second[:, 1],
            [-0.055551416, -0.050759473, -0.020635114, -0.143100157, -0.081934067],
        ),
        (
            right * curves.third[:, 1],
            [0.116198850, 0.045899159, 0.042393473, 0.336904824, 0.067793607],
        ),
        (
            curves.information(),
            [0.057072167, 0.056417175, 0.020856683, 0.151074782, 0.096404828],
        ),
        (
            curves.information_slope(),
            [-0.122810640, -0.058037694, -0.043317386, -0.377761435, -0.099586953],
        ),
        (
            curves.information_curvature(),
            [0.255108231, 0.050576878, 0.088783745, 0.869306245, 0.077919837],
        ),
    ]
    for found, printed in expected:
        assert found == pytest.approx(printed, abs=1e-8)


def test_information_is_highest_where_catr_finds_it() -> None:
    """The first three items of an adaptive test that stays at theta 0: 63, 10, 62."""
    order = np.argsort(-category_curves(0.0, BANK).information())
    assert (order[:3] + 1).tolist() == [63, 10, 62]
