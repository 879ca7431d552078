"""Parameters before calibration: from experts' guesses, honestly weakened.

An expert says which share p of just-qualified people (theta at the level's cut) answers rightly.
Solving the 3PL at theta = cut for b anchors item and cut on one scale. As the guess of b carries
an error with standard deviation sigma_b, the slope that predicts responses is attenuated:
a / sqrt(1 + 0.346 a^2 sigma_b^2), the normal mixture of logistic curves with
0.346 = (16 sqrt(3) / (15 pi))^2 (Zeger, Liang & Albert 1988, Biometrics 44:1049-1060).
"""

import math

COMMON_SLOPE = 1.2
"""Slope before attenuation, used for every item while nothing is known about it."""
DIFFICULTY_ERROR_SD = 0.65
"""Standard deviation of the experts' error in b that the attenuation assumes."""
SLOPE_ERROR_SD = 0.32
"""Standard deviation of ln a among items whose slope nobody has estimated."""
CHANCE_WEIGHT = 20.0
"""How many tries of people who know nothing the chance level of an item is worth as a prior."""
SE_INFLATION = 1.2
"""Factor on every standard error while parameters are provisional."""
_MIXTURE = (16.0 * math.sqrt(3.0) / (15.0 * math.pi)) ** 2


def attenuated_slope(a: float, sigma_b: float) -> float:
    """The slope that is left when b is known only up to an error with SD `sigma_b`."""
    return a / math.sqrt(1.0 + _MIXTURE * a * a * sigma_b * sigma_b)


def difficulty_from_share(share: float, cut: float, a: float, c: float) -> float:
    """b such that P(theta = cut) = share under the 3PL. Raises ValueError unless c < share < 1."""
    if not c < share < 1.0:
        raise ValueError(f"expected a share between chance {c} and 1, found {share}")
    core = (share - c) / (1.0 - c)
    return cut - math.log(core / (1.0 - core)) / a
