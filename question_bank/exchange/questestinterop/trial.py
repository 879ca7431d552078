"""Tries responses on converted rules: what they earn, and which earn most.

Files of QTI 1.x say what is right only through their rules, so the right response is looked for.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from question_bank.errors import UnboundedProcessing
from question_bank.exchange.questestinterop.declared import Asked, declaration
from question_bank.exchange.questestinterop.processing import Processing, carried_out
from question_bank.qti.areas import point_within
from question_bank.qti.declarations import read_area
from question_bank.qti.item_reader import item_from_tree
from question_bank.qti.responses import read_response
from question_bank.qti.rule_nodes import decimal_text, outcome
from question_bank.qti.sitting import begin, points_of, respond
from question_bank.qti.tree import Node
from question_bank.qti.values import write_scalar

Raw = str | list[str] | None
Responses = Mapping[str, Raw]
PASSES = 2
MOST_TRIED = 60
"""Values of one variable that are tried in one pass."""
MOST_WORK = 100_000
"""Elements of rules that may be looked at in the search; beyond it the first guess stays."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A value that a condition compares a variable with."""

    variable: str
    values: tuple[str, ...]
    negative: bool


class Trial:
    """The scoring rules of one item, ready to be tried."""

    def __init__(self, asked: Sequence[Asked], processing: Processing) -> None:
        self.asked = tuple(asked)
        self.names = processing.score_names
        self.rules = carried_out(processing.scoring)
        rules = Node("qti-response-processing", {}, self.rules)
        scores = (
            outcome(name, "float", decimal_text(processing.variable(name).default) or "0")
            for name in dict.fromkeys(self._all_names())
        )
        declared = (declaration(each) for each in self.asked)
        root = Node("qti-assessment-item", {"identifier": "trial"}, (*declared, *scores, rules))
        self._definition = item_from_tree(root)
        longest = max((len(each.pool) for each in self.asked), default=0)
        size = sum(1 for rule in self.rules for _ in rule.walk())
        self._size = size * (1 + longest // 20)
        self.mentions = tuple(mention for rule in self.rules for mention in _mentions(rule))

    def _all_names(self) -> Iterator[str]:
        for rule in self.rules:
            for node in rule.walk():
                if node.name == "qti-set-outcome-value":
                    yield node.get("identifier")

    def earned(self, responses: Responses) -> Fraction:
        """The score of the file for some responses, before any bounds."""
        session = begin(self._definition, 0)
        for name, declared in self._definition.responses.items():
            session.responses[name] = read_response(declared, responses.get(name))
        session.start_attempt(1)
        try:
            respond(session)
        except UnboundedProcessing:
            return Fraction(0)
        return sum((points_of(session.outcomes.get(name)) for name in self.names), Fraction(0))

    def best(self) -> tuple[dict[str, Raw], Fraction]:
        """Responses that no change of a single value improves, and what they earn."""
        responses = {each.name: self._first(each) for each in self.asked}
        top = self.earned(responses)
        for _ in range(PASSES if self.may_be_tried(sum(1 for _ in self._values())) else 0):
            for each, value in self._values():
                tried = {**responses, each.name: _changed(each, responses[each.name], value)}
                earned = self.earned(tried)
                if earned > top:
                    responses, top = tried, earned
        return self._shortened(responses, top), top

    def may_be_tried(self, times: int) -> bool:
        """Whether trying so often takes no longer than real items need."""
        return self._size * times <= MOST_WORK

    def _first(self, asked: Asked) -> Raw:
        found = [
            mention
            for mention in self.mentions
            if mention.variable == asked.name and not mention.negative
        ]
        if asked.cardinality == "ordered":
            return max((list(mention.values) for mention in found), key=len, default=None)
        values = list(dict.fromkeys(value for mention in found for value in mention.values))
        if asked.cardinality == "multiple":
            return values
        return values[0] if values else None

    def _values(self) -> Iterator[tuple[Asked, tuple[str, ...]]]:
        """What each variable may be tried with: single values, or whole orders."""
        for each in self.asked:
            mentioned = [mention.values for mention in self.mentions_of(each)]
            if each.cardinality == "ordered":
                tried = mentioned
            else:
                single = (*each.pool, *(value for found in mentioned for value in found))
                tried = [(value,) for value in single]
            yield from ((each, values) for values in list(dict.fromkeys(tried))[:MOST_TRIED])

    def mentions_of(self, asked: Asked) -> tuple[Mention, ...]:
        """What the conditions compare one variable with."""
        return tuple(mention for mention in self.mentions if mention.variable == asked.name)

    def _shortened(self, responses: dict[str, Raw], top: Fraction) -> dict[str, Raw]:
        """Without the values that add nothing."""
        for each in self.asked:
            held = responses[each.name]
            if each.cardinality != "multiple" or not isinstance(held, list):
                continue
            if not self.may_be_tried(len(held)):
                continue
            for value in tuple(held):
                fewer = [other for other in responses[each.name] or () if other != value]
                tried = {**responses, each.name: fewer}
                if self.earned(tried) == top:
                    responses = tried
        return responses


def _changed(asked: Asked, present: Raw, values: tuple[str, ...]) -> Raw:
    """A response with one value chosen, or taken back; or with another order."""
    if asked.cardinality == "single":
        return values[0]
    if asked.cardinality == "ordered":
        return list(values)
    held = list(present) if isinstance(present, list) else []
    value = values[0]
    if asked.base_type == "directedPair" and value not in held:
        held = [pair for pair in held if pair.split()[0] != value.split()[0]]
    return [other for other in held if other != value] if value in held else [*held, value]


def _mentions(node: Node, negative: bool = False) -> Iterator[Mention]:
    if node.name == "qti-inside":
        yield from _point(node, negative)
    negative = negative != (node.name == "qti-not")
    names = [child.get("identifier") for child in node.elements if child.name == "qti-variable"]
    indexed = [
        inner.get("identifier")
        for child in node.elements
        if child.name == "qti-index"
        for inner in child.elements
    ]
    if len(names) == 1 and not indexed and node.name != "qti-multiple":
        for child in node.elements:
            if child.name == "qti-base-value":
                yield Mention(names[0], (child.text,), negative)
            elif child.name == "qti-ordered":
                yield Mention(names[0], tuple(each.text for each in child.elements), negative)
    for child in node.elements:
        yield from _mentions(child, negative)


def _point(node: Node, negative: bool) -> Iterator[Mention]:
    within = point_within(read_area(node))
    if within is not None and node.elements:
        name = node.elements[0].get("identifier")
        yield Mention(name, (write_scalar(within),), negative)
