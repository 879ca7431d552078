"""Many items at once, for teachers: choose in the list, say what to do, read what became of each.

Three plain pages: the list sends what was chosen, a form asks for what the action needs, the
answer names every item that could not be changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from certify.errors import InvalidField
from certify.services.acting import acting
from certify.services.advancing import LONGEST_NOTE, MOST_AT_ONCE, ItemOutcome, advance_items
from certify.services.banking import list_item_ids
from certify.services.retagging import TagChange, retag_items
from certify.services.tagging import list_tag_values
from certify.web import item_words
from certify.web.auth import current_person, require_roles, service_context
from certify.web.i18n import translate_problem
from certify.web.item_query import ItemQuery, read_query
from certify.web.life_words import STEP_NAMES
from certify.web.list_words import chapter_choices, work_area_choices
from certify.web.vocabulary import DIMENSIONS
from question_bank.lifecycle import TRANSITION_OF, ItemAction
from question_bank.skills import LEVELS

bp = Blueprint("bulk", __name__, url_prefix="/items/bulk")

TAG, EXPORT = "tag", "export"
TAGS = ("node", "dimension", "level", "bloom", "work_area", "chapter")
CLEARED = "-"
"""What a form sends for a tag that is to be taken away."""
CLEARABLE = ("bloom", "work_area", "chapter")
SHOWN_IDS = 60
MOST_LISTED = 500
LONGEST_TAG = 100
Page = str | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Items of a list on which something is to be done, and the way back to the list."""

    action: str
    item_ids: tuple[str, ...]
    query: ItemQuery

    @property
    def back(self) -> str:
        """The list they were chosen from."""
        return url_for("items.index", **self.query.arguments)


@bp.post("")
@require_roles("teacher")
def choose() -> Response | Page:
    """From the list: ask for what the action needs; an export has a page of its own."""
    query = sent_query()
    action = request.form.get("action", "")
    if action not in (TAG, EXPORT, *STEP_NAMES):
        abort(400)
    if action == EXPORT and request.form.get("all"):
        return redirect(url_for("items.exporting.index", **query.narrowing), code=303)
    chosen = Chosen(action, chosen_ids(query), query)
    if not chosen.item_ids:
        flash(gettext("Choose at least one item first."), "warning")
        return redirect(chosen.back, code=303)
    if action == EXPORT:
        address = url_for("items.exporting.index", item=list(chosen.item_ids))
        return redirect(address, code=303)
    return show_form(chosen)


@bp.post("/apply")
@require_roles("teacher")
def apply() -> Page:
    """Do it, and tell what became of each item."""
    action = request.form.get("action", "")
    ids = tuple(request.form.get("items", "").split())
    if action not in (TAG, *STEP_NAMES) or not ids:
        abort(400)
    chosen = Chosen(action, ids, sent_query())
    try:
        outcomes = done(chosen, request.form.get("note", "").strip())
    except InvalidField as fault:
        return show_form(chosen, fault), 422
    failed = [one for one in outcomes if not one.is_done]
    return render_template(
        "items/bulk_result.html",
        chosen=chosen,
        title=action_words(action),
        done=[one for one in outcomes if one.is_done],
        failed=[(one.item_id, translate_problem(one.error)) for one in failed if one.error],
        most_listed=MOST_LISTED,
    )


def show_form(chosen: Chosen, fault: InvalidField | None = None) -> str:
    context, values = service_context(), list_tag_values(service_context())
    step = TRANSITION_OF.get(ItemAction(chosen.action)) if chosen.action != TAG else None
    return render_template(
        "items/bulk.html",
        chosen=chosen,
        title=action_words(chosen.action),
        step=step,
        errors=[(fault_field(fault), fault_words(fault))] if fault else [],
        form=request.form,
        nodes=context.skill_model.nodes,
        dimensions=DIMENSIONS,
        levels=LEVELS,
        words=item_words,
        work_areas=work_area_choices(values.work_areas),
        chapters=chapter_choices(values.chapters),
        cleared=CLEARED,
        longest_note=LONGEST_NOTE,
        shown_ids=SHOWN_IDS,
    )


def done(chosen: Chosen, note: str) -> tuple[ItemOutcome, ...]:
    """Raises InvalidField for what the form lacks."""
    actor = acting(current_person())
    if chosen.action == TAG:
        return retag_items(service_context(), chosen.item_ids, sent_tags(), actor=actor, note=note)
    return advance_items(
        service_context(), chosen.item_ids, ItemAction(chosen.action), actor=actor, note=note
    )


def sent_tags() -> TagChange:
    """The tags that were filled in; an empty field leaves what an item has."""
    typed = {name: request.form.get(name, "").strip()[:LONGEST_TAG] for name in TAGS}
    tags = {
        name: "" if value == CLEARED and name in CLEARABLE else value
        for name, value in typed.items()
        if value
    }
    return TagChange(**tags)


def chosen_ids(query: ItemQuery) -> tuple[str, ...]:
    """The boxes that were checked, or everything that the list found."""
    if request.form.get("all"):
        return list_item_ids(service_context(), query.conditions, most=MOST_AT_ONCE)
    return tuple(dict.fromkeys(request.form.getlist("item")))


def sent_query() -> ItemQuery:
    """The conditions of the list that the form came from."""
    pairs = parse_qsl(request.form.get("query", ""), max_num_fields=100)
    return read_query(MultiDict(pairs), service_context().skill_model)


def action_words(action: str) -> str:
    return gettext("Tag or move") if action == TAG else str(STEP_NAMES[action])


def fault_field(fault: InvalidField) -> str:
    named = str(fault.params.get("field", ""))
    return "node" if named == "tags" else named


def fault_words(fault: InvalidField) -> str:
    match fault.params.get("field"):
        case "tags":
            return gettext("Fill in at least one tag")
        case "note" if not request.form.get("note", "").strip():
            return gettext("Say why, so that the authors know what to change")
    return translate_problem(fault)
