"""Keys, options and scoring rules of every type in our own item format."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given

from question_bank.answer_key import AcceptedAnswer, Blank, BlanksKey, NumericKey
from question_bank.errors import MalformedItem
from question_bank.exchange.native import item_from_mapping, item_to_mapping
from question_bank.item import Item, ItemType
from question_bank.scoring import Scoring, ScoringRule
from question_bank.skills import load_skill_model
from tests.factories import make_item
from tests.unit.question_bank.exchange.native_items import items, one_of_each

MODEL = load_skill_model()


def again(item: Item) -> Item:
    """The item after a journey through JSON."""
    return item_from_mapping(json.loads(json.dumps(item_to_mapping(item))), MODEL, "a.yaml")


@given(item=items())
def test_any_item_comes_back(item: Item) -> None:
    assert again(item) == item


def test_one_of_each_type_comes_back() -> None:
    assert [again(item) for item in one_of_each()] == one_of_each()


@pytest.mark.parametrize("item_type", list(ItemType))
def test_draft_without_a_key_comes_back(item_type: ItemType) -> None:
    item = make_item(item_type=item_type, answer_key=None)
    assert again(item) == item


@pytest.mark.parametrize(
    "scoring",
    [
        Scoring(max_points=Fraction(5, 3)),
        Scoring(ScoringRule.PARTIAL, lower=None),
        Scoring(ScoringRule.MAPPED, Fraction(2), {"a": Fraction(-1, 3)}, None, Fraction(1)),
        Scoring(ScoringRule.PER_OPTION, lower=Fraction(-1)),
    ],
)
def test_scoring_comes_back(scoring: Scoring) -> None:
    item = make_item(item_type="multiple", scoring=scoring)
    assert again(item) == item


def test_plain_scoring_leaves_the_old_form_of_an_item() -> None:
    assert "scoring" not in item_to_mapping(make_item())


def test_blanks_come_back_with_all_they_say() -> None:
    accepted = (
        AcceptedAnswer("FOB"),
        AcceptedAnswer("12", Fraction(1, 3), Decimal("0.5")),
        AcceptedAnswer("", Fraction(0)),
    )
    key = BlanksKey((Blank("x", accepted, case_sensitive=True), Blank("y", accepted)))
    item = make_item(item_type="fill_in", answer_key=key)
    assert again(item) == item


def test_relative_tolerance_comes_back() -> None:
    key = NumericKey(Decimal("1E+3"), Decimal("0.05"), 0, relative=True)
    assert again(make_item(item_type="numeric", answer_key=key)).answer_key == key


def test_tolerance_of_a_blank_serves_all_its_answers() -> None:
    data = item_to_mapping(make_item(item_type="fill_in"))
    data["answer"] = [{"blank": "1", "accepted": [5, "6"], "tolerance": "0.1"}]
    item = item_from_mapping(data, MODEL, "a.yaml")
    assert isinstance(item.answer_key, BlanksKey)
    tolerances = [answer.tolerance for answer in item.answer_key.blanks[0].accepted]
    assert tolerances == [Decimal("0.1"), Decimal("0.1")]


@pytest.mark.parametrize(
    ("item_type", "answer", "place"),
    [
        ("order", "abcd", "field answer: expected a list"),
        ("order", [1, 2], "field answer: expected a list of option ids"),
        ("match", ["a", "t1"], "field answer: expected a mapping"),
        ("match", {"a": 1}, "field answer, field a: expected text"),
        ("essay", "方案", "field answer: expected a mapping"),
        ("essay", {"most_characters": "5"}, "field most_characters: expected a whole number"),
        ("fill_in", {"1": "FOB"}, "field answer: expected a list"),
        ("fill_in", [{"accepted": ["x"]}], "field blank: expected text"),
        ("fill_in", [{"blank": "1", "accepted": "x"}], "field accepted: expected a list"),
        ("fill_in", [{"blank": "1", "accepted": [None]}], "field text: expected text"),
        (
            "fill_in",
            [{"blank": "1", "accepted": [{"text": "x", "share": 0.5}]}],
            "field share: expected a number such as",
        ),
        (
            "fill_in",
            [{"blank": "1", "accepted": ["x"], "tolerance": "wide"}],
            "field tolerance: expected a number",
        ),
    ],
)
def test_malformed_answer_is_named(item_type: str, answer: Any, place: str) -> None:
    data = {**item_to_mapping(make_item(item_type=item_type)), "answer": answer}
    with pytest.raises(MalformedItem) as caught:
        item_from_mapping(data, MODEL, "a.yaml")
    assert place in str(caught.value)


@pytest.mark.parametrize(
    ("scoring", "place"),
    [
        ("partial", "field scoring: expected a mapping"),
        ({"rule": "luck"}, "field rule: expected one of"),
        ({"max_points": "1/0"}, "field max_points: expected a fraction not divided by zero"),
        ({"max_points": 0.5}, "field max_points: expected a number such as"),
        ({"mapping": ["a"]}, "field mapping: expected a mapping"),
        ({"mapping": {"a": "much"}}, "field a: expected a number such as"),
        ({"lower": "low"}, "field lower: expected a number such as"),
    ],
)
def test_malformed_scoring_is_named(scoring: Any, place: str) -> None:
    data = {**item_to_mapping(make_item()), "scoring": scoring}
    with pytest.raises(MalformedItem) as caught:
        item_from_mapping(data, MODEL, "a.yaml")
    assert place in str(caught.value)


def test_item_that_nobody_tagged_comes_back() -> None:
    item = replace(make_item(), node="", dimension="", level="", bloom="", point="")
    assert again(item) == item
