"""Functions of mathematics and statistics. Transcendental results are doubles, taken exactly."""

import math
from collections.abc import Callable, Mapping
from fractions import Fraction

from question_bank.qti.expressions.operands import (
    Number,
    Operands,
    Operator,
    number,
    numbers,
    result,
)
from question_bank.qti.numbers import from_double, to_double
from question_bank.qti.session import ItemSession
from question_bank.qti.tree import Node
from question_bank.qti.values import Value, integer, real

CONSTANTS = {"pi": math.pi, "e": math.e}


def _inverse(function: Callable[[float], float]) -> Callable[[float], float]:
    return lambda x: 1 / function(x)


def _of_inverse(function: Callable[[float], float]) -> Callable[[float], float]:
    return lambda x: function(1 / x)


FUNCTIONS: Mapping[str, Callable[[float], float]] = {
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "sec": _inverse(math.cos),
    "csc": _inverse(math.sin),
    "cot": _inverse(math.tan),
    "asin": math.asin,
    "acos": math.acos,
    "atan": math.atan,
    "asec": _of_inverse(math.acos),
    "acsc": _of_inverse(math.asin),
    "acot": lambda x: math.pi / 2 if x == 0 else math.atan(1 / x),
    "sinh": math.sinh,
    "cosh": math.cosh,
    "tanh": math.tanh,
    "sech": _inverse(math.cosh),
    "csch": _inverse(math.sinh),
    "coth": _inverse(math.tanh),
    "log": math.log10,
    "ln": math.log,
    "exp": math.exp,
    "toDegrees": math.degrees,
    "toRadians": math.radians,
}
EXACT: Mapping[str, Callable[[Number], Number]] = {
    "abs": lambda x: x if x >= 0 else -x,
    "floor": math.floor,
    "ceil": math.ceil,
    "signum": lambda x: (x > 0) - (x < 0),
}
_LOWER = {name.lower(): name for name in (*FUNCTIONS, *EXACT, "atan2")}


def _math_operator(operands: Operands, node: Node, session: ItemSession) -> Value | None:
    written = node.get("name").strip()
    name = _LOWER.get(written.lower().replace("_", "").replace("-", ""), "")
    found = [number(operand) for operand in operands]
    if not found or any(each is None for each in found):
        return None
    arguments = [each for each in found if each is not None]
    if name in EXACT:
        return _exactly(name, operands, arguments[0])
    if not name or (name == "atan2" and len(arguments) != 2):
        session.note(f"mathOperator {written}")
        return None
    return _as_double(name, [to_double(each) for each in arguments])


def _exactly(name: str, operands: Operands, argument: Number) -> Value | None:
    found = EXACT[name](argument)
    if name == "abs":
        return result(found, isinstance(argument, int))
    return integer(int(found))


def _as_double(name: str, arguments: list[float]) -> Value | None:
    try:
        if name == "atan2":
            found = from_double(math.atan2(arguments[0], arguments[1]))
        else:
            found = from_double(FUNCTIONS[name](arguments[0]))
    except (ValueError, OverflowError, ZeroDivisionError):
        return None
    return None if found is None else real(found)


def _math_constant(_operands: Operands, node: Node, session: ItemSession) -> Value | None:
    found = CONSTANTS.get(node.get("name").strip().lower())
    if found is None:
        session.note(f"mathConstant {node.get('name')}")
        return None
    return real(Fraction(found))


def _stats_operator(operands: Operands, node: Node, session: ItemSession) -> Value | None:
    found = numbers(operands)
    name = node.get("name").strip().lower()
    if name not in ("mean", "samplevariance", "samplesd", "popvariance", "popsd"):
        session.note(f"statsOperator {node.get('name')}")
        return None
    if found is None:
        return None
    mean = Fraction(sum(found)) / len(found)
    if name == "mean":
        return result(mean, False)
    divisor = len(found) - (1 if name.startswith("sample") else 0)
    if divisor < 1:
        return None
    variance = sum(((Fraction(each) - mean) ** 2 for each in found), Fraction(0)) / divisor
    return result(_root(variance) if name.endswith("sd") else variance, False)


def _root(square: Fraction) -> Fraction | None:
    """The square root, exact where it is rational."""
    numerator, denominator = math.isqrt(square.numerator), math.isqrt(square.denominator)
    if numerator**2 == square.numerator and denominator**2 == square.denominator:
        return Fraction(numerator, denominator)
    return from_double(math.sqrt(to_double(square)))


MATHEMATICS: Mapping[str, Operator] = {
    "math-operator": _math_operator,
    "math-constant": _math_constant,
    "stats-operator": _stats_operator,
}
