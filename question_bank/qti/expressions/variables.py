"""Expressions without operands: variables, constants, random numbers; and what we do not know."""

from collections.abc import Mapping
from fractions import Fraction

from question_bank.qti.declarations import read_base_type
from question_bank.qti.expressions.custom import custom_operator
from question_bank.qti.expressions.operands import Operands, Operator, attribute_number
from question_bank.qti.session import ItemSession
from question_bank.qti.tree import Node
from question_bank.qti.values import BaseType, Value, integer, parse_scalar, real

UNSUPPORTED = (
    *("number-correct", "number-incorrect", "number-presented"),
    *("number-responded", "number-selected", "outcome-minimum", "outcome-maximum"),
    "test-variables",
)


def _variable(_operands: Operands, node: Node, session: ItemSession) -> Value | None:
    return session.variable(node.get("identifier").strip())


def _correct(_operands: Operands, node: Node, session: ItemSession) -> Value | None:
    return session.correct.get(node.get("identifier").strip())


def _default(_operands: Operands, node: Node, session: ItemSession) -> Value | None:
    identifier = node.get("identifier").strip()
    if identifier in session.defaults:
        return session.defaults[identifier]
    declared = session.declaration(identifier)
    return declared.default if declared is not None else None


def _base_value(_operands: Operands, node: Node, _session: ItemSession) -> Value | None:
    base_type = read_base_type(node.get("base-type"))
    written = node.text
    if base_type is not BaseType.STRING or "\n" in written:
        written = written.strip()
    item = parse_scalar(written, base_type)
    return None if item is None else Value(base_type, (item,))


def _null(_operands: Operands, _node: Node, _session: ItemSession) -> Value | None:
    return None


def _random_integer(_operands: Operands, node: Node, session: ItemSession) -> Value | None:
    """min, min + step, ... up to max, each as likely."""
    low = attribute_number(node, "min", session)
    high = attribute_number(node, "max", session)
    step = attribute_number(node, "step", session) or 1
    low = 0 if low is None and not node.get("min").strip() else low
    if low is None or high is None or step < 1 or high < low:
        return None
    start, count = int(low), (int(high) - int(low)) // int(step) + 1
    return integer(start + session.random.below(count) * int(step))


def _random_float(_operands: Operands, node: Node, session: ItemSession) -> Value | None:
    low = attribute_number(node, "min", session)
    high = attribute_number(node, "max", session)
    low = 0 if low is None and not node.get("min").strip() else low
    if low is None or high is None or high < low:
        return None
    return real(Fraction(low) + session.random.fraction() * (high - low))


def _unsupported(_operands: Operands, node: Node, session: ItemSession) -> Value | None:
    session.note(node.name)
    return None


VARIABLES: Mapping[str, Operator] = {
    "variable": _variable,
    "correct": _correct,
    "default": _default,
    "base-value": _base_value,
    "null": _null,
    "random-integer": _random_integer,
    "random-float": _random_float,
    "custom-operator": custom_operator,
    **dict.fromkeys(UNSUPPORTED, _unsupported),
}
