"""Abilities at a maximum: ML, MAP and Warm's weighted likelihood (WLE), all persons at once.

Each is the root of l'(theta) + w(theta), where w is 0 for ML, the prior's slope for MAP,
I' / (2 I) for Jeffreys' prior, and J / (2 I) for WLE (Warm 1989, Psychometrika 54:427-450, eq. 11),
with J and I over the administered items. Under the 1PL, 2PL and GPCM the last two agree.

Standard errors. `StandardError.EXPECTED` (the default; also catR's) is 1 / sqrt(I(theta) - w'),
with I the expected information and w' the prior's curvature, 0 for ML and WLE: Warm's own
asymptotic formula. `OBSERVED` (R mirt's) is 1 / sqrt(-l'' - w'), where w' includes the slope of
J / (2 I). They agree for ML and MAP under the 1PL, 2PL and GPCM, and differ otherwise.

The highest point of the likelihood on a grid starts the search, so of several local maxima (3PL)
the highest is found; then a Newton iteration, kept inside a bracket, ends within 1e-10.
"""

from enum import Enum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics.ability import AbilityEstimate, AbilityFlag, pattern_flags
from certify.psychometrics.estimating.mode_objective import ModeObjective, Weighting
from certify.psychometrics.estimating.mode_search import search_modes
from certify.psychometrics.estimating.priors import AbilityPrior, FlatPrior, NormalPrior
from certify.psychometrics.item_parameters import ItemParameters
from certify.psychometrics.responses import ResponseMatrix, checked

CELLS_AT_ONCE = 100_000
"""Persons times items times categories in one block: what the processor's cache holds."""
Bounds = tuple[float, float]


class StandardError(Enum):
    """The convention of a standard error; see the head of this module."""

    EXPECTED = "expected"
    OBSERVED = "observed"


class Jeffreys(Enum):
    """Jeffreys' prior, proportional to sqrt(I(theta)) of the items administered."""

    PRIOR = "jeffreys"


def maximum_likelihood(
    responses: ArrayLike,
    items: ItemParameters,
    *,
    bounds: Bounds | None = None,
    standard_error: StandardError = StandardError.EXPECTED,
) -> AbilityEstimate:
    """Highest point of the likelihood of each person, theta from -inf to inf or within `bounds`.

    Without bounds, patterns whose likelihood rises for ever (all wrong, all right, or with
    guessing nothing better than chance) get -inf or inf, se NaN and the flag INFINITE; with
    bounds they get the bound and AT_BOUND. No response at all gives NaN. Raises ValueError as
    `ability.eap` does, and for unusable bounds.
    """
    return _estimate(responses, items, FlatPrior(), Weighting.NONE, bounds, standard_error)


def maximum_a_posteriori(
    responses: ArrayLike,
    items: ItemParameters,
    prior: AbilityPrior | Jeffreys = NormalPrior(),  # noqa: B008 - frozen
    *,
    bounds: Bounds | None = None,
    standard_error: StandardError = StandardError.EXPECTED,
) -> AbilityEstimate:
    """Mode of the posterior of each person; with a normal prior finite for every pattern."""
    if isinstance(prior, Jeffreys):
        weighting = Weighting.JEFFREYS
        return _estimate(responses, items, FlatPrior(), weighting, bounds, standard_error)
    return _estimate(responses, items, prior, Weighting.NONE, bounds, standard_error)


def weighted_likelihood(
    responses: ArrayLike,
    items: ItemParameters,
    *,
    bounds: Bounds | None = None,
    standard_error: StandardError = StandardError.EXPECTED,
) -> AbilityEstimate:
    """Warm's WLE of each person; finite for perfect and zero patterns under the 1PL and 2PL."""
    return _estimate(responses, items, FlatPrior(), Weighting.WARM, bounds, standard_error)


def _estimate(
    responses: ArrayLike,
    items: ItemParameters,
    prior: AbilityPrior,
    weighting: Weighting,
    bounds: Bounds | None,
    standard_error: StandardError,
) -> AbilityEstimate:
    if bounds is not None and not bounds[0] < bounds[1]:
        raise ValueError(f"expected bounds that rise, found {bounds[0]} to {bounds[1]}")
    matrix = checked(responses, items)
    firsts, pattern_of = distinct_patterns(matrix)
    distinct = matrix.rows(firsts)
    theta, se = np.empty(len(distinct)), np.empty(len(distinct))
    flags = pattern_flags(distinct, items)
    size = max(1, CELLS_AT_ONCE // max(1, len(items) * items.n_categories))
    for start in range(0, len(distinct), size):
        rows = slice(start, start + size)
        objective = ModeObjective(distinct.rows(rows), items, prior, weighting)
        found = search_modes(objective, bounds)
        theta[rows] = found.theta
        flags[rows] |= found.flags
        se[rows] = objective.standard_error(
            found.theta, is_observed=standard_error is StandardError.OBSERVED
        )
    # without a response there is a mode only where the prior has one
    if isinstance(prior, FlatPrior):
        is_empty = (flags & np.uint8(AbilityFlag.NO_RESPONSES)) != 0
        theta[is_empty] = np.nan
        se[is_empty] = np.nan
        flags[is_empty] = np.uint8(AbilityFlag.NO_RESPONSES)
    return AbilityEstimate(theta[pattern_of], se[pattern_of], flags[pattern_of])


def distinct_patterns(matrix: ResponseMatrix) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """One person of each response pattern, and for every person the position of the pattern's.

    Equal rows are found by a random projection, and accepted only if they really are equal.
    """
    everyone = np.arange(len(matrix))
    if len(matrix) < 2:
        return everyone, everyone
    values = matrix.values
    key = np.random.default_rng(0).random(2 * values.shape[1])
    code = values @ key[: values.shape[1]]
    if matrix.observed is not None:
        code = code + matrix.observed @ key[values.shape[1] :]
    _, firsts, pattern_of = np.unique(code, return_index=True, return_inverse=True)
    if len(firsts) > len(matrix) // 2:
        return everyone, everyone
    representative = firsts[pattern_of]
    is_equal = np.array_equal(values[representative], values) and (
        matrix.observed is None or np.array_equal(matrix.observed[representative], matrix.observed)
    )
    return (firsts, pattern_of) if is_equal else (everyone, everyone)
