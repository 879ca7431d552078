"""lz* where each item measures one of several correlated dimensions and theta is a posterior mode.

Snijders (2001), Psychometrika 66:331-342, for each dimension by itself, since the information of
items that measure one dimension each is diagonal; for such tests see Hong, Lin & Cheng (2021),
Psychometrika 86:464-488. `person_fit` has lz and the lz* of one dimension, with what low and high
values mean.
"""

import numpy as np
from numpy.typing import ArrayLike

from certify.psychometrics import irt
from certify.psychometrics.distributions import normal_upper_tail
from certify.psychometrics.estimating.multidimensional import MultivariatePrior
from certify.psychometrics.fit import residuals
from certify.psychometrics.item_parameters import ItemParameters
from certify.psychometrics.person_fit import PersonFit
from certify.psychometrics.responses import checked


def lz_star_of_modes(
    responses: ArrayLike, items: ItemParameters, theta: ArrayLike, prior: MultivariatePrior
) -> PersonFit:
    """lz* of dichotomous responses at the posterior modes `theta`, shape (persons, dimensions).

    In dimension d, with g_d = sum P' ln(P / Q), I_d = sum P'^2 / (P Q) and r0 = S^-1 (mu - theta):
    (ln L - E ln L + sum_d (g_d / I_d) r0_d) / sqrt(Var(ln L) - sum_d g_d^2 / I_d). NaN without
    responses. Raises ValueError for items of more than two categories or other dimensions.
    """
    matrix = checked(responses, items)
    ability = np.asarray(theta, dtype=np.float64)
    if not items.is_dichotomous or ability.shape != (len(matrix), len(prior)):
        raise ValueError(
            f"expected dichotomous items and theta of shape {(len(matrix), len(prior))}, "
            f"found shape {ability.shape}"
        )
    met = ability if items.n_dimensions > 1 else ability[:, 0]
    parts = residuals(responses, items, met)
    curves = irt.category_curves(met, items)
    log_p = np.where(curves.p > 0, curves.log_p, 0.0)
    weight = (curves.p * curves.first * log_p).sum(axis=-1)
    information = curves.information()
    pull = (prior.mean - ability) @ prior.precision
    gap, variance = parts.log_gap.sum(axis=1), parts.log_variance.sum(axis=1)
    for d in range(len(prior)):
        own = parts.observed & (items.dimension == d)
        slope = np.where(own, weight, 0.0).sum(axis=1)
        total = np.where(own, information, 0.0).sum(axis=1)
        share = np.divide(slope, total, out=np.zeros_like(slope), where=total > 0)
        gap = gap + share * pull[:, d]
        variance = variance - slope * share
    spread = np.sqrt(np.where(variance > 1e-12, variance, np.nan))
    return PersonFit(gap / spread, normal_upper_tail(-gap / spread))
