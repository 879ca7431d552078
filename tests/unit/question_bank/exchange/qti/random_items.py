"""Strategies: items of every type under every scoring rule, and raw responses to them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from question_bank.answer_key import (
    AcceptedAnswer,
    Blank,
    BlanksKey,
    ChoiceKey,
    EssayKey,
    MatchKey,
    NumericKey,
    OrderKey,
)
from question_bank.exchange.drafts import draft_item
from question_bank.item import Explanation, Item, ItemType, Option, WrongAnswer
from question_bank.scoring import Scoring, ScoringRule

POINTS = st.sampled_from(
    [Fraction(1), Fraction(2), Fraction(5, 2), Fraction(10, 3), Fraction(1, 7)]
)
LOWER = st.sampled_from([Fraction(0), None, Fraction(-1, 2)])
UPPER = st.sampled_from([None, Fraction(1, 8)])
COUNTED = (ScoringRule.ALL_OR_NOTHING, ScoringRule.PARTIAL, ScoringRule.PER_OPTION)
SHARES = st.fractions(min_value=-2, max_value=2, max_denominator=12)
WORDS = ("FOB", "提单", "bill of lading", "1200", "0.5", "ﬁne", "Café", "-3", "CIF 上海")
TYPED = (
    *WORDS,
    *("ＦＯＢ", "fob", " 提 单 ", "Bill  of lading", "billoflading", "1,200", "1200.0", "１２００"),
    *(".50", "fine", "cafe\u0301", "−3", "cif上海", "", "  ", "none", "12", "01200", "12.00,0"),
)
NOTED = Explanation("因为 **对**。", "记住。", {"a": "错。", "b": "对。"})


def _scored(draw: Any, rules: tuple[ScoringRule, ...], keys: list[str]) -> Scoring:
    rule = draw(st.sampled_from(rules))
    mapped = rule is ScoringRule.MAPPED
    return Scoring(
        rule,
        draw(POINTS),
        draw(st.dictionaries(st.sampled_from(keys), SHARES)) if mapped else {},
        draw(LOWER),
        draw(UPPER),
    )


def _options(count: int, prefix: str = "") -> tuple[Option, ...]:
    return tuple(Option(f"{prefix}{'abcdef'[place]}", f"选项 {place}") for place in range(count))


@st.composite
def choices(draw: Any) -> tuple[Item, Any]:
    """A choice and what was chosen."""
    kind = draw(st.sampled_from([ItemType.SINGLE, ItemType.MULTIPLE, ItemType.TRUE_FALSE]))
    options = _options(draw(st.integers(2, 5)))
    if kind is ItemType.TRUE_FALSE:
        options = (Option("true", "正确"), Option("false", "错误"))
    ids = [option.id for option in options]
    most = len(ids) if kind is ItemType.MULTIPLE else 1
    correct = draw(st.sets(st.sampled_from(ids), min_size=1, max_size=most))
    chosen = draw(st.lists(st.sampled_from(ids), unique=True, max_size=most))
    item = draft_item(
        "q-1",
        kind,
        "哪些对？",
        options=options,
        answer_key=ChoiceKey(frozenset(correct)),
        scoring=_scored(draw, (*COUNTED, ScoringRule.MAPPED), ids),
        explanation=draw(st.sampled_from([Explanation(""), NOTED])),
    )
    return item, chosen


@st.composite
def numbers(draw: Any) -> tuple[Item, Any]:
    """A numeric item and what was typed."""
    value = draw(st.decimals(-1000, 1000, places=2))
    key = NumericKey(
        value,
        draw(st.sampled_from([Decimal(0), Decimal("0.05"), Decimal("0.5")])),
        2,
        "元",
        relative=draw(st.booleans()),
    )
    typed = draw(st.sampled_from([value, value + Decimal("0.05"), value * 2, Decimal(7)]))
    item = draft_item(
        "q-2",
        ItemType.NUMERIC,
        "多少？",
        answer_key=key,
        scoring=_scored(draw, (ScoringRule.ALL_OR_NOTHING,), []),
        explanation=Explanation("算。", wrong_answers=(WrongAnswer(Decimal(7), "忘了除以二。"),)),
    )
    return item, {"value": format(typed, "f")}


@st.composite
def blanks(draw: Any) -> tuple[Item, Any]:
    """A fill-in item and what was typed."""
    ids = ["1", "2", "港口"][: draw(st.integers(1, 3))]
    held = []
    for blank in ids:
        words = draw(st.lists(st.sampled_from(WORDS), unique=True, min_size=1, max_size=3))
        shares = [
            Fraction(1),
            *(draw(st.sampled_from([Fraction(1), Fraction(1, 3)])) for _ in words),
        ]
        accepted = [AcceptedAnswer(word, share) for word, share in zip(words, shares, strict=False)]
        held.append(Blank(blank, tuple(accepted), draw(st.booleans())))
    if draw(st.booleans()):
        held[0] = Blank(ids[0], (AcceptedAnswer("12.5", Fraction(1), Decimal("0.5")),))
    texts = draw(st.fixed_dictionaries({blank: st.sampled_from(TYPED) for blank in ids}))
    item = draft_item(
        "q-3",
        ItemType.FILL_IN,
        " ".join(f"填 {{{{{blank}}}}}" for blank in ids),
        answer_key=BlanksKey(tuple(held)),
        scoring=_scored(draw, (*COUNTED, ScoringRule.MAPPED), ids),
    )
    return item, {"blanks": texts}


@st.composite
def orders(draw: Any) -> tuple[Item, Any]:
    """An order and the order given."""
    options = _options(draw(st.integers(2, 5)))
    ids = [option.id for option in options]
    item = draft_item(
        "q-4",
        ItemType.ORDER,
        "排序。",
        options=options,
        answer_key=OrderKey(tuple(draw(st.permutations(ids)))),
        scoring=_scored(draw, (*COUNTED, ScoringRule.PRECEDENCE), ids),
    )
    return item, draw(st.one_of(st.permutations(ids), st.just([])))


@st.composite
def matches(draw: Any) -> tuple[Item, Any]:
    """A match and the pairs given."""
    options, targets = _options(draw(st.integers(2, 4))), _options(3, "t")
    ids, target_ids = [o.id for o in options], [t.id for t in targets]
    pairs = frozenset((each, draw(st.sampled_from(target_ids))) for each in ids)
    given = draw(st.dictionaries(st.sampled_from(ids), st.sampled_from(target_ids)))
    listed = [f"{option} {target}" for option in ids for target in target_ids]
    item = draft_item(
        "q-5",
        ItemType.MATCH,
        "配对。",
        options=options,
        targets=targets,
        answer_key=MatchKey(pairs),
        scoring=_scored(draw, (*COUNTED, ScoringRule.MAPPED), listed),
    )
    return item, {"pairs": given}


ESSAY = draft_item(
    "q-6", ItemType.ESSAY, "写一封询盘回复。", answer_key=EssayKey("要点：价格、交期。", 400)
)
ANSWERED = st.one_of(choices(), numbers(), blanks(), orders(), matches())


def as_responses(item: Item, raw: Any) -> dict[str, Any]:
    """A raw response of ours by the identifiers of the item's file."""
    if item.type is ItemType.NUMERIC:
        return {"RESPONSE": raw["value"]}
    if item.type is ItemType.MATCH:
        return {"RESPONSE": [f"{option} {target}" for option, target in raw["pairs"].items()]}
    if isinstance(item.answer_key, BlanksKey):
        ids = [blank.id for blank in item.answer_key.blanks]
        if len(ids) == 1:
            return {"RESPONSE": raw["blanks"].get(ids[0])}
        return {f"RESPONSE_{at}": raw["blanks"].get(each) for at, each in enumerate(ids, start=1)}
    single = item.type in (ItemType.SINGLE, ItemType.TRUE_FALSE)
    return {"RESPONSE": (raw[0] if raw else None) if single else raw}
