"""A candidate at the door: the session's card, access code, system check, start; and waiting."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from certify.exams.admission_errors import AdmissionRefused, LevelNotOffered, WrongAccessCode
from certify.exams.attempt import AttemptState
from certify.services.admitting import (
    Sitting,
    begin_part,
    enter_session,
    start_sitting,
    take_pulse,
    view_sitting,
)
from certify.services.page_logging import KEPT_FOR
from certify.web.auth import (
    current_candidate_id,
    current_person,
    require_roles,
    service_context,
)
from certify.web.exam_origin import note_origin
from certify.web.exam_pass import grant_exam_pass, require_exam_pass
from certify.web.exam_place import current_visit
from certify.web.extensions import limiter
from certify.web.i18n import translate_problem
from certify.web.session_words import sitting_phase

bp = Blueprint("lobby", __name__)

CODE_LIMIT = "10 per minute; 60 per hour"
LONGEST_CODE = 32
ASK_AGAIN_SECONDS = 25
"""How often pages of a session ask; whoever is not in a session asks every minute."""
OVER = (AttemptState.HANDED_IN, AttemptState.CLOSED, AttemptState.VOIDED)

Errors = list[tuple[str, str]]


@bp.get("/lobby/<session_id>")
@require_roles("student")
def show(session_id: str) -> AnyResponse | str:
    """When, where, rules, and the next step: wait, enter, start, or go on."""
    sitting = view_sitting(service_context(), current_person().id, session_id)
    return show_card(sitting, [])


@bp.post("/lobby/<session_id>/enter")
@require_roles("student")
@limiter.limit(
    CODE_LIMIT,
    # by person: the computers of a whole room share one address
    key_func=lambda: f"code {current_person().id}",
    deduct_when=lambda response: response.status_code == 422,
)
def enter(session_id: str) -> AnyResponse | str | tuple[str, int]:
    """Check the code and let in."""
    context, person = service_context(), current_person()
    code = request.form.get("code", "")[:LONGEST_CODE]
    try:
        enter_session(
            context,
            person.id,
            session_id,
            current_visit(),
            code=code,
            level=request.form.get("level", ""),
        )
    except AdmissionRefused as refusal:
        field = {WrongAccessCode: "code", LevelNotOffered: "level"}.get(type(refusal), "")
        message = gettext("Enter the access code") if not code else translate_problem(refusal)
        sitting = view_sitting(context, person.id, session_id)
        return show_card(sitting, [(field, message)], code=code), 422
    return redirect(url_for("lobby.show", session_id=session_id), code=303)


@bp.post("/lobby/<session_id>/start")
@require_roles("student")
def start(session_id: str) -> AnyResponse | str | tuple[str, int]:
    """Start the clock, or go on with what was started."""
    context, person = service_context(), current_person()
    if request.form.get("confirm") != "yes":
        sitting = view_sitting(context, person.id, session_id)
        message = gettext("Confirm that you have read the rules")
        return show_card(sitting, [("confirm", message)]), 422
    try:
        attempt_id = start_sitting(context, person.id, session_id, current_visit())
    except AdmissionRefused as refusal:
        sitting = view_sitting(context, person.id, session_id)
        return show_card(sitting, [("", translate_problem(refusal))]), 422
    grant_exam_pass(attempt_id, person)
    return redirect(url_for("attempts.show", attempt_id=attempt_id), code=303)


@bp.get("/lobby/<session_id>/state")
@require_roles("student")
def state(session_id: str) -> Response:
    """What a waiting page asks: it loads itself anew when the phase is another one."""
    sitting = view_sitting(service_context(), current_person().id, session_id)
    return jsonify({"phase": sitting_phase(sitting)})


@bp.get("/attempts/<attempt_id>/pulse")
@require_exam_pass
@require_roles("student")
def pulse(attempt_id: str) -> Response:
    """State, time left and messages of the invigilators; nothing about items."""
    note_origin(attempt_id)
    found = take_pulse(service_context(), current_candidate_id(), attempt_id)
    return jsonify(
        {
            "state": found.state.value,
            "remaining_seconds": found.remaining_seconds,
            "messages": [
                {"id": message.id, "text": message.text} for message in reversed(found.messages)
            ],
            "ask_again_seconds": ASK_AGAIN_SECONDS,
        }
    )


@bp.post("/attempts/<attempt_id>/next-part")
@require_exam_pass
@require_roles("student")
def next_part(attempt_id: str) -> AnyResponse:
    """End the break early."""
    begin_part(service_context(), current_candidate_id(), attempt_id)
    return redirect(url_for("attempts.show", attempt_id=attempt_id), code=303)


def show_card(sitting: Sitting, errors: Errors, code: str = "") -> str:
    exam = sitting.programme.exam(sitting.seat.level or sitting.session.levels[0])
    return render_template(
        "lobby/show.html",
        sitting=sitting,
        session=sitting.session,
        seat=sitting.seat,
        phase=sitting_phase(sitting),
        rule=exam,
        seconds_to_start=(sitting.session.starts_at - sitting.now).total_seconds(),
        seconds_to_entry=(sitting.session.entry_from - sitting.now).total_seconds(),
        kept_days=KEPT_FOR.days,
        errors=errors,
        code=code,
    )
