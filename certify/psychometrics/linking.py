"""One scale for two calibrations: theta_base = slope * theta_new + intercept from common items.

Mean/mean (Loyd & Hoover 1980), mean/sigma (Marco 1977), Haebara (1980, Japanese Psychological
Research 22:144-149), Stocking & Lord (1983, Applied Psychological Measurement 7:201-210); with
polytomous items as in Kim & Lee (2006), Journal of Educational Measurement 43:53-76. Formulas:
Kolen & Brennan (2014), Test Equating, Scaling, and Linking, chapter 6.

Conventions, those of the R package plink: all thresholds of all items are pooled in the moment
methods, standard deviations over n; the curve methods weight 161 equally spaced abilities from -4
to 4 on the base scale alike, and do not go back from base to new unless `symmetric`; Haebara
compares the right answer of dichotomous items and every category of the others (Kim & Lee also
count the wrong answer, which doubles the weight of dichotomous items: `count_wrong`).
Logistic metric D = 1: slopes estimated with D = 1.7 are to be multiplied by it beforehand.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics import irt
from certify.psychometrics.ability import AbilityGrid
from certify.psychometrics.item_parameters import FloatArray, ItemModel, ItemParameters
from certify.psychometrics.parametrisation import rescaled

MOST_STEPS: Final = 200
TOLERANCE: Final = 1e-12

Residuals = Callable[[float, float], tuple[FloatArray, FloatArray]]


@dataclass(frozen=True, slots=True)
class Linking:
    """The constants, and how they were found.

    `criterion`: weighted mean of the squared difference of the curves that is left (per category
    curve for Haebara, of test curves for Stocking-Lord; with `symmetric` the sum of both
    directions), NaN for the moment methods. `converged` is True for the moment methods.
    """

    slope: float
    intercept: float
    common_items: int
    criterion: float
    converged: bool

    def items(self, new: ItemParameters) -> ItemParameters:
        """Items of the new calibration on the base scale."""
        return rescaled(new, self.slope, self.intercept)

    def theta(self, new: ArrayLike) -> FloatArray:
        """Abilities of the new calibration on the base scale."""
        return self.slope * np.asarray(new, dtype=np.float64) + self.intercept

    def theta_se(self, new: ArrayLike) -> FloatArray:
        """Their standard errors; the error of the constants themselves is not in it."""
        return self.slope * np.asarray(new, dtype=np.float64)


def default_grid() -> AbilityGrid:
    """161 abilities from -4 to 4, all of the same weight."""
    return AbilityGrid(np.linspace(-4.0, 4.0, 161), np.full(161, 1.0 / 161))


def mean_mean(new: ItemParameters, base: ItemParameters, *, rasch: bool = False) -> Linking:
    """slope = mean(a_new) / mean(a_base), intercept = mean(b_base) - slope mean(b_new).

    Common items in the same order. With `rasch` the slope is 1. Raises ValueError for items that
    cannot be the same, or slopes of opposite sign.
    """
    _require_same(new, base)
    slope = 1.0 if rasch else float(new.a.mean() / base.a.mean())
    return _by_moments(new, base, slope)


def mean_sigma(new: ItemParameters, base: ItemParameters) -> Linking:
    """slope = sd(b_base) / sd(b_new), intercept = mean(b_base) - slope mean(b_new).

    Raises ValueError for items that cannot be the same, or difficulties that do not vary.
    """
    _require_same(new, base)
    spread = [float(_locations(items).std()) for items in (new, base)]
    if min(spread) == 0.0:
        raise ValueError(
            "expected common items that differ in difficulty, found a standard deviation of 0; "
            "use mean_mean or a characteristic-curve method"
        )
    return _by_moments(new, base, spread[1] / spread[0])


def haebara(
    new: ItemParameters,
    base: ItemParameters,
    grid: AbilityGrid | None = None,
    *,
    symmetric: bool = False,
    count_wrong: bool = False,
    rasch: bool = False,
) -> Linking:
    """Least squares between the item characteristic curves; see the module for conventions."""
    columns = _compared(base, count_wrong)

    def differences(tables: FloatArray) -> FloatArray:
        return np.asarray(tables[..., columns])

    return _by_curves(new, base, grid, differences, symmetric, rasch)


def stocking_lord(
    new: ItemParameters,
    base: ItemParameters,
    grid: AbilityGrid | None = None,
    *,
    symmetric: bool = False,
    rasch: bool = False,
) -> Linking:
    """Least squares between the test characteristic curves; see the module for conventions."""
    score = np.arange(base.n_categories, dtype=np.float64)

    def expected(tables: FloatArray) -> FloatArray:
        return np.asarray((tables @ score).sum(axis=-1)[..., None])

    return _by_curves(new, base, grid, expected, symmetric, rasch)


def _by_moments(new: ItemParameters, base: ItemParameters, slope: float) -> Linking:
    if not slope > 0:
        raise ValueError(
            f"expected slopes of the same sign on both scales, found a ratio {slope:g}"
        )
    intercept = float(_locations(base).mean() - slope * _locations(new).mean())
    return Linking(slope, intercept, len(base), float("nan"), True)


def _by_curves(
    new: ItemParameters,
    base: ItemParameters,
    grid: AbilityGrid | None,
    compared: Callable[[FloatArray], FloatArray],
    symmetric: bool,
    rasch: bool,
) -> Linking:
    starts = [mean_mean(new, base, rasch=rasch)]
    if not rasch and _locations(new).std() > 0 and _locations(base).std() > 0:
        starts.append(mean_sigma(new, base))
    at = default_grid() if grid is None else grid
    root = np.sqrt(at.weights / at.weights.sum())[:, None]

    def residuals(slope: float, intercept: float) -> tuple[FloatArray, FloatArray]:
        """Residuals and their derivatives by slope and intercept, shapes (r,) and (r, 2)."""
        back = (at.points - intercept) / slope
        p, d = _curves(new, back)
        gaps = [compared(p) - target]
        by_slope = [compared(-d * (back / slope)[:, None, None])]
        by_intercept = [compared(-d / slope)]
        if symmetric:
            p, d = _curves(base, slope * at.points + intercept)
            gaps.append(compared(p) - source)
            by_slope.append(compared(d * at.points[:, None, None]))
            by_intercept.append(compared(d))
        parts = [np.concatenate(part) for part in (gaps, by_slope, by_intercept)]
        weight = np.tile(root, (len(gaps), 1)) / np.sqrt(parts[0].shape[1])
        gap, slopes, intercepts = ((part * weight).ravel() for part in parts)
        return gap, np.column_stack([slopes * (0.0 if rasch else 1.0), intercepts])

    target = compared(_curves(base, at.points)[0])
    source = compared(_curves(new, at.points)[0])
    found = [_least_squares(residuals, (start.slope, start.intercept)) for start in starts]
    slope, intercept, criterion, converged = min(found, key=lambda result: result[2])
    return Linking(slope, intercept, len(base), criterion, converged)


def _least_squares(
    residuals: Residuals, start: tuple[float, float]
) -> tuple[float, float, float, bool]:
    """Levenberg-Marquardt in two unknowns, the slope kept positive."""
    at = np.array(start)
    gap, jacobian = residuals(*start)
    value, damping = float(gap @ gap), 1e-3
    for _ in range(MOST_STEPS):
        normal, gradient = jacobian.T @ jacobian, jacobian.T @ gap
        scaled = normal + np.diag(damping * np.maximum(np.diagonal(normal), 1e-12))
        step = np.linalg.solve(scaled, -gradient)
        if np.abs(step).max() < TOLERANCE:
            return float(at[0]), float(at[1]), value, True
        trial = at + step
        if trial[0] > 0:
            new_gap, new_jacobian = residuals(float(trial[0]), float(trial[1]))
            new_value = float(new_gap @ new_gap)
            if new_value <= value:
                at, gap, jacobian, value = trial, new_gap, new_jacobian, new_value
                damping = max(damping / 10.0, 1e-12)
                continue
        damping *= 10.0
        if damping > 1e12:
            # no smaller step lowers the criterion: rounding decides from here
            return float(at[0]), float(at[1]), value, True
    return float(at[0]), float(at[1]), value, False


def _curves(items: ItemParameters, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
    """P_k and dP_k/dtheta, shape (points, items, categories)."""
    curves = irt.category_curves(theta, items)
    return curves.p, curves.p * curves.first


def _compared(items: ItemParameters, count_wrong: bool) -> NDArray[np.bool_]:
    """Mask (items, categories) of the curves that Haebara's criterion counts."""
    category = np.arange(items.n_categories)
    mask = category <= items.max_category[:, None]
    if not count_wrong:
        mask[items.model == ItemModel.DICHOTOMOUS, 0] = False
    return np.asarray(mask)


def _locations(items: ItemParameters) -> FloatArray:
    """Every difficulty and threshold of the items."""
    single = items.b[items.model == ItemModel.DICHOTOMOUS]
    return np.concatenate([single, items.thresholds[np.isfinite(items.thresholds)]])


def _require_same(new: ItemParameters, base: ItemParameters) -> None:
    if len(new) != len(base) or len(new) == 0:
        raise ValueError(
            f"expected the same common items on both scales, found {len(new)} and {len(base)}"
        )
    for items in (new, base):
        if items.n_dimensions > 1:
            raise ValueError(
                f"expected items of one dimension, found {items.n_dimensions}: link each "
                "dimension by its own items"
            )
    same = (new.model == base.model) & (new.max_category == base.max_category)
    if not same.all():
        item = int(np.argmin(same))
        raise ValueError(
            f"item {item}: expected the same model and categories on both scales, found "
            f"{ItemModel(new.model[item]).name} with {new.max_category[item] + 1} and "
            f"{ItemModel(base.model[item]).name} with {base.max_category[item] + 1}"
        )
