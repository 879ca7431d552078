"""What is shown after an answer in practice: what was given, what is right, and why.

Only for items of practice; the exam never shows any of this.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from certify.services.practising import PracticeFeedback
from certify.web.item_preview import ItemPreview, preview_of
from certify.web.markdown import Pictures
from certify.web.task_rendering import letter_of
from question_bank.answer_key import OrderKey
from question_bank.item import Item


@dataclass(frozen=True, slots=True)
class FeedbackPage:
    """`preview` shows key and notes with the letters of the answered layout; `given` the answer in
    words."""

    item: Item
    is_correct: bool
    box: int
    mistakes: int
    due_at: dt.datetime
    preview: ItemPreview
    stem: Markup
    given: tuple[str, ...]


def feedback_page(feedback: PracticeFeedback, pictures: Pictures | None) -> FeedbackPage:
    """The page of one answer."""
    item = _as_answered(feedback)
    preview = preview_of(item, pictures)
    return FeedbackPage(
        item=item,
        is_correct=feedback.answer.correct,
        box=feedback.answer.box,
        mistakes=feedback.answer.mistakes,
        due_at=feedback.answer.due_at,
        preview=preview,
        stem=preview.task.stem,
        given=tuple(_given(feedback)),
    )


def _as_answered(feedback: PracticeFeedback) -> Item:
    """The item with its options in the order in which they were shown."""
    options = {option.id: option for option in feedback.item.options}
    shown = tuple(options[option_id] for option_id, _text in feedback.view.options)
    return replace(feedback.item, options=shown)


def _given(feedback: PracticeFeedback) -> list[str]:
    """The answer in words: letters with texts, entries in order, pairs, or what was typed."""
    response, view = feedback.answer.response, feedback.view
    options, targets = dict(view.options), dict(view.targets)
    letters = {option_id: letter_of(place) for place, option_id in enumerate(options)}
    if isinstance(response, list):
        if isinstance(feedback.item.answer_key, OrderKey):
            return [f"{place}. {options[one]}" for place, one in enumerate(response, start=1)]
        return [f"{letters[one]} {options[one]}" for one in options if one in response]
    if not isinstance(response, Mapping):
        return []
    if "pairs" in response:
        pairs: Mapping[str, Any] = response["pairs"]
        return [f"{options[one]} → {targets[to]}" for one, to in pairs.items()]
    if "blanks" in response:
        return [str(text) for text in response["blanks"].values()]
    unit = f" {view.unit}" if view.unit else ""
    return [f"{value}{unit}" for value in response.values() if isinstance(value, str)]
