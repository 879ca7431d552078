"""`resprocessing` of QTI 1.x -> rules of QTI 3.0: those that score, and those that show feedback.

Conditions of QTI 1.x look at responses only, never at scores, so the two can be told apart. A
condition that was met ends the processing where it says so, and, where it says nothing, if it sets
the score rather than adding to it (so do the files, whatever the specification's default).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from question_bank.errors import NestedMarkup
from question_bank.exchange.questestinterop import problem_kinds as kinds
from question_bank.exchange.questestinterop.conditions import FALSE, TRUE, Conditions, Say
from question_bank.exchange.questestinterop.responses import Response
from question_bank.qti.numbers import read_float
from question_bank.qti.rule_nodes import (
    choose,
    identifier,
    number,
    operator,
    set_outcome,
    variable,
)
from question_bank.qti.tree import Node

FEEDBACK = "FEEDBACK"
MOST_NESTED = 30
"""Conditions that end the processing, each followed by more than one other."""
_ACTIONS = {"add": "sum", "subtract": "subtract", "multiply": "product", "divide": "divide"}


@dataclass(frozen=True, slots=True)
class Variable:
    """A score of QTI 1.x: where it starts and what bounds it has."""

    name: str
    default: Fraction = Fraction(0)
    least: Fraction | None = None
    most: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Branch:
    """One condition with what follows from it; `stops` ends the processing."""

    condition: Node
    rules: tuple[Node, ...]
    stops: bool


@dataclass(frozen=True, slots=True)
class Processing:
    """What a file says about scoring, in the order of the file."""

    scoring: tuple[Branch, ...]
    feedback: tuple[Branch, ...]
    variables: tuple[Variable, ...]

    @property
    def score_names(self) -> tuple[str, ...]:
        """The variables that are the score: SCORE where it is set, else all that are set."""
        names = [rule.get("identifier") for branch in self.scoring for rule in branch.rules]
        usual = [name for name in names if name.upper() == "SCORE"]
        return tuple(dict.fromkeys(usual[:1] or names))

    def variable(self, name: str) -> Variable:
        """The declaration of a score; one that is not declared starts at 0."""
        return next((each for each in self.variables if each.name == name), Variable(name))


def read_processing(
    item: Node, responses: Mapping[str, Response], names: Mapping[str, str], say: Say
) -> Processing:
    """Both kinds of rules of an item; `names` are the identifiers of its feedback."""
    holders = item.all("resprocessing")
    conditions = [
        node for holder in holders for node in holder.walk() if node.name == "respcondition"
    ]
    declared = {
        each.name: each
        for holder in holders
        for node in holder.walk()
        if node.name == "decvar"
        for each in [_variable(node)]
    }
    scores, shows = Conditions(responses, say, True), Conditions(responses, say, False)
    scoring = [_scored(node, scores, declared, say) for node in conditions]
    feedback = [_shown(node, shows, names) for node in conditions]
    return Processing(tuple(scoring), tuple(feedback), tuple(declared.values()))


def _variable(node: Node) -> Variable:
    name = node.get("varname").strip() or node.get("variablename").strip() or "SCORE"
    return Variable(
        name,
        read_float(node.get("defaultval")) or Fraction(0),
        read_float(node.get("minvalue")),
        read_float(node.get("maxvalue")),
    )


def _condition(node: Node, conditions: Conditions) -> Node:
    held = node.child("conditionvar")
    if held is None or not held.elements:
        # Blackboard marks its default branch by its title alone
        return TRUE if node.get("title").strip().lower() in ("incorrect", "") else FALSE
    return conditions.of(held)


def _stops(node: Node) -> bool:
    said = node.get("continue").strip().lower()
    if said:
        return said == "no"
    actions = [each.get("action", "Set").strip().lower() for each in node.all("setvar")]
    return bool(actions) and all(action == "set" for action in actions)


def _scored(node: Node, conditions: Conditions, declared: dict[str, Variable], say: Say) -> Branch:
    rules = tuple(rule for each in node.all("setvar") for rule in _setting(each, declared, say))
    stops = _stops(node)
    if not rules and not stops:
        return Branch(FALSE, (), False)
    return Branch(_condition(node, conditions), rules, stops)


def _setting(node: Node, declared: dict[str, Variable], say: Say) -> Iterator[Node]:
    name = node.get("varname").strip() or node.get("variablename").strip() or "SCORE"
    action = node.get("action", "Set").strip().lower()
    text = node.text.strip()
    value = read_float(text)
    if text.upper().endswith(".MAX"):
        known = declared.get(text[:-4]) or declared.get(name)
        value = known.most if known is not None and known.most is not None else Fraction(100)
    if value is None or (action != "set" and action not in _ACTIONS):
        if text:
            say(kinds.UNKNOWN_ACTION, action=f"{action} {text}")
        return
    written = number(value)
    if action != "set":
        written = operator(_ACTIONS[action], variable(name), written)
    yield set_outcome(name, written)


def _shown(node: Node, conditions: Conditions, names: Mapping[str, str]) -> Branch:
    links = [each.get("linkrefid").strip() for each in node.all("displayfeedback")]
    rules = tuple(
        set_outcome(FEEDBACK, operator("multiple", variable(FEEDBACK), identifier(names[link])))
        for link in links
        if link in names
    )
    stops = _stops(node)
    if not rules and not stops:
        return Branch(FALSE, (), False)
    return Branch(_condition(node, conditions), rules, stops)


def carried_out(branches: tuple[Branch, ...]) -> tuple[Node, ...]:
    """The rules of QTI 3.0: what comes after a branch that stops is its `else`.

    Raises NestedMarkup where that would nest deeper than any real item does.
    """
    rules: tuple[Node, ...] = ()
    depth = 0
    for branch in reversed(branches):
        depth += branch.stops and len(rules) > 1
        if depth > MOST_NESTED:
            raise NestedMarkup(where="resprocessing", limit=MOST_NESTED)
        if not branch.stops:
            own = (choose((branch.condition, branch.rules)),) if branch.rules else ()
            rules = (*own, *rules)
        elif rules or branch.rules:
            rules = (_with_rest(branch, rules),)
    return rules


def _with_rest(branch: Branch, rest: tuple[Node, ...]) -> Node:
    """A branch, and the rest where it does not hold; one condition after it is an `else if`."""
    first = choose((branch.condition, branch.rules))
    if not rest:
        return first
    if len(rest) > 1:
        return choose((branch.condition, branch.rules), (None, rest))
    following, *others = rest[0].elements
    alternative = Node("qti-response-else-if", {}, following.children)
    return Node(first.name, {}, (*first.elements, alternative, *others))
