"""Every response to small items under every scoring rule: the file gives our points, exactly."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, permutations, product
from typing import Any

import pytest

from question_bank.answer_key import (
    AcceptedAnswer,
    Blank,
    BlanksKey,
    ChoiceKey,
    MatchKey,
    NumericKey,
    OrderKey,
)
from question_bank.exchange.drafts import draft_item
from question_bank.exchange.qti.native_markup import native_item_node
from question_bank.item import Item, ItemType, Option
from question_bank.qti.item_reader import item_from_tree
from question_bank.qti.processing import process_item
from question_bank.response_processing import score
from question_bank.scoring import Scoring, ScoringRule
from tests.unit.question_bank.exchange.qti.random_items import TYPED, WORDS, as_responses

COUNTED = (ScoringRule.ALL_OR_NOTHING, ScoringRule.PARTIAL, ScoringRule.PER_OPTION)
FULL = (Fraction(1), Fraction(7, 3))
BOUNDS = ((Fraction(0), None), (None, None), (Fraction(-1, 4), Fraction(1, 2)))
OPTIONS = tuple(Option(name, name) for name in "abcd")
TARGETS = tuple(Option(name, name) for name in ("t1", "t2"))
NAMES = [option.id for option in OPTIONS]


def rules(*kinds: ScoringRule, mapping: dict[str, Fraction] | None = None) -> Iterator[Scoring]:
    for kind, most, (lower, upper) in product(kinds, FULL, BOUNDS):
        mapped = (mapping or {}) if kind is ScoringRule.MAPPED else {}
        yield Scoring(kind, most, mapped, lower, upper)


def compare(item: Item, answers: list[Any]) -> None:
    definition = item_from_tree(native_item_node(item))
    for raw in answers:
        found = process_item(definition, as_responses(item, raw))
        ours = score(item, {"RESPONSE": raw})
        assert (found.points, found.max_points) == (ours.points, ours.max_points), (item, raw)


def test_every_choice() -> None:
    mapping = {"a": Fraction(1, 3), "b": Fraction(-1, 2), "d": Fraction(2)}
    answers = [list(held) for size in range(5) for held in combinations(NAMES, size)]
    for correct, scoring in product(
        (["a"], ["b", "c"], ["a", "b", "d"]), rules(*COUNTED, ScoringRule.MAPPED, mapping=mapping)
    ):
        key = ChoiceKey(frozenset(correct))
        fields = {"options": OPTIONS, "answer_key": key, "scoring": scoring}
        compare(draft_item("q", ItemType.MULTIPLE, "?", **fields), answers)
        if len(correct) == 1:
            single = draft_item("q", ItemType.SINGLE, "?", **fields)
            compare(single, [held for held in answers if len(held) < 2])


def test_every_order() -> None:
    answers = [[], *map(list, permutations(NAMES))]
    for scoring in rules(*COUNTED, ScoringRule.PRECEDENCE):
        key = OrderKey(("c", "a", "d", "b"))
        fields = {"options": OPTIONS, "answer_key": key, "scoring": scoring}
        compare(draft_item("q", ItemType.ORDER, "?", **fields), answers)


def test_every_matching() -> None:
    options = OPTIONS[:3]
    places = product(("", "t1", "t2"), repeat=3)
    answers = [
        {"pairs": {name: place for name, place in zip("abc", held, strict=True) if place}}
        for held in places
    ]
    mapping = {"a t1": Fraction(1, 3), "a t2": Fraction(-1), "c t2": Fraction(3, 2)}
    for scoring in rules(*COUNTED, ScoringRule.MAPPED, mapping=mapping):
        key = MatchKey(frozenset({("a", "t1"), ("b", "t1"), ("c", "t2")}))
        fields = {"options": options, "targets": TARGETS, "answer_key": key, "scoring": scoring}
        compare(draft_item("q", ItemType.MATCH, "?", **fields), answers)


@pytest.mark.parametrize("sensitive", [False, True])
@pytest.mark.parametrize("word", WORDS)
def test_every_way_to_type_a_word(word: str, sensitive: bool) -> None:
    key = BlanksKey((Blank("1", (AcceptedAnswer(word),), sensitive),))
    item = draft_item("q", ItemType.FILL_IN, "{{1}}", answer_key=key)
    more = (word.upper(), word.swapcase(), f" {word}\u3000", word.replace(" ", ""), f"{word}.")
    compare(item, [{"blanks": {"1": typed}} for typed in (*TYPED, *more)])


def test_every_pair_of_blanks() -> None:
    first = Blank("1", (AcceptedAnswer("FOB"), AcceptedAnswer("CIF", Fraction(1, 3))))
    second = Blank("2", (AcceptedAnswer("12.5", tolerance=Decimal("0.5")), AcceptedAnswer("dozen")))
    answers = [
        {"blanks": {"1": one, "2": two}}
        for one, two in product(
            ("", " ", "fob", "CIF", "x"), ("", "13", "12", "13.1", "Dozen", "x")
        )
    ]
    mapping = {"1": Fraction(1, 3), "2": Fraction(5)}
    for scoring in rules(*COUNTED, ScoringRule.MAPPED, mapping=mapping):
        fields = {"answer_key": BlanksKey((first, second)), "scoring": scoring}
        compare(draft_item("q", ItemType.FILL_IN, "{{1}} {{2}}", **fields), answers)


@pytest.mark.parametrize("relative", [False, True])
@pytest.mark.parametrize("value", ["8", "-2.50", "0"])
def test_every_number_around_the_bounds(value: str, relative: bool) -> None:
    for scoring in rules(ScoringRule.ALL_OR_NOTHING):
        key = NumericKey(Decimal(value), Decimal("0.1"), 2, relative=relative)
        item = draft_item("q", ItemType.NUMERIC, "?", answer_key=key, scoring=scoring)
        width = abs(Decimal(value)) * Decimal("0.1") if relative else Decimal("0.1")
        steps = (
            Decimal(value) + width * Decimal(step) for step in ("-1.01", "-1", "0", "1", "1.01")
        )
        compare(item, [{"value": format(step, "f")} for step in steps])
