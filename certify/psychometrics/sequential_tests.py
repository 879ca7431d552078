"""Sequential tests of a level: SPRT and generalised likelihood ratio, with one cut or several.

At each cut c the hypotheses are ability <= c - d and ability >= c + d. SPRT (Wald 1947; Reckase
1983; for IRT Eggen 1999, Applied Psychological Measurement 23:249-261) compares the likelihoods at
c - d and c + d; the generalised test (Thompson 2009, GMAC conference on CAT; Bartroff, Finkelman &
Lai 2008, Psychometrika 73:473-486) the largest likelihoods on either side. With several cuts every
cut is tested on its own, and a level is decided once the cuts below and above it are (Sobel & Wald
1949, Annals of Mathematical Statistics 20:502-522).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics.item_parameters import FloatArray, ItemParameters
from certify.psychometrics.likelihood import GridLikelihood
from certify.psychometrics.responses import ResponseMatrix, checked
from certify.psychometrics.stopping import rising

UNDECIDED = -1
REACH = 8.0
"""The generalised test looks for the largest likelihood between -8 and 8."""
STEP = 0.02


@dataclass(frozen=True, slots=True)
class ErrorRates:
    """`alpha`: share wrongly put above a cut; `beta`: wrongly below. Each between 0 and 0.5."""

    alpha: float = 0.05
    beta: float = 0.05

    def __post_init__(self) -> None:
        """Refuse rates that no test can have."""
        if not (0 < self.alpha < 0.5 and 0 < self.beta < 0.5):
            raise ValueError(
                f"expected error rates between 0 and 0.5, found {self.alpha} and {self.beta}"
            )

    @property
    def bounds(self) -> tuple[float, float]:
        """Wald's ln(beta / (1 - alpha)) and ln((1 - beta) / alpha)."""
        return (
            float(np.log(self.beta / (1.0 - self.alpha))),
            float(np.log((1.0 - self.beta) / self.alpha)),
        )


def sprt_log_ratios(
    responses: ArrayLike, items: ItemParameters, cuts: ArrayLike, half_width: float
) -> FloatArray:
    """ln L(c + d) - ln L(c - d) of each person at each cut, shape (persons, cuts).

    `responses`, shape (persons, n_items): categories, NaN for not administered. Raises ValueError
    unless half_width > 0 and the cuts rise.
    """
    levels = _checked(cuts, half_width)
    points = np.concatenate([levels - half_width, levels + half_width])
    matrix = checked(responses, items)
    log_l = GridLikelihood.of(items, points).log_likelihood(matrix)
    return np.asarray(log_l[:, len(levels) :] - log_l[:, : len(levels)])


def glr_log_ratios(
    responses: ArrayLike, items: ItemParameters, cuts: ArrayLike, half_width: float
) -> FloatArray:
    """max ln L(theta >= c + d) - max ln L(theta <= c - d), shape (persons, cuts).

    The maxima are taken on points 0.02 apart from c - d and c + d outwards, the highest one refined
    by a parabola: good to five decimals.
    """
    levels = _checked(cuts, half_width)
    matrix = checked(responses, items)
    return np.stack(
        [
            _highest(matrix, items, cut + half_width, 1.0)
            - _highest(matrix, items, cut - half_width, -1.0)
            for cut in levels
        ],
        axis=1,
    )


def decided_levels(log_ratios: FloatArray, rates: ErrorRates) -> NDArray[np.intp]:
    """Level 0..n of each person, or -1 while undecided; `log_ratios`, shape (persons, n cuts).

    Level k: the ratios of all cuts below it are at or above Wald's upper bound, and those of all
    cuts above it at or below the lower one. Contradictions stay undecided.
    """
    low, high = rates.bounds
    is_above, is_below = log_ratios >= high, log_ratios <= low
    level = is_above.sum(axis=-1)
    position = np.arange(log_ratios.shape[-1])
    fits = np.where(position < level[..., None], is_above, is_below).all(axis=-1)
    return np.where(fits, level, UNDECIDED)


def _checked(cuts: ArrayLike, half_width: float) -> FloatArray:
    if not half_width > 0:
        raise ValueError(f"expected a half width above 0, found {half_width}")
    return rising(cuts)


def _highest(
    matrix: ResponseMatrix, items: ItemParameters, edge: float, direction: float
) -> FloatArray:
    """The largest ln L of each person from `edge` on, upwards (1) or downwards (-1)."""
    count = int(np.ceil(max(REACH - direction * edge, 1.0) / STEP))
    # one point outside, for the parabola at the edge
    points = edge + direction * STEP * np.arange(-1.0, count + 1.0)
    log_l = GridLikelihood.of(items, points).log_likelihood(matrix)
    before, middle, after = log_l[:, :-2], log_l[:, 1:-1], log_l[:, 2:]
    is_peak = (middle >= before) & (middle >= after) & (2.0 * middle > before + after)
    is_peak[:, 0] &= after[:, 0] > before[:, 0]
    bend = np.where(is_peak, 2.0 * middle - before - after, 1.0)
    rise = np.where(is_peak, (after - before) ** 2 / (8.0 * bend), 0.0)
    return np.asarray(np.maximum((middle + rise).max(axis=1), log_l[:, -1]))
