"""Logistic DIF: the regression against its own equations, uniform and crossing DIF, separation."""

import math

import numpy as np
import pytest

from certify.psychometrics.diagnosing.dif_logistic import logistic_dif, logistic_regression


def simulated(
    persons: int, seed: int, easier: float = 0.0, steeper: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """20 items; item 5 easier or steeper for the focal group."""
    rng = np.random.default_rng(seed)
    focal = rng.integers(0, 2, persons)
    theta = rng.normal(size=persons)
    logit = theta[:, None] - np.linspace(-1.5, 1.5, 20)
    logit[:, 5] = (theta + easier * focal) * np.where(focal == 1, steeper, 1.0)
    return (rng.random(logit.shape) < 1 / (1 + np.exp(-logit))).astype(int), focal


def test_regression_on_a_group_is_the_log_odds_ratio() -> None:
    # 30 of 40 right in one group, 20 of 50 in the other
    outcome = np.repeat([1.0, 0.0, 1.0, 0.0], [30, 10, 20, 30])
    group = np.repeat([0.0, 1.0], [40, 50])
    fit = logistic_regression(np.column_stack([np.ones(90), group]), outcome)
    assert fit is not None
    assert fit.coefficients == pytest.approx([math.log(3), math.log(2 / 3) - math.log(3)])
    assert fit.covariance[1, 1] == pytest.approx(1 / 30 + 1 / 10 + 1 / 20 + 1 / 30)
    expected = 30 * math.log(0.75) + 10 * math.log(0.25) + 20 * math.log(0.4) + 30 * math.log(0.6)
    assert fit.log_likelihood == pytest.approx(expected)


def test_regression_solves_its_score_equations() -> None:
    rng = np.random.default_rng(1)
    design = np.column_stack([np.ones(200), rng.normal(size=(200, 3))])
    outcome = (rng.random(200) < 0.4).astype(float)
    fit = logistic_regression(design, outcome)
    assert fit is not None
    p = 1 / (1 + np.exp(-design @ fit.coefficients))
    assert np.abs(design.T @ (outcome - p)).max() < 1e-8


def test_separated_answers_have_no_maximum() -> None:
    x = np.linspace(-1, 1, 60)
    assert logistic_regression(np.column_stack([np.ones(60), x]), (x > 0).astype(float)) is None


def test_uniform_dif_is_found_and_told_apart() -> None:
    responses, focal = simulated(3000, 2, easier=1.0)
    found = logistic_dif(responses, focal)
    assert found.uniform_p[5] < 1e-6
    assert found.nonuniform_p[5] > 0.01
    assert found.log_odds[5] > 0.5
    assert found.both_r2[5] == pytest.approx(found.uniform_r2[5] + found.nonuniform_r2[5])
    assert found.effect_class[5] in ("B", "C")


def test_crossing_dif_is_found_where_the_group_effect_is_nil() -> None:
    responses, focal = simulated(4000, 3, steeper=0.2)
    found = logistic_dif(responses, focal)
    assert found.nonuniform_p[5] < 1e-6
    assert found.nonuniform_r2[5] > found.uniform_r2[5]
    assert found.both_chi_square[5] == pytest.approx(
        found.uniform_chi_square[5] + found.nonuniform_chi_square[5]
    )


def test_without_dif_p_values_are_spread() -> None:
    p_values = np.concatenate([logistic_dif(*simulated(500, seed)).both_p for seed in range(10)])
    assert (p_values < 0.05).mean() < 0.12
    assert 0.35 < p_values.mean() < 0.65


def test_effect_classes_need_significance() -> None:
    responses, focal = simulated(120, 4)
    found = logistic_dif(responses, focal)
    small = found.both_p >= 0.05
    assert all(name == "A" for name, is_small in zip(found.effect_class, small, strict=True)
               if is_small)  # fmt: skip


def test_anchors_limit_the_matching_score() -> None:
    responses, focal = simulated(800, 5, easier=1.0)
    anchors = np.ones(20, dtype=bool)
    anchors[10:] = False
    limited = logistic_dif(responses, focal, anchors=anchors)
    score = responses[:, :10].sum(axis=1)
    given = logistic_dif(responses, focal, matching=score)
    assert limited.uniform_chi_square[5] == pytest.approx(given.uniform_chi_square[5])
    with pytest.raises(ValueError, match="anchor mask of 20 items"):
        logistic_dif(responses, focal, anchors=anchors[:5])


def test_reasons_where_nothing_can_be_had() -> None:
    responses, focal = simulated(100, 6)
    responses[:, 0] = 1
    responses[:, 1] = focal
    found = logistic_dif(responses, focal)
    assert found.reasons[0] == "everybody gave the same answer"
    assert found.reasons[1].startswith("the answers are separated")
    assert np.isnan([found.both_p[0], found.both_p[1]]).all()
    assert found.effect_class[:2] == ("", "")
    few = logistic_dif(responses[:30], np.repeat([0, 1], [25, 5]))
    assert set(few.reasons) == {"fewer than 20 persons in the focal group"}
    same = logistic_dif(responses, focal, matching=np.ones(100))
    assert same.reasons[3] == "the matching variable does not vary"
