"""When there is evidence enough: posterior probability on one side of a cut.

The posterior of theta is taken as normal with the EAP and its standard error.
"""

import math


def probability_at_or_above(theta: float, se: float, cut: float) -> float:
    """P(ability >= cut) for a normal posterior. Raises ValueError unless se > 0."""
    if not se > 0:
        raise ValueError(f"expected a standard error above 0, found {se}")
    return 0.5 * math.erfc((cut - theta) / (se * math.sqrt(2.0)))


def confidence_in_side(theta: float, se: float, cut: float) -> float:
    """Probability that the more likely side of the cut is the right one, in [0.5, 1]."""
    above = probability_at_or_above(theta, se, cut)
    return max(above, 1.0 - above)
