"""Writing items: choose node and type, fill in the form, look at it, save the next version.

Works as plain forms; the preview script only asks for the preview while somebody types.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from certify.errors import EditConflict
from certify.services.banking import (
    check_item,
    get_item,
    keep_calibration,
    list_items,
    save_item,
)
from certify.services.ports import ItemFilter
from certify.web import item_words
from certify.web.auth import current_person, require_roles, service_context
from certify.web.i18n import translate_problem
from certify.web.item_form import ItemForm, blank_form, differing_fields, form_of, submitted_form
from certify.web.item_preview import ItemPreview, preview_of
from certify.web.item_reading import Errors, read_form
from question_bank.findings import Finding, Severity
from question_bank.item import ItemStatus, ItemType, ItemVersion
from question_bank.skills import SkillNode

bp = Blueprint("editing", __name__, url_prefix="/items")

MOST_POINTS = 500
Page = str | tuple[str, int]


# --- pages ---------------------------------------------------------------------------------


@bp.get("/new")
@require_roles("teacher")
def choose() -> str:
    """First node and type, then the form that fits them."""
    node, item_type = asked_node(request.args), asked_type(request.args)
    if node is None or item_type is None:
        return render_template(
            "items/choose.html",
            nodes=service_context().skill_model.nodes.values(),
            node=node,
            item_type=item_type,
            errors=missing_choices(node, item_type),
            words=item_words,
        )
    return show_form(blank_form(node, item_type), node)


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
    """The newest version in the form."""
    newest = get_item(service_context(), item_id)
    return show_form(form_of(newest), node_of(newest), newest)


@bp.post("/<item_id>/edit")
@require_roles("teacher")
def change(item_id: str) -> Response | Page:
    """Save the next version, or show its preview."""
    newest = get_item(service_context(), item_id)
    form = submitted_form(request.form, newest.item.type)
    return take_form(form, node_of(newest), newest)


@bp.post("/preview")
@require_roles("teacher")
def preview() -> str:
    """What the form would become: the fragment that the preview script puts into the page."""
    node, item_type = asked_node(request.form), asked_type(request.form)
    if node is None or item_type is None:
        abort(400)
    form = submitted_form(request.form, item_type)
    shown, findings = look_at(form, node)
    return render_template("items/preview.html", preview=shown, findings=findings)


# --- what was asked for --------------------------------------------------------------------


def asked_node(values: Any) -> SkillNode | None:
    return service_context().skill_model.nodes.get(values.get("node", ""))


def asked_type(values: Any) -> ItemType | None:
    offered = values.get("type", "")
    return ItemType(offered) if offered in tuple(ItemType) else None


def node_of(version: ItemVersion) -> SkillNode:
    return service_context().skill_model.nodes[version.item.node]


def missing_choices(node: SkillNode | None, item_type: ItemType | None) -> Errors:
    """Errors once the first step was sent; a fresh page has none."""
    if "type" not in request.args and request.args.get("step") is None:
        return []
    errors: Errors = []
    if node is None:
        errors.append(("node", gettext("Choose the skill that the item asks for")))
    if item_type is None:
        errors.append(("type", gettext("Choose the type of the item")))
    return errors


# --- taking a form -------------------------------------------------------------------------


def take_form(form: ItemForm, node: SkillNode, newest: ItemVersion | None) -> Response | Page:
    """Preview, refuse with reasons, or save and go to the item."""
    data, errors = read_form(form, node)
    item, findings = check_item(service_context(), data)
    if request.form.get("intent") == "preview":
        return show_form(form, node, newest, errors=errors, was_sent=True)
    if form.status == ItemStatus.OPERATIONAL:
        errors += errors_at_fields(findings, form.item_type)
    if errors:
        return show_form(form, node, newest, errors=errors, was_sent=True), 422
    if newest is not None:
        data = keep_calibration(newest.item, {**data, "id": newest.item.id}, item)
    try:
        saved = save_item(
            service_context(),
            data,
            status=ItemStatus(form.status),
            based_on=form.based_on,
            actor=current_person().username,
        )
    except EditConflict as problem:
        return show_conflict(form, node, newest, problem)
    flash(saved_words(saved, findings), "warning" if findings else "success")
    return redirect(url_for("items.show", item_id=saved.item.id), code=303)


def errors_at_fields(findings: Sequence[Finding], item_type: ItemType) -> Errors:
    """Findings that keep an item out of exams, at the fields where they are mended."""
    return [
        (field_of(finding, item_type), item_words.finding_words(finding))
        for finding in findings
        if finding.severity is Severity.ERROR
    ]


def field_of(finding: Finding, item_type: ItemType) -> str:
    if finding.field == "calibration":
        return ""  # no field of the form: estimates come from responses
    if finding.field != "answer_key":
        return finding.field
    return {ItemType.NUMERIC: "value", ItemType.TRUE_FALSE: "truth"}.get(item_type, "options")


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


def show_conflict(
    form: ItemForm, node: SkillNode, newest: ItemVersion | None, problem: EditConflict
) -> Page:
    """Both versions side by side; what was typed stays, and may be saved over the newest."""
    if newest is None:
        errors = [("", translate_problem(problem))]
        return show_form(form, node, errors=errors, was_sent=True), 409
    page = show_form(
        form,
        node,
        newest,
        errors=[("", translate_problem(problem))],
        was_sent=True,
        conflict=True,
    )
    return page, 409


# --- showing it ----------------------------------------------------------------------------


def look_at(form: ItemForm, node: SkillNode) -> tuple[ItemPreview, list[Finding]]:
    """The preview of what the form holds, with stand-ins where a field cannot be read."""
    data, _errors = read_form(form, node)
    item, findings = check_item(service_context(), data)
    return preview_of(item), findings


def show_form(
    form: ItemForm,
    node: SkillNode,
    newest: ItemVersion | None = None,
    *,
    errors: Errors | None = None,
    was_sent: bool = False,
    conflict: bool = False,
) -> str:
    """The form with its preview; a form nobody has filled in yet shows no findings.

    After a conflict the newest version stands beside it, and the next save starts from that.
    """
    shown, findings = look_at(form, node)
    model = service_context().skill_model
    return render_template(
        "items/edit.html",
        form=form,
        node=node,
        dimensions=[code for code in model.dimension_codes if code in node.weights],
        newest=newest,
        errors=errors or [],
        messages=messages_by_field(errors or []),
        preview=shown,
        findings=findings if was_sent or newest else None,
        conflict=conflict_of(form, newest) if newest and conflict else None,
        based_on=newest.version if newest and conflict else form.based_on,
        points=points_of(node),
        words=item_words,
    )


def conflict_of(form: ItemForm, newest: ItemVersion) -> dict[str, Any]:
    """The newest version, and the plain fields in which the form differs from it."""
    theirs = form_of(newest)
    rows = [
        (
            item_words.FIELD_NAMES[name],
            item_words.field_value(name, getattr(theirs, name)),
            item_words.field_value(name, getattr(form, name)),
        )
        for name in differing_fields(form, theirs)
    ]
    return {"preview": preview_of(newest.item), "rows": rows}


def messages_by_field(errors: Errors) -> dict[str, str]:
    """One line a field, as each has one place for its errors."""
    told: dict[str, str] = {}
    for name, message in errors:
        told[name] = f"{told[name]} {message}" if name in told else message
    return told


def points_of(node: SkillNode) -> list[str]:
    """Knowledge points that items of the node already name."""
    rows = list_items(service_context(), ItemFilter(node=node.code), size=MOST_POINTS).rows
    return sorted({row.content.get("point", "") for row in rows} - {""})
