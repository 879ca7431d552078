"""What the form of an item says: from texts to the mapping that the item bank stores.

Every field that cannot be read is told by name, and a stand-in keeps the preview going. Whether
the item is good is `services.banking.check_item`'s to say.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from typing import Any

from flask_babel import gettext

from certify.web.answer_reading import Errors, read_answer
from certify.web.item_form import NEW_STIMULUS, USUAL_SECONDS, ItemForm
from certify.web.item_words import PLACEHOLDER
from certify.web.typed_numbers import read_decimal, read_whole
from question_bank.item import ItemType
from question_bank.skills import SkillNode

__all__ = ["Errors", "read_form"]

LONGEST_TEXT = 5000
SEPARATORS = re.compile(r"[\s,，、;；]+")


def read_form(
    form: ItemForm, node: SkillNode, stimuli: Collection[str] = ()
) -> tuple[dict[str, Any], Errors]:
    """The mapping of the item, and the fields that could not be read.

    `stimuli` are the ids of the cases that the node has.
    """
    errors: Errors = []
    data: dict[str, Any] = {
        "type": form.item_type.value,
        "stem": form.stem,
        "explanation": form.explanation,
        "takeaway": form.takeaway,
        "source": form.source,
        **_read_tags(form, node, errors),
    }
    errors += [
        (name, gettext("Shorten this text to %(num)s characters", num=LONGEST_TEXT))
        for name in ("stem", "explanation", "stimulus_text")
        if len(getattr(form, name)) > LONGEST_TEXT and form.item_type is not ItemType.COMPOSITE
    ]
    stimulus = _read_stimulus(form, node, stimuli, errors)
    if stimulus:
        data["stimulus"] = stimulus
    if form.files:
        data["files"] = [
            {"name": file.name, "media_type": file.media_type, "digest": file.digest}
            for file in form.files
        ]
    return {**data, **read_answer(form.answer, form.item_type, errors)}, errors


def _read_tags(form: ItemForm, node: SkillNode, errors: Errors) -> dict[str, Any]:
    if form.level not in node.levels:
        errors.append(("level", gettext("Choose the level")))
    if form.dimension not in node.weights:
        errors.append(("dimension", gettext("Choose the dimension")))
    seconds, share = read_whole(form.expected_seconds), read_decimal(form.difficulty)
    if seconds is None:
        errors.append(("expected_seconds", gettext("Enter whole seconds, for example 60")))
    if share is None:
        errors.append(("difficulty", gettext("Enter a share between 0 and 1, for example 0.70")))
    tags: dict[str, Any] = {
        "node": node.code,
        "level": form.level if form.level in node.levels else node.levels[0],
        "dimension": form.dimension if form.dimension in node.weights else node.primary,
        "point": form.point,
        "bloom": form.bloom,
        "work_area": form.work_area,
        "chapter": form.chapter,
        "expected_seconds": int(USUAL_SECONDS[form.item_type]) if seconds is None else seconds,
        "difficulty": {"p": share or "0.70", "basis": form.basis or PLACEHOLDER},
        "enemies": [name for name in SEPARATORS.split(form.enemies) if name],
    }
    if form.valid_until:
        tags["valid_until"] = _read_date(form.valid_until, errors)
    return tags


def _read_stimulus(
    form: ItemForm, node: SkillNode, taken: Collection[str], errors: Errors
) -> dict[str, str] | None:
    """The case that stands in the fields; a new one gets the next free id of the node."""
    if not form.stimulus_id:
        return None
    if not form.stimulus_text:
        errors.append(("stimulus_text", gettext("Write the case, or choose none")))
        return None
    is_new = form.stimulus_id == NEW_STIMULUS
    stimulus_id = _free_id(node, taken) if is_new else form.stimulus_id
    return {"id": stimulus_id, "title": form.stimulus_title, "text": form.stimulus_text}


def _free_id(node: SkillNode, taken: Collection[str]) -> str:
    names = (f"{node.code}-S{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def _read_date(text: str, errors: Errors) -> str | None:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        errors.append(("valid_until", gettext("Enter a date such as 2027-10-31")))
        return None
