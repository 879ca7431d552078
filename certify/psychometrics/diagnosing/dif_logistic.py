"""Differential item functioning by logistic regression: uniform and non-uniform, with effect sizes.

Swaminathan & Rogers (1990), Journal of Educational Measurement 27:361-370: right answers regressed
on the matching variable, then also on group, then also on their product; likelihood-ratio tests
between the three. Effect size: difference of Nagelkerke's (1991, Biometrika 78:691-692) R squared,
with the limits of Jodoin & Gierl (2001), Applied Measurement in Education 14:329-349. Items scored
0/1. The data and the ETS classes of Mantel-Haenszel are in `dif`.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics.classical import MINIMUM_PERSONS
from certify.psychometrics.dif import ALPHA, DifData, dif_data
from certify.psychometrics.distributions import chi_square_upper_tail
from certify.psychometrics.models.curves import log_logistic, logistic

FloatArray = NDArray[np.float64]

MODERATE_CHANGE: Final = 0.035
LARGE_CHANGE: Final = 0.070
MOST_STEPS: Final = 50
STEEPEST_LOGIT: Final = 30.0


@dataclass(frozen=True, slots=True)
class LogisticDif:
    """Per item, shape (items,); NaN where it cannot be had, the cause in `reasons`.

    Three tests: `both` (2 degrees of freedom, group and product), `uniform` (1, group alone) and
    `nonuniform` (1, product after group), each with p-value and change of Nagelkerke's R squared.
    `log_odds`: group effect without the product, positive if easier for the focal group, with
    `log_odds_se`. `effect_class` by the test of both: "A" not significant at .05 or R squared
    changes by less than .035, "B" below .070, "C" from there; "" where NaN.
    """

    both_chi_square: FloatArray
    both_p: FloatArray
    both_r2: FloatArray
    uniform_chi_square: FloatArray
    uniform_p: FloatArray
    uniform_r2: FloatArray
    nonuniform_chi_square: FloatArray
    nonuniform_p: FloatArray
    nonuniform_r2: FloatArray
    log_odds: FloatArray
    log_odds_se: FloatArray
    effect_class: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LogisticFit:
    """Maximum likelihood of a logistic regression; `covariance` from the expected information."""

    coefficients: FloatArray
    covariance: FloatArray
    log_likelihood: float


def logistic_dif(
    responses: ArrayLike,
    is_focal: ArrayLike,
    *,
    matching: ArrayLike | None = None,
    anchors: ArrayLike | None = None,
) -> LogisticDif:
    """Logistic DIF of every item, matched on the raw score of `anchors` (default: all items).

    `matching` replaces the raw score, and is needed with missing responses. Raises ValueError for
    bad input; an item with fewer than 20 persons in a group, or with separated answers, is NaN.
    """
    data = dif_data(responses, is_focal, matching)
    items = data.values.shape[1]
    chosen = np.ones(items, dtype=bool) if anchors is None else np.asarray(anchors, dtype=bool)
    if chosen.shape != (items,):
        raise ValueError(f"expected an anchor mask of {items} items, found shape {chosen.shape}")
    # chi-square, R squared of both, uniform, nonuniform; then log odds and its standard error
    numbers = np.full((items, 8), np.nan)
    reasons = []
    for item in range(items):
        row, reason = _one_item(data, item, chosen)
        numbers[item] = row
        reasons.append(reason)
    both, both_r2, uniform, uniform_r2, product, product_r2, log_odds, se = numbers.T
    both_p = chi_square_upper_tail(both, 2)
    return LogisticDif(
        both,
        both_p,
        both_r2,
        uniform,
        chi_square_upper_tail(uniform, 1),
        uniform_r2,
        product,
        chi_square_upper_tail(product, 1),
        product_r2,
        log_odds,
        se,
        tuple(_effect_class(float(p), float(r)) for p, r in zip(both_p, both_r2, strict=True)),
        tuple(reasons),
    )


def logistic_regression(design: FloatArray, outcome: FloatArray) -> LogisticFit | None:
    """Newton's method with step halving; None if the likelihood has no maximum (separation).

    `design`, shape (n, columns), carries its own column of ones; `outcome` is 0 or 1.
    """
    beta = np.zeros(design.shape[1])
    value = _log_likelihood(design, outcome, beta)
    for _ in range(MOST_STEPS):
        p = logistic(design @ beta)
        information = (design * (p * (1.0 - p))[:, None]).T @ design
        if np.linalg.cond(information) > 1e13:
            return None
        step = np.linalg.solve(information, design.T @ (outcome - p))
        scale = 1.0
        after = _log_likelihood(design, outcome, beta + step)
        while after < value - 1e-12 * abs(value) and scale > 1e-4:
            scale *= 0.5
            after = _log_likelihood(design, outcome, beta + scale * step)
        beta = beta + scale * step
        if np.abs(design @ beta).max() > STEEPEST_LOGIT:
            return None
        value = after
        if np.abs(scale * step).max() < 1e-10:
            return LogisticFit(beta, np.asarray(np.linalg.inv(information)), value)
    return None


def _log_likelihood(design: FloatArray, outcome: FloatArray, beta: FloatArray) -> float:
    logit = design @ beta
    return float(log_logistic(np.where(outcome > 0, logit, -logit)).sum())


def _one_item(data: DifData, item: int, anchors: NDArray[np.bool_]) -> tuple[FloatArray, str]:
    nothing = np.full(8, np.nan)
    answers = data.values[:, item]
    seen = ~np.isnan(answers)
    outcome, focal = answers[seen], data.is_focal[seen]
    for name, group in (("reference", ~focal), ("focal", focal)):
        if group.sum() < MINIMUM_PERSONS:
            return nothing, f"fewer than {MINIMUM_PERSONS} persons in the {name} group"
    if np.ptp(outcome) == 0.0:
        return nothing, "everybody gave the same answer"
    score = data.matched_on(item, anchors)[seen]
    if np.ptp(score) == 0.0:
        return nothing, "the matching variable does not vary"
    ability = (score - score.mean()) / score.std()
    ones, group = np.ones(len(score)), focal.astype(np.float64)
    design = np.column_stack([ones, ability, group, group * ability])
    fits = [logistic_regression(design[:, :columns], outcome) for columns in (2, 3, 4)]
    matched, uniform, crossed = fits
    if matched is None or uniform is None or crossed is None:
        return nothing, "the answers are separated: the regression has no finite estimate"
    share = outcome.mean()
    constant = len(outcome) * float(share * np.log(share) + (1 - share) * np.log(1 - share))
    values = [fit.log_likelihood for fit in (matched, uniform, crossed)]
    r2 = [_nagelkerke(constant, value, len(outcome)) for value in values]
    tests = []
    for small, large in ((0, 2), (0, 1), (1, 2)):
        tests += [max(2.0 * (values[large] - values[small]), 0.0), r2[large] - r2[small]]
    effect = [uniform.coefficients[2], np.sqrt(uniform.covariance[2, 2])]
    return np.array([*tests, *effect]), ""


def _nagelkerke(constant: float, value: float, n: int) -> float:
    return float(-np.expm1(2.0 * (constant - value) / n) / -np.expm1(2.0 * constant / n))


def _effect_class(p_value: float, change: float) -> str:
    if np.isnan(p_value):
        return ""
    if p_value >= ALPHA or change < MODERATE_CHANGE:
        return "A"
    return "B" if change < LARGE_CHANGE else "C"
