"""Integrity reports of exam sessions: overview, pairs, one candidate's evidence, notes, tables.

Evidence, never a verdict: nothing on these pages changes an exam or a result.
"""

from __future__ import annotations

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from certify.errors import InvalidField
from certify.services.integrity_findings import CandidateEvidence, PairEvidence, Signal
from certify.services.integrity_reports import (
    LONGEST_NOTE,
    ReportView,
    compute_report,
    list_inspectable,
    note_outcome,
    view_candidate,
    view_report,
)
from certify.services.page_logging import KEPT_FOR
from certify.services.ports import Page
from certify.web import integrity_words
from certify.web.auth import current_person, require_roles, service_context
from certify.web.i18n import translate_problem
from certify.web.integrity_timeline import exam_timeline, is_rapid
from certify.web.integrity_words import (
    INSPECTORS,
    LANE_NAMES,
    MEANINGS,
    OUTCOME_NAMES,
    SIGNAL_NAMES,
)
from certify.web.list_address import page_number, pages_of
from certify.web.plain_tables import send_table
from certify.web.session_words import STATE_NAMES
from certify.web.streamed_work import PLACE, Progress, stream_work

bp = Blueprint("integrity", __name__, url_prefix="/integrity")

PAGE_SIZE: Final = 50
MOST_PAIRS: Final = 50
"""Pairs on the page; the table to keep holds all."""
STREAMED_FROM: Final = 150
"""Ended exams from which computing takes long enough to tell how far it is."""
for word_filter in (
    integrity_words.signal_name,
    integrity_words.change_words,
    integrity_words.tail_words,
):
    bp.add_app_template_filter(word_filter)


@bp.get("")
@require_roles(*INSPECTORS)
def index() -> str:
    """The sessions whose reports one may see."""
    found = list_inspectable(service_context(), current_person(), number=page_number())
    return render_template(
        "integrity/index.html", found=found, pages=pages_of(), states=STATE_NAMES
    )


@bp.get("/<session_id>")
@require_roles(*INSPECTORS)
def show(session_id: str) -> str:
    """The newest report; `?signal=` narrows the candidates."""
    view = view_report(service_context(), session_id, current_person())
    asked = request.args.get("signal", "")
    signal = asked if asked in list(Signal) else ""
    candidates = view.report.findings.candidates if view.report else ()
    listed = [one for one in candidates if not signal or signal in one.signals]
    last = max(1, -(-len(listed) // PAGE_SIZE))
    page = min(page_number(), last)
    return render_template(
        "integrity/show.html",
        view=view,
        session=view.session,
        findings=view.report.findings if view.report else None,
        candidates=listed[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        page=Page((), len(listed), page, PAGE_SIZE),
        address=pages_of(),
        signal=signal,
        signals=SIGNAL_NAMES,
        most_pairs=MOST_PAIRS,
        people={one.candidate_id: one for one in candidates},
        outcomes=OUTCOME_NAMES,
        meanings=MEANINGS,
        kept_days=KEPT_FOR.days,
    )


@bp.post("/<session_id>")
@require_roles(*INSPECTORS)
def compute(session_id: str) -> Response:
    """Compute the report anew; what was computed before stays stored."""
    context, person = service_context(), current_person()
    view = view_report(context, session_id, person)
    if view.ended < STREAMED_FROM:
        compute_report(context, session_id, person)
        flash(gettext("The report was computed."))
        return redirect(url_for(".show", session_id=session_id), code=303)

    def work(progress: Progress) -> None:
        compute_report(context, session_id, person, progress)

    return stream_work(
        render_template("integrity/running.html", session=view.session, place=PLACE),
        work,
        lambda done, total: render_template("integrity/step.html", done=done, total=total),
        leading_on(session_id),
        failure_words(),
    )


@bp.get("/<session_id>/candidates/<candidate_id>")
@require_roles(*INSPECTORS)
def candidate(session_id: str, candidate_id: str) -> str:
    """The evidence about one candidate."""
    return show_candidate(session_id, candidate_id)


@bp.post("/<session_id>/candidates/<candidate_id>")
@require_roles(*INSPECTORS)
def add_note(session_id: str, candidate_id: str) -> Response | tuple[str, int]:
    """Keep what somebody who looked at the evidence came to."""
    outcome, text = request.form.get("outcome", ""), request.form.get("text", "")
    try:
        note_outcome(service_context(), session_id, candidate_id, current_person(), outcome, text)
    except InvalidField as fault:
        errors = [(str(fault.params["field"]), fault_words(fault))]
        return show_candidate(session_id, candidate_id, errors, outcome, text), 422
    flash(gettext("The note was kept."))
    address = url_for(".candidate", session_id=session_id, candidate_id=candidate_id)
    return redirect(f"{address}#notes", code=303)


@bp.get("/<session_id>/candidates.csv")
@require_roles(*INSPECTORS)
def candidate_table(session_id: str) -> Response:
    """All candidates with all figures."""
    view = view_report(service_context(), session_id, current_person())
    found = view.report.findings.candidates if view.report else ()
    head = [
        *(gettext("Admission number"), gettext("Name"), gettext("Room"), gettext("Seat")),
        *(gettext("Worth a look"), gettext("Answered"), gettext("Right")),
        *(gettext("Rapid answers"), gettext("Effort"), gettext("Person fit lz*")),
        *(gettext("p, adjusted"), gettext("Wrong to right"), gettext("Right to wrong")),
        *(gettext("Wrong to wrong"), gettext("Times away"), gettext("Seconds away")),
        *(gettext("Times offline"), gettext("Seconds offline"), gettext("Pages opened")),
        *(gettext("Browsers or networks"), gettext("Newest note")),
    ]
    return send_table("integrity-candidates.csv", head, [candidate_row(c, view) for c in found])


@bp.get("/<session_id>/pairs.csv")
@require_roles(*INSPECTORS)
def pair_table(session_id: str) -> Response:
    """All pairs that the report keeps."""
    view = view_report(service_context(), session_id, current_person())
    findings = view.report.findings if view.report else None
    people = {one.candidate_id: one for one in findings.candidates} if findings else {}
    head = [
        *(gettext("Admission number"), gettext("Name"), gettext("Room"), gettext("Seat")),
        *(gettext("Admission number"), gettext("Name"), gettext("Room"), gettext("Seat")),
        *(gettext("Neighbouring seats"), gettext("Items in common"), gettext("Both wrong")),
        *(gettext("Identical errors"), gettext("Expected"), gettext("p"), gettext("p, adjusted")),
    ]
    rows = [pair_row(pair, people) for pair in findings.pairs] if findings else []
    return send_table("integrity-pairs.csv", head, rows)


def show_candidate(
    session_id: str,
    candidate_id: str,
    errors: list[tuple[str, str]] | None = None,
    outcome: str = "",
    text: str = "",
) -> str:
    view = view_candidate(service_context(), session_id, candidate_id, current_person())
    thresholds = view.report.findings.thresholds
    return render_template(
        "integrity/candidate.html",
        view=view,
        session=view.session,
        one=view.evidence,
        timeline=exam_timeline(view),
        lanes=LANE_NAMES,
        rapid={i.position for i in view.conduct.items if is_rapid(i, thresholds)},
        thresholds=thresholds,
        people={one.candidate_id: one for one in view.report.findings.candidates},
        outcomes=OUTCOME_NAMES,
        is_provisional=view.report.findings.is_provisional,
        longest_note=LONGEST_NOTE,
        errors=errors or [],
        outcome=outcome,
        text=text,
    )


def candidate_row(one: CandidateEvidence, view: ReportView) -> list[str]:
    outcome = view.outcomes.get(one.candidate_id)
    figures = (
        *(one.answered, one.correct, one.rapid, one.effort, one.fit, one.fit_adjusted_p),
        *(one.to_right, one.to_wrong, one.wrong_to_wrong, one.away_times, one.away_seconds),
        *(one.offline_times, one.offline_seconds, one.pages, one.origins),
    )
    return [
        *(one.admission_number, one.name, one.room, one.seat),
        gettext(", ").join(str(SIGNAL_NAMES[signal]) for signal in one.signals),
        *map(plain_figure, figures),
        str(OUTCOME_NAMES[outcome][0]) if outcome else "",
    ]


def pair_row(pair: PairEvidence, people: dict[str, CandidateEvidence]) -> list[str]:
    first, second = people[pair.first], people[pair.second]
    figures = (
        *(pair.common, pair.both_wrong, pair.identical, pair.expected),
        *(pair.p_value, pair.adjusted_p),
    )
    return [
        *(first.admission_number, first.name, first.room, first.seat),
        *(second.admission_number, second.name, second.room, second.seat),
        gettext("yes") if pair.is_near else "",
        *map(plain_figure, figures),
    ]


def plain_figure(value: float | None) -> str:
    """A number as programs read it; empty where there is none."""
    return "" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)


def fault_words(fault: InvalidField) -> str:
    if fault.params["field"] == "outcome":
        return gettext("Choose what you came to")
    if fault.params["field"] == "text":
        return gettext("Enter your reasons, at most %(num)s characters", num=LONGEST_NOTE)
    return translate_problem(fault)


def leading_on(session_id: str) -> str:
    address = url_for(".show", session_id=session_id)
    return Markup(
        '<meta http-equiv="refresh" content="0; url={0}"><p><a href="{0}">{1}</a></p>'
    ).format(address, gettext("Show the report"))


def failure_words() -> str:
    return Markup('<p class="import-step" role="alert">{}</p>').format(
        gettext("The report could not be computed. Try again in a minute.")
    )
