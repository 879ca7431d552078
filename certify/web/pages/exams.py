"""Which exams one may sit, what has to be known before, and the start.

Nothing runs before the start button is pressed: the clock belongs to the server, from then on.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from certify.errors import NoRelease
from certify.exams.attempt import AttemptState
from certify.exams.errors import BlueprintNotSatisfiable
from certify.services.admitting import Sitting, list_sittings
from certify.services.announcing import outline_exam
from certify.services.attempt_history import list_attempts
from certify.services.delivering import (
    close_if_due,
    list_open_programmes,
    start_attempt,
)
from certify.web.auth import current_person, require_roles, service_context
from certify.web.exam_pass import grant_exam_pass
from certify.web.i18n import translate_problem
from certify.web.pages.results import GOES_ON
from certify.web.session_words import sitting_phase
from certify.web.student_words import level_meaning

bp = Blueprint("exams", __name__)

SHOWN_AFTER_END = dt.timedelta(hours=12)
CANNOT_START = (NoRelease, BlueprintNotSatisfiable)


@bp.get("/exams")
@require_roles("student")
def index() -> str:
    """Running exams, exams that may be begun, and past ones."""
    attempts = settled_attempts()
    now = service_context().clock()
    running = [attempt for attempt in attempts if attempt["state"] is AttemptState.RUNNING]
    return render_template(
        "exams/index.html",
        programmes=list_open_programmes(service_context()),
        running=[
            {**attempt, "remaining": (attempt["deadline_at"] - now).total_seconds()}
            for attempt in running
        ],
        past=[attempt for attempt in attempts if attempt["state"] not in GOES_ON],
        sittings=present_sittings(),
        level_meaning=level_meaning,
    )


@bp.get("/exams/<programme_code>/<level>")
@require_roles("student")
def instructions(programme_code: str, level: str) -> str | tuple[str, int]:
    """Rules in plain words, and the start."""
    return show_instructions(programme_code, level, errors=[])


@bp.post("/exams/<programme_code>/<level>")
@require_roles("student")
def start(programme_code: str, level: str) -> Response | str | tuple[str, int]:
    """Begin, or go on with the running attempt of this programme."""
    if request.form.get("confirm") != "yes":
        message = gettext("Confirm that you have read the rules")
        return show_instructions(programme_code, level, errors=[("confirm", message)])
    context, person = service_context(), current_person()
    try:
        outline_exam(context, person.id, programme_code, level)
        attempt_id = start_attempt(context, person.id, programme_code, level)
        grant_exam_pass(attempt_id, person)
    except CANNOT_START as problem:
        return show_unavailable(problem)
    return redirect(url_for("attempts.show", attempt_id=attempt_id), code=303)


def show_instructions(
    programme_code: str, level: str, errors: list[tuple[str, str]]
) -> str | tuple[str, int]:
    person = current_person()
    try:
        outline = outline_exam(service_context(), person.id, programme_code, level)
    except CANNOT_START as problem:
        return show_unavailable(problem)
    page = render_template(
        "exams/instructions.html",
        outline=outline,
        meaning=level_meaning(level),
        experience_months=person.experience_months,
        errors=errors,
    )
    return (page, 422) if errors else page


def show_unavailable(problem: NoRelease | BlueprintNotSatisfiable) -> tuple[str, int]:
    """The bank cannot give this exam: said before anything has begun."""
    return render_template("exams/unavailable.html", detail=translate_problem(problem)), 503


def present_sittings() -> list[tuple[Sitting, str]]:
    """The person's exam sessions that are not long past, the next one first, with their phase."""
    now = service_context().clock()
    listed = [
        sitting
        for sitting in list_sittings(service_context(), current_person().id)
        if sitting.session.ends_at > now - SHOWN_AFTER_END
    ]
    return [(sitting, sitting_phase(sitting)) for sitting in reversed(listed)]


def settled_attempts() -> list[dict[str, Any]]:
    """The person's attempts; those whose time is over are closed and decided on the way."""
    context, person = service_context(), current_person()
    attempts = list_attempts(context, person.id)
    overdue = [
        attempt["id"]
        for attempt in attempts
        if attempt["state"] is AttemptState.CLOSED and attempt["ended_at"] is None
    ]
    closed = [close_if_due(context, attempt_id) for attempt_id in overdue]
    return [dict(a) for a in (list_attempts(context, person.id) if any(closed) else attempts)]
