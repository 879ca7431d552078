"""Exact arithmetic for numeric keys: `600 / 40000 * 1000` -> Fraction, rounded half up once.

Accepts decimal numbers, + - * / ** with whole exponents and parentheses, nothing else; no names,
no calls. A formula is bounded in length and in the size of every number, so that none can hang.
"""

import ast
import re
from decimal import Decimal
from fractions import Fraction

LARGEST_EXPONENT = 64
LONGEST_FORMULA = 200
"""Characters; also bounds the depth of the parsed expression."""
LARGEST_BITS = 4096
"""Bits of the numerator or denominator that a power may reach: over a thousand digits."""
_NUMBER = re.compile(r"(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?")


def evaluate_formula(text: str) -> Fraction:
    """The exact value. Raises ValueError for anything that is not plain arithmetic."""
    source = text.strip()
    if len(source) > LONGEST_FORMULA:
        raise ValueError(f"not arithmetic of at most {LONGEST_FORMULA} characters: {text[:40]!r}…")
    try:
        tree = ast.parse(source, mode="eval")
    except (SyntaxError, ValueError) as error:
        raise _not_arithmetic(source) from error
    try:
        return _evaluate(tree.body, source)
    except ZeroDivisionError as error:
        raise ValueError(f"division by zero: {source!r}") from error


def round_half_up(value: Fraction, decimals: int) -> Decimal:
    """Round once, halves away from zero (四舍五入), to `decimals` places (0 or more)."""
    scaled = abs(value) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    sign = "-" if value < 0 and whole else ""
    # an exponent in the text, unlike `scaleb`, keeps every digit
    return Decimal(f"{sign}{whole}E-{decimals}")


def _evaluate(node: ast.expr, source: str) -> Fraction:
    match node:
        case ast.Constant():
            # the source text, not the float: 0.1 means one tenth
            written = ast.get_source_segment(source, node) or ""
            if not _NUMBER.fullmatch(written):
                raise _not_arithmetic(source)
            return Fraction(written)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_evaluate(operand, source)
        case ast.BinOp(left=left, op=operator, right=right):
            return _combine(operator, _evaluate(left, source), _evaluate(right, source), source)
        case _:
            raise _not_arithmetic(source)


def _combine(operator: ast.operator, left: Fraction, right: Fraction, source: str) -> Fraction:
    match operator:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
        case ast.Div():
            return left / right
        case ast.Pow() if _is_small_power(left, right):
            return Fraction(left**right.numerator)
        case _:
            raise _not_arithmetic(source)


def _is_small_power(base: Fraction, exponent: Fraction) -> bool:
    """Whether the power is exact (a whole exponent) and of a size that can be computed at once."""
    if exponent.denominator != 1 or abs(exponent) > LARGEST_EXPONENT:
        return False
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    return bits * abs(exponent.numerator) <= LARGEST_BITS


def _not_arithmetic(source: str) -> ValueError:
    return ValueError(f"not arithmetic: {source!r}")
