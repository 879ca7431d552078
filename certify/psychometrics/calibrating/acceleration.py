"""Anderson acceleration of EM, with a fall-back on the plain step where it does not climb.

Walker & Ni (2011), SIAM Journal on Numerical Analysis 49:1715-1735; for EM: Henderson & Varadhan
(2019), Journal of Computational and Graphical Statistics 28:834-846. The next point is the
combination of the last EM steps whose residuals cancel best. It keeps the map's fixed point and
needs half the E-steps of SQUAREM here. A point with a lower objective is dropped: the plain EM step
from the point before is taken and the memory cleared, so the objective climbs as in EM.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from certify.psychometrics.item_parameters import FloatArray

MEMORY = 10
SLACK = 1e-3
"""An objective may fall by so much: residuals still shrink, and rounding stops nothing."""
CONDITION = 1e-10
PLAIN_SHARE = 1e-3
"""A plain EM step says little about the way that remains: it must be this much shorter."""


@dataclass(frozen=True)
class Ascent:
    """Where the iteration ended.

    `steps` counts E-steps; `change` is the last proposed change of any number, the size of the
    remaining error as far as the acceleration can tell; `trace` holds the objective at each step.
    """

    point: FloatArray
    steps: int
    converged: bool
    change: float
    trace: tuple[float, ...]


def accelerated(
    em_step: Callable[[FloatArray], tuple[float, FloatArray]],
    start: FloatArray,
    is_proper: Callable[[FloatArray], bool],
    *,
    tolerance: float,
    max_steps: int,
) -> Ascent:
    """Iterate `em_step` (point -> objective there, EM's next point) to its fixed point.

    Converged when the accelerated step changes no number by more than `tolerance`.
    """
    point, best, refuge = start, -np.inf, start
    images: list[FloatArray] = []
    residuals: list[FloatArray] = []
    trace: list[float] = []
    change, is_plain = np.inf, True
    while len(trace) < max_steps:
        objective, image = em_step(point)
        trace.append(objective)
        if not is_plain and not objective >= best - SLACK:
            point, is_plain = refuge, True
            images, residuals = [], []
            continue
        best, refuge = objective, image
        images, residuals = [*images[-MEMORY:], image], [*residuals[-MEMORY:], image - point]
        following = _combined(images, residuals)
        is_plain = len(images) == 1 or not is_proper(following)
        if is_plain:
            following = image
        change = float(np.abs(following - point).max(initial=0.0))
        point = following
        if change <= (PLAIN_SHARE * tolerance if is_plain else tolerance):
            return Ascent(point, len(trace), True, change, tuple(trace))
    return Ascent(point, len(trace), False, change, tuple(trace))


def _combined(images: list[FloatArray], residuals: list[FloatArray]) -> FloatArray:
    if len(images) == 1:
        return images[0]
    steps = np.diff(np.array(residuals), axis=0)
    moves = np.diff(np.array(images), axis=0)
    mixture = np.linalg.lstsq(steps.T, residuals[-1], rcond=CONDITION)[0]
    return np.asarray(images[-1] - mixture @ moves)
