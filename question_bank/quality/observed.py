"""What responses show about items: too easy or hard, not discriminating, dead options, drift.

The numbers come from classical item analysis; thresholds from the item writing rules, section 11.7.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt

from question_bank.answer_key import ChoiceKey
from question_bank.item import Item
from question_bank.quality import rules
from question_bank.quality.report import AuditFinding

FEWEST_RESPONSES = 100
LOWEST_P, HIGHEST_P = 0.20, 0.95
LOWEST_DISCRIMINATION = 0.15
LEAST_CHOSEN = 0.05
DRIFT_Z = 3.29
"""Standard errors between two shares that chance exceeds once in a thousand items."""


@dataclass(frozen=True, slots=True)
class OptionStatistics:
    """Share of people who chose an option, and its correlation with the rest score."""

    share: float
    correlation: float


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """First attempts at one item. `earlier` and `later` are (right, responses) of two periods."""

    responses: int
    p: float
    discrimination: float
    options: Mapping[str, OptionStatistics] = field(default_factory=dict)
    earlier: tuple[int, int] = (0, 0)
    later: tuple[int, int] = (0, 0)


def audit_observed(
    items: Sequence[Item], statistics: Mapping[str, ItemStatistics]
) -> Iterator[AuditFinding]:
    """Findings of the items that enough people have answered."""
    for item in items:
        observed = statistics.get(item.id)
        if observed is None or observed.responses < FEWEST_RESPONSES:
            continue
        yield from _difficulty(item, observed)
        yield from _options(item, observed)
        yield from _drift(item, observed)


def _difficulty(item: Item, observed: ItemStatistics) -> Iterator[AuditFinding]:
    if not LOWEST_P <= observed.p <= HIGHEST_P:
        percent = round(100 * observed.p)
        yield rules.TOO_EASY_OR_HARD.in_item(item, percent=percent, responses=observed.responses)
    if observed.discrimination < LOWEST_DISCRIMINATION:
        negative = observed.discrimination < 0
        rule = rules.SUSPECTED_KEY if negative else rules.NOT_DISCRIMINATING
        found = f"{observed.discrimination:.2f}"
        yield rule.in_item(item, found=found, responses=observed.responses)


def _options(item: Item, observed: ItemStatistics) -> Iterator[AuditFinding]:
    key = item.answer_key
    correct = key.correct if isinstance(key, ChoiceKey) else frozenset()
    for option_id, chosen in observed.options.items():
        if option_id in correct:
            continue
        if chosen.share < LEAST_CHOSEN:
            percent = round(100 * chosen.share)
            yield rules.DEAD_DISTRACTOR.in_item(item, option=option_id, percent=percent)
        elif chosen.correlation > 0:
            found = f"{chosen.correlation:.2f}"
            yield rules.DISTRACTOR_ATTRACTS_ABLE.in_item(item, option=option_id, found=found)


def _drift(item: Item, observed: ItemStatistics) -> Iterator[AuditFinding]:
    (right, n), (late_right, late_n) = observed.earlier, observed.later
    if min(n, late_n) < FEWEST_RESPONSES:
        return
    before, after, pooled = right / n, late_right / late_n, (right + late_right) / (n + late_n)
    error = sqrt(pooled * (1 - pooled) * (1 / n + 1 / late_n))
    if error and abs(after - before) > DRIFT_Z * error:
        yield rules.DRIFT.in_item(item, before=round(100 * before), after=round(100 * after))
