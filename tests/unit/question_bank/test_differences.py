"""Differences of items: fields, and texts word by word."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from question_bank.answer_key import ChoiceKey
from question_bank.differences import PieceKind, compare_items, compare_texts
from question_bank.item import Option, Stimulus
from tests.factories import make_item

SAME, REMOVED, ADDED = PieceKind.SAME, PieceKind.REMOVED, PieceKind.ADDED


def test_equal_items_do_not_differ() -> None:
    assert compare_items(make_item(), make_item()) == ()


def test_a_changed_stem_is_told_sign_by_sign() -> None:
    (difference,) = compare_items(
        make_item(stem="点击率是什么？"), make_item(stem="转化率是什么？")
    )
    assert difference.field == "stem"
    assert [(piece.kind, piece.text) for piece in difference.pieces] == [
        (REMOVED, "点击"),
        (ADDED, "转化"),
        (SAME, "率是什么？"),
    ]


def test_numbers_and_latin_words_stay_whole() -> None:
    pieces = compare_texts("CTR 为 2.50%", "ROI 为 2.75%")
    assert [piece.text for piece in pieces if piece.kind is ADDED] == ["ROI", "2.75%"]


def test_one_changed_option_is_one_difference() -> None:
    item = make_item()
    options = (replace(item.options[0], text="新的说法"), *item.options[1:])
    (difference,) = compare_items(item, replace(item, options=options))
    assert difference.field == "options.a.text"


def test_an_option_that_came_has_nothing_before() -> None:
    item = make_item()
    grown = replace(item, options=(*item.options, Option("e", "第五项")))
    fields = {one.field: one for one in compare_items(item, grown)}
    assert fields["options.e.text"].before is None
    assert fields["options.e.text"].after == "第五项"
    assert fields["options"].after == ["a", "b", "c", "d", "e"]
    assert not fields["options"].pieces


def test_a_new_key_is_one_difference() -> None:
    item = make_item()
    (difference,) = compare_items(item, replace(item, answer_key=ChoiceKey(frozenset("c"))))
    assert (difference.field, difference.before, difference.after) == ("answer", ["b"], ["c"])


def test_a_stimulus_that_came_is_told_by_its_parts() -> None:
    after = make_item(stimulus=Stimulus("c1", "案例", "某店铺……"))
    assert [d.field for d in compare_items(make_item(), after)] == [
        "stimulus.id",
        "stimulus.title",
        "stimulus.text",
    ]


TEXTS = st.text(alphabet="点击率转化 \nCTR0.5%，。", max_size=60)


@given(TEXTS, TEXTS)
def test_pieces_give_both_texts_back(before: str, after: str) -> None:
    pieces = compare_texts(before, after)
    assert "".join(p.text for p in pieces if p.kind is not ADDED) == before
    assert "".join(p.text for p in pieces if p.kind is not REMOVED) == after


def test_a_very_long_text_is_compared_by_lines() -> None:
    lines = [f"第{number}行，内容很多。\n" for number in range(600)]
    changed = [*lines[:300], "换掉的一行\n", *lines[301:]]
    pieces = compare_texts("".join(lines), "".join(changed))
    assert [p.text for p in pieces if p.kind is ADDED] == ["换掉的一行\n"]
