"""Blueprints of papers for teachers: the list, the editor, and the check while one types."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from certify.errors import BlueprintChanged, NoRelease
from certify.exams.errors import AssemblyFailed, PaperNotPossible
from certify.exams.fixed_forms.blueprint import Attribute
from certify.services.acting import acting
from certify.services.assembling_papers import assemble_papers, list_forms
from certify.services.planning_papers import (
    BlueprintCheck,
    PaperBlueprint,
    check_blueprint,
    get_blueprint,
    list_blueprints,
    list_default_blueprints,
    save_blueprint,
)
from certify.web import paper_words
from certify.web.auth import current_person, require_roles, service_context
from certify.web.blueprint_form import (
    BlueprintForm,
    FormReading,
    countable_values,
    form_of,
    read_form,
)
from certify.web.i18n import translate_problem
from certify.web.list_address import page_number, pages_of
from certify.web.pages import forms
from question_bank.skills import LEVELS

bp = Blueprint("papers", __name__, url_prefix="/items/papers")
bp.register_blueprint(forms.bp)

BLUEPRINTS_AT_ONCE = 20
FORMS_AT_ONCE = 10


@bp.get("")
@require_roles("teacher")
def index() -> str:
    """Blueprints, the starting points that come with the product, and the newest forms."""
    context = service_context()
    return render_template(
        "papers/index.html",
        found=list_blueprints(context, number=page_number(), size=BLUEPRINTS_AT_ONCE),
        pages=pages_of(),
        defaults=list_default_blueprints(),
        forms=list_forms(context, size=FORMS_AT_ONCE),
    )


@bp.get("/new")
@require_roles("teacher")
def new() -> str:
    """An empty form, or one that begins with a starting point: `?from=novice`."""
    defaults = list_default_blueprints()
    chosen = defaults.get(request.args.get("from", ""), next(iter(defaults.values())))
    return show_editor(FormReading(form_of(chosen), blueprint=chosen))


@bp.post("/new")
@require_roles("teacher")
def create() -> Response | str | tuple[str, int]:
    """Check what was entered, or keep it as a new blueprint."""
    return check_or_save(None)


@bp.get("/blueprints/<blueprint_id>")
@require_roles("teacher")
def show(blueprint_id: str) -> str:
    """The editor with the newest version, or `?version=` to begin from an older one."""
    kept = get_blueprint(service_context(), blueprint_id)
    version = request.args.get("version", 0, type=int)
    shown = get_blueprint(service_context(), blueprint_id, version) if version > 0 else kept
    return show_editor(FormReading(form_of(shown.blueprint), blueprint=shown.blueprint), kept)


@bp.post("/blueprints/<blueprint_id>")
@require_roles("teacher")
def save(blueprint_id: str) -> Response | str | tuple[str, int]:
    """Check what was entered, or keep it as the next version."""
    return check_or_save(get_blueprint(service_context(), blueprint_id))


@bp.post("/check")
@require_roles("teacher")
def check() -> str:
    """The verdict on what stands in the form, for the script of the editor."""
    reading = read_sent()
    return render_template("papers/verdict.html", **verdict_of(reading))


@bp.post("/blueprints/<blueprint_id>/forms")
@require_roles("teacher")
def assemble(blueprint_id: str) -> Response | tuple[str, int]:
    """Assemble the forms of the newest version from the newest release."""
    actor = acting(current_person())
    try:
        made = assemble_papers(service_context(), blueprint_id, actor=actor)
    except (PaperNotPossible, AssemblyFailed, NoRelease) as error:
        kept = get_blueprint(service_context(), blueprint_id)
        reading = FormReading(form_of(kept.blueprint), blueprint=kept.blueprint)
        return show_editor(reading, kept, refusal=translate_problem(error)), 422
    flash(gettext("%(num)s form(s) assembled and kept.", num=len(made)))
    return redirect(url_for("items.papers.forms.show", digest=made[0].digest), code=303)


def check_or_save(kept: PaperBlueprint | None) -> Response | str | tuple[str, int]:
    reading = read_sent()
    if request.form.get("intent") != "save":
        return show_editor(reading, kept)
    checked = check_of(reading)
    if reading.blueprint is None or (checked and checked.faults):
        return show_editor(reading, kept, with_summary=True), 422
    try:
        saved = save_blueprint(
            service_context(),
            reading.blueprint,
            blueprint_id=kept.id if kept else "",
            based_on=request.form.get("based_on", 0, type=int) if kept else 0,
            actor=acting(current_person()),
        )
    except BlueprintChanged as error:
        return show_editor(reading, kept, refusal=translate_problem(error)), 409
    flash(gettext("Saved as version %(number)s.", number=saved.version))
    return redirect(url_for("items.papers.show", blueprint_id=saved.id), code=303)


def read_sent() -> FormReading:
    return read_form(service_context(), request.form, request.form.getlist("levels"))


def check_of(reading: FormReading) -> BlueprintCheck | None:
    """The judgement of the use case; None where there is nothing to judge, or no release yet."""
    if reading.blueprint is None:
        return None
    try:
        return check_blueprint(service_context(), reading.blueprint)
    except NoRelease:
        return None


def verdict_of(reading: FormReading) -> dict[str, Any]:
    """What the verdict's template shows."""
    context, checked = service_context(), check_of(reading)
    diagnosis = checked.diagnosis if checked else None
    faults = [paper_words.fault_words(context, f) for f in checked.faults] if checked else []
    conflicts = [
        [paper_words.demand_words(context, one) for one in conflict]
        for conflict in (diagnosis.conflicts if diagnosis else ())
    ]
    points = reading.blueprint.points_range() if reading.blueprint else None
    return {
        "faults": list(reading.errors.values()) + faults,
        "checked": checked,
        "diagnosis": diagnosis,
        "conflicts": conflicts,
        "points": points,
        "counts": counts_of(checked),
    }


def counts_of(checked: BlueprintCheck | None) -> dict[str, int]:
    """How many items there are, by the place of the rule that counts them."""
    if checked is None:
        return {}
    counts = dict(checked.diagnosis.counts) if checked.diagnosis else {}
    return {
        f"{attribute}-{value}": count
        for attribute, values in {**counts, Attribute.SECTION: checked.sections}.items()
        for value, count in values.items()
    }


def show_editor(
    reading: FormReading,
    kept: PaperBlueprint | None = None,
    *,
    refusal: str = "",
    with_summary: bool = False,
) -> str:
    context, form = service_context(), reading.form
    verdict = verdict_of(reading)
    return render_template(
        "papers/edit.html",
        form=form,
        kept=kept,
        based_on=based_on(kept, form),
        errors=reading.errors,
        refusal=refusal,
        summary=verdict["faults"] if with_summary else [],
        levels=LEVELS,
        values=countable_values(context),
        value_words=lambda attribute, value: paper_words.value_words(context, attribute, value),
        attribute_words=paper_words.attribute_words,
        words=paper_words.FIELD_NAMES,
        plain=(Attribute.DIMENSION, Attribute.LEVEL, Attribute.BLOOM, Attribute.DIFFICULTY),
        further=(Attribute.NODE, Attribute.WORK_AREA, Attribute.CHAPTER),
        forms=list_forms(context, blueprint_id=kept.id, size=FORMS_AT_ONCE) if kept else None,
        **verdict,
    )


def based_on(kept: PaperBlueprint | None, form: BlueprintForm) -> int:
    """The version that the form began at: what was sent, so that a conflict stays one."""
    sent = request.form.get("based_on", type=int)
    return sent if sent is not None else kept.version if kept else 0
