"""Keys: alternatives, tolerances and exact points."""

from fractions import Fraction

import pytest

from certify.grading.errors import AnswerUnfitForType, BadPoints
from certify.grading.key import KeyedItem, read_key

HEADING = "题号,答案,分值,题型\n"


def item(answer: str, kind: str, points: str = "1") -> KeyedItem:
    return read_key(f"{HEADING}1,{answer},{points},{kind}\n".encode(), "key.csv").items[0]


def test_alternatives_are_each_accepted() -> None:
    keyed = item("A/D", "单选")
    assert [keyed.accepts(value) for value in ("A", "D", "B", "")] == [True, True, False, False]


def test_escaped_slash_belongs_to_the_answer() -> None:
    keyed = item(r"km\/h/kmh", "填空")
    assert keyed.accepted == {"km/h", "kmh"}


def test_alternative_sets_of_a_multiple_choice() -> None:
    assert item("AB/A、B、C", "多选").accepted == {"AB", "ABC"}


@pytest.mark.parametrize(
    ("value", "right"),
    [
        ("3.13", True),
        ("3.15", True),
        ("3.1299", False),
        ("3.1501", False),
        ("", False),
    ],
)
def test_tolerance_includes_its_bounds(value: str, right: bool) -> None:
    assert item("3.14±0.01", "数值").accepts(value) is right


def test_numbers_are_compared_by_value() -> None:
    assert item('"1,234.50"', "数值").accepts("1234.5")


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("2", Fraction(2)),
        ("0.1", Fraction(1, 10)),
        ("1/6", Fraction(1, 6)),
        ("２分", Fraction(2)),
    ],
)
def test_points_are_exact(text: str, points: Fraction) -> None:
    assert item("A", "单选", text).points == points


@pytest.mark.parametrize("text", ["", "0", "0/5", "1/0", "-1", "1e3", "nan", "99999", "1/00000"])
def test_points_that_are_no_points(text: str) -> None:
    with pytest.raises(BadPoints):
        item("A", "单选", text)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("AB", "单选"),
        ("?", "多选"),
        ("也许", "判断"),
        ("三", "数值"),
        ("3±x", "数值"),
        ("A/", "单选"),
        ("±1", "数值"),
    ],
)
def test_answer_that_does_not_fit_its_type(answer: str, kind: str) -> None:
    with pytest.raises(AnswerUnfitForType):
        item(answer, kind)


@pytest.mark.parametrize(
    ("answer", "alphabet"), [("A", "letters"), ("对", "truth"), ("B/A", "letters")]
)
def test_true_false_key_says_how_answers_are_marked(answer: str, alphabet: str) -> None:
    assert item(answer, "判断").alphabet == alphabet


def test_options_may_be_digits() -> None:
    assert item("1", "单选").alphabet == "digits"


def test_column_that_is_not_used_is_named() -> None:
    key = read_key("题号,答案,分值,题型,解析\n1,A,1,单选,略\n".encode(), "key.csv")
    assert key.unused_columns == ("解析",)
