"""Answers given too fast to have been worked out, and how much effort a person put in.

Wise & Ma (2012), NCME: an item's threshold is a share (10 %) of its mean time, at most 10 seconds;
the mean is replaced here by the median, which the rapid guesses themselves do not pull down. A
floor may be set as well: below three seconds, Kong, Wise & Bhola (2007), Educational and
Psychological Measurement 67:606-619, nobody can have read an item.
Wise & Kong (2005), Applied Measurement in Education 18:163-183: response time effort is the share
of a person's answers that are no rapid guesses; below .90 a score is doubtful. The second kind of
flag comes from the lognormal model (`response_times`) and adapts to each person's speed.
"""

from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics.classical import MINIMUM_PERSONS
from certify.psychometrics.diagnosing.response_times import (
    ResponseTimeModel,
    log_times,
    time_residuals,
)
from certify.psychometrics.item_parameters import FloatArray

SHARE: Final = 0.10
CEILING_SECONDS: Final = 10.0
DOUBTFUL_EFFORT: Final = 0.90


@dataclass(frozen=True, slots=True)
class RapidGuessing:
    """`is_rapid` (persons, items), False where unseen; `thresholds` in seconds, NaN if unknown.

    `effort` of each person, NaN without judged answers; `is_doubtful`: effort below .90.
    """

    is_rapid: NDArray[np.bool_]
    thresholds: FloatArray
    effort: FloatArray
    is_doubtful: NDArray[np.bool_]


def rapid_guessing(
    seconds: ArrayLike,
    *,
    share: float = SHARE,
    ceiling_seconds: float = CEILING_SECONDS,
    floor_seconds: float = 0.0,
    expected_seconds: ArrayLike | None = None,
) -> RapidGuessing:
    """Flags by normative thresholds; an item with fewer than 20 times has none, and no flag.

    With `expected_seconds` (items,), what its author expects stands in for the median of such an
    item. Raises ValueError for times that are not positive, or a share outside 0 to 1.
    """
    if not 0.0 < share < 1.0:
        raise ValueError(f"expected a share between 0 and 1, found {share}")
    times = np.exp(log_times(seconds))
    seen = ~np.isnan(times)
    typical = np.full(times.shape[1], np.nan)
    if expected_seconds is not None:
        typical[:] = np.asarray(expected_seconds, dtype=np.float64)
    for item in np.flatnonzero(seen.sum(axis=0) >= MINIMUM_PERSONS).tolist():
        typical[item] = float(np.median(times[seen[:, item], item]))
    thresholds = np.clip(share * typical, floor_seconds, ceiling_seconds)
    judged = seen & ~np.isnan(thresholds)
    is_rapid = judged & (np.where(judged, times, np.inf) < thresholds)
    count = judged.sum(axis=1)
    effort = np.full(len(times), np.nan)
    np.divide(count - is_rapid.sum(axis=1), count, out=effort, where=count > 0)
    return RapidGuessing(is_rapid, thresholds, effort, effort < DOUBTFUL_EFFORT)


def unusually_fast(
    seconds: ArrayLike, model: ResponseTimeModel, *, alpha: float = 0.001
) -> NDArray[np.bool_]:
    """Answers faster than all but `alpha` of those expected of this person on this item."""
    border = NormalDist().inv_cdf(alpha)
    return np.asarray(time_residuals(seconds, model) < border)
