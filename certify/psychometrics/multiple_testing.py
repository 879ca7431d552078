"""p-values of many tests at once: adjusted so that one threshold keeps a stated error rate."""

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


class ErrorRate(StrEnum):
    """What an adjusted p-value below alpha promises."""

    FAMILYWISE = "familywise"
    """At most alpha chance of even one false alarm: Holm (1979), Scand. J. Statist. 6:65-70."""
    FALSE_DISCOVERY = "false_discovery"
    """At most the share alpha of the alarms false, on average: Benjamini & Hochberg (1995),
    J. R. Statist. Soc. B 57:289-300."""


def adjusted(p_values: ArrayLike, control: ErrorRate, tests: int | None = None) -> FloatArray:
    """Adjusted p-values, in the order given; NaN (no test) stays NaN and counts for nothing.

    `tests` is the number of tests made when only the smallest p-values are handed in; by default
    the number of p-values that are not NaN. Raises ValueError if it is smaller than that.
    """
    p = np.asarray(p_values, dtype=np.float64)
    given = np.flatnonzero(~np.isnan(p))
    m = len(given) if tests is None else tests
    if m < len(given):
        raise ValueError(f"expected at least {len(given)} tests, one per p-value, found {m}")
    result = np.full(p.shape, np.nan)
    order = given[np.argsort(p[given], kind="stable")]
    rank = np.arange(1, len(order) + 1)
    if control is ErrorRate.FAMILYWISE:
        result[order] = np.maximum.accumulate(p[order] * (m - rank + 1))
    else:
        result[order] = np.minimum.accumulate((p[order] * m / rank)[::-1])[::-1]
    return np.asarray(np.minimum(result, 1.0))
