"""How many points a response is worth, as a rule on the item. The reckoning is elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction


class ScoringRule(StrEnum):
    """The rules; k is the number of right parts (options keyed, blanks, pairs)."""

    ALL_OR_NOTHING = "all_or_nothing"
    """Full points for a response without any fault, else none."""
    PARTIAL = "partial"
    """1/k of the points for each right part, none at all once a part is wrong."""
    PER_OPTION = "per_option"
    """1/k for each right part, minus 1/k for each wrong one, never below the floor."""
    MAPPED = "mapped"
    """The points that the mapping gives to each chosen option, right blank or pair, bounded."""
    PRECEDENCE = "precedence"
    """Of an order: the share of all pairs of options that stand in the right order."""


@dataclass(frozen=True, slots=True)
class Scoring:
    """A rule with its numbers.

    `mapping` belongs to MAPPED: option id, blank id or pair ("a t1") -> points; what it does not
    name is worth nothing. A blank earns its points times the share of what was typed.
    Points end between `lower` and `upper` (None: without that bound; `upper` is not above
    `max_points`).
    """

    rule: ScoringRule = ScoringRule.ALL_OR_NOTHING
    max_points: Fraction = Fraction(1)
    mapping: Mapping[str, Fraction] = field(default_factory=dict)
    lower: Fraction | None = Fraction(0)
    upper: Fraction | None = None


PLAIN_SCORING = Scoring()
"""One point for a response without any fault."""
