"""Administrators calibrate the items on the answers of held sessions and have exams scored again.

Asking, watching, stopping; then before and after side by side, to accept or to reject.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from certify.errors import CertifyError, InvalidField, NotFound, NotPermitted
from certify.services.accepting_calibrations import (
    LONGEST_REASON,
    abandon_calibration,
    accept_calibration,
    reject_calibration,
)
from certify.services.acting import Actor, acting
from certify.services.calibrating_sessions import (
    LEAST_RESPONSES,
    MOST_RESPONSES,
    STANDARD_RESPONSES,
    get_run,
    list_calibratable,
    list_runs,
    request_calibration,
    resume_calibration,
    stop_calibration,
    work_on,
)
from certify.services.context import ServiceContext
from certify.services.ports import CalibrationRun, RunState
from certify.services.rescoring import CalibratedCohort, view_cohort
from certify.services.scheduling import get_session
from certify.web import rescoring_words
from certify.web.auth import current_person, require_roles, service_context
from certify.web.i18n import translate_problem
from certify.web.pages import rescoring_tables
from certify.web.rescoring_chart import rescoring_chart
from certify.web.rescoring_words import RUN_STATES
from certify.web.streamed_work import PLACE, Progress, stream_work

bp = Blueprint("rescoring", __name__, url_prefix="/calibrations")
bp.register_blueprint(rescoring_tables.bp)

MOST_MOVED: Final = 20
Answer = str | Response | tuple[str, int]
for word_filter in (
    rescoring_words.stage_words,
    rescoring_words.problem_words,
    rescoring_words.kept_words,
    rescoring_words.flag_words,
):
    bp.add_app_template_filter(word_filter)


@bp.get("/sessions/<session_id>")
@require_roles("administrator")
def room(session_id: str) -> str:
    """What was calibrated on a session, and what may be calibrated now."""
    return show_room(session_id)


@bp.post("/sessions/<session_id>")
@require_roles("administrator")
def ask(session_id: str) -> Answer:
    """Ask for a calibration; its page works on it."""
    chosen = [session_id, *request.form.getlist("sessions")]
    typed = request.form.get("least_responses", "").strip()
    least = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0
    try:
        run_id = request_calibration(
            service_context(), chosen, least_responses=least, actor=actor()
        )
    except InvalidField:
        fault = gettext(
            "Enter a number from %(least)s to %(most)s", least=LEAST_RESPONSES, most=MOST_RESPONSES
        )
        return show_room(session_id, [("least_responses", fault)]), 422
    except (NotFound, NotPermitted):
        raise
    except CertifyError as refusal:
        return show_room(session_id, [("", translate_problem(refusal))]), 409
    return redirect(url_for(".show", run_id=run_id), code=303)


@bp.post("/sessions/<session_id>/abandon")
@require_roles("administrator")
def abandon(session_id: str) -> Answer:
    """Let the results be released as they are."""
    try:
        abandon_calibration(service_context(), session_id, reason=reason(), actor=actor())
    except InvalidField:
        return show_room(session_id, [("reason", reason_fault())]), 422
    except (NotFound, NotPermitted):
        raise
    except CertifyError as refusal:
        return show_room(session_id, [("", translate_problem(refusal))]), 409
    flash(gettext("The results are held as they are and can be released now."))
    return redirect(url_for("sessions.show", session_id=session_id), code=303)


@bp.get("/<run_id>")
@require_roles("administrator")
def show(run_id: str) -> Answer:
    """How far a calibration is; once it is ready, what it changes."""
    context = service_context()
    run = get_run(context, run_id, actor=actor())
    if run.state is RunState.WAITING:

        def go_on(progress: Progress) -> None:
            work_on(context, run_id, progress)

        return stream_work(
            render_template("rescoring/running.html", run=run, place=PLACE, is_streamed=True),
            go_on,
            lambda done, total: render_template("rescoring/step.html", done=done, total=total),
            leading_on(run_id),
            leading_on(run_id),
        )
    if run.state is RunState.RUNNING:
        return render_template("rescoring/running.html", run=run, place="", is_streamed=False)
    return show_cohort(view_cohort(context, run_id, actor=actor()))


@bp.post("/<run_id>/stop")
@require_roles("administrator")
def stop(run_id: str) -> Response:
    """Let the work end after its present step."""
    return step(run_id, stop_calibration, gettext("The work ends after its present step."))


@bp.post("/<run_id>/resume")
@require_roles("administrator")
def resume(run_id: str) -> Response:
    """Let the work go on."""
    return step(run_id, resume_calibration, gettext("The work goes on."))


@bp.post("/<run_id>/accept")
@require_roles("administrator")
def accept(run_id: str) -> Answer:
    """Let the new results count, and release them."""
    if request.form.get("confirm") != "yes":
        cohort = view_cohort(service_context(), run_id, actor=actor())
        fault = gettext("Confirm that the results are to count and to be shown")
        return show_cohort(cohort, [("confirm", fault)]), 422
    return step(run_id, accept_calibration, gettext("The new results count and are released."))


@bp.post("/<run_id>/reject")
@require_roles("administrator")
def reject(run_id: str) -> Answer:
    """Leave everything held as it was."""
    try:
        reject_calibration(service_context(), run_id, reason=reason(), actor=actor())
    except InvalidField:
        cohort = view_cohort(service_context(), run_id, actor=actor())
        return show_cohort(cohort, [("reason", reason_fault())]), 422
    except (NotFound, NotPermitted):
        raise
    except CertifyError as refusal:
        flash(translate_problem(refusal), "error")
    else:
        flash(gettext("The calibration was rejected; the results stay held."))
    return redirect(url_for(".show", run_id=run_id), code=303)


def show_room(session_id: str, errors: list[tuple[str, str]] | None = None) -> str:
    context = service_context()
    return render_template(
        "rescoring/room.html",
        session=get_session(context, session_id, current_person()),
        runs=list_runs(context, session_id, actor=actor()),
        fit=list_calibratable(context, session_id, actor=actor()),
        states=RUN_STATES,
        errors=errors or [],
        chosen=request.form.getlist("sessions"),
        least_responses=request.form.get("least_responses", str(STANDARD_RESPONSES)),
        reason=request.form.get("reason", ""),
        longest_reason=LONGEST_REASON,
    )


def show_cohort(cohort: CalibratedCohort, errors: list[tuple[str, str]] | None = None) -> str:
    comparison, found = cohort.comparison, cohort.record
    scale = (
        service_context()
        .programme_versions[cohort.run.programme_code, cohort.run.programme_version]
        .scale
    )
    listed = [one for one in found.items if not one.kept_because] if found else []
    return render_template(
        "rescoring/show.html",
        run=cohort.run,
        sessions=cohort.sessions,
        record=found,
        comparison=comparison,
        states=RUN_STATES,
        chart=rescoring_chart(comparison.exams, scale.cuts) if comparison else None,
        moved=sorted(listed, key=lambda one: (-abs(one.moved), one.item_id))[:MOST_MOVED],
        flagged=[one for one in found.items if one.flags] if found else [],
        kept=Counter(one.kept_because for one in found.items if one.kept_because and one.responses)
        if found
        else {},
        not_asked=sum(not one.responses for one in found.items) if found else 0,
        calibrated=len(listed),
        errors=errors or [],
        reason=request.form.get("reason", ""),
        longest_reason=LONGEST_REASON,
    )


def step(
    run_id: str,
    use_case: Callable[..., CalibrationRun | None],
    done: str,
) -> Response:
    """One step, and what became of it."""
    context: ServiceContext = service_context()
    try:
        use_case(context, run_id, actor=actor())
    except (NotFound, NotPermitted):
        raise
    except CertifyError as refusal:
        flash(translate_problem(refusal), "error")
    else:
        flash(done)
    return redirect(url_for(".show", run_id=run_id), code=303)


def leading_on(run_id: str) -> str:
    return Markup('<meta http-equiv="refresh" content="0; url={0}">{1}').format(
        url_for(".show", run_id=run_id),
        Markup('<p><a href="{}">{}</a></p>').format(
            url_for(".show", run_id=run_id), gettext("Show how far it is")
        ),
    )


def reason() -> str:
    return request.form.get("reason", "").strip()


def reason_fault() -> str:
    return gettext("Enter a reason of 1 to %(most)s characters", most=LONGEST_REASON)


def actor() -> Actor:
    return acting(current_person())
