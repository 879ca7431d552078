"""Exact arithmetic for numeric keys: `600 / 40000 * 1000` -> Fraction, rounded half up once.

Accepts decimal numbers, + - * / ** and parentheses, nothing else; no names, no calls.
"""

import ast
from decimal import Decimal
from fractions import Fraction

LARGEST_EXPONENT = 64


def evaluate_formula(text: str) -> Fraction:
    """The exact value. Raises ValueError for anything that is not plain arithmetic."""
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except SyntaxError as error:
        raise ValueError(f"not arithmetic: {text!r}") from error
    try:
        return _evaluate(tree.body, text)
    except ZeroDivisionError as error:
        raise ValueError(f"division by zero: {text!r}") from error


def round_half_up(value: Fraction, decimals: int) -> Decimal:
    """Round once, halves away from zero (四舍五入), to `decimals` places (0 or more)."""
    scaled = abs(value) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    sign = "-" if value < 0 and whole else ""
    digits = str(whole).rjust(decimals + 1, "0")
    return Decimal(f"{sign}{digits}").scaleb(-decimals)


def _evaluate(node: ast.expr, text: str) -> Fraction:
    match node:
        case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
            # the source text, not the float: 0.1 means one tenth
            return Fraction(ast.get_source_segment(text.strip(), node) or str(node.value))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_evaluate(operand, text)
        case ast.BinOp(left=left, op=operator, right=right):
            return _combine(operator, _evaluate(left, text), _evaluate(right, text), text)
        case _:
            raise ValueError(f"not arithmetic: {text!r}")


def _combine(operator: ast.operator, left: Fraction, right: Fraction, text: str) -> Fraction:
    match operator:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
        case ast.Div():
            return left / right
        case ast.Pow() if abs(right) <= LARGEST_EXPONENT:
            return Fraction(left**right)
        case _:
            raise ValueError(f"not arithmetic: {text!r}")
