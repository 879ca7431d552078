"""Spellings of one answer give one value; marks that cannot be read are faults."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certify.grading.normalise import decimal_text, parse_number, read_answer


@pytest.mark.parametrize(
    "raw",
    [
        "AC",
        "A,C",
        "A、C",
        "A;C",
        "A C",
        "A，C",
        "A；C",
        "ac",
        "ＡＣ",
        "CA",
        "a c",
        " AC ",
        "A/C",
        "A|C",
        "A+C",
        "AAC",
        "\ufeffAC",
    ],
)
def test_multiple_choice_spellings_are_one_answer(raw: str) -> None:
    assert read_answer(raw, "multiple").value == "AC"


@pytest.mark.parametrize("raw", ["√", "✓", "对", "正确", "T", "t", "TRUE", "True", "Ｔ", "是", "1"])
def test_true_spellings(raw: str) -> None:
    assert read_answer(raw, "true_false", "truth").value == "T"


@pytest.mark.parametrize(
    "raw", ["×", "✗", "错", "错误", "F", "f", "FALSE", "x", "X", "Ｆ", "否", "0"]
)
def test_false_spellings(raw: str) -> None:
    assert read_answer(raw, "true_false", "truth").value == "F"


@pytest.mark.parametrize(
    ("raw", "item_type", "alphabet", "fault"),
    [
        ("AB", "single", "letters", "several_marks"),
        ("A,B", "single", "letters", "several_marks"),
        ("?", "single", "letters", "unknown_mark"),
        ("/", "single", "letters", "unknown_mark"),
        ("1", "single", "letters", "unknown_mark"),
        ("A", "single", "digits", "unknown_mark"),
        ("Z", "multiple", "letters", "unknown_mark"),
        ("A", "true_false", "truth", "unknown_mark"),
        ("对", "true_false", "letters", "unknown_mark"),
        ("对错", "true_false", "truth", "unknown_mark"),
        ("1e999", "numeric", "letters", "unknown_mark"),
        ("1,23", "numeric", "letters", "unknown_mark"),
        ("NaN", "numeric", "letters", "unknown_mark"),
    ],
)
def test_unreadable_mark_is_a_fault(raw: str, item_type: str, alphabet: str, fault: str) -> None:
    reading = read_answer(raw, item_type, alphabet)
    assert (reading.value, reading.fault) == ("", fault)


@pytest.mark.parametrize("raw", ["", " ", "\u3000", "未答", "未作答"])
@pytest.mark.parametrize("item_type", ["single", "multiple", "true_false", "fill_in", "numeric"])
def test_blank_is_empty_and_no_fault(raw: str, item_type: str) -> None:
    reading = read_answer(raw, item_type)
    assert (reading.value, reading.fault) == ("", None)


@pytest.mark.parametrize(
    ("raw", "item_type", "changes"),
    [
        ("A", "single", set()),
        ("a", "single", {"case"}),
        ("Ａ", "single", {"full_width"}),
        ("ａ", "single", {"full_width", "case"}),
        ("A，C", "multiple", {"separators"}),
        ("CA", "multiple", {"order"}),
        (" A", "single", {"space"}),
        ("１,２３４.５０", "numeric", {"full_width", "thousands_separator", "number_format"}),
        ("未答", "single", {"blank_word"}),
    ],
)
def test_each_kind_of_change_is_named(raw: str, item_type: str, changes: set[str]) -> None:
    assert read_answer(raw, item_type).changes == changes


@settings(deadline=None)
@given(st.fractions(max_denominator=10**6))
def test_decimal_text_is_exact(number: Fraction) -> None:
    assert Fraction(decimal_text(number)) == number


@settings(deadline=None)
@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_numbers_survive_reading(number: object) -> None:
    reading = read_answer(str(number), "numeric")
    assert parse_number(reading.value) == Fraction(str(number))
