"""An item as candidates will meet it, and its key for its author. Reads items, changes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from certify.web.exam_page import ExamItemPage, ItemType, ResponseOption
from certify.web.markdown import render_inline, render_markdown
from question_bank.item import ChoiceKey, Item, NumericKey

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ITEM_TYPES: dict[str, ItemType] = {
    "single": "single",
    "multiple": "multiple",
    "true_false": "true_false",
    "numeric": "numeric",
}


@dataclass(frozen=True, slots=True)
class KeyedOption:
    """One option with what only its author may see."""

    letter: str
    content: Markup
    is_correct: bool
    note: str


@dataclass(frozen=True, slots=True)
class ItemPreview:
    """`task` is what the exam page shows; the rest is for the author alone."""

    item: Item
    task: ExamItemPage
    options: tuple[KeyedOption, ...]
    numeric: NumericKey | None
    explanation: Markup


def preview_of(item: Item) -> ItemPreview:
    """The item in the author's order of options; exams shuffle them for each candidate."""
    correct = item.answer_key.correct if isinstance(item.answer_key, ChoiceKey) else frozenset()
    numeric = item.answer_key if isinstance(item.answer_key, NumericKey) else None
    notes = item.explanation.option_notes
    lettered = list(zip(LETTERS, item.options, strict=False))
    contents = {option.id: render_inline(option.text) for option in item.options}
    return ItemPreview(
        item=item,
        task=ExamItemPage(
            exam_name="",
            attempt_id="",
            position=1,
            item_type=ITEM_TYPES[item.type],
            stem=render_markdown(item.stem),
            remaining_seconds=0,
            revision=0,
            idempotency_key="",
            submit_address="",
            hand_in_address="",
            options=tuple(
                ResponseOption(option.id, letter, contents[option.id])
                for letter, option in lettered
            ),
            unit=numeric.unit if numeric else "",
            decimals=numeric.decimals if numeric else None,
        ),
        options=tuple(
            KeyedOption(letter, contents[option.id], option.id in correct, notes.get(option.id, ""))
            for letter, option in lettered
        ),
        numeric=numeric,
        explanation=render_markdown(item.explanation.text),
    )
