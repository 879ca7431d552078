"""Items of every native type, whole and small, and strategies for any of them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from question_bank.answer_key import (
    AcceptedAnswer,
    AnswerKey,
    Blank,
    BlanksKey,
    ChoiceKey,
    EssayKey,
    MatchKey,
    NumericKey,
    OrderKey,
)
from question_bank.exchange.drafts import settled
from question_bank.item import Explanation, Item, ItemType, Option, Stimulus
from question_bank.scoring import Scoring, ScoringRule
from tests.factories import make_item

BASE = make_item()
OPTIONS = tuple(Option(*pair) for pair in zip("abc", ("询盘", "报价", "签约"), strict=True))
TARGETS = (Option("t1", "第一步"), Option("t2", "第二步"), Option("t3", "第三步"))
STIMULUS = Stimulus("01-S1", "折叠椅", "甲公司的数据：\n\n| 国家 | 关税 |\n|---|---|\n| P | 6% |")


def item_of(item_id: str, item_type: ItemType, **changes: Any) -> Item:
    """A whole item of a type, from parts that fit it."""
    plain = replace(
        BASE, id=item_id, type=item_type, options=(), explanation=Explanation("说明。", "先看。")
    )
    return settled(replace(plain, **changes))


def one_of_each() -> list[Item]:
    """One item of every type that our own key can say."""
    blanks = BlanksKey((Blank("1", (AcceptedAnswer("FOB"), AcceptedAnswer("离岸价"))),))
    return [
        settled(make_item("01-001", "single")),
        settled(make_item("01-002", "multiple")),
        settled(make_item("01-003", "true_false")),
        settled(make_item("01-004", "numeric")),
        item_of("01-005", ItemType.FILL_IN, stem="卖方只管到{{1}}。", answer_key=blanks),
        item_of("01-006", ItemType.ORDER, options=OPTIONS, answer_key=OrderKey(("a", "b", "c"))),
        item_of(
            "01-007",
            ItemType.MATCH,
            options=OPTIONS,
            targets=TARGETS,
            answer_key=MatchKey(frozenset({("a", "t1"), ("b", "t2"), ("c", "t3")})),
        ),
        item_of("01-008", ItemType.ESSAY, answer_key=EssayKey("要点一", 300)),
    ]


TEXTS = st.text(
    st.sampled_from("甲乙，。（）aB1 .*_`[]<>!-+#~=|\\{}:;%&$@?\"'/^\n")
    | st.characters(exclude_categories=("C", "Z")),
    min_size=1,
    max_size=20,
).map(lambda text: "\n".join(part.strip() for part in text.split("\n")).strip() or "甲")
LABELS = TEXTS.map(lambda text: " ".join(text.split()) or "乙")
"""Texts of one line."""
POINTS = st.sampled_from([Fraction(1), Fraction(2), Fraction(1, 2), Fraction(5, 3)])
NUMBERS = st.decimals(-(10**6), 10**6, places=2)
RULES_OF_MANY = (ScoringRule.ALL_OR_NOTHING, ScoringRule.PARTIAL, ScoringRule.PER_OPTION)


@st.composite
def items(draw: st.DrawFn, types: tuple[ItemType, ...] = tuple(ItemType)) -> Item:
    """Any item of the types, settled, with texts full of marks."""
    item_type = draw(st.sampled_from([kind for kind in types if kind is not ItemType.COMPOSITE]))
    parts = draw(_PARTS[item_type])
    rule = draw(st.sampled_from(_RULES.get(item_type, (ScoringRule.ALL_OR_NOTHING,))))
    notes = {option.id: draw(st.just("") | TEXTS) for option in parts.get("options", ())}
    item = replace(
        BASE,
        id=draw(st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True)),
        type=item_type,
        **{"stem": draw(TEXTS), "options": (), **parts},
        scoring=Scoring(rule, draw(POINTS)),
        explanation=Explanation(draw(st.just("") | TEXTS), draw(st.just("") | LABELS), notes),
    )
    return settled(item)


@st.composite
def option_lists(draw: st.DrawFn, fewest: int = 2) -> tuple[Option, ...]:
    texts = draw(st.lists(LABELS, min_size=fewest, max_size=6, unique=True))
    return tuple(Option(name, text) for name, text in zip("abcdef", texts, strict=False))


@st.composite
def _choices(draw: st.DrawFn, fewest: int, most: int) -> dict[str, Any]:
    options = draw(option_lists(max(2, fewest)))
    ids = [option.id for option in options]
    chosen = draw(st.sets(st.sampled_from(ids), min_size=fewest, max_size=min(most, len(ids))))
    correct = frozenset(list(chosen)[:most])
    return {"options": options, "answer_key": ChoiceKey(correct)}


@st.composite
def _orders(draw: st.DrawFn) -> dict[str, Any]:
    options = draw(option_lists())
    sequence = draw(st.permutations([option.id for option in options]))
    return {"options": options, "answer_key": OrderKey(tuple(sequence))}


@st.composite
def _matches(draw: st.DrawFn) -> dict[str, Any]:
    options, texts = draw(option_lists()), draw(option_lists())
    targets = tuple(Option(f"t{n}", text.text) for n, text in enumerate(texts, start=1))
    ids = st.sampled_from([target.id for target in targets])
    pairs = frozenset((option.id, draw(ids)) for option in options)
    return {"options": options, "targets": targets, "answer_key": MatchKey(pairs)}


@st.composite
def _blanks(draw: st.DrawFn) -> dict[str, Any]:
    count = draw(st.integers(1, 3))
    words = st.text("甲乙aB1-.", min_size=1, max_size=6)
    answers = st.builds(AcceptedAnswer, words)
    blanks = tuple(
        Blank(
            str(number),
            tuple(draw(st.lists(answers, min_size=1, max_size=3, unique_by=lambda a: a.text))),
            draw(st.booleans()),
        )
        for number in range(1, count + 1)
    )
    stem = "甲" + "，".join(f"{{{{{blank.id}}}}}" for blank in blanks) + "。"
    return {"stem": stem, "answer_key": BlanksKey(blanks)}


def _truth(value: bool) -> dict[str, Any]:
    options = (Option("true", "正确"), Option("false", "错误"))
    return {"options": options, "answer_key": ChoiceKey(frozenset({str(value).lower()}))}


def _number(value: Decimal, tolerance: Decimal, unit: str) -> dict[str, Any]:
    return {"answer_key": NumericKey(value, tolerance, 2, unit)}


def _essay(reference: str, most: int) -> dict[str, Any]:
    key: AnswerKey = EssayKey(reference, most)
    return {"answer_key": key}


_PARTS: dict[ItemType, st.SearchStrategy[dict[str, Any]]] = {
    ItemType.SINGLE: _choices(fewest=1, most=1),
    ItemType.MULTIPLE: _choices(fewest=2, most=4),
    ItemType.TRUE_FALSE: st.booleans().map(_truth),
    ItemType.NUMERIC: st.builds(
        _number,
        NUMBERS,
        st.sampled_from([Decimal(0), Decimal("0.005"), Decimal(3)]),
        st.sampled_from(["", "元"]),
    ),
    ItemType.FILL_IN: _blanks(),
    ItemType.ORDER: _orders(),
    ItemType.MATCH: _matches(),
    ItemType.ESSAY: st.builds(_essay, st.just("") | TEXTS, st.integers(0, 999)),
}
_RULES: dict[ItemType, tuple[ScoringRule, ...]] = {
    ItemType.MULTIPLE: RULES_OF_MANY,
    ItemType.FILL_IN: RULES_OF_MANY,
    ItemType.MATCH: RULES_OF_MANY,
    ItemType.ORDER: (*RULES_OF_MANY, ScoringRule.PRECEDENCE),
}
