"""Operators on containers and records."""

from collections import Counter
from collections.abc import Mapping, Sequence

from question_bank.qti.expressions.operands import (
    Operands,
    Operator,
    attribute_integer,
    whole_number,
)
from question_bank.qti.session import ItemSession
from question_bank.qti.tree import Node
from question_bank.qti.values import (
    Cardinality,
    Value,
    boolean,
    common_type,
    comparables,
    container,
    integer,
    is_null,
)


def _multiple(operands: Operands, _node: Node, session: ItemSession) -> Value | None:
    session.check_size(sum(len(each.items) for each in operands if each))
    return container(Cardinality.MULTIPLE, operands)


def _ordered(operands: Operands, _node: Node, session: ItemSession) -> Value | None:
    session.check_size(sum(len(each.items) for each in operands if each))
    return container(Cardinality.ORDERED, operands)


def _container_size(operands: Operands, _node: Node, _session: ItemSession) -> Value | None:
    value = operands[0] if operands else None
    return integer(0 if value is None or is_null(value) else len(value.items))


def _index(operands: Operands, node: Node, session: ItemSession) -> Value | None:
    value = operands[0] if operands else None
    position = attribute_integer(node, "n", session)
    if position is None and len(operands) == 2:
        position = whole_number(operands[1])  # not QTI, but seen: the place as an operand
    if value is None or position is None or not 1 <= position <= len(value.items):
        return None
    return Value(value.base_type, (value.items[position - 1],))


def _field_value(operands: Operands, node: Node, _session: ItemSession) -> Value | None:
    value = operands[0] if operands else None
    return None if value is None else value.fields.get(node.get("field-identifier").strip())


def _pair(operands: Operands) -> tuple[Value, Value] | None:
    if len(operands) != 2 or is_null(operands[0]) or is_null(operands[1]):
        return None
    first, second = operands
    return None if first is None or second is None else (first, second)


def _compared(first: Value, second: Value) -> tuple[Sequence[object], Sequence[object]]:
    wanted = common_type(first, second)
    return comparables(first, wanted), comparables(second, wanted)


def _member(operands: Operands, _node: Node, _session: ItemSession) -> Value | None:
    pair = _pair(operands)
    if pair is None:
        return None
    wanted, held = _compared(*pair)
    return boolean(bool(wanted) and all(item in held for item in wanted))


def _contains(operands: Operands, _node: Node, _session: ItemSession) -> Value | None:
    """Bags: each value as often; ordered containers: the second as a run within the first."""
    pair = _pair(operands)
    if pair is None:
        return None
    held, wanted = _compared(*pair)
    if pair[0].cardinality is Cardinality.ORDERED and pair[1].cardinality is Cardinality.ORDERED:
        starts = range(len(held) - len(wanted) + 1)
        return boolean(any(held[at : at + len(wanted)] == wanted for at in starts))
    return boolean(not Counter(wanted) - Counter(held))


def _delete(operands: Operands, _node: Node, _session: ItemSession) -> Value | None:
    """All occurrences of the first operand taken out of the second (QTI), whichever is which.

    The order of the operands is single, then container; files that have them the other way round
    are read as meant.
    """
    pair = _pair(operands)
    if pair is None:
        return None
    unwanted, value = pair if pair[1].is_container else (pair[1], pair[0])
    gone, held = _compared(unwanted, value)
    kept = tuple(item for item, key in zip(value.items, held, strict=True) if key not in gone)
    return Value(value.base_type, kept, value.cardinality) if kept else None


def _repeat(operands: Operands, node: Node, session: ItemSession) -> Value | None:
    times = attribute_integer(node, "number-repeats", session)
    if times is None or times < 1:
        return None
    once = container(Cardinality.ORDERED, operands)
    if once is None:
        return None
    session.check_size(times * len(once.items))
    return Value(once.base_type, once.items * times, Cardinality.ORDERED)


def _random(operands: Operands, _node: Node, session: ItemSession) -> Value | None:
    value = operands[0] if operands else None
    if value is None or is_null(value):
        return None
    return Value(value.base_type, (value.items[session.random.below(len(value.items))],))


CONTAINERS: Mapping[str, Operator] = {
    "multiple": _multiple,
    "ordered": _ordered,
    "container-size": _container_size,
    "index": _index,
    "field-value": _field_value,
    "member": _member,
    "contains": _contains,
    "delete": _delete,
    "repeat": _repeat,
    "random": _random,
}
