"""Our tags as labels of other formats, and back."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from question_bank.answer_key import EssayKey, NumericKey
from question_bank.exchange.credit import natural_scoring
from question_bank.exchange.drafts import draft_item
from question_bank.exchange.labels import decimal_places, labelled_item, labels_of
from question_bank.item import ItemType
from question_bank.scoring import Scoring, ScoringRule
from tests.factories import make_item


def test_tags_come_back() -> None:
    item = replace(
        make_item(),
        enemies=("01-002", "01-003"),
        valid_until=dt.date(2027, 10, 31),
        work_area="W1",
        shuffle=False,
        scoring=Scoring(max_points=Fraction(5, 3)),
    )
    bare = draft_item(
        item.id,
        item.type,
        item.stem,
        options=item.options,
        answer_key=item.answer_key,
        explanation=item.explanation,
    )
    assert labelled_item(bare, labels_of(item, natural_scoring(item))) == (item, [])


def test_key_of_a_number_comes_back() -> None:
    key = NumericKey(Decimal("12.5"), Decimal(0), 3, "元", "25/2")
    item = make_item(item_type="numeric", answer_key=key)
    bare = replace(item, answer_key=NumericKey(Decimal("12.5"), Decimal(0), 1))
    labels = labels_of(item, natural_scoring(item))
    assert labelled_item(bare, labels)[0].answer_key == key


def test_limit_of_an_essay_comes_back() -> None:
    item = make_item(item_type="essay", answer_key=EssayKey("", 300))
    bare = replace(item, answer_key=EssayKey())
    assert labelled_item(bare, labels_of(item, natural_scoring(item)))[0] == item


def test_rule_that_the_format_does_not_say_is_labelled() -> None:
    item = make_item(item_type="multiple")
    labels = labels_of(item, Scoring(ScoringRule.PARTIAL))
    assert "scoring:all_or_nothing" in labels
    partial = replace(item, scoring=Scoring(ScoringRule.PARTIAL))
    assert labelled_item(partial, labels)[0].scoring == Scoring()


def test_points_scale_the_mapping() -> None:
    mapped = Scoring(ScoringRule.MAPPED, Fraction(1), {"a": Fraction(1, 2)})
    found, _strange = labelled_item(replace(make_item(), scoring=mapped), ["points:4"])
    assert found.scoring == Scoring(ScoringRule.MAPPED, Fraction(4), {"a": Fraction(2)})


@pytest.mark.parametrize(
    "label",
    [
        *("chapter 1", "node:99", "dimension:X", "level:master", "seconds:soon", "seconds:-1"),
        *("difficulty:2 panel", "difficulty:0.5", "difficulty:x y", "scoring:mapped", "points:0"),
        *("points:1/0", "points:x", "until:soon", "unit:kg", "formula:1", "decimals:2"),
        *("characters:5", "shuffle:yes", "node:", ":", "difficulty:NaN x"),
    ],
)
def test_label_that_says_nothing_to_us_is_given_back(label: str) -> None:
    item = make_item()
    assert labelled_item(item, [label]) == (item, [label])


@pytest.mark.parametrize(("number", "places"), [("12", 0), ("12.50", 2), ("1E+3", 0), ("NaN", 0)])
def test_digits_after_the_point(number: str, places: int) -> None:
    assert decimal_places(Decimal(number)) == places


def test_every_type_has_labels() -> None:
    for kind in ItemType:
        item = make_item(item_type=kind)
        assert "level:novice" in labels_of(item, natural_scoring(item))
