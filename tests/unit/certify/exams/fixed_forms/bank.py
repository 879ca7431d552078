"""A small bank of every section, made from numbers, for papers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import count

from certify.exams.fixed_forms.blueprint import (
    Attribute,
    BlockRule,
    CountRule,
    FormBlueprint,
)
from certify.exams.fixed_forms.measuring import MeasuringBank
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
from question_bank.item import (
    Explanation,
    Item,
    ItemStatus,
    ItemType,
    ItemVersion,
    Option,
    ProvisionalDifficulty,
    Stimulus,
)

DIMENSIONS = tuple("eSTORM")
SCALE = MeasuringBank(DIMENSIONS, {"novice": -0.8, "proficient": 0.3, "elite": 1.3}, 0.6)
MADE_AT = dt.datetime(2027, 3, 1, tzinfo=dt.UTC)
BLOOM = ("remember", "understand", "apply")
DIFFICULTIES = ("0.85", "0.60", "0.40")

_KEYS: dict[ItemType, tuple[int, AnswerKey]] = {
    ItemType.SINGLE: (4, ChoiceKey(frozenset("b"))),
    ItemType.MULTIPLE: (5, ChoiceKey(frozenset("acd"))),
    ItemType.TRUE_FALSE: (0, ChoiceKey(frozenset({"true"}))),
    ItemType.NUMERIC: (0, NumericKey(Decimal("9.75"), Decimal("0.01"), 2, "元")),
    ItemType.FILL_IN: (
        0,
        BlanksKey(
            (
                Blank("1", (AcceptedAnswer("FOB"), AcceptedAnswer("离岸价"))),
                Blank("2", (AcceptedAnswer("1,200", tolerance=Decimal(5)),)),
            )
        ),
    ),
    ItemType.ORDER: (4, OrderKey(("c", "a", "d", "b"))),
    ItemType.MATCH: (3, MatchKey(frozenset({("a", "t2"), ("b", "t1"), ("c", "t3")}))),
    ItemType.ESSAY: (0, EssayKey("要点：先核对单据。")),
}


def make_item(
    kind: ItemType, number: int, *, stimulus: Stimulus | None = None, **more: object
) -> Item:
    """An item whose tags follow from its number."""
    n_options, key = _KEYS[kind]
    options = tuple(Option(letter, f"选项内容{letter}") for letter in "abcdefgh"[:n_options])
    if kind is ItemType.TRUE_FALSE:
        options = (Option("true", "正确"), Option("false", "错误"))
        key = ChoiceKey(frozenset({"true" if number % 2 else "false"}))
    values: dict[str, object] = {
        "id": f"{kind.value}-{number:03d}" if stimulus is None else f"{stimulus.id}-{number}",
        "node": f"{number % 4 + 1:02d}",
        "dimension": DIMENSIONS[number % 6],
        "level": "novice",
        "type": kind,
        "point": "",
        "bloom": BLOOM[number % 3],
        "stem": f"第{number}道题的题干，问的是哪一项？"
        + ("术语是{{1}}，金额是{{2}}元。" if kind is ItemType.FILL_IN else ""),
        "options": options,
        "answer_key": key,
        "explanation": Explanation("因为如此。", option_notes={o.id: "不对。" for o in options}),
        "source": "",
        "expected_seconds": 40,
        # above chance, which of true and false is a half
        "difficulty": ProvisionalDifficulty(
            Decimal(DIFFICULTIES[number % (2 if kind is ItemType.TRUE_FALSE else 3)]), "placeholder"
        ),
        "stimulus": stimulus,
    }
    if kind is ItemType.MATCH:
        values["targets"] = tuple(Option(f"t{n}", f"对象{n}") for n in range(1, 5))
    return Item(**{**values, **more})  # type: ignore[arg-type]


def as_version(item: Item, status: ItemStatus = ItemStatus.OPERATIONAL) -> ItemVersion:
    return ItemVersion(item, 1, status, "teacher", MADE_AT)


def make_bank(
    counts: dict[ItemType, int] | None = None, *, blocks: int = 3, block_items: int = 3
) -> tuple[ItemVersion, ...]:
    """So many items of each type on their own, and blocks of single-choice items."""
    wanted = (
        {}
        if counts is not None
        else {
            ItemType.SINGLE: 40,
            ItemType.MULTIPLE: 12,
            ItemType.TRUE_FALSE: 12,
            ItemType.NUMERIC: 6,
            ItemType.FILL_IN: 4,
            ItemType.ORDER: 4,
            ItemType.MATCH: 4,
            ItemType.ESSAY: 2,
        }
    )
    wanted |= counts or {}
    items = [make_item(kind, n) for kind, total in wanted.items() for n in range(total)]
    numbers = count(1)
    for at in range(blocks):
        table = "| 版本 | 访客 |\n|---|---|\n| 甲 | 4,000 |"
        stimulus = Stimulus(f"S{at}", f"案例{at}", f"甲公司的数据如下。\n\n{table}")
        items += [
            make_item(ItemType.SINGLE, next(numbers), stimulus=stimulus) for _ in range(block_items)
        ]
    return tuple(map(as_version, items))


def make_blueprint(**changes: object) -> FormBlueprint:
    """A paper of 24 items of every section that the bank can give."""
    values: dict[str, object] = {
        "title": "期中测验",
        "level": "novice",
        "levels": ("novice",),
        "length": 24,
        "minutes": 60,
        "points": {
            section: Fraction(worth)
            for section, worth in {
                "single": "1",
                "multiple": "2",
                "true_false": "1",
                "numeric": "3",
                "fill_in": "2",
                "order": "2",
                "match": "2",
                "block": "5",
            }.items()
        },
        "rules": counts_of(
            single=10, multiple=4, true_false=3, numeric=1, fill_in=1, order=1, match=1, block=3
        ),
        "blocks": BlockRule(1, 1, 3, 3),
    }
    return FormBlueprint(**{**values, **changes})  # type: ignore[arg-type]


def counts_of(**sections: int) -> tuple[CountRule, ...]:
    return tuple(CountRule(Attribute.SECTION, name, n, n) for name, n in sections.items())


def in_order(versions: Sequence[ItemVersion], ids: Sequence[str]) -> list[Item]:
    by_id = {version.item.id: version.item for version in versions}
    return [by_id[item_id] for item_id in ids]
