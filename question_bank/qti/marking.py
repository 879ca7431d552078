"""Whether an item's points can be had from its rules, or a person must mark it."""

from collections.abc import Iterator

from question_bank.qti.definition import Declaration, ItemDefinition
from question_bank.qti.standard_templates import RESPONSE, template_name
from question_bank.qti.tree import Node

FREE = frozenset(
    {
        *("qti-extended-text-interaction", "qti-upload-interaction", "qti-drawing-interaction"),
        *("qti-custom-interaction", "qti-portable-custom-interaction"),
    }
)
"""Interactions whose response only a person, or the item's own rules, can judge."""
_READING = frozenset({"qti-variable", "qti-map-response", "qti-map-response-point", "qti-correct"})


def needs_marking(definition: ItemDefinition) -> bool:
    """Whether an outcome is scored from outside, or free responses are read by no rule."""
    if any(each.external_scored for each in definition.outcomes.values()):
        return True
    free = {
        node.get("response-identifier").strip()
        for node in definition.interactions
        if node.name in FREE
    }
    return any(not _is_scored(name, definition) for name in free)


def _is_scored(identifier: str, definition: ItemDefinition) -> bool:
    node = definition.response_processing
    declared = definition.responses.get(identifier)
    if node is None or declared is None:
        return False
    if node.elements:
        return identifier in set(_read_in_conditions(node, definition))
    return identifier == RESPONSE and _is_keyed(declared, template_name(node))


def _is_keyed(declared: Declaration, template: str) -> bool:
    if "map_response" in template:
        return declared.mapping is not None or declared.area_mapping is not None
    return declared.correct is not None


def _read_in_conditions(node: Node, definition: ItemDefinition) -> Iterator[str]:
    """The responses that rules look into; that one is there at all (isNull) is no judgement, and
    neither is comparing it with a right answer that nobody gave, nor copying it."""
    for child in node.elements:
        if child.name == "qti-is-null" or _is_hopeless(child, definition) or _is_copy(child):
            continue
        if child.name in _READING:
            yield child.get("identifier").strip()
        yield from _read_in_conditions(child, definition)


def _is_copy(node: Node) -> bool:
    inner = node.elements
    return (
        node.name == "qti-set-outcome-value" and len(inner) == 1 and inner[0].name == "qti-variable"
    )


def _is_hopeless(node: Node, definition: ItemDefinition) -> bool:
    return node.name == "qti-match" and any(
        child.name == "qti-correct"
        and child.get("identifier").strip() in definition.responses
        and definition.responses[child.get("identifier").strip()].correct is None
        and definition.template_processing is None
        for child in node.elements
    )
