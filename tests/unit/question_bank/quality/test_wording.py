"""Each forbidden form of wording is told once, and plain wording is not."""

import pytest

from question_bank.answer_key import ChoiceKey
from question_bank.item import Item, Option
from question_bank.quality.wording import audit_wording
from tests.factories import make_item


def codes(item: Item) -> list[str]:
    return [found.template.split("(")[0].strip() for found in audit_wording([item]) if found.item]


def with_options(*texts: str, right: str = "a", stem: str = "哪一项最恰当？") -> Item:
    options = tuple(Option(letter, text) for letter, text in zip("abcd", texts, strict=True))
    return make_item(options=options, answer_key=ChoiceKey(frozenset(right)), stem=stem)


def test_plain_wording_passes() -> None:
    assert codes(make_item()) == []


@pytest.mark.parametrize(
    ("stem", "code"),
    [
        ("下列做法中，不符合规则的是哪一项？", "negative word without emphasis"),
        ("下列说法中，并非不正确的是哪一项？", "double negative in the stem"),
        ("点击率由２％升到３％，上升了多少？", "full-width digits or letters"),
        ('卖家写了"包邮"，这是什么？', "straight quotation marks; write “ ”"),
    ],
)
def test_wording_of_a_stem(stem: str, code: str) -> None:
    assert code in codes(make_item(stem=stem))


@pytest.mark.parametrize(
    "stem",
    [
        "下列做法中，**不符合**规则的是哪一项？",
        "买家说“质量不符合要求”，客服最先做什么？",
        "包装不合适，哪一步最先做？",
    ],
)
def test_a_marked_quoted_or_told_negative_passes(stem: str) -> None:
    assert codes(make_item(stem=stem)) == []


def test_absolute_words_in_a_statement() -> None:
    item = make_item(item_type="true_false", stem="点击率上升，询盘数一定上升。")
    assert codes(item) == ["absolute word in a true/false statement"]


def test_absolute_words_in_distractors_alone() -> None:
    item = with_options("先核对规格", "一定先降价", "永远不回复", "先看样品")
    assert codes(item) == ["absolute words only in distractors"]


def test_a_hedge_in_the_key_alone() -> None:
    item = with_options("通常先核对规格", "先降价促销", "先换供应商", "先看样品")
    assert codes(item) == ["a hedging word only in the key"]


def test_words_of_the_stem_in_the_key_alone() -> None:
    item = with_options(
        "核对报关单据", "先降价促销", "先换供应商", "先看看样品", stem="报关单据有误，先做什么？"
    )
    assert any("of the stem stands only in the key" in code for code in codes(item))


def test_numbers_out_of_order_and_mixed_kinds() -> None:
    assert codes(with_options("30 元", "20 元", "40 元", "50 元")) == [
        "numeric options are not in ascending order; order them"
    ]
    assert codes(with_options("20 元", "30 元", "40 元", "无法计算")) == [
        "{numbers} of {options} options are numbers; give options of one kind"
    ]


def test_full_stops_on_some_options() -> None:
    item = with_options("先核对规格。", "先降价促销", "先换供应商", "先看看样品")
    assert len(codes(item)) == 1
