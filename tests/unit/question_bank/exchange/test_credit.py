"""Shares of the points by option, as Moodle writes them, and the rules they mean."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given

from question_bank.answer_key import ChoiceKey
from question_bank.exchange.credit import (
    keyed_by_shares,
    natural_scoring,
    pairs_scoring,
    percent_of_share,
    share_of_percent,
    shares_of_item,
)
from question_bank.item import Item, ItemType
from question_bank.scoring import Scoring, ScoringRule
from tests.unit.question_bank.exchange.native_items import items

HALF, THIRD = Fraction(1, 2), Fraction(1, 3)


@pytest.mark.parametrize(
    ("percent", "share"),
    [
        ("100", 1),
        ("33.33333", THIRD),
        ("-16.66667", Fraction(-1, 6)),
        ("14.28571", Fraction(1, 7)),
        ("5", Fraction(1, 20)),
        ("33", Fraction(33, 100)),
        ("0", 0),
    ],
)
def test_rounded_percentage_means_its_fraction(percent: str, share: Fraction) -> None:
    assert share_of_percent(Fraction(percent)) == share


@pytest.mark.parametrize("denominator", range(1, 21))
def test_percentage_comes_back(denominator: int) -> None:
    share = Fraction(1, denominator)
    assert share_of_percent(Fraction(percent_of_share(share))) == share


@pytest.mark.parametrize(
    ("shares", "single", "rule", "correct"),
    [
        ({"a": 1, "b": 0}, True, ScoringRule.ALL_OR_NOTHING, "a"),
        ({"a": 1, "b": HALF}, True, ScoringRule.MAPPED, "a"),
        ({"a": 1, "b": -HALF}, True, ScoringRule.MAPPED, "a"),
        ({"a": HALF, "b": HALF, "c": -1}, False, ScoringRule.PARTIAL, "ab"),
        ({"a": HALF, "b": HALF, "c": -HALF}, False, ScoringRule.PER_OPTION, "ab"),
        ({"a": HALF, "b": HALF}, False, ScoringRule.PARTIAL, "ab"),
        ({"a": HALF, "b": HALF, "c": 0}, False, ScoringRule.MAPPED, "ab"),
        ({"a": THIRD, "b": HALF}, False, ScoringRule.MAPPED, "ab"),
    ],
)
def test_shares_mean_a_rule(
    shares: dict[str, Fraction], single: bool, rule: ScoringRule, correct: str
) -> None:
    fractions = {name: Fraction(share) for name, share in shares.items()}
    key, scoring = keyed_by_shares(fractions, single=single, points=Fraction(2))
    assert key == ChoiceKey(frozenset(correct))
    assert (scoring.rule, scoring.max_points) == (rule, 2)


def test_nothing_rewarded_is_no_key() -> None:
    assert keyed_by_shares({"a": Fraction(0)}, single=True) == (None, Scoring())


@given(item=items((ItemType.SINGLE, ItemType.MULTIPLE)))
def test_natural_scoring_is_the_items_own_but_for_all_or_nothing(item: Item) -> None:
    natural = natural_scoring(item)
    if item.type is ItemType.MULTIPLE and item.scoring.rule is ScoringRule.ALL_OR_NOTHING:
        assert natural.rule is ScoringRule.PARTIAL
    else:
        assert natural.rule is item.scoring.rule or len(set(shares_of_item(item).values())) == 1


def test_pairs_share_the_points() -> None:
    scoring = pairs_scoring({("a", "t1"), ("b", "t1")}, Fraction(3))
    assert scoring.mapping == {"a t1": Fraction(3, 2), "b t1": Fraction(3, 2)}
    assert pairs_scoring([]).rule is ScoringRule.ALL_OR_NOTHING
