"""Small builders of items, versions, pools, blueprints and attempts, and candidates to sit them.

Every builder gives something valid; a test names only what it is about. Nothing here asserts.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from certify.exams.adaptive import AdaptiveExam, NextItem, next_step
from certify.exams.attempt import Attempt
from certify.exams.blueprint import ExamBlueprint
from certify.exams.commands import NewAnswer, Transition
from certify.exams.exposure_plan import ExposurePlan
from certify.exams.form import option_order, target_order
from certify.exams.pool import ItemPool, build_pool
from certify.exams.terms import ExamTerms, PartTerms
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
from question_bank.interactions import parse_response
from question_bank.item import (
    CalibratedParameters,
    Explanation,
    Item,
    ItemStatus,
    ItemType,
    ItemVersion,
    Option,
    ProvisionalDifficulty,
    WrongAnswer,
)
from question_bank.response_processing import score
from question_bank.skills import LEVELS

AT = dt.datetime(2027, 3, 1, 9, 0, tzinfo=dt.UTC)
"""The instant at which everything happens unless a test says otherwise."""
DIMENSIONS = ("e", "S", "T", "O", "R", "M")
NODE_OF = {"e": "18", "S": "01", "T": "T3", "O": "09", "R": "21", "M": "13"}
"""A node with weight on each dimension that is asked at every level."""
CORRELATION = 0.6
LEVEL_CUTS = {"novice": -0.8, "proficient": 0.3, "elite": 1.3}
SHARES = {
    letter: Fraction(percent, 100)
    for letter, percent in zip(DIMENSIONS, (10, 30, 15, 5, 15, 25), strict=True)
}

_TEXTS = ("标题前置核心词", "主图突出产品主体", "详情页列明参数", "关键词贴近买家", "类目选择准确")
_PARTS: Mapping[ItemType, tuple[tuple[Option, ...], AnswerKey | None, Explanation]] = {
    ItemType.SINGLE: (
        tuple(Option(*pair) for pair in zip("abcd", _TEXTS, strict=False)),
        ChoiceKey(frozenset("b")),
        Explanation("主图先要让人看清产品。", "先看主体。", {i: f"说明 {i}" for i in "abcd"}),
    ),
    ItemType.MULTIPLE: (
        tuple(Option(*pair) for pair in zip("abcde", _TEXTS, strict=True)),
        ChoiceKey(frozenset("ace")),
        Explanation("三项都影响曝光。", "逐项核对。", {i: f"说明 {i}" for i in "abcde"}),
    ),
    ItemType.TRUE_FALSE: (
        (Option("true", "正确"), Option("false", "错误")),
        ChoiceKey(frozenset({"false"})),
        Explanation("该说法有误。", "先核对规则。"),
    ),
    ItemType.NUMERIC: (
        (),
        NumericKey(Decimal("12.00"), Decimal("0.005"), 2, "元", "540 / 45000 * 1000"),
        Explanation(
            "540 ÷ 45,000 × 1,000 = 12.00 元。",
            "记得乘以 1,000。",
            wrong_answers=(WrongAnswer(Decimal("0.01"), "漏乘 1,000。"),),
        ),
    ),
    ItemType.FILL_IN: (
        (),
        BlanksKey(
            (
                Blank("1", (AcceptedAnswer("FOB"), AcceptedAnswer("船上交货", Fraction(1, 2)))),
                Blank("2", (AcceptedAnswer("12", tolerance=Decimal("0.5")),)),
            )
        ),
        Explanation("装运港船上交货时风险转移。", "先看交货地点。"),
    ),
    ItemType.ORDER: (
        tuple(Option(*pair) for pair in zip("abcd", _TEXTS, strict=False)),
        OrderKey(tuple("bdac")),
        Explanation("先看主体，再看类目。", "按步骤来。", {i: f"说明 {i}" for i in "abcd"}),
    ),
    ItemType.MATCH: (
        tuple(Option(*pair) for pair in zip("abc", _TEXTS, strict=False)),
        MatchKey(frozenset({("a", "t2"), ("b", "t1"), ("c", "t2")})),
        Explanation("图片归视觉，文字归文案。", "先分工。", {i: f"说明 {i}" for i in "abc"}),
    ),
    ItemType.ESSAY: (
        (),
        EssayKey("先说目标人群，再说卖点。", 500),
        Explanation("按要点给分。", "先列提纲。"),
    ),
    ItemType.COMPOSITE: ((), None, Explanation("见各小题。", "逐题核对。")),
}
_TARGETS = (Option("t1", "视觉设计"), Option("t2", "文案撰写"), Option("t3", "客户服务"))
_STEM = "商品主图首先应当做到哪一点？"
_BLANKS_STEM = "装运港船上交货的术语是 {{1}}，本例运费为 {{2}} 元。"


def make_item(item_id: str = "01-001", item_type: str = "single", **changes: Any) -> Item:
    """A valid item of a type on node 01, level novice."""
    kind = ItemType(item_type)
    options, answer_key, explanation = _PARTS[kind]
    item = Item(
        id=item_id,
        node="01",
        dimension="S",
        level="novice",
        type=kind,
        point="01-N1",
        bloom="apply",
        stem=_BLANKS_STEM if kind is ItemType.FILL_IN else _STEM,
        options=options,
        answer_key=answer_key,
        explanation=explanation,
        source="项目自编（知识点 01-N1）",
        expected_seconds=60,
        difficulty=ProvisionalDifficulty(Decimal("0.70"), "placeholder"),
        targets=_TARGETS if kind is ItemType.MATCH else (),
    )
    return replace(item, **changes)


def make_version(item: Item | None = None, **changes: Any) -> ItemVersion:
    """An operational first version."""
    version = ItemVersion(item or make_item(), 1, ItemStatus.OPERATIONAL, "zhang", AT)
    return replace(version, **changes)


def calibrated(a: float = 1.2, b: float = 0.0, c: float = 0.0) -> CalibratedParameters:
    """Parameters as if estimated from 400 responses."""
    return CalibratedParameters(a, b, c, responses=400)


def make_items(
    per_dimension: int = 30, *, level: str | None = None, calibrate: bool = True
) -> list[Item]:
    """Items of all dimensions, levels in turn unless one is given, difficulties from -2 to 2.

    Single choice and numeric in turn. Slopes differ, so that no two items are equally good.
    """
    items = []
    for number in range(per_dimension):
        b = -2 + 4 * number / max(per_dimension - 1, 1)
        for place, letter in enumerate(DIMENSIONS):
            parameters = calibrated(a=1.0 + 0.05 * place + 0.01 * (number % 7), b=b)
            items.append(
                make_item(
                    f"{NODE_OF[letter]}-{letter}{number:03d}",
                    "numeric" if number % 4 == 3 else "single",
                    node=NODE_OF[letter],
                    dimension=letter,
                    level=level or LEVELS[number % 3],
                    calibration=parameters if calibrate else None,
                )
            )
    return items


def make_pool(items: Sequence[Item] | None = None) -> ItemPool:
    """A pool of the given items, or of 180 calibrated ones."""
    return build_pool(make_items() if items is None else items, DIMENSIONS, LEVEL_CUTS, CORRELATION)


def make_blueprint(**changes: Any) -> ExamBlueprint:
    """An elite exam of 12 to 20 items with the shares of the shipped novice exam."""
    fields: dict[str, Any] = {
        "programme_code": "estorm-comprehensive",
        "programme_version": 1,
        "level": "elite",
        "shares": SHARES,
        "min_items": 12,
        "max_items": 20,
        "limit_seconds": 2700,
        "applied_cut": 0.3,
        "stop_confidence": 0.95,
        "best_of": 3,
    }
    return ExamBlueprint(**{**fields, **changes})


def make_exam(
    pool: ItemPool | None = None, plan: ExposurePlan | None = None, **changes: Any
) -> AdaptiveExam:
    """A blueprint with some numbers changed on a pool, by default of 180 calibrated items."""
    return AdaptiveExam(pool or make_pool(), make_blueprint(**changes), plan)


def make_terms(**changes: Any) -> ExamTerms:
    """One adaptive part of 45 minutes without a window."""
    fields: dict[str, Any] = {
        "programme_code": "estorm-comprehensive",
        "programme_version": 1,
        "level": "elite",
        "release_digest": "0" * 64,
        "seed": "00112233445566778899aabbccddeeff",
        "parts": (PartTerms("theory", 2700),),
    }
    return ExamTerms(**{**fields, **changes})


def begin(*, at: dt.datetime = AT, **changes: Any) -> Transition:
    """An attempt just begun under terms with some parts changed."""
    transition = Transition(Attempt("attempt-1", "candidate-1"), at)
    transition.start(make_terms(**changes))
    return transition


def make_answer(position: int = 1, response: Any = ("b",), **changes: Any) -> NewAnswer:
    """A final answer from a page without a number."""
    new = NewAnswer(
        position=position,
        response=list(response) if isinstance(response, tuple) else response,
        revision=1,
        is_final=True,
        client=0,
        idempotency_key=f"request-{position}",
    )
    return replace(new, **changes)


def right_response(item: Item) -> Any:
    """The raw answer that earns the point (of an essay, what its markers hope for)."""
    match item.answer_key:
        case NumericKey() as key:
            return {"value": str(key.value)}
        case ChoiceKey() as key:
            return sorted(key.correct)
        case BlanksKey() as key:
            return {"blanks": {blank.id: blank.accepted[0].text for blank in key.blanks}}
        case OrderKey() as key:
            return list(key.sequence)
        case MatchKey() as key:
            return {"pairs": dict(key.pairs)}
        case EssayKey() as key:
            return {"text": key.reference}
        case _:
            return {"responses": {}}


def wrong_response(item: Item) -> Any:
    """A well-formed raw answer that earns nothing."""
    match item.answer_key:
        case NumericKey() as key:
            return {"value": str(key.value + 1 + key.tolerance)}
        case ChoiceKey() as key:
            return [next(o.id for o in item.options if {o.id} != key.correct)]
        case BlanksKey() as key:
            return {"blanks": {blank.id: "不清楚" for blank in key.blanks}}
        case OrderKey() as key:
            return list(reversed(key.sequence))
        case MatchKey() as key:
            other = {t.id for t in item.targets}
            return {"pairs": {o: min(other - {t}) for o, t in key.pairs}}
        case EssayKey():
            return {"text": "不清楚"}
        case _:
            return {"responses": {}}


Candidate = Callable[[Item], bool]
"""Whether the candidate answers an item rightly."""


def simulated_candidate(theta: float, pool: ItemPool, seed: int) -> Candidate:
    """Answers at random with the probabilities of the model; the same for the same seed."""
    random = np.random.default_rng(seed)

    def answers_rightly(item: Item) -> bool:
        parameters = pool.parameters.take([pool.index_of[item.id]])
        a, b, c = (float(column[0]) for column in (parameters.a, parameters.b, parameters.c))
        return bool(random.random() < c + (1 - c) / (1 + math.exp(-a * (theta - b))))

    return answers_rightly


def serve(transition: Transition, item: Item, *, is_pretest: bool = False) -> None:
    """One more item a second later, laid out as an exam does."""
    tick(transition)
    seed, position = transition.attempt.started_terms.seed, len(transition.attempt.served) + 1
    transition.serve(
        item.id,
        option_order(item, seed, position),
        target_order(item, seed, position),
        is_pretest=is_pretest,
    )


def answer(transition: Transition, item: Item, is_right: bool) -> None:
    """A final answer to the item served last, a second later."""
    tick(transition)
    raw = right_response(item) if is_right else wrong_response(item)
    correct = int(score(item, parse_response(item, raw)).is_correct)
    transition.answer(make_answer(len(transition.attempt.served), raw), correct)


def tick(transition: Transition, seconds: float = 1) -> None:
    """Time goes by."""
    transition.now += dt.timedelta(seconds=seconds)


def sit(transition: Transition, exam: AdaptiveExam, candidate: Candidate) -> Transition:
    """The attempt of a candidate who answers everything at once, to its end."""
    while isinstance(step := next_step(transition.attempt, exam), NextItem):
        serve(transition, step.item, is_pretest=step.is_pretest)
        answer(transition, step.item, candidate(step.item))
    tick(transition)
    transition.hand_in(step.reason)
    return transition
