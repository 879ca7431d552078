"""Have items changed between two windows: robust z, displacement, change of the curves.

Robust z: Huynh & Meyer (2010), Practical Assessment, Research & Evaluation 15(2). Displacement of
an anchored item: the shift of its location that its new responses ask for, as reported by Rasch
programs (Wright & Stone 1979, Best Test Design), here for every model. A leaked item gets easier:
negative displacement.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics import irt
from certify.psychometrics.ability import AbilityGrid
from certify.psychometrics.classical import MINIMUM_PERSONS
from certify.psychometrics.distributions import normal_two_sided
from certify.psychometrics.fit import finite_theta
from certify.psychometrics.item_parameters import FloatArray, ItemParameters
from certify.psychometrics.linking import Linking, stocking_lord
from certify.psychometrics.multiple_testing import ErrorRate, adjusted
from certify.psychometrics.parametrisation import rescaled
from certify.psychometrics.responses import checked

IQR_TO_SD: Final = 0.74
"""Interquartile range to standard deviation of a normal distribution, as in the paper."""
ROBUST_LIMIT: Final = 1.645
FEWEST_ITEMS: Final = 4
MOST_STEPS: Final = 100
FARTHEST: Final = 10.0


@dataclass(frozen=True, slots=True)
class RobustDrift:
    """Robust z of each common item; NaN if the differences have no spread or items are too few.

    `is_stable`: |z| below 1.645. `correlation` and `sd_ratio` (after / before) over all items: the
    paper takes a set of anchors for sound from .95 and within .90 to 1.10.
    """

    z: FloatArray
    is_stable: NDArray[np.bool_]
    correlation: float
    sd_ratio: float


@dataclass(frozen=True, slots=True)
class Displacement:
    """Per item: shift of the location in logits of theta, its standard error, z and p-values.

    NaN for an item with fewer than 20 responses or one whose responses are all the lowest or all
    the highest category (the shift has no bound); the cause in `reasons`.
    """

    shift: FloatArray
    se: FloatArray
    z: FloatArray
    p_value: FloatArray
    adjusted_p: FloatArray
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ParameterDrift:
    """Changes from one calibration to the next on the scale of the first, per item.

    `rmsd`: root mean squared difference of the expected scores over the population, in points: the
    size of the change, whatever its significance.
    """

    location_change: FloatArray
    location_z: FloatArray
    location_p: FloatArray
    slope_ratio: FloatArray
    slope_z: FloatArray
    slope_p: FloatArray
    rmsd: FloatArray


@dataclass(frozen=True, slots=True)
class StableLink:
    """A linking on the items that held still; `is_anchor` marks them."""

    linking: Linking
    is_anchor: NDArray[np.bool_]


def robust_z(before: ArrayLike, after: ArrayLike) -> RobustDrift:
    """(d - median) / (0.74 IQR) of the differences after - before of one parameter.

    For slopes pass their logarithms. The two calibrations need no common scale origin, but the same
    unit. Raises ValueError for values that are not finite or do not pair up.
    """
    first, second = (np.asarray(values, dtype=np.float64) for values in (before, after))
    if first.shape != second.shape or first.ndim != 1:
        raise ValueError(
            f"expected a value before and after for each item, found shapes {first.shape} and "
            f"{second.shape}"
        )
    for values in (first, second):
        if not np.isfinite(values).all():
            item = int(np.argmin(np.isfinite(values)))
            raise ValueError(f"item {item}: expected a finite parameter, found {values[item]}")
    change = second - first
    z = np.full(len(change), np.nan)
    correlation = ratio = float("nan")
    if len(change) >= FEWEST_ITEMS:
        low, high = np.percentile(change, [25.0, 75.0])
        if high > low:
            z = (change - np.median(change)) / (IQR_TO_SD * (high - low))
        if first.std() > 0 and second.std() > 0:
            correlation = float(np.corrcoef(first, second)[0, 1])
            ratio = float(second.std() / first.std())
    return RobustDrift(z, np.abs(z) < ROBUST_LIMIT, correlation, ratio)


def displacement(
    responses: ArrayLike,
    items: ItemParameters,
    theta: ArrayLike,
    *,
    control: ErrorRate = ErrorRate.FALSE_DISCOVERY,
) -> Displacement:
    """Displacement of each item from its parameters in new responses, abilities taken as known.

    The shift delta maximises the likelihood of the item's responses with all its locations moved
    by delta; se = 1 / sqrt(information). Abilities should rest on many items, since errors in theta
    are not in the standard error. Missing responses (NaN) count as not administered.
    """
    matrix = checked(responses, items)
    ability = finite_theta(theta, matrix, items)
    on_items = ability[:, None] if items.n_dimensions == 1 else ability[:, items.dimension]
    points = np.broadcast_to(on_items, matrix.values.shape)
    values = matrix.with_gaps()
    shift, se = np.full(len(items), np.nan), np.full(len(items), np.nan)
    reasons = []
    for item in range(len(items)):
        seen = ~np.isnan(values[:, item])
        reason = _unusable(values[seen, item], int(items.max_category[item]))
        if not reason:
            alone = items.take([item]).on_one_dimension()
            found = _shift(values[seen, item], points[seen, item], alone)
            if found is None:
                reason = "the shift did not converge"
            else:
                shift[item], se[item] = found
        reasons.append(reason)
    z = shift / se
    p_value = normal_two_sided(z)
    return Displacement(shift, se, z, p_value, adjusted(p_value, control), tuple(reasons))


def parameter_drift(
    before: ItemParameters,
    after: ItemParameters,
    linking: Linking,
    *,
    before_se: tuple[ArrayLike, ArrayLike],
    after_se: tuple[ArrayLike, ArrayLike],
    grid: AbilityGrid | None = None,
) -> ParameterDrift:
    """Compare two calibrations; `linking` brings `after` to the scale of `before`.

    `before_se` and `after_se`: standard errors of slopes and of locations (`ItemParameters.a` and
    `.b`), each on its own scale. z of the location's difference, and of the difference of the log
    slopes (delta method), both taking the calibrations for independent and the link for known.
    """
    moved = linking.items(after)
    slope_se, location_se = (np.asarray(part, dtype=np.float64) for part in before_se)
    slope_se_after, location_se_after = (np.asarray(part, dtype=np.float64) for part in after_se)
    for name, part in (("slope", slope_se), ("location", location_se)):
        if part.shape != before.a.shape:
            raise ValueError(f"expected {len(before)} {name} standard errors, found {part.shape}")
    change = moved.b - before.b
    location_z = change / np.hypot(location_se, linking.slope * location_se_after)
    ratio = moved.a / before.a
    log_se = np.hypot(slope_se / before.a, slope_se_after / after.a)
    with np.errstate(invalid="ignore", divide="ignore"):
        slope_z = np.log(ratio) / log_se
    at = AbilityGrid.normal() if grid is None else grid
    gap = irt.expected_score(at.points, moved) - irt.expected_score(at.points, before)
    return ParameterDrift(
        change,
        location_z,
        normal_two_sided(location_z),
        ratio,
        slope_z,
        normal_two_sided(slope_z),
        np.sqrt(at.weights @ gap**2 / at.weights.sum()),
    )


def stable_link(
    new: ItemParameters, base: ItemParameters, *, least_anchors: int = FEWEST_ITEMS
) -> StableLink:
    """Stocking-Lord on anchors purified by robust z of the locations: the worst leaves, one by one.

    Stops when all are stable or `least_anchors` are left. Raises ValueError as `stocking_lord`.
    """
    is_anchor = np.ones(len(base), dtype=bool)
    linking = stocking_lord(new, base)
    while is_anchor.sum() > max(least_anchors, FEWEST_ITEMS):
        kept = np.flatnonzero(is_anchor)
        on_base = rescaled(new.take(kept), linking.slope, linking.intercept)
        drift = robust_z(base.b[kept], on_base.b)
        if np.isnan(drift.z).any() or drift.is_stable.all():
            break
        is_anchor[kept[int(np.argmax(np.abs(drift.z)))]] = False
        kept = np.flatnonzero(is_anchor)
        linking = stocking_lord(new.take(kept), base.take(kept))
    return StableLink(linking, is_anchor)


def _unusable(values: FloatArray, highest: int) -> str:
    if len(values) < MINIMUM_PERSONS:
        return f"fewer than {MINIMUM_PERSONS} responses"
    if (values == 0).all() or (values == highest).all():
        return "all responses are the lowest or all the highest category"
    return ""


def _shift(
    values: FloatArray, theta: FloatArray, item: ItemParameters
) -> tuple[float, float] | None:
    """Fisher scoring for delta in P(theta - delta)."""
    delta = 0.0
    for _ in range(MOST_STEPS):
        at = theta - delta
        first, _ = irt.response_ratios(values[:, None], at, item)
        information = float(irt.information(at, item).sum())
        if not information > 0.0:
            return None
        step = float(np.clip(-first.sum() / information, -1.0, 1.0))
        delta += step
        if abs(delta) > FARTHEST:
            return None
        if abs(step) < 1e-10:
            return delta, information**-0.5
    return None
