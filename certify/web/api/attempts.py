"""A candidate's own attempts: start, look, answer, hand in. Nobody else's exist here."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for

from certify.services.attempt_history import list_attempts
from certify.services.attempt_views import compose_attempt_view
from certify.services.delivering import (
    begin_attempt,
    hand_in,
    open_attempt,
    save_response,
    view_attempt,
)
from certify.services.form_sitting import flag_item
from certify.web.api.interface import ApiBlueprint
from certify.web.auth import (
    current_candidate_id,
    current_person,
    require_roles,
    service_context,
)
from certify.web.exam_pass import grant_exam_pass, require_exam_pass
from certify.web.schemas.exams import (
    AttemptAnswer,
    AttemptsAnswer,
    NewAttempt,
    NewFlag,
    NewResponse,
    Saved,
    StateAnswer,
    attempt_body,
    new_answer,
    saved_body,
)

bp = ApiBlueprint("attempts", "A candidate's own exams")
ONE = "/attempts/<string(maxlength=64):attempt_id>"


@bp.get("/attempts")
@require_roles("student")
@bp.response(200, AttemptsAnswer)
def get_attempts() -> dict[str, Any]:
    """One's own attempts, newest first."""
    entries = list_attempts(service_context(), current_person().id)
    return {"attempts": [{**entry, "programme": entry["programme"].code} for entry in entries]}


@bp.post("/attempts")
@require_roles("student")
@bp.arguments(NewAttempt)
@bp.response(201, AttemptAnswer)
@bp.alt_response(
    200, schema=AttemptAnswer, success=True, description="The attempt that is already running"
)
@bp.refuses(404)
def create_attempt(body: dict[str, str]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Start an exam, or go on with the running one of the same programme."""
    context, candidate_id = service_context(), current_person().id
    begun = begin_attempt(context, candidate_id, body["programme"], body["level"])
    attempt_id = begun.attempt.id
    view = compose_attempt_view(context, begun.attempt)
    grant_exam_pass(attempt_id, current_person())
    address = url_for("api_attempts.get_attempt", attempt_id=attempt_id)
    return attempt_body(view), 201 if begun.is_new else 200, {"Location": address}


@bp.get(ONE)
@require_exam_pass
@require_roles("student")
@bp.response(200, AttemptAnswer)
@bp.refuses(404)
def get_attempt(attempt_id: str) -> dict[str, Any]:
    """One's own attempt with its current item and the answer saved for it."""
    return attempt_body(view_attempt(service_context(), current_candidate_id(), attempt_id))


@bp.get(f"{ONE}/items/<position:position>")
@require_exam_pass
@require_roles("student")
@bp.response(200, AttemptAnswer)
@bp.refuses(404)
def get_item(attempt_id: str, position: int) -> dict[str, Any]:
    """One's own attempt with one item of a form part and the answer saved for it.

    An adaptive part has one item at a time: it is the current one, whatever was asked for.
    """
    view = view_attempt(service_context(), current_candidate_id(), attempt_id, position)
    return attempt_body(view)


@bp.put(f"{ONE}/flags/<position:position>")
@require_exam_pass
@require_roles("student")
@bp.arguments(NewFlag)
@bp.response(204)
@bp.refuses(404, 409)
def put_flag(body: dict[str, Any], attempt_id: str, position: int) -> Response:
    """Mark an item of a form part to come back to, or take the mark away."""
    flag_item(
        service_context(),
        current_candidate_id(),
        attempt_id,
        position,
        flagged=body["flagged"],
        client=body["client"],
    )
    return Response(status=204)


@bp.post(f"{ONE}/pages")
@require_exam_pass
@require_roles("student")
@bp.response(200, AttemptAnswer)
@bp.refuses(404)
def create_page(attempt_id: str) -> dict[str, Any]:
    """Take over the attempt: answers of pages opened before are refused from now on.

    The number of the new page comes back as `client`; send it with every answer.
    """
    return attempt_body(open_attempt(service_context(), current_candidate_id(), attempt_id))


@bp.put(f"{ONE}/responses/<position:position>")
@require_exam_pass
@require_roles("student")
@bp.arguments(NewResponse)
@bp.response(200, Saved)
@bp.refuses(404, 409)
def put_response(body: dict[str, Any], attempt_id: str, position: int) -> dict[str, Any]:
    """Save an answer; a final one moves on to the next item.

    The same idempotency key again gives the same answer and changes nothing.
    """
    new = new_answer(position, body)
    return saved_body(save_response(service_context(), current_candidate_id(), attempt_id, new))


@bp.post(f"{ONE}/hand-in")
@require_exam_pass
@require_roles("student")
@bp.response(200, StateAnswer)
@bp.refuses(404)
def create_hand_in(attempt_id: str) -> dict[str, str]:
    """End the attempt; answers saved so far count."""
    return {"state": hand_in(service_context(), current_candidate_id(), attempt_id).value}
