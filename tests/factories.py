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

from certify.exams.adaptive import NextItem, next_step
from certify.exams.attempt import AttemptRecord, RecordedResponse, ServedItem
from certify.exams.blueprint import ExamBlueprint
from certify.exams.form import option_order
from certify.exams.pool import ItemPool, build_pool
from question_bank.item import (
    AnswerKey,
    CalibratedParameters,
    ChoiceKey,
    Explanation,
    Item,
    ItemStatus,
    ItemType,
    ItemVersion,
    NumericKey,
    Option,
    ProvisionalDifficulty,
    WrongAnswer,
)
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
_PARTS: Mapping[ItemType, tuple[tuple[Option, ...], AnswerKey, Explanation]] = {
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
}


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
        stem="商品主图首先应当做到哪一点？",
        options=options,
        answer_key=answer_key,
        explanation=explanation,
        source="项目自编（知识点 01-N1）",
        expected_seconds=60,
        difficulty=ProvisionalDifficulty(Decimal("0.70"), "placeholder"),
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


def make_attempt(**changes: Any) -> AttemptRecord:
    """An attempt just begun, with 45 minutes."""
    fields: dict[str, Any] = {
        "id": "attempt-1",
        "candidate_id": "candidate-1",
        "programme_code": "estorm-comprehensive",
        "programme_version": 1,
        "level": "elite",
        "release_digest": "0" * 64,
        "seed": "00112233445566778899aabbccddeeff",
        "started_at": AT,
        "deadline_at": AT + dt.timedelta(minutes=45),
    }
    return AttemptRecord(**{**fields, **changes})


def make_response(position: int = 1, response: Any = ("b",), **changes: Any) -> RecordedResponse:
    """A final answer received a minute after the start."""
    received = RecordedResponse(
        position=position,
        response=list(response) if isinstance(response, tuple) else response,
        is_final=True,
        revision=1,
        idempotency_key=f"request-{position}",
        received_at=AT + dt.timedelta(minutes=1),
    )
    return replace(received, **changes)


def right_response(item: Item) -> Any:
    """The raw answer that earns the point."""
    if isinstance(item.answer_key, NumericKey):
        return {"value": str(item.answer_key.value)}
    assert item.answer_key is not None
    return sorted(item.answer_key.correct)


def wrong_response(item: Item) -> Any:
    """A well-formed raw answer that earns nothing."""
    if isinstance(item.answer_key, NumericKey):
        return {"value": str(item.answer_key.value + 1 + item.answer_key.tolerance)}
    assert item.answer_key is not None
    return [next(o.id for o in item.options if {o.id} != item.answer_key.correct)]


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


def serve(record: AttemptRecord, item: Item) -> AttemptRecord:
    """The record with one more item, its options laid out as an exam does."""
    position = len(record.served) + 1
    at = record.started_at + dt.timedelta(seconds=position)
    served = ServedItem(position, item.id, option_order(item, record.seed, position), at)
    return replace(record, served=(*record.served, served))


def answer(record: AttemptRecord, item: Item, is_right: bool) -> AttemptRecord:
    """The record with a final answer to the item served last."""
    raw = right_response(item) if is_right else wrong_response(item)
    position = len(record.served)
    at = record.started_at + dt.timedelta(seconds=position + 1)
    received = make_response(position, raw, received_at=at)
    return replace(record, responses=(*record.responses, received))


def sit(
    record: AttemptRecord, pool: ItemPool, blueprint: ExamBlueprint, candidate: Candidate
) -> AttemptRecord:
    """The finished attempt of a candidate who answers everything at once."""
    while isinstance(step := next_step(record, pool, blueprint), NextItem):
        record = answer(serve(record, step.item), step.item, candidate(step.item))
    last = record.served[-1].served_at if record.served else record.started_at
    return replace(record, ended_at=last + dt.timedelta(seconds=1), end_reason=step.reason)
