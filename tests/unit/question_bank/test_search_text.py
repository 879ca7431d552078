"""What of an item can be searched."""

from __future__ import annotations

from question_bank.answer_key import AcceptedAnswer, Blank, BlanksKey
from question_bank.item import ItemType, Stimulus
from question_bank.search_text import search_text
from tests.factories import make_item


def test_options_notes_and_explanation_are_searched() -> None:
    item = make_item()
    text = search_text(item)
    for part in (item.options[0].text, item.explanation.text, "说明 c", item.point, item.source):
        assert part in text
    assert item.stem not in text


def test_case_and_accepted_answers_are_searched() -> None:
    item = make_item(
        type=ItemType.FILL_IN,
        options=(),
        answer_key=BlanksKey((Blank("1", (AcceptedAnswer("转化漏斗"),)),)),
        stimulus=Stimulus("c1", "某店铺", "三月的数据如下。"),
    )
    for part in ("转化漏斗", "某店铺", "三月的数据"):
        assert part in search_text(item)
