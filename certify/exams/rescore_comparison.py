"""Results before and after a calibration side by side: what moved, how far, and how sure it is.

Takes plain numbers; decides nothing.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from certify.psychometrics.accuracy import of_posterior


@dataclass(frozen=True, slots=True)
class Placing:
    """What one decision said; `posterior` of every level, the lowest first."""

    placed: str
    awarded: str
    theta: float
    se: float
    posterior: Mapping[str, float]
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class RescoredExam:
    """An exam before and after."""

    attempt_id: str
    applied: str
    before: Placing
    after: Placing


@dataclass(frozen=True, slots=True)
class CohortFigures:
    """Of all decisions: mean standard error, how often they are right and would come out again.

    Accuracy and consistency follow from the posteriors (Rudner's kind of index), so they promise
    too much where the parameters are guesses.
    """

    mean_se: float
    accuracy: float
    consistency: float


@dataclass(frozen=True, slots=True)
class RescoreComparison:
    """`moves` counts exams by level placed before and after.

    `gained` and `lost` count awards. `mean_shift` and `spread` are of theta after minus before;
    `still_provisional` exams rest on an item without calibration.
    """

    exams: tuple[RescoredExam, ...]
    levels: tuple[str, ...]
    moves: Mapping[tuple[str, str], int]
    changed: int
    raised: int
    gained: int
    lost: int
    mean_shift: float
    spread: float
    before: CohortFigures
    after: CohortFigures
    still_provisional: int


def compare_exams(exams: Sequence[RescoredExam], levels: Sequence[str]) -> RescoreComparison:
    """All exams of a calibration; `levels` from the lowest, the one below all cuts included.

    Raises ValueError without exams.
    """
    if not exams:
        raise ValueError("expected at least one exam to compare, found none")
    rank = {level: place for place, level in enumerate(levels)}
    nothing = levels[0]
    changed = [one for one in exams if one.before.placed != one.after.placed]
    shifts = np.array([one.after.theta - one.before.theta for one in exams])
    return RescoreComparison(
        exams=tuple(exams),
        levels=tuple(levels),
        moves=Counter((one.before.placed, one.after.placed) for one in exams),
        changed=len(changed),
        raised=sum(rank[one.after.placed] > rank[one.before.placed] for one in changed),
        gained=sum(one.before.awarded == nothing != one.after.awarded for one in exams),
        lost=sum(one.before.awarded != nothing == one.after.awarded for one in exams),
        mean_shift=float(shifts.mean()),
        spread=float(shifts.std()),
        before=cohort_figures([one.before for one in exams], levels),
        after=cohort_figures([one.after for one in exams], levels),
        still_provisional=sum(one.after.is_provisional for one in exams),
    )


def cohort_figures(placings: Sequence[Placing], levels: Sequence[str]) -> CohortFigures:
    """The figures of some decisions."""
    table = np.array([[one.posterior[level] for level in levels] for one in placings])
    found = of_posterior(table).averaged()
    return CohortFigures(
        mean_se=float(np.mean([one.se for one in placings])),
        accuracy=float(found.accuracy),
        consistency=float(found.consistency),
    )
