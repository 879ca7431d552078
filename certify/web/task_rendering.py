"""From what a candidate may see of an item, and the raw answer so far, to the task on the page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from flask_babel import gettext
from markupsafe import Markup

from certify.services.showing import ItemView, Labelled
from certify.web.exam_page import ExamTask, ResponseOption, TaskStimulus, TaskType
from certify.web.markdown import Pictures, render_inline, render_markdown
from certify.web.markup_controls import CONTROLS
from certify.web.markup_view import Rendering, render_markup
from question_bank.interactions import LONGEST_BLANK

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PICTURE = re.compile(r'<img [^>]*alt="([^"]*)"[^>]*>')
BLANK_FIELD = Markup(
    '<input class="input blank-input" type="text" name="{name}" value="{value}" data-response'
    ' data-part="{part}" maxlength="{longest}" aria-label="{label}"'
    ' autocomplete="off" autocapitalize="none" spellcheck="false">'
)


def render_task(
    item: ItemView,
    response: Any = None,
    pictures: Pictures | None = None,
    error: str = "",
) -> ExamTask:
    """The task with the answer filled in."""
    chosen = response if isinstance(response, list) else []
    given = _by_part(response)
    stem, gaps = _stem(item, response, given, pictures)
    return ExamTask(
        item_type=cast(TaskType, item.type),
        stem=stem,
        gaps=gaps,
        options=_options(item, chosen, given, pictures),
        targets=_labelled(item.targets, pictures),
        stimulus=_stimulus(item, pictures),
        value=_typed(response),
        unit=item.unit,
        decimals=item.decimals,
        most_characters=item.most_characters,
        error=error,
    )


def _stem(
    item: ItemView, response: Any, given: Mapping[str, str], pictures: Pictures | None
) -> tuple[Markup, tuple[str, ...]]:
    """The stem, or the body of a composite item with its fields and what is not shown of it."""
    if item.body is None:
        return render_markdown(item.stem, pictures, _blank_fields(item, given)), ()
    values = response.get("responses", {}) if isinstance(response, dict) else {}
    rendering = Rendering(
        {name: _as_list(value) for name, value in values.items()},
        pictures or (lambda name: None),
    )
    return render_markup(item.body, rendering, CONTROLS), tuple(rendering.gaps)


def _as_list(value: Any) -> list[str]:
    entries = value if isinstance(value, list) else [value]
    return [str(entry) for entry in entries if entry is not None]


def letter_of(place: int) -> str:
    """A, B, … Z, then numbers; places count from 0."""
    return LETTERS[place] if place < len(LETTERS) else str(place + 1)


def _options(
    item: ItemView, chosen: list[str], given: Mapping[str, str], pictures: Pictures | None
) -> tuple[ResponseOption, ...]:
    """Options in the order served; of an ordering item, in the order that was given."""
    options = _labelled(item.options, pictures)
    if item.type == "order":
        given = {option_id: str(place) for place, option_id in enumerate(chosen, start=1)} or given
    filled = [
        ResponseOption(
            option.id,
            option.letter,
            option.content,
            chosen=option.id in chosen,
            plain=option.plain,
            answer=given.get(option.id, ""),
        )
        for option in options
    ]
    if item.type == "order" and chosen:
        filled.sort(key=lambda option: chosen.index(option.id))
    return tuple(filled)


def _labelled(options: Labelled, pictures: Pictures | None) -> tuple[ResponseOption, ...]:
    labelled = []
    for place, (option_id, text) in enumerate(options):
        content, letter = render_inline(text, pictures), letter_of(place)
        plain = _words_of(text, content) or letter
        labelled.append(ResponseOption(option_id, letter, content, plain=plain))
    return tuple(labelled)


def _words_of(text: str, content: Markup) -> str:
    """A text without markup: of a formula its source, of a picture its words."""
    if "<math" in content:
        return text.replace("$", "").strip()
    return Markup(PICTURE.sub(r"\1", content)).striptags()  # noqa: S704 - read as words


def _stimulus(item: ItemView, pictures: Pictures | None) -> TaskStimulus | None:
    if item.stimulus is None:
        return None
    return TaskStimulus(item.stimulus.title, render_markdown(item.stimulus.text, pictures))


def _blank_fields(item: ItemView, given: Mapping[str, str]) -> dict[str, Markup]:
    return {
        blank: BLANK_FIELD.format(
            name=f"blank-{blank}",
            value=given.get(blank, ""),
            part=blank,
            longest=LONGEST_BLANK,
            label=gettext("Blank %(number)s", number=number),
        )
        for number, blank in enumerate(item.blanks, start=1)
    }


def _by_part(response: Any) -> Mapping[str, str]:
    """What was given to each blank, option of a match, or place of an unfinished order."""
    if not isinstance(response, dict):
        return {}
    return next((response[name] for name in ("blanks", "pairs", "places") if name in response), {})


def _typed(response: Any) -> str:
    if not isinstance(response, dict):
        return ""
    return str(response.get("value", response.get("text", "")))
