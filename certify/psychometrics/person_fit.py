"""Does a person's response pattern fit the model: lz, and lz* corrected for an estimated ability.

lz: Drasgow, Levine & Williams (1985), Br. J. Math. Statist. Psychol. 38:67-86. lz*: Snijders
(2001), Psychometrika 66:331-342; its form for polytomous items: Sinharay (2016), Psychometrika
81:992-1013. Low values are misfit (copied, guessed, or careless answers), high ones a pattern more
regular than the model. With an estimated theta, lz varies too little and misses misfit; lz* is
standard normal for long tests. Missing responses (NaN) count as not administered. Mean squares
are in `fit`, Guttman errors in `guttman`.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from certify.psychometrics import irt
from certify.psychometrics.distributions import normal_upper_tail
from certify.psychometrics.fit import finite_theta, residuals
from certify.psychometrics.item_parameters import FloatArray, ItemParameters
from certify.psychometrics.responses import checked


class Estimator(StrEnum):
    """How theta was estimated: the correction depends on it. EAP has no such correction."""

    ML = "ml"
    MAP = "map"
    """With a normal prior."""
    WLE = "wle"
    """Warm's weighted likelihood."""


@dataclass(frozen=True, slots=True)
class PersonFit:
    """Arrays of shape (persons,); NaN for a person without information (no or constant items).

    `p_value` is P(Z < statistic): small for misfit, one test per person.
    """

    statistic: FloatArray
    p_value: FloatArray


def lz(responses: ArrayLike, items: ItemParameters, theta: ArrayLike) -> PersonFit:
    """lz = (ln L - E ln L) / sd(ln L) at the given theta; any number of dimensions.

    Raises ValueError for a theta that is not finite (a perfect pattern under ML).
    """
    parts = residuals(responses, items, theta)
    return _standardized(parts.log_gap.sum(axis=1), parts.log_variance.sum(axis=1))


def lz_star(
    responses: ArrayLike,
    items: ItemParameters,
    theta: ArrayLike,
    estimator: Estimator,
    *,
    prior_mean: float = 0.0,
    prior_sd: float = 1.0,
) -> PersonFit:
    """lz* for a theta estimated by `estimator` from these responses (the prior is MAP's).

    With g = E(ln P)' through the ability, I the information and c = g / I, the statistic is
    (ln L - E ln L + c r0) / sqrt(Var(ln L) - g^2 / I), where r0 is 0 for ML, (mean - theta) / sd^2
    for MAP and J / (2 I) for WLE. Raises ValueError for several dimensions or an infinite theta.
    """
    if items.n_dimensions > 1:
        raise ValueError(f"expected items of one dimension, found {items.n_dimensions}: use lz")
    matrix = checked(responses, items)
    ability = finite_theta(theta, matrix, items)
    parts = residuals(responses, items, ability)
    curves = irt.category_curves(ability, items)
    log_p = np.where(curves.p > 0, curves.log_p, 0.0)
    seen = parts.observed
    information = (seen * curves.information()).sum(axis=1)
    slope = (seen * (curves.p * curves.first * log_p).sum(axis=-1)).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = slope / information
        if estimator is Estimator.MAP:
            pull = (prior_mean - ability) / prior_sd**2
        elif estimator is Estimator.WLE:
            pull = (seen * curves.bias_numerator()).sum(axis=1) / (2.0 * information)
        else:
            pull = np.zeros_like(ability)
        variance = parts.log_variance.sum(axis=1) - slope * weight
    return _standardized(parts.log_gap.sum(axis=1) + weight * pull, variance)


def _standardized(gap: FloatArray, variance: FloatArray) -> PersonFit:
    # cancellation leaves about 1e-16 where one item, or equal items, leave no variance at all
    spread = np.sqrt(np.where(variance > 1e-12, variance, np.nan))
    statistic = gap / spread
    return PersonFit(statistic, normal_upper_tail(-statistic))
