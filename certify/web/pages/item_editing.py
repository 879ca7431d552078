"""Writing items: choose node and type, fill in the form, look at it, save the next version.

Works as plain forms; the scripts only renew the preview and keep a working copy while somebody
types.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from certify.errors import EditConflict
from certify.services.acting import Actor, acting
from certify.services.authoring import save_item
from certify.services.banking import get_item
from certify.services.drafting import discard_working_copy, get_working_copy, save_working_copy
from certify.services.filing import add_file, get_file
from certify.web import item_words
from certify.web.answer_form import with_usual_rows
from certify.web.auth import current_person, require_roles, service_context
from certify.web.i18n import translate_problem
from certify.web.item_editor import (
    Draft,
    errors_at_fields,
    lacks_words,
    page_values,
    place_of,
    read_draft,
    with_errors,
)
from certify.web.item_files import fit_name, picture_words, send_file
from certify.web.item_form import FileRow, ItemForm, blank_form, form_of, submitted_form
from certify.web.pages.item_conflicts import merged_form, show_conflict
from question_bank.errors import OversizedFile, UnfitFile
from question_bank.findings import Finding
from question_bank.item import ItemType, ItemVersion
from question_bank.skills import SkillNode

bp = Blueprint("editing", __name__, url_prefix="/items")

MOST_FIELDS = 600
Page = str | tuple[str, int]
NOT_KEPT = ("csrf_token", "intent", "picture_words")
"""Fields of the form that belong to one request only."""


# --- pages ---------------------------------------------------------------------------------


@bp.get("/new")
@require_roles("teacher")
def choose() -> str:
    """First node and type, then the form that fits them."""
    node, item_type = asked_node(request.args), asked_type(request.args)
    if node is None or item_type is None:
        return show_choice(node, item_type)
    return show_editor(blank_form(node, item_type), node)


@bp.post("/new")
@require_roles("teacher")
def create() -> Response | Page:
    """Save a new item, or show its preview."""
    node, item_type = asked_node(request.form), asked_type(request.form)
    if node is None or item_type is None:
        abort(400)
    return take_form(submitted_form(request.form, item_type), node, None)


@bp.get("/<item_id>/edit")
@require_roles("teacher")
def edit(item_id: str) -> str:
    """The newest version in the form; an item without a node first gets one."""
    newest = get_item(service_context(), item_id)
    node = asked_node(request.args) or node_of(newest)
    if node is None:
        return show_choice(None, newest.item.type, newest)
    return show_editor(replace(form_of(newest), node=node.code), node, newest)


@bp.post("/<item_id>/edit")
@require_roles("teacher")
def change(item_id: str) -> Response | Page:
    """Save the next version, or show its preview."""
    newest = get_item(service_context(), item_id)
    node = asked_node(request.form)
    if node is None:
        abort(400)
    return take_form(submitted_form(request.form, newest.item.type), node, newest)


@bp.post("/preview")
@require_roles("teacher")
def preview() -> str:
    """What the form would become: the fragment that the preview script puts into the page."""
    draft = sent_draft()
    return render_template("items/preview.html", preview=draft.preview, findings=draft.findings)


@bp.post("/working-copy")
@require_roles("teacher")
def keep() -> tuple[str, int]:
    """Keep what is typed, for this person alone; the script sends the form as it stands."""
    draft = sent_draft()
    fields = [
        [name, text]
        for name, text in request.form.items(multi=True)
        if name not in NOT_KEPT and len(request.form) <= MOST_FIELDS
    ]
    place = place_of(draft.newest, draft.node, draft.form.item_type)
    save_working_copy(
        service_context(),
        place,
        {"fields": fields},
        based_on=draft.form.based_on,
        actor=actor(),
    )
    return "", 204


@bp.post("/working-copy/discard")
@require_roles("teacher")
def discard() -> Response:
    """Forget what was typed, and go back to the form of the stored version."""
    draft = sent_draft()
    place = place_of(draft.newest, draft.node, draft.form.item_type)
    discard_working_copy(service_context(), place, actor=actor())
    return redirect(editor_address(draft), code=303)


@bp.get("/files/<string(length=64):digest>")
@require_roles("teacher")
def show_file(digest: str) -> Response:
    """A picture or an attachment of any item. Candidates see theirs in their attempts."""
    return send_file(get_file(service_context(), digest))


# --- what was asked for --------------------------------------------------------------------


def actor() -> Actor:
    return acting(current_person())


def asked_node(values: Any) -> SkillNode | None:
    return service_context().skill_model.nodes.get(values.get("node", ""))


def asked_type(values: Any) -> ItemType | None:
    offered = values.get("type", "")
    return ItemType(offered) if offered in item_words.TYPE_HINTS else None


def node_of(version: ItemVersion) -> SkillNode | None:
    return service_context().skill_model.nodes.get(version.item.node)


def sent_draft() -> Draft:
    """The form that a script sent, of a new item or of the one that it names."""
    item_id = request.form.get("item_id", "")
    newest = get_item(service_context(), item_id) if item_id else None
    node = asked_node(request.form)
    item_type = newest.item.type if newest else asked_type(request.form)
    if node is None or item_type is None:
        abort(400)
    return read_draft(submitted_form(request.form, item_type), node, newest)


def editor_address(draft: Draft) -> str:
    if draft.newest:
        return url_for("items.editing.edit", item_id=draft.newest.item.id)
    return url_for("items.editing.choose", node=draft.node.code, type=draft.form.item_type.value)


# --- taking a form -------------------------------------------------------------------------


def take_form(form: ItemForm, node: SkillNode, newest: ItemVersion | None) -> Response | Page:
    """Preview, add rows or a picture, refuse with reasons, or save and go to the item."""
    intent = request.form.get("intent", "preview")
    if intent in ("merge", "merge-save") and newest is not None:
        draft = with_note(read_draft(merged_form(form, newest), node, newest))
        if intent == "merge" or draft.errors:
            return show_form(draft)
        return save(draft, submit=False)
    form = without_removed_files(form, request.form.getlist("file_remove"))
    if intent == "rows":
        form = replace(form, answer=with_usual_rows(form.answer, form.item_type, spare=2))
    if intent == "picture":
        form, problem = with_picture(form)
        draft = with_errors(with_note(read_draft(form, node, newest)), problem)
        return show_form(draft), 422 if problem else 200
    draft = with_note(read_draft(form, node, newest))
    if intent not in ("save", "submit"):
        return show_form(draft)
    if intent == "submit":
        draft = with_errors(draft, errors_at_fields(draft.findings, form.item_type))
    if draft.errors:
        return show_form(draft), 422
    return save(draft, submit=intent == "submit")


def save(draft: Draft, *, submit: bool) -> Response | Page:
    try:
        saved = save_item(
            service_context(),
            draft.data,
            based_on=draft.form.based_on,
            actor=actor(),
            note=draft.note,
            submit=submit,
            place=place_of(draft.newest, draft.node, draft.form.item_type),
        )
    except EditConflict as problem:
        if draft.newest is None:
            return show_form(with_errors(draft, [("", translate_problem(problem))])), 409
        return show_conflict(draft), 409
    flash(saved_words(saved, draft.findings), "warning" if draft.findings else "success")
    return redirect(url_for("items.show", item_id=saved.item.id), code=303)


def with_note(draft: Draft) -> Draft:
    """The draft with what the form says about the change."""
    return replace(draft, note=request.form.get("note", "").strip())


def without_removed_files(form: ItemForm, names: Sequence[str]) -> ItemForm:
    return replace(form, files=tuple(file for file in form.files if file.name not in names))


def with_picture(form: ItemForm) -> tuple[ItemForm, list[tuple[str, str]]]:
    """The form with an uploaded picture at the end of the stem or the case, or what is wrong."""
    sent, words = request.files.get("picture"), request.form.get("picture_words", "")
    if sent is None or not sent.filename:
        return form, [("picture", gettext("Choose a picture first"))]
    if problem := lacks_words(words):
        return form, [("picture_words", problem)]
    name = fit_name(sent.filename, form.files)
    try:
        file = add_file(service_context(), name, sent.read(), actor=actor())
    except (UnfitFile, OversizedFile) as fault:
        return form, [("picture", translate_problem(fault))]
    form = replace(form, files=(*form.files, FileRow(name, file.media_type, file.digest)))
    shown = picture_words(name, words)
    if request.form.get("picture_place") == "stimulus":
        return replace(form, stimulus_text=f"{form.stimulus_text}\n\n{shown}".strip()), []
    return replace(form, stem=f"{form.stem}\n\n{shown}".strip()), []


def saved_words(saved: ItemVersion, findings: Sequence[Finding]) -> str:
    if not findings:
        return gettext(
            "Item %(id)s was saved as version %(version)s.",
            id=saved.item.id,
            version=saved.version,
        )
    return ngettext(
        "Item %(id)s was saved as version %(version)s; %(num)s finding is open.",
        "Item %(id)s was saved as version %(version)s; %(num)s findings are open.",
        len(findings),
        id=saved.item.id,
        version=saved.version,
    )


# --- showing it ----------------------------------------------------------------------------


def show_choice(
    node: SkillNode | None, item_type: ItemType | None, newest: ItemVersion | None = None
) -> str:
    """The first step; errors once it was sent, a fresh page has none."""
    errors = []
    if request.args.get("step") or "type" in request.args:
        if node is None:
            errors.append(("node", gettext("Choose the skill that the item asks for")))
        if item_type is None:
            errors.append(("type", gettext("Choose the type of the item")))
    return render_template(
        "items/choose.html",
        nodes=service_context().skill_model.nodes.values(),
        node=node,
        item_type=item_type,
        newest=newest,
        errors=errors,
        words=item_words,
    )


def show_editor(form: ItemForm, node: SkillNode, newest: ItemVersion | None = None) -> str:
    """The editor as it opens: with the working copy if one asks for it, else offering it."""
    copy = get_working_copy(
        service_context(), place_of(newest, node, form.item_type), actor=actor()
    )
    if copy is not None and "restore" in request.args:
        kept = MultiDict((str(name), str(text)) for name, text in copy.content["fields"])
        form = replace(submitted_form(kept, form.item_type), based_on=copy.based_on)
        return show_form(replace(read_draft(form, node, newest), note=kept.get("note", "")))
    draft = read_draft(form, node, newest)
    findings = draft.findings if newest else None
    return show_form(replace(draft, errors=[]), copy=copy, findings=findings)


def show_form(draft: Draft, **more: Any) -> str:
    """The form with its preview; one that nobody has filled in yet shows no findings."""
    return render_template(
        "items/edit.html",
        **{"findings": draft.findings, "copy": None, **page_values(draft), **more},
    )
