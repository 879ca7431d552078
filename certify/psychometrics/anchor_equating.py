"""Observed-score equating of groups that differ, by the scores on common items (an anchor V).

Linear methods: Tucker and Levine observed score (Kolen & Brennan 2014, chapter 4, sections 4.1 and
4.2), chained linear (section 4.3); chained equipercentile (section 5.4). Group 1 took form X,
group 2 form Y, both the anchor, which is part of the forms (internal) or apart (external).
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics.classical import MINIMUM_PERSONS
from certify.psychometrics.equating import (
    equipercentile_equating,
    percentile_rank_of,
    scores_at,
)
from certify.psychometrics.loglinear_smoothing import score_counts

FloatArray = NDArray[np.float64]


class AnchorMethod(StrEnum):
    """What is taken to be the same in both groups."""

    TUCKER = "tucker"
    """The regression of the form on the anchor."""
    LEVINE_INTERNAL = "levine_internal"
    """True scores of form and anchor are perfectly related; the anchor is part of the form."""
    LEVINE_EXTERNAL = "levine_external"
    """The same with an anchor apart from the form."""
    CHAINED = "chained"
    """The linear function from form to anchor."""


@dataclass(frozen=True, slots=True)
class GroupMoments:
    """Moments of a group (over n) on its form and on the anchor."""

    n: int
    mean: float
    sd: float
    anchor_mean: float
    anchor_sd: float
    covariance: float


@dataclass(frozen=True, slots=True)
class LinearEquating:
    """y = slope x + intercept."""

    slope: float
    intercept: float

    def __call__(self, scores: ArrayLike) -> FloatArray:
        """Equivalents on form Y of scores on form X."""
        return self.slope * np.asarray(scores, dtype=np.float64) + self.intercept


def group_moments(scores: ArrayLike, anchor: ArrayLike) -> GroupMoments:
    """Moments of one group. Raises ValueError for fewer than 20 persons or constant scores."""
    form, common = (np.asarray(part, dtype=np.float64) for part in (scores, anchor))
    if form.shape != common.shape or form.ndim != 1 or len(form) < MINIMUM_PERSONS:
        raise ValueError(
            f"expected a form score and an anchor score of at least {MINIMUM_PERSONS} persons, "
            f"found shapes {form.shape} and {common.shape}"
        )
    for name, part in (("form", form), ("anchor", common)):
        if not np.isfinite(part).all():
            person = int(np.argmin(np.isfinite(part)))
            raise ValueError(f"person {person}: expected a {name} score, found {part[person]}")
        if np.ptp(part) == 0.0:
            raise ValueError(f"expected {name} scores that differ, found all alike")
    covariance = float(((form - form.mean()) * (common - common.mean())).mean())
    return GroupMoments(
        len(form),
        float(form.mean()),
        float(form.std()),
        float(common.mean()),
        float(common.std()),
        covariance,
    )


def linear_anchor_equating(
    group_1: GroupMoments, group_2: GroupMoments, method: AnchorMethod, *, weight_1: float = 1.0
) -> LinearEquating:
    """Linear function from form X (group 1) to form Y (group 2).

    `weight_1`: weight of group 1 in the synthetic population of Tucker and Levine (default: the
    population is group 1). Raises ValueError for a weight outside 0 to 1 or an anchor that does not
    go with its form.
    """
    if not 0.0 <= weight_1 <= 1.0:
        raise ValueError(f"expected a weight of group 1 from 0 to 1, found {weight_1}")
    if method is AnchorMethod.CHAINED:
        slope = (group_2.sd / group_2.anchor_sd) / (group_1.sd / group_1.anchor_sd)
        to_anchor = group_1.anchor_mean - group_1.anchor_sd / group_1.sd * group_1.mean
        gap = to_anchor - group_2.anchor_mean
        return LinearEquating(slope, group_2.mean + group_2.sd / group_2.anchor_sd * gap)
    gammas = [_gamma(group, method) for group in (group_1, group_2)]
    w = (weight_1, 1.0 - weight_1)
    shift = group_1.anchor_mean - group_2.anchor_mean
    scatter = group_1.anchor_sd**2 - group_2.anchor_sd**2
    # each form moves from its own group to the synthetic one by what the anchor says
    mean_x = group_1.mean - w[1] * gammas[0] * shift
    mean_y = group_2.mean + w[0] * gammas[1] * shift
    product = w[0] * w[1] * shift**2
    var_x = group_1.sd**2 - w[1] * gammas[0] ** 2 * scatter + product * gammas[0] ** 2
    var_y = group_2.sd**2 + w[0] * gammas[1] ** 2 * scatter + product * gammas[1] ** 2
    if min(var_x, var_y) <= 0.0:
        raise ValueError(
            f"expected positive variances in the synthetic population, found {var_x:g} and "
            f"{var_y:g}: the anchor does not go with its form"
        )
    slope = float(np.sqrt(var_y / var_x))
    return LinearEquating(slope, mean_y - slope * mean_x)


def chained_equipercentile(
    form_x: ArrayLike, anchor_1: ArrayLike, form_y: ArrayLike, anchor_2: ArrayLike
) -> FloatArray:
    """Equivalents on Y of the scores 0..K_X: X to V in group 1, then V to Y in group 2.

    Each argument is a vector of whole-number scores; highest scores are those that occur.
    """
    tops = [int(np.max(np.asarray(part))) for part in (form_x, anchor_1, form_y, anchor_2)]
    anchor_top = max(tops[1], tops[3])
    x = score_counts(form_x, tops[0])
    on_anchor = equipercentile_equating(x, score_counts(anchor_1, anchor_top)).equivalents
    ranks = percentile_rank_of(score_counts(anchor_2, anchor_top), on_anchor)
    return scores_at(score_counts(form_y, tops[2]), ranks / 100.0)


def _gamma(group: GroupMoments, method: AnchorMethod) -> float:
    if method is AnchorMethod.TUCKER:
        return group.covariance / group.anchor_sd**2
    if group.covariance <= 0.0:
        raise ValueError(
            f"expected a positive covariance of form and anchor, found {group.covariance:g}"
        )
    if method is AnchorMethod.LEVINE_INTERNAL:
        return group.sd**2 / group.covariance
    return (group.sd**2 + group.covariance) / (group.anchor_sd**2 + group.covariance)
