"""Two people edited one item: both sides field by field, and the form of what is chosen."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from flask import abort, render_template, request

from certify.services.authoring import view_conflict
from certify.services.banking import check_item
from certify.web.auth import service_context
from certify.web.item_editor import Draft, page_values
from certify.web.item_files import bank_pictures
from certify.web.item_form import ItemForm, form_of
from certify.web.item_preview import preview_of
from certify.web.item_words import field_name
from question_bank.item import ItemVersion
from question_bank.merging import Side

LONGEST_MINE = 2_000_000


def show_conflict(draft: Draft) -> str:
    """Both sides, and what differs: what only one changed is put together already."""
    clash = view_conflict(service_context(), draft.data, draft.form.based_on)
    merged = _form_from(clash.merge.chosen({}), draft.form, clash.theirs)
    values = page_values(replace(draft, form=merged, newest=clash.theirs))
    values["conflict"] = {
        "rows": [
            {"conflict": one, "name": field_name(one.field), "head": one.field.split(".")[0]}
            for one in clash.merge.conflicts
        ],
        "from_mine": [field_name(name) for name in clash.merge.from_mine],
        "from_theirs": [field_name(name) for name in clash.merge.from_theirs],
        "theirs": preview_of(clash.theirs.item, bank_pictures(clash.theirs.item)),
        "mine": preview_of(clash.mine, bank_pictures(clash.mine)),
        "author": clash.theirs.author,
        "moment": clash.theirs.created_at,
        "version": clash.theirs.version,
        "base": draft.form.based_on,
        "data": json.dumps(draft.data, ensure_ascii=False),
    }
    return render_template("items/edit.html", findings=draft.findings, copy=None, **values)


def merged_form(form: ItemForm, newest: ItemVersion) -> ItemForm:
    """The form with the sides that were chosen for the fields in conflict."""
    try:
        written = request.form.get("conflict_data", "")[:LONGEST_MINE]
        data, base = json.loads(written), int(request.form.get("conflict_base", ""))
    except ValueError:
        abort(400)
    if not isinstance(data, dict):
        abort(400)
    clash = view_conflict(service_context(), {**data, "id": newest.item.id}, base)
    sides = {
        conflict.field: Side.THEIRS
        for conflict in clash.merge.conflicts
        if request.form.get(f"side {conflict.field}") == Side.THEIRS
    }
    return _form_from(clash.merge.chosen(sides), form, clash.theirs)


def _form_from(data: dict[str, Any], form: ItemForm, theirs: ItemVersion) -> ItemForm:
    item, _findings = check_item(service_context(), data)
    merged = form_of(replace(theirs, item=item))
    return replace(merged, node=item.node or form.node)
