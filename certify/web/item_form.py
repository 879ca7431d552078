"""The form of an item as texts: blank, of a stored version, or as sent by a browser.

Nothing is read out of the texts here; `item_reading` and `answer_reading` do. What depends on the
type of the item stands in `answer_form`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from werkzeug.datastructures import MultiDict

from certify.web.answer_form import AnswerForm, answer_of, blank_answer, submitted_answer
from certify.web.item_words import PLACEHOLDER
from question_bank.item import ItemStatus, ItemType, ItemVersion, Stimulus
from question_bank.skills import SkillNode

USUAL_SECONDS = {
    ItemType.SINGLE: "50",
    ItemType.MULTIPLE: "75",
    ItemType.TRUE_FALSE: "25",
    ItemType.NUMERIC: "75",
    ItemType.FILL_IN: "60",
    ItemType.ORDER: "75",
    ItemType.MATCH: "75",
    ItemType.ESSAY: "600",
    ItemType.COMPOSITE: "180",
}
"""Time budget of the item writing rules, section 9, at the middle level; of those that the rules
do not name, what our own items of the type take."""
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
NEW_STIMULUS = "new"
"""In the field of the case: one that is written with this item."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of the item, which the bank already holds."""

    name: str
    media_type: str
    digest: str


@dataclass(frozen=True, slots=True)
class ItemForm:
    """Everything as it stands in the fields.

    `stimulus_id` is empty, NEW_STIMULUS, or the id of the case chosen; `stimulus_shown` is the case
    whose title and text stand in their fields.
    """

    item_type: ItemType
    based_on: int = 0
    node: str = ""
    status: str = ItemStatus.DRAFT
    level: str = ""
    dimension: str = ""
    point: str = ""
    bloom: str = ""
    work_area: str = ""
    chapter: str = ""
    stem: str = ""
    stimulus_id: str = ""
    stimulus_shown: str = ""
    stimulus_title: str = ""
    stimulus_text: str = ""
    explanation: str = ""
    takeaway: str = ""
    source: str = ""
    expected_seconds: str = ""
    difficulty: str = ""
    basis: str = ""
    enemies: str = ""
    valid_until: str = ""
    files: tuple[FileRow, ...] = ()
    answer: AnswerForm = field(default_factory=AnswerForm)


PLAIN_FIELDS = (
    "status",
    "level",
    "dimension",
    "point",
    "bloom",
    "work_area",
    "chapter",
    "stem",
    "stimulus_id",
    "stimulus_title",
    "stimulus_text",
    "explanation",
    "takeaway",
    "source",
    "expected_seconds",
    "difficulty",
    "basis",
    "enemies",
    "valid_until",
)


def blank_form(node: SkillNode, item_type: ItemType) -> ItemForm:
    """A new item with what is usual for its type."""
    return ItemForm(
        item_type=item_type,
        node=node.code,
        level=node.levels[0] if len(node.levels) == 1 else "",
        dimension=node.primary,
        bloom="understand",
        expected_seconds=USUAL_SECONDS[item_type],
        difficulty="0.70",
        answer=blank_answer(item_type),
    )


def form_of(version: ItemVersion) -> ItemForm:
    """The fields of a stored version."""
    item = version.item
    stimulus = item.stimulus or Stimulus("", "", "")
    return ItemForm(
        item_type=item.type,
        based_on=version.version,
        node=item.node,
        status=version.status,
        level=item.level,
        dimension=item.dimension,
        point=item.point,
        bloom=item.bloom,
        work_area=item.work_area,
        chapter=item.chapter,
        stem=item.stem,
        stimulus_id=stimulus.id,
        stimulus_shown=stimulus.id,
        stimulus_title=stimulus.title,
        stimulus_text=stimulus.text,
        explanation=item.explanation.text,
        takeaway=item.explanation.takeaway,
        source=item.source,
        expected_seconds=str(item.expected_seconds),
        difficulty=str(item.difficulty.p),
        basis="" if item.difficulty.basis == PLACEHOLDER else item.difficulty.basis,
        enemies=", ".join(item.enemies),
        valid_until=item.valid_until.isoformat() if item.valid_until else "",
        files=tuple(FileRow(file.name, file.media_type, file.digest) for file in item.files),
        answer=answer_of(item),
    )


def submitted_form(values: MultiDict[str, str], item_type: ItemType) -> ItemForm:
    """The fields as they were sent, cleaned of what no keyboard types."""
    plain = {name: cleaned(values.get(name, "")) for name in PLAIN_FIELDS}
    plain["status"] = plain["status"] if plain["status"] in tuple(ItemStatus) else ItemStatus.DRAFT
    clean = MultiDict((name, cleaned(text)) for name, text in values.items(multi=True))
    files = zip(
        clean.getlist("file_name"),
        clean.getlist("file_type"),
        clean.getlist("file_digest"),
        strict=False,
    )
    return ItemForm(
        item_type=item_type,
        based_on=values.get("based_on", 0, type=int),
        node=clean.get("node", ""),
        stimulus_shown=clean.get("stimulus_shown", ""),
        files=tuple(FileRow(*row) for row in files),
        answer=submitted_answer(clean),
        **plain,
    )


def with_stimulus_shown(form: ItemForm, stimuli: Mapping[str, Stimulus]) -> ItemForm:
    """The form with the case that was chosen in its fields, in place of the one before."""
    if form.stimulus_id == form.stimulus_shown or form.stimulus_id == NEW_STIMULUS:
        return form
    chosen = stimuli.get(form.stimulus_id, Stimulus("", "", ""))
    return replace(
        form,
        stimulus_id=chosen.id,
        stimulus_shown=chosen.id,
        stimulus_title=chosen.title,
        stimulus_text=chosen.text,
    )


def differing_fields(mine: ItemForm, theirs: ItemForm) -> tuple[str, ...]:
    """Names of the plain fields that two versions of one item fill in differently."""
    return tuple(name for name in PLAIN_FIELDS if getattr(mine, name) != getattr(theirs, name))


def cleaned(text: str) -> str:
    return CONTROLS.sub("", text.replace("\r\n", "\n")).strip()
