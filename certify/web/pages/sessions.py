"""Test centres and administrators plan exam sessions, open and close them, release results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from certify.errors import (
    InvalidField,
    NoRelease,
    SessionRunning,
    SessionStarted,
    SessionWithoutCandidates,
)
from certify.exams.errors import ExamError
from certify.exams.exam_session import ExamSession
from certify.services.context import ServiceContext
from certify.services.delivering import list_open_programmes
from certify.services.ports import Person
from certify.services.scheduling import (
    close_session,
    count_session,
    create_session,
    edit_session,
    get_session,
    list_centres,
    list_sessions,
    open_session,
    release_results,
)
from certify.services.session_papers import list_papers, papers_of
from certify.web.auth import current_person, require_roles, service_context
from certify.web.i18n import translate_problem
from certify.web.list_address import page_number, pages_of
from certify.web.pages import invigilating, session_candidates
from certify.web.session_form import Errors, SessionForm, errors_of, explain, first_form
from certify.web.session_words import KEEPERS, STATE_NAMES

bp = Blueprint("sessions", __name__, url_prefix="/sessions")
bp.register_blueprint(session_candidates.bp)
bp.register_blueprint(invigilating.bp)

REFUSALS = (
    SessionStarted, SessionWithoutCandidates, SessionRunning, NoRelease, ExamError,
)  # fmt: skip

Answer = str | Response | tuple[str, int]


@bp.get("")
@require_roles(*KEEPERS)
def index() -> str:
    """The sessions one keeps, the one that begins last first."""
    found = list_sessions(service_context(), current_person(), number=page_number())
    return render_template(
        "sessions/index.html",
        found=found,
        pages=pages_of(),
        states=STATE_NAMES,
        centres={person.id: person for person in list_centres(service_context())},
    )


@bp.get("/new")
@require_roles(*KEEPERS)
def new() -> str:
    """A form with tomorrow morning in it."""
    return show_form(first_form(service_context().clock()), [])


@bp.post("/new")
@require_roles(*KEEPERS)
def add() -> Answer:
    """Plan the session, or show what is to be mended."""
    return save(None)


@bp.get("/<session_id>")
@require_roles(*KEEPERS)
def show(session_id: str) -> str:
    """One session: facts, codes, candidates, and what to do next."""
    context, person = service_context(), current_person()
    session = get_session(context, session_id, person)
    return render_template(
        "sessions/show.html",
        session=session,
        count=count_session(context, session_id, person),
        states=STATE_NAMES,
        programme=context.programmes.get(session.programme_code),
        centre={c.id: c for c in list_centres(context)}.get(session.centre_id),
        papers=papers_of(context, session),
    )


@bp.get("/<session_id>/edit")
@require_roles(*KEEPERS)
def edit(session_id: str) -> str:
    """The form of a planned session."""
    session = get_session(service_context(), session_id, current_person())
    return show_form(SessionForm.of(session), [], session)


@bp.post("/<session_id>/edit")
@require_roles(*KEEPERS)
def change(session_id: str) -> Answer:
    """Save the changes, or show what is to be mended."""
    return save(get_session(service_context(), session_id, current_person()))


@bp.post("/<session_id>/open")
@require_roles(*KEEPERS)
def open_doors(session_id: str) -> Response:
    """Pin the release; candidates may enter from now on."""
    return step(session_id, open_session, gettext("The session is open."))


@bp.post("/<session_id>/close")
@require_roles(*KEEPERS)
def close_doors(session_id: str) -> Response:
    """Nobody may enter any more."""
    return step(session_id, close_session, gettext("The session is closed."))


@bp.post("/<session_id>/release")
@require_roles(*KEEPERS)
def release(session_id: str) -> Response:
    """Show the results to the candidates."""
    return step(session_id, release_results, gettext("The results are released."))


def step(
    session_id: str,
    use_case: Callable[[ServiceContext, str, Person], ExamSession],
    done: str,
) -> Response:
    """Go one step on, and say what became of it."""
    try:
        use_case(service_context(), session_id, current_person())
    except REFUSALS as refusal:
        flash(translate_problem(refusal), "error")
    else:
        flash(done)
    return redirect(url_for("sessions.show", session_id=session_id), code=303)


def save(session: ExamSession | None) -> Answer:
    """Store what was entered, as a new session or in place of the one before."""
    context, person = service_context(), current_person()
    entered = SessionForm.entered()
    draft = entered.draft()
    if "administrator" not in person.roles:
        draft = replace(draft, centre_id=person.id)
    errors = errors_of(context, draft)
    if not errors:
        try:
            if session is None:
                saved = create_session(context, draft, person)
            else:
                saved = edit_session(context, session.id, draft, person)
        except InvalidField as fault:
            errors = [explain(fault)]
        except SessionStarted as refusal:
            errors = [("", translate_problem(refusal))]
    if errors:
        return show_form(entered, errors, session), 422
    flash(gettext("The session was saved."))
    return redirect(url_for("sessions.show", session_id=saved.id), code=303)


def show_form(form: SessionForm, errors: Errors, session: ExamSession | None = None) -> str:
    context = service_context()
    programmes = list_open_programmes(context)
    return render_template(
        "sessions/form.html",
        form=form,
        errors=errors,
        session=session,
        programmes=programmes,
        levels=list(dict.fromkeys(level for p in programmes for level in p.exams)),
        centres=list_centres(context),
        papers=list_papers(context),
        chooses_centre="administrator" in current_person().roles,
    )
