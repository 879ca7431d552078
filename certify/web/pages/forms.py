"""Assembled forms for teachers: figures, items in order, and the files to print."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response

from certify.exams.fixed_forms.blueprint import Attribute
from certify.services.acting import acting
from certify.services.assembling_papers import PaperForm, list_forms, view_form
from certify.services.printing_papers import print_file
from certify.web import paper_words
from certify.web.auth import current_person, require_roles, service_context
from certify.web.information_chart import information_chart
from certify.web.list_address import page_number, pages_of

bp = Blueprint("forms", __name__, url_prefix="/forms")

FORMS_AT_ONCE = 50
SHOWN = (Attribute.SECTION, Attribute.DIMENSION, Attribute.LEVEL, Attribute.BLOOM)
"""Distributions that every paper shows; others where the blueprint has rules about them."""


@bp.get("")
@require_roles("teacher")
def index() -> Response | str:
    """All forms, newest first."""
    found = list_forms(service_context(), number=page_number(), size=FORMS_AT_ONCE)
    if page_number() > found.count:
        return redirect(url_for(".index", page=found.count), code=303)
    return render_template("papers/forms.html", found=found, pages=pages_of())


@bp.get("/<digest>")
@require_roles("teacher")
def show(digest: str) -> str:
    """One form: what it measures, how it spreads, and its items in the order of the paper."""
    view = view_form(service_context(), digest)
    report, level = view.report, view.form.level
    return render_template(
        "papers/show.html",
        view=view,
        report=report,
        chart=information_chart(
            report.curve,
            report.curve[len(report.curve) // 2][0],
            report.thetas,
            report.reached,
            report.target,
        ),
        spreads=spreads_of(view),
        own=next(result for result in report.expected if result.level == level),
        section_names=paper_words.SECTION_NAMES,
    )


@bp.get("/<digest>/<kind>")
@require_roles("teacher")
def file(digest: str, kind: str) -> Response:
    """A file of the form: paper, answer-sheet, key, key-table or sheet-layout."""
    actor = acting(current_person())
    found = print_file(service_context(), digest, kind, actor=actor)
    response = current_app.response_class(found.content, content_type=found.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=found.name)
    return response


def spreads_of(view: PaperForm) -> list[tuple[str, list[tuple[str, int, str]]]]:
    """By attribute: each value with its count and what the blueprint asks for."""
    context, blueprint = service_context(), view.blueprint.blueprint
    rules = {(rule.attribute, rule.value): rule for rule in blueprint.rules}
    ruled = {rule.attribute for rule in blueprint.rules}
    spreads = []
    for attribute in Attribute:
        counts = view.report.counts[attribute]
        if attribute not in SHOWN and attribute not in ruled:
            continue
        values = dict.fromkeys([value for a, value in rules if a is attribute] + sorted(counts))
        rows = []
        for value in values:
            rule = rules.get((attribute, value))
            low, high = rule.bounds(blueprint.length) if rule else (0, blueprint.length)
            wanted = str(low) if low == high else f"{low}–{high}"
            words = paper_words.value_words(context, attribute, value) or "—"
            rows.append((words, counts.get(value, 0), wanted if rule else ""))
        spreads.append((paper_words.attribute_words(attribute), rows))
    return spreads
