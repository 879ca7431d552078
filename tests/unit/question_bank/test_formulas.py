"""Exact arithmetic for numeric keys, and what it refuses without hanging."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.formulas import evaluate_formula, round_half_up


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("0.1 + 0.2", Fraction(3, 10)),
        ("600 / 40000 * 1000", Fraction(15)),
        ("1 / 3 * 3", Fraction(1)),
        ("(1 + 0.05) ** 3", Fraction(9261, 8000)),
        ("2 ** -2", Fraction(1, 4)),
        ("-2 + 3", Fraction(1)),
        ("-(2 - 5)", Fraction(3)),
        ("2 + 3 * 4 - 6 / 4", Fraction(25, 2)),
        ("  7 ", Fraction(7)),
        ("1.5e3", Fraction(1500)),
        ("0.0000001", Fraction(1, 10_000_000)),
        ("12345678901234567890.5 * 2", Fraction(24691357802469135781)),
        ("(100 -\n 40) / 3", Fraction(20)),
    ],
)
def test_formula_is_exact(formula: str, value: Fraction) -> None:
    assert evaluate_formula(formula) == value


@pytest.mark.parametrize(
    "formula",
    [
        "",
        "   ",
        "1 +",
        "1 / 0",
        "0 ** -1",
        "price * 2",
        "abs(-1)",
        "__import__('os').getcwd()",
        "(1).real",
        "[1, 2][0]",
        "1 if 2 else 3",
        "1 < 2",
        "True",
        "'12'",
        "2j",
        "7 // 2",
        "7 % 2",
        "1 << 40",
        "1; 2",
        "x := 3",
        "lambda: 1",
        "0x1F",
        "12 元",
        "１＋２",
        "600 ÷ 40",
        "1\x002",
    ],
)
def test_anything_but_plain_arithmetic_is_refused(formula: str) -> None:
    with pytest.raises(ValueError, match=r"arithmetic|zero"):
        evaluate_formula(formula)


@pytest.mark.parametrize("formula", ["2 ** 0.5", "4 ** (1/2)", "(-8) ** (1/3)", "0.5 ** 0.5"])
def test_root_is_refused_because_it_is_not_exact(formula: str) -> None:
    with pytest.raises(ValueError, match="arithmetic"):
        evaluate_formula(formula)


@pytest.mark.parametrize(
    "formula",
    [
        "2 ** 65",
        "9 ** 9 ** 9",
        "9 ** -(9 ** 9)",
        "1e999999999",
        "1e-999999999",
        "(((((9 ** 64) ** 64) ** 64) ** 64) ** 64) ** 64",
        "(((((1 / 9) ** 64) ** 64) ** 64) ** 64) ** 64",
        "9" * 5000,
        "+".join(["1"] * 20_000),
        "-" * 20_000 + "1",
        "(" * 5000 + "1" + ")" * 5000,
    ],
    ids=[
        "exponent above the limit",
        "tower",
        "negative tower",
        "huge literal",
        "tiny literal",
        "nested powers",
        "nested powers of a fraction",
        "long literal",
        "long sum",
        "many signs",
        "many parentheses",
    ],
)
def test_formula_of_unreasonable_size_is_refused_at_once(formula: str) -> None:
    with pytest.raises(ValueError, match="arithmetic"):
        evaluate_formula(formula)


def test_refusal_quotes_the_formula_but_not_all_of_a_long_one() -> None:
    with pytest.raises(ValueError, match="price"):
        evaluate_formula("price * 2")
    with pytest.raises(ValueError, match="arithmetic") as caught:
        evaluate_formula("1 + " * 5000 + "x")
    assert len(str(caught.value)) < 200


@given(
    numerator=st.integers(-(10**9), 10**9),
    denominator=st.integers(1, 10**6),
    decimals=st.integers(0, 6),
)
def test_rounding_agrees_with_the_decimal_module(
    numerator: int, denominator: int, decimals: int
) -> None:
    exact = Decimal(numerator) / Decimal(denominator)
    # 28 digits are enough to decide every fraction of this size, halves included
    expected = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    assert round_half_up(Fraction(numerator, denominator), decimals) == expected


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (Fraction(1, 2), 0, "1"),
        (Fraction(-1, 2), 0, "-1"),
        (Fraction(5, 2), 0, "3"),
        (Fraction(1, 8), 2, "0.13"),
        (Fraction(2675, 1000), 2, "2.68"),
        (Fraction(1, 3), 2, "0.33"),
        (Fraction(-1, 1000), 2, "0.00"),
        (Fraction(12), 2, "12.00"),
        (Fraction(10**30 + 1), 2, f"{10**30 + 1}.00"),
    ],
)
def test_halves_are_rounded_away_from_zero(value: Fraction, decimals: int, expected: str) -> None:
    assert str(round_half_up(value, decimals)) == expected
