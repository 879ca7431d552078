"""The editor of items between the form and the page: what a form would become, and what to show.

Saves nothing; the pages do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext

from certify.services.banking import check_item
from certify.services.composing import (
    NodeSurroundings,
    list_chapters,
    on_top_of,
    surroundings_of,
    with_what_it_keeps,
    work_areas_of,
)
from certify.web import item_words
from certify.web.auth import service_context
from certify.web.item_files import bank_pictures
from certify.web.item_form import ItemForm, with_stimulus_shown
from certify.web.item_preview import ItemPreview, preview_of
from certify.web.item_reading import Errors, read_form
from question_bank.findings import Finding, Severity
from question_bank.item import Item, ItemType, ItemVersion
from question_bank.skills import SkillNode


@dataclass(frozen=True, slots=True)
class Draft:
    """A form, read: the item that it would become, and everything the page says about it.

    `data` is the mapping to save, `note` what was typed about the change. `errors` name fields
    that could not be read.
    """

    form: ItemForm
    node: SkillNode
    newest: ItemVersion | None
    surroundings: NodeSurroundings
    data: dict[str, Any]
    item: Item
    errors: Errors
    findings: Sequence[Finding]
    note: str = ""

    @property
    def preview(self) -> ItemPreview:
        return preview_of(self.item, bank_pictures(self.item))


def read_draft(form: ItemForm, node: SkillNode, newest: ItemVersion | None) -> Draft:
    """What the form says, with stand-ins where a field cannot be read."""
    context = service_context()
    surroundings = surroundings_of(context, node.code)
    form = with_stimulus_shown(form, surroundings.stimuli)
    data, errors = read_form(form, node, tuple(surroundings.stimuli))
    before = newest.item if newest else None
    data = on_top_of(before, data)
    if before is not None:
        data["id"] = before.id
    item, findings = check_item(context, data)
    if before is not None:
        data = with_what_it_keeps(before, data, item)
        item, findings = check_item(context, data)
    return Draft(form, node, newest, surroundings, data, item, errors, findings)


def with_errors(draft: Draft, errors: Errors) -> Draft:
    return replace(draft, errors=[*draft.errors, *errors])


def errors_at_fields(findings: Sequence[Finding], item_type: ItemType) -> Errors:
    """Findings that keep an item from review, at the fields where they are mended."""
    return [
        (field_of(finding, item_type), item_words.finding_words(finding))
        for finding in findings
        if finding.severity is Severity.ERROR
    ]


KEY_FIELDS = {
    ItemType.NUMERIC: "value",
    ItemType.TRUE_FALSE: "truth",
    ItemType.FILL_IN: "blanks",
    ItemType.ESSAY: "reference",
    ItemType.COMPOSITE: "",
}


def field_of(finding: Finding, item_type: ItemType) -> str:
    """The field of the form that mends a finding; empty where there is none."""
    if finding.field == "calibration":
        return ""  # estimates come from responses
    if finding.field == "scoring":
        return "rule"
    if finding.field != "answer_key":
        return finding.field
    return KEY_FIELDS.get(item_type, "options")


def messages_by_field(errors: Errors) -> dict[str, str]:
    """One line a field, as each has one place for its errors."""
    told: dict[str, str] = {}
    for name, message in errors:
        told[name] = f"{told[name]} {message}" if name in told else message
    return told


def page_values(draft: Draft) -> dict[str, Any]:
    """What the template of the editor needs of a draft."""
    model = service_context().skill_model
    return {
        "form": draft.form,
        "answer": draft.form.answer,
        "node": draft.node,
        "nodes": model.nodes.values(),
        "newest": draft.newest,
        "dimensions": [code for code in model.dimension_codes if code in draft.node.weights],
        "preview": draft.preview,
        "errors": draft.errors,
        "note": draft.note,
        "messages": messages_by_field(draft.errors),
        "points": draft.surroundings.points,
        "stimuli": draft.surroundings.stimuli,
        "work_areas": work_areas_of(draft.form.level),
        "chapters": list_chapters(),
        "place": place_of(draft.newest, draft.node, draft.form.item_type),
        "words": item_words,
    }


def place_of(newest: ItemVersion | None, node: SkillNode, item_type: ItemType) -> str:
    """Where the working copy of a form is kept: at its item, or at the kind of a new one."""
    return newest.item.id if newest else f"new {node.code} {item_type}"


def lacks_words(words: str) -> str:
    """The error of a picture without a text for those who do not see it; else nothing."""
    return "" if words.strip() else gettext("Describe the picture for those who do not see it")
