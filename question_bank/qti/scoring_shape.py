"""Recognises the plain ways of scoring one response, so that a native rule can say the same.

Only what is certain is recognised; any other processing has no shape and needs the engine.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from question_bank.qti.definition import ItemDefinition
from question_bank.qti.numbers import read_float
from question_bank.qti.sitting import SCORE, points_of, response_rules
from question_bank.qti.tree import Node

MAXSCORE = "MAXSCORE"


class ShapeKind(StrEnum):
    """How the response earns points."""

    MATCHED = "matched"
    """All points where it is the correct response, none otherwise."""
    MAPPED = "mapped"
    """The points of the response's mapping."""
    EQUAL = "equal"
    """All points where it is the correct number within a tolerance, none otherwise."""
    UNSCORED = "unscored"
    """No rule sets SCORE."""


@dataclass(frozen=True, slots=True)
class ScoringShape:
    """A recognised way of scoring; tolerances belong to EQUAL, and are shares where relative."""

    kind: ShapeKind
    points: Fraction = Fraction(1)
    tolerance: Fraction = Fraction(0)
    relative: bool = False
    number: Fraction | None = None


def scoring_shape(definition: ItemDefinition, identifier: str) -> ScoringShape | None:
    """The shape in which the response `identifier` alone decides SCORE; None where none is."""
    if definition.templates or definition.adaptive or _starts_above_zero(definition):
        return None
    scoring = [rule for rule in response_rules(definition) if _sets_score(rule)]
    if not scoring:
        return ScoringShape(ShapeKind.UNSCORED)
    if any(node.name == "qti-exit-response" for rule in scoring for node in rule.walk()):
        return None
    if len(scoring) > 1:
        return None
    rule = scoring[0]
    if rule.name == "qti-set-outcome-value":
        return _mapped(rule, identifier)
    if rule.name == "qti-response-condition":
        return _conditional(rule, identifier, definition)
    return None


def _starts_above_zero(definition: ItemDefinition) -> bool:
    declared = definition.outcomes.get(SCORE)
    return declared is not None and points_of(declared.default) != 0


def _sets_score(rule: Node) -> bool:
    return any(
        node.name in ("qti-set-outcome-value", "qti-lookup-outcome-value")
        and node.get("identifier").strip() == SCORE
        for node in rule.walk()
    )


def _mapped(rule: Node, identifier: str) -> ScoringShape | None:
    found = _only(_without_sum(rule))
    if found is not None and _is(found, "qti-map-response", identifier):
        return ScoringShape(ShapeKind.MAPPED)
    return None


def _without_sum(rule: Node) -> Node:
    """`SCORE + x` is x while SCORE starts at 0."""
    inner = _only(rule)
    if inner is None or inner.name != "qti-sum":
        return rule
    rest = tuple(each for each in inner.elements if not _is(each, "qti-variable", SCORE))
    return Node(rule.name, rule.attributes, rest)


def _only(node: Node) -> Node | None:
    return node.elements[0] if len(node.elements) == 1 else None


def _is(node: Node, name: str, identifier: str) -> bool:
    return node.name == name and node.get("identifier").strip() == identifier


def _conditional(rule: Node, identifier: str, definition: ItemDefinition) -> ScoringShape | None:
    branches = rule.elements
    if not branches or branches[0].name != "qti-response-if" or len(branches) > 2:
        return None
    if len(branches) == 2 and branches[1].name != "qti-response-else":
        return None
    condition, *then = branches[0].elements or (Node(""),)
    otherwise = list(branches[1].elements) if len(branches) == 2 else []
    if _is_null_test(condition, identifier):
        return _guarded(then, otherwise, identifier)
    inner = _only(condition) if condition.name == "qti-not" else None
    if inner is not None and _is_null_test(inner, identifier):
        return _guarded(otherwise, then, identifier)
    found = _condition_shape(condition, identifier)
    points = _constant(then, definition)
    if found is None or points is None or points <= 0 or not _earns_nothing(otherwise, definition):
        return None
    return ScoringShape(found.kind, points, found.tolerance, found.relative, found.number)


def _is_null_test(node: Node, identifier: str) -> bool:
    inner = _only(node)
    return (
        node.name == "qti-is-null" and inner is not None and _is(inner, "qti-variable", identifier)
    )


def _guarded(nothing: list[Node], mapped: list[Node], identifier: str) -> ScoringShape | None:
    """Nothing answered earns nothing, else the mapping decides."""
    setting = [rule for rule in mapped if _sets_score(rule)]
    if len(setting) != 1 or any(_set_value(rule) for rule in nothing if _sets_score(rule)):
        return None
    return _mapped(setting[0], identifier)


def _set_value(rule: Node) -> bool:
    """Whether a rule sets SCORE to anything but a constant zero."""
    inner = _only(rule)
    return inner is None or inner.name != "qti-base-value" or read_float(inner.text) != 0


def _constant(rules: list[Node], definition: ItemDefinition) -> Fraction | None:
    setting = [rule for rule in rules if _sets_score(rule)]
    if len(setting) != 1 or setting[0].name != "qti-set-outcome-value":
        return None
    inner = _only(_without_sum(setting[0]))
    if inner is None:
        return None
    if inner.name == "qti-base-value":
        return read_float(inner.text)
    if _is(inner, "qti-variable", MAXSCORE) and MAXSCORE in definition.outcomes:
        return points_of(definition.outcomes[MAXSCORE].default)
    return None


def _earns_nothing(rules: list[Node], definition: ItemDefinition) -> bool:
    setting = [rule for rule in rules if _sets_score(rule)]
    return not setting or _constant(rules, definition) == 0


def _condition_shape(node: Node, identifier: str) -> ScoringShape | None:
    if len(node.elements) != 2 or not any(
        _is(each, "qti-variable", identifier) for each in node.elements
    ):
        return None
    other = next(each for each in _others(node, identifier))
    is_correct = _is(other, "qti-correct", identifier)
    if node.name == "qti-match" and is_correct:
        return ScoringShape(ShapeKind.MATCHED)
    if node.name != "qti-equal":
        return None
    number = read_float(other.text) if other.name == "qti-base-value" else None
    if not is_correct and number is None:
        return None
    return _tolerance(node, number)


def _others(node: Node, identifier: str) -> Iterator[Node]:
    first, second = node.elements
    yield second if _is(first, "qti-variable", identifier) else first


def _tolerance(node: Node, number: Fraction | None) -> ScoringShape | None:
    mode = node.get("tolerance-mode", "exact").strip().lower()
    if mode == "exact":
        return ScoringShape(ShapeKind.EQUAL, number=number)
    words = [read_float(word) for word in node.get("tolerance").split()]
    bounds = {node.flag("include-lower-bound", True), node.flag("include-upper-bound", True)}
    if not words or None in words or len(set(words)) > 1 or bounds != {True}:
        return None
    width = words[0] or Fraction(0)
    if mode != "relative":
        return ScoringShape(ShapeKind.EQUAL, tolerance=width, number=number)
    # QTI's range lies around the first operand; only there the right number is the middle
    if not node.elements[0].name.startswith(("qti-correct", "qti-base-value")):
        return None
    return ScoringShape(ShapeKind.EQUAL, tolerance=width / 100, relative=True, number=number)
