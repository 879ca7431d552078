"""Keys of the newer types and scoring rules, held against what the item offers."""

from __future__ import annotations

from typing import Any

import pytest

from question_bank.answer_key import AcceptedAnswer, Blank, BlanksKey, EssayKey, MatchKey, OrderKey
from question_bank.item import ItemType
from question_bank.key_checks import RULES
from question_bank.response_processing import score
from question_bank.scoring import Scoring, ScoringRule
from question_bank.skills import load_skill_model
from question_bank.validation import validate_item
from tests.factories import make_item, right_response

MODEL = load_skill_model()
FOB = (AcceptedAnswer("FOB"),)


def errors(item_type: str, **changes: Any) -> list[str]:
    item = make_item(item_type=item_type, **changes)
    return [f.message for f in validate_item(item, MODEL) if f.severity == "error"]


@pytest.mark.parametrize(
    ("item_type", "key", "reason"),
    [
        ("order", OrderKey(("a", "b")), "must name each option once"),
        ("order", OrderKey(("a", "b", "c", "x")), "must name each option once"),
        ("match", MatchKey(frozenset({("a", "t9")})), "names an option that does not exist"),
        ("match", MatchKey(frozenset({("x", "t1")})), "names an option that does not exist"),
        ("match", MatchKey(frozenset({("a", "t1")})), "needs exactly one target"),
        ("fill_in", BlanksKey((Blank("1", FOB),)), "the stem marks the blanks 1, 2, the key has 1"),
        ("fill_in", BlanksKey((Blank("1", FOB), Blank("2", ()))), "blank 2 accepts no answer"),
        ("essay", OrderKey(()), "does not fit the type essay"),
        ("order", EssayKey(), "does not fit the type order"),
        ("fill_in", None, "no answer key"),
    ],
)
def test_key_that_does_not_fit_the_item_is_found(item_type: str, key: Any, reason: str) -> None:
    assert any(reason in message for message in errors(item_type, answer_key=key))


@pytest.mark.parametrize(
    ("item_type", "rule"),
    [
        ("single", ScoringRule.PRECEDENCE),
        ("multiple", ScoringRule.PRECEDENCE),
        ("match", ScoringRule.PRECEDENCE),
        ("order", ScoringRule.MAPPED),
    ],
)
def test_rule_that_cannot_score_the_type_is_found(item_type: str, rule: ScoringRule) -> None:
    found = errors(item_type, scoring=Scoring(rule))
    assert any("scoring rule" in message for message in found)


@pytest.mark.parametrize("item_type", [kind for kind in ItemType if kind is not ItemType.COMPOSITE])
def test_every_rule_that_passes_can_score(item_type: ItemType) -> None:
    for rule in RULES.get(item_type, tuple(ScoringRule)):
        item = make_item(item_type=item_type, scoring=Scoring(rule))
        found = errors(item_type, scoring=Scoring(rule))
        assert not any("scoring rule" in message for message in found)
        score(item, {"RESPONSE": right_response(item)})
