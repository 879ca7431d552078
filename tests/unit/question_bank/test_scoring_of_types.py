"""Every scoring rule with every type it belongs to, from the raw response to the points."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.answer_key import AcceptedAnswer, Blank, BlanksKey, ChoiceKey, MatchKey
from question_bank.item import Item
from question_bank.response_processing import score
from question_bank.scoring import Scoring, ScoringRule
from tests.factories import make_item

HALF, THIRD, QUARTER, SIXTH = Fraction(1, 2), Fraction(1, 3), Fraction(1, 4), Fraction(1, 6)
COUNTING = (ScoringRule.ALL_OR_NOTHING, ScoringRule.PARTIAL, ScoringRule.PER_OPTION)
BLANKS = BlanksKey(
    (
        Blank("1", (AcceptedAnswer("FOB"), AcceptedAnswer("船上", HALF))),
        Blank("2", (AcceptedAnswer("12", tolerance=Decimal("0.5")),)),
    )
)


def item_with(item_type: str, rule: ScoringRule, **scoring: Any) -> Item:
    changes: dict[str, Any] = {"scoring": Scoring(rule, **scoring)}
    if item_type == "fill_in":
        changes["answer_key"] = BLANKS
    return make_item(item_type=item_type, **changes)


def earned(item: Item, raw: Any) -> Fraction:
    found = score(item, {"RESPONSE": raw})
    assert found.points == found.outcomes["SCORE"]
    return found.points


@pytest.mark.parametrize(
    ("chosen", "points"),
    [
        ("ace", (1, 1, 1)),
        ("ac", (0, 2 * THIRD, 2 * THIRD)),
        ("acb", (0, 0, THIRD)),
        ("abcde", (0, 0, THIRD)),
        ("bd", (0, 0, 0)),
        ("", (0, 0, 0)),
    ],
)
def test_multiple_choice(chosen: str, points: tuple[Fraction, ...]) -> None:
    found = [earned(item_with("multiple", rule), list(chosen)) for rule in COUNTING]
    assert tuple(found) == points


@pytest.mark.parametrize("item_type", ["single", "true_false"])
@pytest.mark.parametrize("rule", COUNTING)
def test_choice_of_one(item_type: str, rule: ScoringRule) -> None:
    item = item_with(item_type, rule, max_points=Fraction(2))
    assert isinstance(item.answer_key, ChoiceKey)
    points = [earned(item, [option.id]) for option in item.options]
    assert points == [2 * (option.id in item.answer_key.correct) for option in item.options]


@pytest.mark.parametrize(
    ("chosen", "points"),
    [("a", HALF), ("ab", QUARTER), ("b", 0), ("ac", 1), ("ace", 1), ("d", 0)],
)
def test_mapped_choice_stays_within_its_bounds(chosen: str, points: Fraction) -> None:
    mapping = {"a": HALF, "b": -QUARTER, "c": Fraction(2)}
    item = item_with("multiple", ScoringRule.MAPPED, mapping=mapping)
    assert earned(item, list(chosen)) == points


def test_mapped_choice_may_cost_points() -> None:
    scoring = {"mapping": {"a": -HALF}, "lower": None}
    assert earned(item_with("single", ScoringRule.MAPPED, **scoring), ["a"]) == -HALF


@pytest.mark.parametrize("rule", COUNTING)
def test_number(rule: ScoringRule) -> None:
    item = item_with("numeric", rule, max_points=THIRD)
    assert [earned(item, {"value": typed}) for typed in ("12", "13", "x")] == [THIRD, 0, 0]


@pytest.mark.parametrize(
    ("first", "second", "points"),
    [
        ("FOB", "12.5", (1, 1, 1)),
        ("fob", "", (0, HALF, HALF)),
        ("船上", "12", (0, 3 * QUARTER, 3 * QUARTER)),
        ("FOB", "20", (0, 0, 0)),
        ("CIF", "20", (0, 0, 0)),
        ("", "", (0, 0, 0)),
    ],
)
def test_blanks(first: str, second: str, points: tuple[Fraction, ...]) -> None:
    raw = {"blanks": {"1": first, "2": second}}
    assert tuple(earned(item_with("fill_in", rule), raw) for rule in COUNTING) == points


def test_mapped_blanks_earn_their_points_times_their_share() -> None:
    mapping = {"1": 2 * THIRD, "2": THIRD}
    item = item_with("fill_in", ScoringRule.MAPPED, mapping=mapping)
    typed = [("FOB", "12"), ("船上", "12"), ("FOB", "99"), ("", "12")]
    points = [earned(item, {"blanks": {"1": one, "2": two}}) for one, two in typed]
    assert points == [1, 2 * THIRD, 2 * THIRD, THIRD]


@pytest.mark.parametrize(
    ("sequence", "points"),
    [
        ("bdac", (1, 1, 1, 1)),
        ("bdca", (0, 0, 0, 5 * SIXTH)),
        ("dbac", (0, 0, 0, 5 * SIXTH)),
        ("cadb", (0, 0, 0, 0)),
        ("", (0, 0, 0, 0)),
    ],
)
def test_orders(sequence: str, points: tuple[Fraction, ...]) -> None:
    rules = (*COUNTING, ScoringRule.PRECEDENCE)
    assert tuple(earned(item_with("order", rule), list(sequence)) for rule in rules) == points


@pytest.mark.parametrize(
    ("pairs", "points"),
    [
        ({"a": "t2", "b": "t1", "c": "t2"}, (1, 1, 1)),
        ({"a": "t2", "b": "t1"}, (0, 2 * THIRD, 2 * THIRD)),
        ({"a": "t2", "b": "t1", "c": "t1"}, (0, 0, THIRD)),
        ({"a": "t2", "b": "", "c": ""}, (0, THIRD, THIRD)),
        ({}, (0, 0, 0)),
    ],
)
def test_matches(pairs: dict[str, str], points: tuple[Fraction, ...]) -> None:
    found = [earned(item_with("match", rule), {"pairs": pairs}) for rule in COUNTING]
    assert tuple(found) == points


def test_mapped_pairs_earn_their_points() -> None:
    item = item_with("match", ScoringRule.MAPPED, mapping={"a t2": HALF, "b t1": QUARTER})
    assert isinstance(item.answer_key, MatchKey)
    raws = [{"a": "t2", "b": "t1"}, {"a": "t1", "b": "t1"}, {"c": "t2"}]
    assert [earned(item, {"pairs": raw}) for raw in raws] == [3 * QUARTER, QUARTER, 0]


def test_essay_waits_for_people() -> None:
    found = score(make_item(item_type="essay"), {"RESPONSE": {"text": "我的方案"}})
    assert (found.points, found.needs_marking, found.is_correct) == (0, True, False)


@pytest.mark.parametrize("item_type", ["multiple", "fill_in", "order", "match", "essay"])
def test_nothing_answered_earns_nothing(item_type: str) -> None:
    for rule in COUNTING:
        assert score(item_with(item_type, rule), {}).points == 0
        assert score(item_with(item_type, rule), None).points == 0


@given(
    chosen=st.sets(st.sampled_from("abcde")),
    rule=st.sampled_from(COUNTING),
    most=st.fractions(1, 10, max_denominator=12),
)
def test_points_stay_between_nothing_and_all(
    chosen: set[str], rule: ScoringRule, most: Fraction
) -> None:
    item = item_with("multiple", rule, max_points=most)
    plain = replace(item, scoring=Scoring(rule))
    points = earned(item, sorted(chosen))
    assert 0 <= points <= most
    assert points == earned(plain, sorted(chosen)) * most
