"""Arithmetic: exact on integers and decimals; NULL propagates; division by zero is NULL."""

import math
from collections.abc import Mapping
from fractions import Fraction

from question_bank.qti.expressions.operands import (
    Number,
    Operands,
    Operator,
    are_integers,
    attribute_integer,
    number,
    numbers,
    result,
)
from question_bank.qti.numbers import BITS, bounded, from_double, round_half_up, round_to, to_double
from question_bank.qti.session import ItemSession
from question_bank.qti.tree import Node
from question_bank.qti.values import Value, integer, real


def _sum(operands: Operands, _node: Node, _session: ItemSession) -> Value | None:
    found = numbers(operands)
    return None if found is None else result(sum(found), are_integers(operands))


def _product(operands: Operands, _node: Node, _session: ItemSession) -> Value | None:
    found = numbers(operands)
    if found is None:
        return None
    product = Fraction(1)
    for factor in found:
        kept = bounded(product * factor)
        if kept is None:
            return None
        product = kept
    return result(product, are_integers(operands))


def _pair(operands: Operands) -> tuple[Number, Number] | None:
    found = [number(operand) for operand in operands]
    if len(found) != 2 or found[0] is None or found[1] is None:
        return None
    return found[0], found[1]


def _subtract(operands: Operands, _node: Node, _session: ItemSession) -> Value | None:
    pair = _pair(operands)
    return None if pair is None else result(pair[0] - pair[1], are_integers(operands))


def _divide(operands: Operands, _node: Node, _session: ItemSession) -> Value | None:
    pair = _pair(operands)
    return None if pair is None or pair[1] == 0 else result(Fraction(pair[0]) / pair[1], False)


def _integer_divide(operands: Operands, _node: Node, _session: ItemSession) -> Value | None:
    pair = _pair(operands)
    if pair is None or pair[1] == 0:
        return None
    return integer(math.floor(Fraction(pair[0]) / pair[1]))


def _integer_modulus(operands: Operands, _node: Node, _session: ItemSession) -> Value | None:
    pair = _pair(operands)
    return None if pair is None or pair[1] == 0 else result(Fraction(pair[0]) % pair[1], True)


def _power(operands: Operands, _node: Node, _session: ItemSession) -> Value | None:
    pair = _pair(operands)
    return None if pair is None else result(power(Fraction(pair[0]), Fraction(pair[1])), False)


def power(base: Fraction, exponent: Fraction) -> Fraction | None:
    """base ** exponent: exact for integer exponents while the result stays small, else a double.

    None where there is no real result, and beyond a double's range.
    """
    if base == 0 and exponent < 0:
        return None
    size = base.numerator.bit_length() + base.denominator.bit_length()
    if exponent.denominator == 1 and abs(exponent) * size <= BITS:
        return base ** int(exponent)
    try:
        found = math.pow(to_double(base), to_double(exponent))
    except (OverflowError, ValueError):
        return None
    return from_double(found)


def _truncate(operands: Operands, _node: Node, _session: ItemSession) -> Value | None:
    found = number(operands[0]) if operands else None
    return None if found is None else integer(math.trunc(found))


def _round(operands: Operands, _node: Node, _session: ItemSession) -> Value | None:
    found = number(operands[0]) if operands else None
    return None if found is None else integer(round_half_up(Fraction(found)))


def _round_to(operands: Operands, node: Node, session: ItemSession) -> Value | None:
    found = number(operands[0]) if operands else None
    rounded = None if found is None else rounded_as_told(Fraction(found), node, session)
    return None if rounded is None else real(rounded)


def rounded_as_told(found: Fraction, node: Node, session: ItemSession) -> Fraction | None:
    """A number rounded as the attributes `rounding-mode` and `figures` say."""
    figures = attribute_integer(node, "figures", session)
    mode = node.get("rounding-mode", "significantFigures").strip().lower()
    if figures is None:
        return None
    return round_to(found, figures, significant=mode.startswith("significant"))


def _integer_to_float(operands: Operands, _node: Node, _session: ItemSession) -> Value | None:
    found = number(operands[0]) if operands else None
    return None if found is None else real(found)


def _largest(operands: Operands, _node: Node, _session: ItemSession) -> Value | None:
    found = numbers(operands)
    return None if found is None else result(max(found), are_integers(operands))


def _smallest(operands: Operands, _node: Node, _session: ItemSession) -> Value | None:
    found = numbers(operands)
    return None if found is None else result(min(found), are_integers(operands))


def _whole(operands: Operands) -> list[int] | None:
    found = numbers(operands)
    if found is None or any(each != int(each) for each in found):
        return None
    return [int(each) for each in found]


def _gcd(operands: Operands, _node: Node, _session: ItemSession) -> Value | None:
    found = _whole(operands)
    return None if found is None else integer(math.gcd(*found))


def _lcm(operands: Operands, _node: Node, _session: ItemSession) -> Value | None:
    found = _whole(operands)
    return None if found is None else result(math.lcm(*found), True)


ARITHMETIC: Mapping[str, Operator] = {
    "sum": _sum,
    "product": _product,
    "subtract": _subtract,
    "divide": _divide,
    "integer-divide": _integer_divide,
    "integer-modulus": _integer_modulus,
    "power": _power,
    "truncate": _truncate,
    "round": _round,
    "round-to": _round_to,
    "integer-to-float": _integer_to_float,
    "max": _largest,
    "min": _smallest,
    "gcd": _gcd,
    "lcm": _lcm,
}
