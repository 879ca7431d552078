"""An item as candidates will meet it, and its key for its author. Reads items, changes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from certify.services.showing import view_item
from certify.web.exam_page import ExamTask
from certify.web.markdown import Pictures, render_inline, render_markdown
from certify.web.task_rendering import letter_of, render_task
from question_bank.answer_key import (
    Blank,
    BlanksKey,
    ChoiceKey,
    EssayKey,
    MatchKey,
    NumericKey,
    OrderKey,
)
from question_bank.item import Item


@dataclass(frozen=True, slots=True)
class KeyedOption:
    """One option with what only its author may see; `partner` is the target that belongs to it."""

    letter: str
    content: Markup
    is_correct: bool
    note: str
    partner: Markup | None = None


@dataclass(frozen=True, slots=True)
class ItemPreview:
    """`task` is what the exam page shows; the rest is for the author alone.

    `options` stand in the author's order, of an ordering item in the right one.
    """

    item: Item
    task: ExamTask
    options: tuple[KeyedOption, ...]
    numeric: NumericKey | None
    blanks: tuple[Blank, ...]
    essay: EssayKey | None
    explanation: Markup


def preview_of(item: Item, pictures: Pictures | None = None) -> ItemPreview:
    """The item in the author's order of options; exams shuffle them for each candidate.

    An ordering item is shown from back to front of its key, as exams do not show the key either.
    """
    key = item.answer_key
    order = tuple(reversed(key.sequence)) if isinstance(key, OrderKey) else None
    return ItemPreview(
        item=item,
        task=render_task(view_item(item, option_order=order), None, pictures),
        options=_keyed_options(item, pictures),
        numeric=key if isinstance(key, NumericKey) else None,
        blanks=key.blanks if isinstance(key, BlanksKey) else (),
        essay=key if isinstance(key, EssayKey) else None,
        explanation=render_markdown(item.explanation.text, pictures),
    )


def _keyed_options(item: Item, pictures: Pictures | None) -> tuple[KeyedOption, ...]:
    key, options = item.answer_key, list(item.options)
    correct = key.correct if isinstance(key, ChoiceKey) else frozenset()
    partners = dict(key.pairs) if isinstance(key, MatchKey) else {}
    if isinstance(key, OrderKey):
        options.sort(key=lambda o: key.sequence.index(o.id) if o.id in key.sequence else -1)
    targets = {target.id: render_inline(target.text, pictures) for target in item.targets}
    return tuple(
        KeyedOption(
            letter=str(place + 1) if isinstance(key, OrderKey) else letter_of(place),
            content=render_inline(option.text, pictures),
            is_correct=option.id in correct,
            note=item.explanation.option_notes.get(option.id, ""),
            partner=targets.get(partners.get(option.id, "")),
        )
        for place, option in enumerate(options)
    )
