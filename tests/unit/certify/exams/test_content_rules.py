"""What an exam must contain: shares at every length, levels, and items of one node."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certify.exams.content_rules import CROWDING, FEWEST_PER_NODE, SLACK
from question_bank.skills import level_rank
from tests.factories import DIMENSIONS, SHARES, make_exam, make_items, make_pool

EXAM = make_exam()
RULES = EXAM.rules


def test_shares_stand_in_the_order_of_the_dimensions() -> None:
    assert RULES.shares.tolist() == [float(SHARES[letter]) for letter in DIMENSIONS]


@pytest.mark.parametrize("level", ["novice", "proficient", "elite"])
def test_items_of_the_level_or_below_are_usable(level: str) -> None:
    rules = make_exam(level=level).rules
    expected = [level_rank(item.level) <= level_rank(level) for item in rules.pool.items]
    assert rules.usable.tolist() == expected


def test_items_of_dimensions_without_a_share_are_not_usable() -> None:
    rules = make_exam(shares={"T": Fraction(1)}).rules
    usable = {item.dimension for item, ok in zip(rules.pool.items, rules.usable, strict=True) if ok}
    assert usable == {"T"}


@settings(max_examples=100, deadline=None)
@given(picks=st.lists(st.floats(0, 1, exclude_max=True), min_size=20, max_size=20))
def test_whatever_is_picked_the_shares_hold_in_the_end(picks: list[float]) -> None:
    """Any dimension that is allowed may come; the exam is never led into a dead end."""
    given_items = np.zeros(len(DIMENSIONS), dtype=np.int64)
    for length, pick in enumerate(picks, start=1):
        allowed = np.flatnonzero(RULES.allowed(given_items))
        assert len(allowed)
        given_items[allowed[int(pick * len(allowed))]] += 1
        assert (np.abs(RULES.shares * length - given_items) < SLACK + 1).all()
    blueprint = EXAM.blueprint
    for letter, count in zip(DIMENSIONS, given_items, strict=True):
        assert count >= blueprint.least_items(letter)


@settings(max_examples=50, deadline=None)
@given(picks=st.lists(st.floats(0, 1, exclude_max=True), min_size=12, max_size=12))
def test_the_shortest_exam_has_its_minima(picks: list[float]) -> None:
    given_items = np.zeros(len(DIMENSIONS), dtype=np.int64)
    for pick in picks:
        allowed = np.flatnonzero(RULES.allowed(given_items))
        given_items[allowed[int(pick * len(allowed))]] += 1
    for letter, count in zip(DIMENSIONS, given_items, strict=True):
        assert count >= EXAM.blueprint.least_items(letter)


def test_a_node_may_have_a_little_more_than_its_even_share() -> None:
    items = [
        replace(item, node="01" if item.dimension == "S" and int(item.id[-3:]) % 2 else item.node)
        if item.dimension == "S"
        else item
        for item in make_items(30)
    ]
    spread = [
        replace(i, node=f"0{1 + int(i.id[-3:]) % 2}") if i.dimension == "S" else i for i in items
    ]
    rules = make_exam(make_pool(spread), max_items=40).rules
    most = {
        item.node: int(rules.most_per_node[place])
        for item, place in zip(rules.pool.items, rules.node_index, strict=True)
    }
    # 40 items, 30 % of them S on two nodes: 6 each if they were even
    assert most["01"] == most["02"] == int(np.ceil(CROWDING * 6))
    # 5 % O on one node: 2 if they were even
    assert most["09"] == int(np.ceil(CROWDING * 2))
    assert min(most.values()) >= FEWEST_PER_NODE
