"""What a converted item is worth: the score of the file, brought to the points of the item.

Canvas and Common Cartridge score in percent and say beside it how many points an item is worth;
others score in points. Either way the best response earns full points here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from question_bank.exchange.questestinterop import problem_kinds as kinds
from question_bank.exchange.questestinterop.conditions import Say
from question_bank.exchange.questestinterop.processing import Processing
from question_bank.exchange.questestinterop.trial import Responses, Trial
from question_bank.qti.numbers import read_float
from question_bank.qti.rule_nodes import number, operator, set_outcome, variable
from question_bank.qti.tree import Node

SCORE = "SCORE"
PERCENT = Fraction(100)
ROUNDING = Fraction(1)
"""How far shares such as 14.29 % may add up beyond 100 %."""
_POINTS_FIELDS = ("points_possible", "cc_weighting", "qmd_weighting", "qmd_maximumscore")


@dataclass(frozen=True, slots=True)
class Worth:
    """Full points, and how the score of the file becomes points."""

    points: Fraction
    scale: Fraction = Fraction(1)
    lower: Fraction | None = None
    upper: Fraction | None = None

    def of(self, raw: Fraction) -> Fraction:
        """The points for a score of the file."""
        if self.upper is not None:
            raw = min(raw, self.upper)
        return (raw if self.lower is None else max(raw, self.lower)) * self.scale

    def rule(self, names: tuple[str, ...]) -> Node:
        """The rule that gives SCORE its value from the scores of the file."""
        raw = operator("sum", *map(variable, names)) if len(names) > 1 else variable(names[0])
        if self.upper is not None:
            raw = operator("min", raw, number(self.upper))
        if self.lower is not None:
            raw = operator("max", raw, number(self.lower))
        return set_outcome(SCORE, operator("product", raw, number(self.scale)))


def worth_of(
    metadata: Mapping[str, str], processing: Processing, best: Fraction, say: Say
) -> Worth:
    """What the item is worth, from its metadata, its score variable and its best response."""
    names = processing.score_names
    if len(names) > 1:
        say(kinds.SEVERAL_SCORES, names=", ".join(names))
    declared = processing.variable(names[0]) if names else None
    most = declared.most if declared is not None and len(names) == 1 else None
    points = _said_points(metadata, best, most, say)
    if best <= 0:
        return Worth(points)
    full = most if most is not None and 0 < most < best - ROUNDING else best
    lower = declared.least if declared is not None else None
    return Worth(
        points, points / full, lower, full if most is not None or lower is not None else None
    )


def _said_points(
    metadata: Mapping[str, str], best: Fraction, most: Fraction | None, say: Say
) -> Fraction:
    said = (read_float(metadata.get(name, "")) for name in _POINTS_FIELDS)
    points = next((value for value in said if value), None)
    if points is not None and points > 0:
        return points
    if best <= 0:
        return Fraction(1)
    if most == PERCENT and abs(best - PERCENT) <= ROUNDING:
        say(kinds.POINTS_FROM_PERCENT, points=1)
        return Fraction(1)
    return min(best, most) if most is not None and most > 0 else best


class Points:
    """What responses are worth in the end."""

    def __init__(self, trial: Trial, worth: Worth) -> None:
        self._trial = trial
        self._worth = worth

    def of(self, responses: Responses) -> Fraction:
        """The points that some responses earn."""
        return self._worth.of(self._trial.earned(responses))
