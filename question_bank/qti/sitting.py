"""The course of one sitting at an item: template processing, response processing, points."""

from fractions import Fraction

from question_bank.errors import UnsupportedMarkup
from question_bank.qti.definition import ItemDefinition
from question_bank.qti.rules import process_responses, process_templates
from question_bank.qti.session import ItemSession
from question_bank.qti.standard_templates import TEMPLATES, template_name
from question_bank.qti.tree import Node
from question_bank.qti.values import BaseType, Value, parse_scalar

SCORE = "SCORE"


def begin(definition: ItemDefinition, seed: int) -> ItemSession:
    """A new sitting at an item, its template processing done.

    Raises UnsupportedMarkup for an item whose processing holds elements that QTI does not have.
    """
    if definition.unknown:
        names = ", ".join(definition.unknown)[:200]
        raise UnsupportedMarkup(item_id=definition.identifier, feature=names)
    session = ItemSession(definition, seed)
    session.start_attempt(0)
    if definition.template_processing is not None:
        process_templates(definition.template_processing.elements, session)
    session.responses.clear()
    session.reset_outcomes()
    return session


def respond(session: ItemSession) -> None:
    """Carry out the response processing on the responses in the session."""
    process_responses(response_rules(session.definition), session)


def response_rules(definition: ItemDefinition) -> tuple[Node, ...]:
    """The rules of an item: its own, or those of the standard template it names.

    Raises UnsupportedMarkup for any other template. A template's feedback is left out where the
    item declares no outcome for it.
    """
    node = definition.response_processing
    if node is None:
        return ()
    name = template_name(node)
    if node.elements or not name:
        return node.elements
    if name not in TEMPLATES:
        feature = node.get("template") or node.get("template-location")
        raise UnsupportedMarkup(item_id=definition.identifier, feature=feature[:200])
    return tuple(_as_declared(rule, definition) for rule in TEMPLATES[name])


def _as_declared(rule: Node, definition: ItemDefinition) -> Node:
    kept = tuple(
        _as_declared(child, definition)
        for child in rule.elements
        if not child.get("identifier").startswith("FEEDBACK")
        or child.get("identifier") in definition.outcomes
    )
    return Node(rule.name, rule.attributes, kept) if rule.elements else rule


def points_of(value: Value | None) -> Fraction:
    """The points that an outcome says; NULL and what is no number are none."""
    if value is None or len(value.items) != 1:
        return Fraction(0)
    item = value.items[0]
    if isinstance(item, str):
        item = parse_scalar(item, BaseType.FLOAT) or 0
    return Fraction(item) if isinstance(item, (int, Fraction)) else Fraction(0)
