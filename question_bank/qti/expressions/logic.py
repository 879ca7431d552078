"""Logic of three values: true, false and NULL."""

from collections.abc import Mapping

from question_bank.qti.expressions.operands import (
    Operands,
    Operator,
    attribute_integer,
    truth,
)
from question_bank.qti.session import ItemSession
from question_bank.qti.tree import Node
from question_bank.qti.values import Value, boolean, is_null


def _and(operands: Operands, _node: Node, _session: ItemSession) -> Value | None:
    found = [truth(operand) for operand in operands]
    if False in found:
        return boolean(False)
    return None if None in found else boolean(True)


def _or(operands: Operands, _node: Node, _session: ItemSession) -> Value | None:
    found = [truth(operand) for operand in operands]
    if True in found:
        return boolean(True)
    return None if None in found else boolean(False)


def _not(operands: Operands, _node: Node, _session: ItemSession) -> Value | None:
    found = truth(operands[0]) if operands else None
    return None if found is None else boolean(not found)


def _any_n(operands: Operands, node: Node, session: ItemSession) -> Value | None:
    """True where between min and max operands are true, whatever the NULL ones would be."""
    least = attribute_integer(node, "min", session)
    most = attribute_integer(node, "max", session)
    if least is None or most is None:
        return None
    found = [truth(operand) for operand in operands]
    true, unknown = found.count(True), found.count(None)
    if true > most or true + unknown < least:
        return boolean(False)
    if true >= least and true + unknown <= most:
        return boolean(True)
    return None


def _is_null(operands: Operands, _node: Node, _session: ItemSession) -> Value | None:
    return boolean(not operands or is_null(operands[0]))


LOGIC: Mapping[str, Operator] = {
    "and": _and,
    "or": _or,
    "not": _not,
    "any-n": _any_n,
    "is-null": _is_null,
}
