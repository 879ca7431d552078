"""The plain way of scoring that gives the same points as the rules of a file, where there is one.

A way is proposed (the right response counts as a whole; each value counts for itself; a number
within a tolerance) and then tried against the rules on many responses. Only where all agree is it
taken, so that a native type can say the item.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, combinations, pairwise
from math import lcm

from question_bank.exchange.questestinterop.declared import Asked
from question_bank.exchange.questestinterop.points import SCORE, Points, Worth
from question_bank.exchange.questestinterop.trial import Raw, Trial
from question_bank.qti.numbers import read_float
from question_bank.qti.rule_nodes import (
    choose,
    constant,
    correct,
    decimal_text,
    map_response,
    number,
    operator,
    set_outcome,
    values,
    variable,
)
from question_bank.qti.tree import Node
from question_bank.scoring import Scoring, ScoringRule

FEW = 5
"""Options of which all combinations are tried."""
MOST_PAIRS = 200
RANDOM_TRIALS = 20
TRIALS_PER_VALUE = 4
"""About how many responses are tried for each value that there is."""
UNSAID = "\u2603 no such answer"
_TEXT_TESTS = ("qti-pattern-match", "qti-substring")


@dataclass(frozen=True, slots=True)
class PlainScoring:
    """What belongs into the declaration, and the rules.

    `shares` is our rule for points that no decimal says (sevenths); the rules then divide.
    """

    inner: tuple[Node, ...]
    rules: tuple[Node, ...]
    shares: Scoring | None = None


def plain_scoring(trial: Trial, points: Points, worth: Worth, best: Raw) -> PlainScoring | None:
    """The plain way for an item of one variable; None where only its rules can say it."""
    if len(trial.asked) != 1:
        return None
    asked = trial.asked[0]
    if not trial.may_be_tried(max(1, len(asked.pool)) * TRIALS_PER_VALUE):
        return None
    proposed = _Proposal(asked, trial, points, worth)
    if asked.base_type == "string":
        return proposed.typed()
    if asked.base_type == "float":
        return proposed.numeric()
    if asked.base_type not in ("identifier", "directedPair") or best is None:
        return None
    held = [best] if isinstance(best, str) else best
    return proposed.as_a_whole(held) or proposed.value_by_value(held)


class _Proposal:
    def __init__(self, asked: Asked, trial: Trial, points: Points, worth: Worth) -> None:
        self._asked = asked
        self._trial = trial
        self._points = points
        self._worth = worth

    def _earned(self, raw: Raw) -> Fraction:
        return self._points.of({self._asked.name: raw})

    def as_a_whole(self, best: list[str]) -> PlainScoring | None:
        """Full points for the right response, nothing for any other."""
        full = self._worth.points
        for raw in self._samples(best):
            held = [raw] if isinstance(raw, str) else raw or []
            ordered = self._asked.cardinality == "ordered"
            is_right = held == best if ordered else sorted(held) == sorted(best)
            if self._earned(raw) != (full if is_right else 0):
                return None
        return _matched(self._asked.name, best, full)

    def value_by_value(self, best: list[str]) -> PlainScoring | None:
        """Each value is worth its points; the sum stays within the bounds."""
        if self._asked.cardinality == "ordered" or len(self._asked.pool) > MOST_PAIRS:
            return None
        single = self._asked.cardinality == "single"
        worth = {each: self._unbounded(each if single else [each]) for each in self._asked.pool}
        lower = None if self._worth.lower is None else self._worth.lower * self._worth.scale
        for raw in self._samples(best):
            held = [raw] if isinstance(raw, str) else raw or []
            total = min(sum((worth[each] for each in held), Fraction(0)), self._worth.points)
            total = total if lower is None or not held else max(total, lower)
            if self._earned(raw) != total:
                return None
        return _mapped(self._asked.name, best, worth, lower, self._worth.points)

    def _unbounded(self, raw: Raw) -> Fraction:
        return self._trial.earned({self._asked.name: raw}) * self._worth.scale

    def _samples(self, best: list[str]) -> Iterator[Raw]:
        yield None
        if self._asked.cardinality == "single":
            yield from self._asked.pool
        elif self._asked.cardinality == "ordered":
            yield from _orders(best, self._asked.pool)
        elif self._asked.base_type == "directedPair":
            yield from self._matchings(best)
        else:
            yield from _choices(best, self._asked.pool)

    def _matchings(self, best: list[str]) -> Iterator[Raw]:
        """Pairs in which each first member stands once, as the interaction lets one pair them."""
        offered: dict[str, list[str]] = {}
        for pair in self._asked.pool:
            offered.setdefault(pair.split()[0], []).append(pair)
        yield best
        yield from ([pair] for pair in self._asked.pool)
        yield from ([pair for pair in best if pair != left] for left in best)
        # not a secret: the same file must give the same item
        draw = random.Random(len(self._asked.pool))  # noqa: S311
        for _ in range(RANDOM_TRIALS):
            mixed = {pair.split()[0]: pair for pair in best}
            for first in draw.sample(sorted(offered), draw.randint(1, len(offered))):
                mixed[first] = draw.choice(offered[first])
            yield list(mixed.values())

    def typed(self) -> PlainScoring | None:
        """Each text is worth its points, in its case or in any."""
        if any(node.name in _TEXT_TESTS for rule in self._trial.rules for node in rule.walk()):
            return None
        if any(mention.negative for mention in self._trial.mentions_of(self._asked)):
            return None
        texts = [v for mention in self._trial.mentions_of(self._asked) for v in mention.values]
        worth = {text: self._earned(text) for text in dict.fromkeys(texts)}
        worth = {text: points for text, points in worth.items() if points}
        if not worth or self._earned(UNSAID) or self._earned(None):
            return None
        sensitive = [self._earned(text.swapcase()) != points for text, points in worth.items()]
        cased = [text.swapcase() != text for text in worth]
        held = {each for each, matters in zip(sensitive, cased, strict=True) if matters}
        if len(held) > 1 or any(decimal_text(each) is None for each in worth.values()):
            return None
        right = max(worth, key=lambda text: worth[text])
        mapping = _mapping(worth, None, None, "true" if held == {True} else "false")
        return PlainScoring(
            (values("qti-correct-response", [right]), mapping), (_map_rule(self._asked.name),)
        )

    def numeric(self) -> PlainScoring | None:
        """Full points from one bound to another, both included; nothing elsewhere."""
        found = [v for mention in self._trial.mentions_of(self._asked) for v in mention.values]
        numbers = sorted({n for n in map(read_float, found) if n is not None})
        if not numbers:
            return None
        between = [(low + high) / 2 for low, high in pairwise(numbers)]
        outside = [numbers[0] - 1, *between, numbers[-1] + 1]
        tried = {each: self._number_earned(each) for each in (*numbers, *outside)}
        right = sorted(each for each, points in tried.items() if points)
        if not right or set(tried.values()) - {Fraction(0), self._worth.points}:
            return None
        low, high = right[0], right[-1]
        inside = [each for each in tried if low <= each <= high]
        if low not in numbers or high not in numbers or len(inside) != len(right):
            return None
        return _equal(self._asked.name, (low + high) / 2, (high - low) / 2, self._worth.points)

    def _number_earned(self, value: Fraction) -> Fraction:
        text = decimal_text(value)
        return Fraction(-1) if text is None else self._earned(text)


def _choices(best: list[str], pool: tuple[str, ...]) -> Iterator[Raw]:
    if len(pool) <= FEW:
        sizes = (combinations(pool, size) for size in range(1, len(pool) + 1))
        yield from map(list, chain.from_iterable(sizes))
        return
    yield best
    yield list(pool)
    yield from ([each] for each in pool)
    yield from ([each for each in best if each != left] for left in best if len(best) > 1)
    yield from ([*best, extra] for extra in pool if extra not in best)
    yield from map(list, combinations(pool[:8], 2))


def _orders(best: list[str], pool: tuple[str, ...]) -> Iterator[Raw]:
    yield best
    yield list(pool)
    yield list(reversed(best))
    for at in range(len(best) - 1):
        yield [*best[:at], best[at + 1], best[at], *best[at + 2 :]]


def _give(points: Fraction) -> Node:
    return set_outcome(SCORE, number(points))


def _matched(name: str, best: list[str], full: Fraction) -> PlainScoring:
    condition = operator("match", variable(name), correct(name))
    rule = choose((condition, [_give(full)]), (None, [_give(Fraction(0))]))
    return PlainScoring((values("qti-correct-response", best),), (rule,))


def _mapped(
    name: str,
    best: list[str],
    worth: Mapping[str, Fraction],
    lower: Fraction | None,
    upper: Fraction,
) -> PlainScoring | None:
    right = values("qti-correct-response", best)
    numbers = [*worth.values(), upper, lower or Fraction(0)]
    if all(decimal_text(each) is not None for each in numbers):
        return PlainScoring((right, _mapping(worth, lower, upper)), (_map_rule(name),))
    unit = lcm(*(each.denominator for each in numbers))
    whole = {value: points * unit for value, points in worth.items()}
    mapping = _mapping(whole, None if lower is None else lower * unit, upper * unit)
    shares = Scoring(
        ScoringRule.MAPPED,
        upper,
        {value: points for value, points in worth.items() if points},
        lower,
    )
    return PlainScoring((right, mapping), (_map_rule(name, unit),), shares)


def _map_rule(name: str, unit: int = 1) -> Node:
    nothing = operator("is-null", variable(name))
    mapped = map_response(name)
    earned = set_outcome(SCORE, mapped if unit == 1 else operator("divide", mapped, number(unit)))
    return choose((nothing, [_give(Fraction(0))]), (None, [earned]))


def _mapping(
    worth: Mapping[str, Fraction],
    lower: Fraction | None,
    upper: Fraction | None,
    case_sensitive: str = "",
) -> Node:
    bounds = {"lower-bound": lower, "upper-bound": upper}
    held = {key: str(decimal_text(bound)) for key, bound in bounds.items() if bound is not None}
    case = {"case-sensitive": case_sensitive} if case_sensitive else {}
    entries = (
        Node("qti-map-entry", {"map-key": key, "mapped-value": str(decimal_text(points)), **case})
        for key, points in worth.items()
        if points
    )
    return Node("qti-mapping", {**held, "default-value": "0"}, tuple(entries))


def _equal(name: str, value: Fraction, tolerance: Fraction, full: Fraction) -> PlainScoring | None:
    text, width = decimal_text(value), decimal_text(tolerance)
    if text is None or width is None:
        return None
    right = constant("float", text)
    mode = (
        {"tolerance_mode": "absolute", "tolerance": width}
        if tolerance
        else {"tolerance_mode": "exact"}
    )
    condition = operator("equal", right, variable(name), **mode)
    rule = choose((condition, [_give(full)]), (None, [_give(Fraction(0))]))
    return PlainScoring((values("qti-correct-response", [text]),), (rule,))
