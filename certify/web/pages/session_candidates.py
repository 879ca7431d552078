"""Candidates of a session: import with a dry run, initial passwords once, admission tickets."""

from __future__ import annotations

import base64

from flask import Blueprint, current_app, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from certify.errors import SessionStarted
from certify.grading.errors import GradingError
from certify.services.rostering import (
    RosterImport,
    check_roster,
    import_roster,
    list_candidates,
    password_list,
    roster_template,
)
from certify.services.scheduling import get_session
from certify.services.ticketing import print_tickets
from certify.web.auth import current_person, require_roles, service_context
from certify.web.i18n import translate_problem
from certify.web.pages.grading import name_of
from certify.web.session_form import exam_zone
from certify.web.session_words import KEEPERS, roster_words

bp = Blueprint("candidates", __name__)

LARGEST_ROSTER = 4 * 1024 * 1024
LARGEST_PASSWORD_LIST = 1024 * 1024
CSV = "text/csv; charset=utf-8"
MOST_SHOWN = 100

Answer = str | tuple[str, int]


@bp.get("/<session_id>/candidates")
@require_roles(*KEEPERS)
def index(session_id: str) -> str:
    """Who sits where, and the field for a file."""
    return show_page(session_id)


@bp.post("/<session_id>/candidates")
@require_roles(*KEEPERS)
def take_over(session_id: str) -> Answer:
    """Check a file, or take it over; the default is to check."""
    context, person = service_context(), current_person()
    get_session(context, session_id, person)
    uploaded = request.files.get("roster")
    name = name_of(uploaded)
    if uploaded is None or not name:
        return show_page(session_id, error=gettext("Choose the file with the candidates")), 422
    data = uploaded.read(LARGEST_ROSTER + 1)
    if len(data) > LARGEST_ROSTER:
        return show_page(session_id, error=gettext("Choose a file of at most 4 MB")), 422
    applies = request.form.get("mode") == "import"
    use_case = import_roster if applies else check_roster
    try:
        done = use_case(context, session_id, data, name, by=person)
    except (GradingError, SessionStarted) as error:
        return show_page(session_id, error=translate_problem(error)), 422
    return show_page(session_id, done=done, applied=applies, file=name)


@bp.post("/<session_id>/passwords.csv")
@require_roles(*KEEPERS)
def passwords(session_id: str) -> Response:
    """Hand back, as a file, the list that the page of the import holds; it is stored nowhere."""
    get_session(service_context(), session_id, current_person())
    encoded = request.form.get("list", "")[:LARGEST_PASSWORD_LIST]
    try:
        content = base64.b64decode(encoded, validate=True)
    except ValueError:
        content = b""
    return attachment(content, CSV, "initial-passwords.csv")


@bp.get("/<session_id>/roster.csv")
@require_roles(*KEEPERS)
def template(session_id: str) -> Response:
    """A file with the headings and one row to show them."""
    get_session(service_context(), session_id, current_person())
    return attachment(roster_template(), CSV, "roster.csv")


@bp.get("/<session_id>/tickets.pdf")
@require_roles(*KEEPERS)
def tickets(session_id: str) -> Response:
    """The admission tickets of a room, or of all."""
    content = print_tickets(
        service_context(),
        session_id,
        exam_zone(),
        by=current_person(),
        room=request.args.get("room", ""),
    )
    return attachment(content, "application/pdf", "admission-tickets.pdf")


def show_page(
    session_id: str,
    *,
    done: RosterImport | None = None,
    applied: bool = False,
    file: str = "",
    error: str = "",
) -> str:
    context, person = service_context(), current_person()
    session = get_session(context, session_id, person)
    made = done.passwords if done else ()
    return render_template(
        "sessions/candidates.html",
        session=session,
        candidates=list_candidates(context, session_id, by=person),
        done=done,
        applied=applied,
        file=file,
        error=error,
        problems=[(p, roster_words(p)) for p in done.problems] if done else [],
        most=MOST_SHOWN,
        encoded_list=base64.b64encode(password_list(made)).decode() if made else "",
    )


def attachment(content: bytes, kind: str, name: str) -> Response:
    response = current_app.response_class(content, content_type=kind)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
