"""Comparisons: match, equal with tolerance, order of numbers and durations, points in areas."""

import operator
from collections.abc import Callable, Mapping
from fractions import Fraction

from question_bank.qti.areas import contains_point
from question_bank.qti.declarations import read_area
from question_bank.qti.expressions.arithmetic import rounded_as_told
from question_bank.qti.expressions.operands import (
    Number,
    Operands,
    Operator,
    attribute_numbers,
    number,
)
from question_bank.qti.session import ItemSession
from question_bank.qti.tree import Node
from question_bank.qti.values import BaseType, Value, boolean, is_null, same


def _match(operands: Operands, _node: Node, _session: ItemSession) -> Value | None:
    if len(operands) != 2:
        return None
    first, second = operands
    if first is None or second is None or is_null(first) or is_null(second):
        return None
    return boolean(same(first, second))


def _equal(operands: Operands, node: Node, session: ItemSession) -> Value | None:
    if len(operands) != 2 or any(is_null(operand) for operand in operands):
        return None
    first, second = number(operands[0]), number(operands[1])
    if first is None or second is None:
        return _match(operands, node, session)
    mode = node.get("tolerance-mode", "exact").strip().lower()
    if mode == "exact":
        return boolean(first == second)
    tolerances = list(attribute_numbers(node, "tolerance", session))
    if not tolerances:
        return None
    below, above = Fraction(tolerances[0]), Fraction(tolerances[-1])
    if mode == "relative":
        below, above = first * below / 100, first * above / 100
    low, high = first - below, first + above
    return boolean(_within(second, low, high, node))


def _within(found: Number, low: Number, high: Number, node: Node) -> bool:
    """Whether a number lies between the bounds; a negative one turns relative bounds around."""
    with_low = node.flag("include-lower-bound", default=True)
    with_high = node.flag("include-upper-bound", default=True)
    if low > high:
        low, high, with_low, with_high = high, low, with_high, with_low
    return (low < found or (with_low and low == found)) and (
        found < high or (with_high and found == high)
    )


def _equal_rounded(operands: Operands, node: Node, session: ItemSession) -> Value | None:
    found = [number(operand) for operand in operands]
    if len(found) != 2 or found[0] is None or found[1] is None:
        return None
    first = rounded_as_told(Fraction(found[0]), node, session)
    second = rounded_as_told(Fraction(found[1]), node, session)
    return None if first is None or second is None else boolean(first == second)


def _ordering(compare: Callable[[Number, Number], bool]) -> Operator:
    def compared(operands: Operands, _node: Node, _session: ItemSession) -> Value | None:
        found = [number(operand) for operand in operands]
        if len(found) != 2 or found[0] is None or found[1] is None:
            return None
        return boolean(compare(found[0], found[1]))

    return compared


def _inside(operands: Operands, node: Node, _session: ItemSession) -> Value | None:
    value = operands[0] if operands else None
    if value is None or is_null(value) or value.base_type is not BaseType.POINT:
        return None
    area = read_area(node)
    return boolean(any(contains_point(area, item) for item in value.items))


COMPARING: Mapping[str, Operator] = {
    "match": _match,
    "equal": _equal,
    "equal-rounded": _equal_rounded,
    "lt": _ordering(operator.lt),
    "lte": _ordering(operator.le),
    "gt": _ordering(operator.gt),
    "gte": _ordering(operator.ge),
    "duration-lt": _ordering(operator.lt),
    "duration-gte": _ordering(operator.ge),
    "inside": _inside,
}
