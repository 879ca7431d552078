"""Response declarations and processing of our own items: SCORE comes out as our rule reckons it.

What a standard template says is left to the template. Everything else is written as general rules
that are exact: thirds are quotients, never rounded decimals.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import lcm
from typing import Any

from question_bank.answer_key import ChoiceKey, EssayKey, MatchKey, NumericKey, OrderKey
from question_bank.item import Item, ItemType
from question_bank.qti.rule_nodes import (
    choose,
    constant,
    correct,
    decimal_text,
    identifier,
    map_response,
    number,
    operator,
    outcome,
    response,
    set_outcome,
    values,
    variable,
)
from question_bank.qti.tree import Node
from question_bank.response_processing import RESPONSE
from question_bank.scoring import Scoring, ScoringRule
from question_bank.scoring_rules import bounded

SCORE = "SCORE"
MATCH_CORRECT = "match_correct"
MAP_RESPONSE = "map_response"
Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ScoredParts:
    """What scores an item: declarations, further outcomes, rules; or a template that says as much.

    With a `template` the rules say the same, for items that have more to do.
    """

    responses: tuple[Node, ...]
    rules: tuple[Node, ...] = ()
    outcomes: tuple[Node, ...] = ()
    template: str = ""


def score_rule(expression: Node) -> Node:
    """The rule that gives SCORE its value."""
    return set_outcome(SCORE, expression)


def bounded_node(expression: Node, scoring: Scoring) -> Node:
    """The expression within the bounds of the rule."""
    ceiling = scoring.max_points if scoring.upper is None else scoring.upper
    held = operator("min", expression, number(ceiling))
    return held if scoring.lower is None else operator("max", held, number(scoring.lower))


def all_or_nothing(condition: Node, scoring: Scoring) -> Node:
    """Full points where a condition holds, else none, both within the bounds."""
    right, wrong = bounded(scoring.max_points, scoring), bounded(Fraction(0), scoring)
    return choose((condition, [score_rule(number(right))]), (None, [score_rule(number(wrong))]))


def matched(scoring: Scoring) -> tuple[tuple[Node, ...], str]:
    """The rules for a response that is right as a whole, and the template that says the same."""
    rule = all_or_nothing(operator("match", variable(RESPONSE), correct(RESPONSE)), scoring)
    plain = bounded(scoring.max_points, scoring) == 1 and bounded(Fraction(0), scoring) == 0
    return (rule,), MATCH_CORRECT if plain else ""


@dataclass(frozen=True, slots=True)
class _Worth:
    """Points by the value of a response; values not named earn the default."""

    points: Mapping[str, Fraction]
    default: Fraction = Fraction(0)
    never_below: Fraction | None = None
    """A floor of its own beside that of the rule."""


def _worth(item: Item, right: list[str], wrong: list[str], unnamed: bool) -> _Worth:
    """Points of a response of several parts under a rule that counts them.

    `unnamed` says that what is not listed is wrong as well.
    """
    scoring, parts = item.scoring, max(1, len(right))
    share = scoring.max_points / parts
    partial = scoring.rule is ScoringRule.PARTIAL
    penalty = -(scoring.max_points + share) if partial else -share
    points = {**dict.fromkeys(right, share), **dict.fromkeys(wrong, penalty)}
    floor = Fraction(0) if partial else None
    return _Worth(points, penalty if unnamed else Fraction(0), floor)


def _mapped(worth: _Worth, scoring: Scoring) -> tuple[Node, tuple[Node, ...], str]:
    """Mapping, rules and template for points that add up."""
    lower = scoring.lower
    if worth.never_below is not None:
        lower = max(worth.never_below, lower or Fraction(0))
    upper = scoring.max_points if scoring.upper is None else scoring.upper
    bounds = {"lower-bound": lower, "upper-bound": upper}
    numbers = [*worth.points.values(), worth.default, upper, lower or Fraction(0)]
    exact = all(decimal_text(each) is not None for each in numbers)
    scale = 1 if exact else lcm(*(each.denominator for each in numbers))
    mapping = _mapping_node(worth, scale, bounds if exact else {})
    earned = map_response(RESPONSE)
    if not exact:
        held = operator("divide", earned, number(scale))
        earned = operator("min", held, number(upper))
        earned = earned if lower is None else operator("max", earned, number(lower))
    nothing = operator("is-null", variable(RESPONSE))
    rule = choose((nothing, [score_rule(number(0))]), (None, [score_rule(earned)]))
    return mapping, (rule,), MAP_RESPONSE if exact else ""


def _mapping_node(worth: _Worth, scale: int, bounds: Mapping[str, Fraction | None]) -> Node:
    held = {name: str(decimal_text(bound)) for name, bound in bounds.items() if bound is not None}
    attributes = {**held, "default-value": str(decimal_text(worth.default * scale))}
    entries = (
        Node("qti-map-entry", {"map-key": key, "mapped-value": str(decimal_text(points * scale))})
        for key, points in worth.points.items()
    )
    return Node("qti-mapping", attributes, tuple(entries))


def scored_choice(item: Item, names: Names) -> ScoredParts:
    """Single and multiple choice, true/false."""
    key = item.answer_key
    right = sorted(key.correct) if isinstance(key, ChoiceKey) else []
    keyed = [names.get(option, option) for option in right]
    many = item.type is ItemType.MULTIPLE
    inner = [values("qti-correct-response", keyed)] if keyed else []
    wrong = [names[option.id] for option in item.options if option.id not in right]
    rules, template, mapping = _parts(item, keyed, wrong, names)
    inner += mapping
    declared = response(RESPONSE, "multiple" if many else "single", "identifier", *inner)
    return ScoredParts((declared,), rules, (), template)


def _parts(
    item: Item, right: list[str], wrong: list[str], names: Names, unnamed: bool = False
) -> tuple[tuple[Node, ...], str, list[Node]]:
    """Rules, template and mapping of a choice or a match."""
    if item.scoring.rule is ScoringRule.ALL_OR_NOTHING:
        return *matched(item.scoring), []
    if item.scoring.rule is ScoringRule.MAPPED:
        points = item.scoring.mapping
        worth = _Worth({names.get(part, part): points[part] for part in sorted(points)})
    else:
        worth = _worth(item, right, wrong, unnamed)
    mapping, rules, template = _mapped(worth, item.scoring)
    return rules, template, [mapping]


def scored_match(item: Item, names: Names) -> ScoredParts:
    """Pairs of option and target; `names` holds both, and the pairs of a mapping as "a t1"."""
    key = item.answer_key
    pairs = sorted(key.pairs) if isinstance(key, MatchKey) else []
    keyed = [f"{names.get(option, option)} {names.get(target, target)}" for option, target in pairs]
    inner = [values("qti-correct-response", keyed)] if keyed else []
    rules, template, mapping = _parts(item, keyed, [], names, unnamed=True)
    inner += mapping
    declared = response(RESPONSE, "multiple", "directedPair", *inner)
    return ScoredParts((declared,), rules, (), template)


def scored_number(item: Item, names: Names) -> ScoredParts:
    """A number with a tolerance."""
    key = item.answer_key
    if not isinstance(key, NumericKey):
        return ScoredParts((response(RESPONSE, "single", "float"),))
    inner = values("qti-correct-response", [number_text(key.value)])
    declared = response(RESPONSE, "single", "float", inner)
    return ScoredParts((declared,), (all_or_nothing(is_number(key), item.scoring),))


def is_number(key: NumericKey, name: str = RESPONSE) -> Node:
    """The condition that a response lies within a key's tolerance."""
    right, given = constant("float", number_text(key.value)), variable(name)
    if not key.tolerance:
        return operator("equal", right, given, tolerance_mode="exact")
    mode = "relative" if key.relative else "absolute"
    tolerance = key.tolerance.scaleb(2) if key.relative else key.tolerance
    return operator("equal", right, given, tolerance_mode=mode, tolerance=number_text(tolerance))


def number_text(value: Decimal) -> str:
    """A decimal as QTI writes a float; powers of ten only where they make it short."""
    plain = format(value, "f")
    return plain if len(plain) < 40 else str(value)


def scored_order(item: Item, names: Names) -> ScoredParts:
    """An order of all options."""
    key = item.answer_key
    sequence = [names.get(each, each) for each in key.sequence] if isinstance(key, OrderKey) else []
    inner = [values("qti-correct-response", sequence)] if sequence else []
    declared = (response(RESPONSE, "ordered", "identifier", *inner),)
    reckon = _ORDER_RULES.get(item.scoring.rule)
    if reckon is None or not sequence:
        rules, template = matched(item.scoring)
        return ScoredParts(declared, rules, (), template)
    rules, outcomes = reckon(sequence, item.scoring)
    return ScoredParts(declared, rules, outcomes)


def _placed(sequence: list[str], scoring: Scoring) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """1/n for each option in its place, minus 1/n for each out of it."""
    counted = [
        choose((operator("match", _at(place), identifier(name)), [_count("RIGHT")]))
        for place, name in enumerate(sequence, start=1)
    ]
    size = len(sequence)
    balance = operator("subtract", operator("product", number(2), variable("RIGHT")), number(size))
    earned = operator("product", balance, number(scoring.max_points / size))
    return (*counted, _unless_empty(earned, scoring)), (outcome("RIGHT", "integer", "0"),)


def _preceding(sequence: list[str], scoring: Scoring) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """The share of pairs in the right order, from the rank of the option at each place."""
    size = len(sequence)
    ranks = [f"RANK_{place}" for place in range(1, size + 1)]
    ranked = [
        choose(
            *(
                (
                    operator("match", _at(place), identifier(name)),
                    [set_outcome(ranks[place - 1], constant("integer", str(rank)))],
                )
                for rank, name in enumerate(sequence, start=1)
            )
        )
        for place in range(1, size + 1)
    ]
    kept = [
        choose((operator("lt", variable(first), variable(second)), [_count("KEPT")]))
        for first, second in combinations(ranks, 2)
    ]
    pairs = size * (size - 1) // 2
    earned = operator("product", variable("KEPT"), number(scoring.max_points / max(1, pairs)))
    declared = (outcome("KEPT", "integer", "0"), *(outcome(rank, "integer") for rank in ranks))
    return (*ranked, *kept, _unless_empty(earned, scoring)), declared


def _at(place: int) -> Node:
    return operator("index", variable(RESPONSE), n=str(place))


def _count(name: str) -> Node:
    return set_outcome(name, operator("sum", variable(name), constant("integer", "1")))


def _unless_empty(earned: Node, scoring: Scoring) -> Node:
    return choose(
        (operator("is-null", variable(RESPONSE)), [score_rule(number(0))]),
        (None, [score_rule(bounded_node(earned, scoring))]),
    )


_OrderRule = Callable[[list[str], Scoring], tuple[tuple[Node, ...], tuple[Node, ...]]]
_ORDER_RULES: Mapping[ScoringRule, _OrderRule] = {
    ScoringRule.PER_OPTION: _placed,
    ScoringRule.PRECEDENCE: _preceding,
}
"""A partial order is worth nothing once one option is out of place, so all or nothing says it."""


def scored_essay(item: Item, names: Names) -> ScoredParts:
    """A text that people mark: no rule."""
    key: Any = item.answer_key
    reference = [key.reference] if isinstance(key, EssayKey) and key.reference else []
    inner = [values("qti-correct-response", reference)] if reference else []
    return ScoredParts((response(RESPONSE, "single", "string", *inner),))
