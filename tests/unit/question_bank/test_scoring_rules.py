"""The arithmetic of the scoring rules: exact, bounded, and by parts."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.answer_key import AcceptedAnswer, Blank, NumericKey
from question_bank.scoring import Scoring, ScoringRule
from question_bank.scoring_rules import (
    absolute_tolerance,
    bounded,
    plain_text,
    share_of_blank,
    share_of_parts,
    share_of_precedence,
    within_tolerance,
)

ALL, PARTIAL, PER_OPTION = (
    ScoringRule.ALL_OR_NOTHING,
    ScoringRule.PARTIAL,
    ScoringRule.PER_OPTION,
)
THIRD = Fraction(1, 3)


@pytest.mark.parametrize(
    ("rule", "right", "wrong", "share"),
    [
        (ALL, 3, 0, 1),
        (ALL, 2, 0, 0),
        (ALL, 3, 1, 0),
        (ALL, 0, 0, 0),
        (PARTIAL, 3, 0, 1),
        (PARTIAL, 2, 0, 2 * THIRD),
        (PARTIAL, 2, 1, 0),
        (PARTIAL, 0, 0, 0),
        (PER_OPTION, 3, 0, 1),
        (PER_OPTION, 3, 1, 2 * THIRD),
        (PER_OPTION, 1, 1, 0),
        (PER_OPTION, 0, 2, -2 * THIRD),
    ],
)
def test_share_of_three_parts(rule: ScoringRule, right: int, wrong: int, share: Fraction) -> None:
    assert share_of_parts(rule, Fraction(right), wrong, 3) == share


@pytest.mark.parametrize("rule", [ScoringRule.MAPPED, ScoringRule.PRECEDENCE])
def test_rule_that_counts_no_parts_is_refused(rule: ScoringRule) -> None:
    with pytest.raises(ValueError, match="does not count parts"):
        share_of_parts(rule, Fraction(1), 0, 1)


@given(parts=st.integers(1, 20), data=st.data())
def test_partial_rules_agree_where_nothing_is_wrong(parts: int, data: st.DataObject) -> None:
    right = Fraction(data.draw(st.integers(0, parts)))
    shares = {share_of_parts(rule, right, 0, parts) for rule in (PARTIAL, PER_OPTION)}
    assert shares == {right / parts}


@pytest.mark.parametrize(
    ("sequence", "share"),
    [
        ("abcd", 1),
        ("dcba", 0),
        ("bacd", Fraction(5, 6)),
        ("dabc", Fraction(1, 2)),
        ("", 0),
    ],
)
def test_precedence_counts_pairs_in_the_right_order(sequence: str, share: Fraction) -> None:
    assert share_of_precedence(tuple(sequence), tuple("abcd")) == share


def test_precedence_of_one_option_is_nothing() -> None:
    assert share_of_precedence(("a",), ("a",)) == 0


@given(sequence=st.permutations("abcdef"))
def test_an_order_and_its_reverse_share_all_pairs(sequence: list[str]) -> None:
    right = tuple("abcdef")
    forward = share_of_precedence(tuple(sequence), right)
    assert forward + share_of_precedence(tuple(reversed(sequence)), right) == 1


@pytest.mark.parametrize(
    ("points", "scoring", "kept"),
    [
        (Fraction(-1), Scoring(), 0),
        (Fraction(2), Scoring(), 1),
        (Fraction(-1), Scoring(lower=None), -1),
        (Fraction(-3), Scoring(lower=Fraction(-2)), -2),
        (Fraction(2), Scoring(max_points=Fraction(3), upper=Fraction(1)), 1),
        (THIRD, Scoring(), THIRD),
    ],
)
def test_points_stay_within_floor_and_ceiling(
    points: Fraction, scoring: Scoring, kept: Fraction
) -> None:
    assert bounded(points, scoring) == kept


@pytest.mark.parametrize(
    ("typed", "is_within"),
    [("105", True), ("95", True), ("105.0000001", False), ("94.99", False), (None, False)],
)
def test_relative_tolerance_is_a_share_of_the_value(typed: str | None, is_within: bool) -> None:
    key = NumericKey(Decimal(100), Decimal("0.05"), 0, relative=True)
    assert within_tolerance(None if typed is None else Decimal(typed), key) == is_within


def test_relative_tolerance_of_a_negative_value_is_its_amount() -> None:
    key = NumericKey(Decimal(-200), Decimal("0.1"), 0, relative=True)
    assert absolute_tolerance(key) == 20
    assert within_tolerance(Decimal(-220), key)
    assert not within_tolerance(Decimal(-221), key)


BLANK = Blank(
    "1",
    (
        AcceptedAnswer("bill of lading"),
        AcceptedAnswer("提单"),
        AcceptedAnswer("B/L", Fraction(1, 2)),
        AcceptedAnswer("1000", tolerance=Decimal("0.5")),
        AcceptedAnswer("1000", Fraction(1, 4), Decimal(5)),
    ),
)


@pytest.mark.parametrize(
    ("typed", "share"),
    [
        ("Bill  of Lading ", 1),
        ("billoflading", 0),
        ("提 单", 1),
        ("ｂ／ｌ", Fraction(1, 2)),
        ("1,000.5", 1),
        ("１００３", Fraction(1, 4)),
        ("1006", 0),
        ("", 0),
    ],
)
def test_blank_gives_the_best_credit_of_its_answers(typed: str, share: Fraction) -> None:
    assert share_of_blank(BLANK, typed) == share


def test_case_matters_where_the_blank_says_so() -> None:
    blank = Blank("1", (AcceptedAnswer("pH"),), case_sensitive=True)
    assert [share_of_blank(blank, typed) for typed in ("pH", "ｐＨ", "PH")] == [1, 1, 0]


def test_number_is_accepted_however_it_is_written() -> None:
    blank = Blank("1", (AcceptedAnswer("12.50"),))
    assert [share_of_blank(blank, typed) for typed in ("12.5", "１２．５０", "12,5")] == [1, 1, 0]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("", ""),
        ("　Ａ b　", "a b"),
        ("甲 乙", "甲乙"),
        ("甲 b 乙", "甲b乙"),
        ("a\tb\nc", "a b c"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
    ],
)
def test_text_without_what_does_not_matter(text: str, plain: str) -> None:
    assert plain_text(text) == plain


@given(text=st.text(max_size=40))
def test_plain_text_stays_plain(text: str) -> None:
    once = plain_text(text)
    assert plain_text(once) == once
