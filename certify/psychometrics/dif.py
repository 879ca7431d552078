"""Differential item functioning by Mantel-Haenszel, with the ETS classes A, B and C.

Holland & Thayer (1988), in Wainer & Braun, Test Validity, 129-145; variance of the log odds ratio:
Robins, Breslow & Greenland (1986), Biometrics 42:311-323; classes: Zieky (1993), in Holland &
Wainer, Differential Item Functioning, 337-347. Items scored 0/1. Non-uniform DIF, which crosses,
escapes this test: see `dif_logistic`.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics.classical import MINIMUM_PERSONS
from certify.psychometrics.distributions import chi_square_upper_tail

FloatArray = NDArray[np.float64]

ETS_SCALE: Final = -2.35
ALPHA: Final = 0.05
ONE_SIDED: Final = 1.6448536269514722
"""The 95 % quantile of the normal distribution."""
MODERATE: Final = 1.0
LARGE: Final = 1.5
MOST_ROUNDS: Final = 10


@dataclass(frozen=True, slots=True)
class MantelHaenszelDif:
    """Per item, shape (items,); NaN where it cannot be had, the cause in `reasons`.

    `odds_ratio`: common odds of a right answer, reference over focal; `delta` = -2.35 ln of it
    (MH D-DIF; negative: harder for the focal group), `se` its standard error; `chi_square` with
    continuity correction, one degree of freedom. `ets_class`: "A" if not significant at .05 or
    |delta| < 1, "C" if |delta| >= 1.5 and significantly above 1, else "B"; "" where NaN.
    `anchors`: the items whose raw score was matched on (each item studied is matched on as well).
    """

    odds_ratio: FloatArray
    delta: FloatArray
    se: FloatArray
    chi_square: FloatArray
    p_value: FloatArray
    ets_class: tuple[str, ...]
    reasons: tuple[str, ...]
    anchors: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class DifData:
    """Checked input: `values` with NaN gaps, `is_focal`, and `matching` if it was given."""

    values: FloatArray
    is_focal: NDArray[np.bool_]
    matching: FloatArray | None

    def matched_on(self, item: int, anchors: NDArray[np.bool_]) -> FloatArray:
        """The matching variable of the item: as given, or raw score on anchors and the item."""
        if self.matching is not None:
            return self.matching
        chosen = anchors.copy()
        chosen[item] = True
        return np.asarray(self.values[:, chosen].sum(axis=1))


def dif_data(responses: ArrayLike, is_focal: ArrayLike, matching: ArrayLike | None) -> DifData:
    """Check what both DIF methods take. Raises ValueError naming what is at fault."""
    values = np.asarray(responses, dtype=np.float64)
    if values.ndim != 2:
        raise ValueError(f"expected responses of shape (persons, items), found {values.ndim} axes")
    good = (values == 0) | (values == 1) | np.isnan(values)
    if not good.all():
        person, item = (int(at) for at in np.argwhere(~good)[0])
        raise ValueError(
            f"person {person}, item {item}: expected 0, 1 or NaN, found {values[person, item]:g}"
        )
    focal = np.asarray(is_focal)
    if focal.shape != (len(values),) or not np.isin(focal, (0, 1)).all():
        raise ValueError(
            f"expected one 0 (reference) or 1 (focal) for each of {len(values)} persons, "
            f"found shape {focal.shape} with values {np.unique(focal)[:5].tolist()}"
        )
    if matching is None:
        if np.isnan(values).any():
            person, item = (int(at) for at in np.argwhere(np.isnan(values))[0])
            raise ValueError(
                f"person {person}, item {item}: raw scores need complete responses, found a "
                "missing one; give `matching`, for example rounded abilities"
            )
        return DifData(values, focal.astype(bool), None)
    given = np.asarray(matching, dtype=np.float64)
    if given.shape != (len(values),) or not np.isfinite(given).all():
        raise ValueError(
            f"expected a finite matching value for each of {len(values)} persons, "
            f"found shape {given.shape}"
        )
    return DifData(values, focal.astype(bool), given)


def mantel_haenszel(
    responses: ArrayLike,
    is_focal: ArrayLike,
    *,
    matching: ArrayLike | None = None,
    purify: bool = False,
    continuity: bool = True,
) -> MantelHaenszelDif:
    """MH statistics of every item, matched on each raw score, or each value of `matching`.

    With `purify`, items of class B or C leave the matching score until the set is stable (at most
    10 rounds); each item studied stays in its own matching score, as it must. Raises ValueError
    for bad input; an item with fewer than 20 persons in a group is NaN.
    """
    data = dif_data(responses, is_focal, matching)
    items = data.values.shape[1]
    anchors = np.ones(items, dtype=bool)
    for _ in range(MOST_ROUNDS):
        result = _all_items(data, anchors, continuity)
        clean = np.array([name not in ("B", "C") for name in result.ets_class], dtype=bool)
        if not purify or matching is not None or np.array_equal(clean, anchors) or not clean.any():
            break
        anchors = clean
    return result


def _all_items(data: DifData, anchors: NDArray[np.bool_], continuity: bool) -> MantelHaenszelDif:
    items = data.values.shape[1]
    numbers = np.full((items, 5), np.nan)
    reasons = []
    for item in range(items):
        counts, reason = _strata(data, item, anchors)
        if not reason:
            numbers[item], reason = _statistics(counts, continuity)
        reasons.append(reason)
    odds_ratio, delta, se, chi_square, p_value = numbers.T
    classes = tuple(
        ets_class(*(float(number) for number in row))
        for row in zip(delta, se, p_value, strict=True)
    )
    return MantelHaenszelDif(
        odds_ratio, delta, se, chi_square, p_value, classes, tuple(reasons), anchors.copy()
    )


def ets_class(delta: float, se: float, p_value: float) -> str:
    """The class of an MH D-DIF value, "" if there is none."""
    if np.isnan(delta) or np.isnan(se):
        return ""
    size = abs(delta)
    if p_value >= ALPHA or size < MODERATE:
        return "A"
    return "C" if size >= LARGE and size - ONE_SIDED * se > MODERATE else "B"


def _strata(data: DifData, item: int, anchors: NDArray[np.bool_]) -> tuple[FloatArray, str]:
    """Counts A, B, C, D (reference right, wrong; focal right, wrong) of each stratum, (s, 4)."""
    answers = data.values[:, item]
    seen = ~np.isnan(answers)
    for name, group in (("reference", ~data.is_focal), ("focal", data.is_focal)):
        if (seen & group).sum() < MINIMUM_PERSONS:
            return np.empty((0, 4)), f"fewer than {MINIMUM_PERSONS} persons in the {name} group"
    _, stratum = np.unique(data.matched_on(item, anchors)[seen], return_inverse=True)
    cell = 2 * data.is_focal[seen] + (answers[seen] == 0)
    counts = np.bincount(4 * stratum + cell, minlength=4 * (int(stratum.max()) + 1))
    return counts.reshape(-1, 4).astype(np.float64), ""


def _statistics(counts: FloatArray, continuity: bool) -> tuple[FloatArray, str]:
    total = counts.sum(axis=1)
    a, b, c, d = counts[total > 1].T
    n = total[total > 1]
    r, s = (a * d / n).sum(), (b * c / n).sum()
    right, wrong = a + c, b + d
    variance = ((a + b) * (c + d) * right * wrong / (n**2 * (n - 1.0))).sum()
    if variance == 0.0:
        return np.full(5, np.nan), "no stratum has both groups and both answers"
    gap = abs((a - (a + b) * right / n).sum()) - (0.5 if continuity else 0.0)
    chi_square = gap**2 / variance
    p_value = float(chi_square_upper_tail(chi_square, 1))
    if r == 0.0 or s == 0.0:
        # the test stands, the odds ratio is 0 or infinite
        ratio = np.inf if s == 0.0 else 0.0
        reason = "the odds ratio is infinite or zero"
        return np.array([ratio, np.nan, np.nan, chi_square, p_value]), reason
    p, q = (a + d) / n, (b + c) / n
    r_i, s_i = a * d / n, b * c / n
    log_variance = (
        (p * r_i).sum() / (2.0 * r**2)
        + (p * s_i + q * r_i).sum() / (2.0 * r * s)
        + (q * s_i).sum() / (2.0 * s**2)
    )
    delta = ETS_SCALE * float(np.log(r / s))
    return np.array([r / s, delta, -ETS_SCALE * np.sqrt(log_variance), chi_square, p_value]), ""
