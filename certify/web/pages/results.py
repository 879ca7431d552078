"""Results and certificates of one's own attempts.

The numbers come from `services.deciding` and the words from `student_words`; this module puts
them on the page and hands out the signed file.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from certificates.errors import CertificateError, CredentialIdError
from certify.errors import NotFound, NothingToCertify, ResultHeld, ResultNotReady
from certify.exams.attempt import AttemptState
from certify.services.attempt_history import list_attempts
from certify.services.concluding import concluded_result
from certify.services.deciding import ResultView
from certify.services.delivering import close_if_due, view_attempt
from certify.services.issuing import get_own_certificate, issue_credential
from certify.services.ports import StoredCredential
from certify.services.recommending import chapters_of
from certify.web import result_words, student_words
from certify.web.auth import current_person, require_roles, service_context
from certify.web.charts import DimensionEstimate, RadarChart, level_ladder, radar_chart
from certify.web.convergence import convergence_chart
from certify.web.form_points import form_points
from rubrics.level_scale import BELOW

bp = Blueprint("results", __name__)

GOES_ON = (
    AttemptState.REGISTERED,
    AttemptState.ADMITTED,
    AttemptState.RUNNING,
    AttemptState.PAUSED,
    AttemptState.BREAK,
)
"""Not over, whether or not it has begun."""
STRENGTHS = 2
"""Dimensions named as strengths."""


@bp.get("/results")
@require_roles("student")
def index() -> str:
    """Every finished attempt with its level and certificate."""
    attempts = list_attempts(service_context(), current_person().id)
    finished = [a for a in attempts if a["state"] not in GOES_ON]
    return render_template("results/index.html", attempts=finished)


@bp.get("/attempts/<attempt_id>/result")
@require_roles("student")
def show(attempt_id: str) -> AnyResponse | str | tuple[str, int]:
    """The result; an exam that still runs leads back to itself."""
    view = view_attempt(service_context(), current_person().id, attempt_id)
    if view.state in GOES_ON:
        return redirect(url_for("attempts.show", attempt_id=attempt_id), code=303)
    close_if_due(service_context(), attempt_id)
    try:
        result = concluded_result(service_context(), current_person().id, attempt_id)
    except ResultHeld:
        return render_template("results/held.html", view=view)
    except ResultNotReady:
        # an attempt that was voided is never decided
        return render_template("results/pending.html", view=view), 404
    return render_template("results/show.html", **page_of(result))


@bp.post("/attempts/<attempt_id>/certificate")
@require_roles("student")
def issue(attempt_id: str) -> AnyResponse:
    """Issue a certificate that is due and missing; a second click gets the same one."""
    context = service_context()
    try:
        result = concluded_result(context, current_person().id, attempt_id)
        issue_credential(context, result.attempt_id)
    except (ResultHeld, ResultNotReady):
        pass  # the result page leads to where the attempt stands
    except NothingToCertify:
        flash(gettext("No certificate belongs to this result."), "warning")
    except CertificateError:
        flash(gettext("The certificate could not be issued now. Try again later."), "error")
    else:
        flash(gettext("Your certificate is ready."))
    return redirect(url_for("results.show", attempt_id=attempt_id), code=303)


@bp.get("/certificates/<credential_id>.pdf")
@require_roles("student")
def download(credential_id: str) -> Response:
    """The signed file, exactly as it was issued."""
    try:
        stored = get_own_certificate(service_context(), current_person().id, credential_id)
    except CredentialIdError as problem:
        raise NotFound(kind="Certificate", identifier=credential_id) from problem
    response = make_response(stored.pdf)
    response.content_type = "application/pdf"
    response.headers["Content-Disposition"] = (
        f'attachment; filename="certificate-{stored.credential_id}.pdf"'
    )
    return response


def page_of(result: ResultView) -> dict[str, Any]:
    """Everything that the result page prints."""
    scale, decision, report = result.programme.scale, result.decision, result.report
    cuts = dict(scale.cuts)
    lowest, undecided = scale.levels[0], student_words.is_undecided(decision)
    applied_cut = scale.level(decision.applied_level).cut
    assessed = [score for score in report.dimensions if score.theta is not None]
    # An estimate from wrong answers alone is still near the average; that is no evidence of skill.
    present = [s.code for s in assessed if s.correct and (s.theta or 0.0) >= lowest.cut]
    return {
        "result": result,
        "verdict": student_words.verdict(decision),
        "certainty": "" if undecided else student_words.certainty(decision, lowest.code),
        "is_undecided": undecided,
        "meaning": student_words.level_meaning(decision.placed_level),
        "is_below": decision.placed_level == BELOW and not undecided,
        "is_provisional": report.parameter_status == "provisional"
        and not result.calibration_digest,
        "first_level": lowest.code,
        "applied_is_not_highest": decision.applied_level != scale.levels[-1].code,
        "distance_to_first": student_words.distance_words(report.theta - lowest.cut, lowest.code),
        "present": present,
        "missing": [score.code for score in assessed if score.code not in present],
        "radar": radar_of(result, cuts),
        "ladder": level_ladder(decision.posterior, "" if undecided else decision.placed_level),
        "distance": student_words.distance_words(decision.distance_to_cut, decision.applied_level),
        "dimensions": [
            (
                score,
                student_words.dimension_words(score, decision.applied_level, applied_cut),
            )
            for score in report.dimensions
        ],
        "end_words": student_words.end_words(result.attempt.end_reason),
        "reasons": [student_words.reason_line(reason) for reason in decision.reasons],
        "points": form_points(report.forms),
        "convergence": convergence_chart(report.steps, cuts),
        "certificate": certificate_of(result),
        "may_be_issued": decision.awarded_level != BELOW and result.credential_id is None,
        "verify_address": verify_address(result.credential_id),
        "is_test": service_context().issuer.is_test,
        **evidence_of(result),
    }


def evidence_of(result: ResultView) -> dict[str, Any]:
    """What the decision rests on, what leads on from it, and what came before."""
    scale, decision, report = result.programme.scale, result.decision, result.report
    context = service_context()
    cut = scale.level(decision.applied_level).cut
    best = sorted(
        (score for score in report.dimensions if score.theta is not None and score.correct),
        key=lambda score: -(score.theta or 0.0),
    )
    nearest = min(scale.levels, key=lambda level: abs(report.theta - level.cut))
    nodes = context.skill_model.nodes
    return {
        "strengths": [
            (score, student_words.dimension_words(score, decision.applied_level, cut))
            for score in best[:STRENGTHS]
        ],
        "nearest": student_words.distance_words(report.theta - nearest.cut, nearest.code),
        "basis": [
            *result_words.basis_rows(
                report,
                result.attempt.started_terms.release_digest,
                result.calibration_digest,
                result.uncalibrated,
            ),
            *result_words.cohort_rows(result.cohort),
        ],
        "not_covered": [nodes[code] for code in report.nodes_not_covered if code in nodes],
        "chapters": chapters_of(
            context.skill_model, {step.dimension for step in result.learning_steps}
        ),
        "history": [
            entry
            for entry in list_attempts(context, result.candidate_id)
            if entry["programme"].code == result.programme.code
            and entry["state"] not in GOES_ON
            and entry["started_at"] is not None
        ],
    }


def radar_of(result: ResultView, cuts: dict[str, float]) -> RadarChart:
    estimates = [
        DimensionEstimate(
            score.code, score.theta, score.se, score.items, limited=score.evidence == "limited"
        )
        for score in result.report.dimensions
    ]
    return radar_chart(estimates, cuts)


def certificate_of(result: ResultView) -> StoredCredential | None:
    if result.credential_id is None:
        return None
    return get_own_certificate(service_context(), current_person().id, result.credential_id)


def verify_address(credential_id: str | None) -> str | None:
    """Where anybody checks the certificate, on this site."""
    if credential_id is None:
        return None
    return f"{urlsplit(service_context().issuer.verify_url).path}/{credential_id}"
