"""Two edits put together: nothing lost, conflicts shown, keys never mixed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from question_bank.answer_key import ChoiceKey
from question_bank.exchange.native import item_from_mapping
from question_bank.item import Explanation, Item, Option
from question_bank.item_fields import fields_of
from question_bank.merging import Merge, Side, merge_items
from question_bank.skills import load_skill_model
from tests.factories import make_item

BASE = make_item()


def read(merge: Merge, **sides: Side) -> Item:
    mapping = merge.chosen({name.replace("__", "."): side for name, side in sides.items()})
    return item_from_mapping(mapping, load_skill_model(), "merged")


def test_changes_of_different_fields_are_both_taken() -> None:
    merge = merge_items(BASE, replace(BASE, stem="我的题干？"), replace(BASE, source="对方的来源"))
    assert merge.conflicts == ()
    assert (merge.from_mine, merge.from_theirs) == (("stem",), ("source",))
    assert read(merge) == replace(BASE, stem="我的题干？", source="对方的来源")


def test_the_same_change_on_both_sides_is_no_conflict() -> None:
    both = replace(BASE, stem="同样的题干？")
    merge = merge_items(BASE, both, both)
    assert (merge.conflicts, merge.from_mine, merge.from_theirs) == ((), (), ())
    assert read(merge) == both


def test_different_changes_of_a_field_are_shown_with_their_base() -> None:
    merge = merge_items(BASE, replace(BASE, stem="我的？"), replace(BASE, stem="对方的？"))
    (conflict,) = merge.conflicts
    assert (conflict.field, conflict.base) == ("stem", BASE.stem)
    assert (conflict.mine, conflict.theirs) == ("我的？", "对方的？")
    for pieces, after in ((conflict.my_pieces, "我的？"), (conflict.their_pieces, "对方的？")):
        assert "".join(piece.text for piece in pieces if piece.kind != "removed") == after
        assert "".join(piece.text for piece in pieces if piece.kind != "added") == BASE.stem
    assert read(merge).stem == "我的？"
    assert read(merge, stem=Side.THEIRS).stem == "对方的？"


def test_different_options_may_be_edited_at_once() -> None:
    def with_text(place: int, text: str) -> Item:
        options = list(BASE.options)
        options[place] = replace(options[place], text=text)
        return replace(BASE, options=tuple(options))

    merge = merge_items(BASE, with_text(0, "甲"), with_text(3, "丁"))
    assert merge.conflicts == ()
    assert [option.text for option in read(merge).options][::3] == ["甲", "丁"]


def test_keys_are_never_mixed() -> None:
    mine, theirs = (replace(BASE, answer_key=ChoiceKey(frozenset(one))) for one in "ac")
    merge = merge_items(BASE, mine, theirs)
    assert [conflict.field for conflict in merge.conflicts] == ["answer"]
    assert read(merge).answer_key == ChoiceKey(frozenset("a"))
    assert read(merge, answer=Side.THEIRS).answer_key == ChoiceKey(frozenset("c"))


def test_an_option_removed_here_and_edited_there_is_a_conflict() -> None:
    notes = {key: note for key, note in BASE.explanation.option_notes.items() if key != "d"}
    explanation = replace(BASE.explanation, option_notes=notes)
    mine = replace(BASE, options=BASE.options[:3], explanation=explanation)
    theirs = replace(BASE, options=(*BASE.options[:3], Option("d", "改过的丁")))
    merge = merge_items(BASE, mine, theirs)
    assert [conflict.field for conflict in merge.conflicts] == ["options.d.text"]
    assert read(merge) == mine


def test_an_option_comes_back_whole_with_the_other_side_s_list() -> None:
    notes = {key: note for key, note in BASE.explanation.option_notes.items() if key != "d"}
    mine = replace(
        BASE,
        options=BASE.options[:3],
        explanation=replace(BASE.explanation, option_notes=notes),
    )
    theirs = replace(
        BASE,
        options=(*BASE.options, Option("e", "戊")),
        explanation=replace(
            BASE.explanation, option_notes={**BASE.explanation.option_notes, "e": "说明 e"}
        ),
    )
    merge = merge_items(BASE, mine, theirs)
    assert [conflict.field for conflict in merge.conflicts] == ["options"]
    assert read(merge, options=Side.THEIRS) == theirs


FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "stem": st.sampled_from(["一？", "二？", BASE.stem]),
    "source": st.sampled_from(["书一", "书二", BASE.source]),
    "explanation": st.sampled_from([BASE.explanation, Explanation("另一种解释。")]),
    "level": st.sampled_from(["novice", "elite"]),
    "answer_key": st.sampled_from([ChoiceKey(frozenset(one)) for one in "abc"]),
    "shuffle": st.booleans(),
}
EDITS = st.fixed_dictionaries({}, optional=FIELDS).map(lambda changes: replace(BASE, **changes))


@given(EDITS)
def test_merging_with_an_untouched_side_gives_the_touched_one(edited: Item) -> None:
    assert read(merge_items(BASE, edited, BASE)) == read(merge_items(BASE, BASE, edited))
    assert read(merge_items(BASE, edited, BASE)) == read(merge_items(edited, edited, edited))


@given(EDITS, EDITS)
def test_nothing_that_anybody_wrote_is_lost(mine: Item, theirs: Item) -> None:
    merge = merge_items(BASE, mine, theirs)
    shown = {c.field: (c.mine, c.theirs) for c in merge.conflicts}
    base = fields_of(BASE)
    for place, side in enumerate((mine, theirs)):
        fields = fields_of(side)
        for name in {*fields, *base}:
            if fields.get(name) != base.get(name):
                kept = merge.fields.get(name) == fields.get(name)
                assert kept or shown[name][place] == fields.get(name)
