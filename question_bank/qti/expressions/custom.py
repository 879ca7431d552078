"""Custom operators that several makers share and document: those on typed text of Cito's tools.

Any other custom operator is known to its maker alone and gives NULL.
"""

import unicodedata
from collections.abc import Callable, Mapping

from question_bank.qti.expressions.operands import Operands
from question_bank.qti.session import ItemSession
from question_bank.qti.tree import Node
from question_bank.qti.values import BaseType, Value

PREFIXES = ("depcp:", "questify:", "qade:")


def _plain_letters(text: str) -> str:
    """Letters without their accents."""
    apart = unicodedata.normalize("NFD", text)
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _point_for_comma(text: str) -> str:
    return text.replace(",", ".", 1)


SHARED: Mapping[str, Callable[[str], str]] = {
    "Trim": str.strip,
    "ToAscii": _plain_letters,
    "ParseCommaDecimal": _point_for_comma,
}


def shared_operator(node: Node) -> Callable[[str], str] | None:
    """What a custom operator does to a text; None for one that is not shared."""
    for name in (node.get("definition").strip(), node.get("class").strip()):
        for prefix in PREFIXES:
            if name.startswith(prefix):
                return SHARED.get(name.removeprefix(prefix))
    return None


def custom_operator(operands: Operands, node: Node, session: ItemSession) -> Value | None:
    """The result of a shared operator; NULL, and noted, for any other."""
    operator = shared_operator(node)
    if operator is None:
        named = node.get("class") or node.get("definition")
        session.note(f"{node.name} {named}".strip())
        return None
    value = operands[0] if len(operands) == 1 else None
    if value is None or len(value.items) != 1 or not isinstance(value.items[0], str):
        return value
    return Value(value.base_type or BaseType.STRING, (operator(value.items[0]),))
