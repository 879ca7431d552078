"""A calibration to keep: its items, the exams before and after, and the record itself."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, abort
from flask_babel import gettext
from werkzeug.wrappers import Response

from certify.exams.calibration_record import CalibrationRecord
from certify.services.acting import acting
from certify.services.rescoring import get_record, view_cohort
from certify.web.auth import current_person, require_roles, service_context
from certify.web.plain_tables import send_file, send_table
from certify.web.rescoring_words import flag_words, kept_words

bp = Blueprint("tables", __name__)


@bp.get("/<run_id>/items.csv")
@require_roles("administrator")
def items(run_id: str) -> Response:
    """Every item with its parameters before and after."""
    found = get_record(service_context(), run_id, actor=acting(current_person()))
    head = [
        *(gettext("Item"), gettext("Dimension"), gettext("Responses"), gettext("Right")),
        *(f"{name} {gettext('before')}" for name in "abc"),
        *("a", "b", "c", "se a", "se b", "se c", "outfit", "infit"),
        *(gettext("Kept because"), gettext("To be looked at")),
    ]
    return send_table(f"calibration-{found.digest[:12]}-items.csv", head, item_rows(found))


@bp.get("/<run_id>/exams.csv")
@require_roles("administrator")
def exams(run_id: str) -> Response:
    """Every exam before and after."""
    cohort = view_cohort(service_context(), run_id, actor=acting(current_person()))
    if cohort.comparison is None:
        abort(404)
    head = [gettext("Attempt"), gettext("Level applied for")]
    for when in (gettext("before"), gettext("after")):
        head += [f"{gettext('Level')} {when}", f"{gettext('Awarded')} {when}"]
        head += [f"theta {when}", f"se {when}"]
    rows = (
        [
            one.attempt_id,
            one.applied,
            *(one.before.placed, one.before.awarded, repr(one.before.theta), repr(one.before.se)),
            *(one.after.placed, one.after.awarded, repr(one.after.theta), repr(one.after.se)),
        ]
        for one in cohort.comparison.exams
    )
    return send_table(f"calibration-{cohort.run.calibration_digest[:12]}-exams.csv", head, rows)


@bp.get("/<run_id>/record.json")
@require_roles("administrator")
def record(run_id: str) -> Response:
    """The record itself, whose SHA-256 is its name."""
    found = get_record(service_context(), run_id, actor=acting(current_person()))
    return send_file(found.content, f"calibration-{found.digest}.json", "application/json")


def item_rows(found: CalibrationRecord) -> Iterator[list[str]]:
    for one in found.items:
        numbers = (one.a, one.b, one.c, one.se_a, one.se_b, one.se_c, one.outfit, one.infit)
        yield [
            *(one.item_id, one.dimension, str(one.responses), str(one.correct)),
            *(repr(value) for value in one.before),
            *("" if value is None else repr(value) for value in numbers),
            kept_words(one.kept_because),
            "; ".join(flag_words(code) for code in one.flags),
        ]
