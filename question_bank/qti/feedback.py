"""Which feedback shows: a variable holds its identifier, or does not."""

from question_bank.qti.definition import ItemDefinition
from question_bank.qti.session import ItemSession
from question_bank.qti.tree import Node
from question_bank.qti.values import Value, write_scalar


def shown_modal_feedback(definition: ItemDefinition, session: ItemSession) -> tuple[str, ...]:
    """The identifiers of the modal feedback that the outcomes show."""
    return tuple(
        node.get("identifier")
        for node in definition.modal_feedback
        if is_shown(node, session.outcomes.get(node.get("outcome-identifier").strip()))
    )


def is_shown(node: Node, value: Value | None) -> bool:
    """Whether feedback or a template element shows: its variable holds its identifier, or,
    with `show-hide` "hide", does not."""
    wanted = node.get("identifier").strip()
    held = () if value is None else value.items
    matches = any(write_scalar(item).strip() == wanted for item in held)
    return matches != (node.get("show-hide", "show").strip().lower() == "hide")
