"""A candidate's own results, and the certificate of an attempt."""

from __future__ import annotations

from typing import Any

from certify.exams.attempt import AttemptState
from certify.services.concluding import concluded_result
from certify.services.delivering import close_if_due, view_attempt
from certify.services.issuing import issue_credential
from certify.web.api.interface import ApiBlueprint
from certify.web.auth import current_person, require_roles, service_context
from certify.web.schemas.results import CredentialIdAnswer, ResultAnswer, result_body

bp = ApiBlueprint("results", "A candidate's own results")
ONE = "/attempts/<string(maxlength=64):attempt_id>"


@bp.get(f"{ONE}/result")
@require_roles("student")
@bp.response(200, ResultAnswer)
@bp.refuses(404, 409)
def get_result(attempt_id: str) -> dict[str, Any]:
    """Level, probability and profile of one's own ended attempt."""
    close_own(attempt_id)
    return result_body(concluded_result(service_context(), current_person().id, attempt_id))


@bp.post(f"{ONE}/certificate")
@require_roles("student")
@bp.response(200, CredentialIdAnswer)
@bp.refuses(404, 409, 422)
def create_certificate(attempt_id: str) -> dict[str, str]:
    """Issue the certificate of one's own attempt, or name the one there is."""
    close_own(attempt_id)
    context = service_context()
    result = concluded_result(context, current_person().id, attempt_id)
    return {"credential_id": issue_credential(context, result.attempt_id)}


def close_own(attempt_id: str) -> None:
    """Check that the attempt is one's own, and close it when its time is over.

    Raises NotFound. The deadline needs no background job to be kept.
    """
    context = service_context()
    view = view_attempt(context, current_person().id, attempt_id)
    if view.state is AttemptState.CLOSED:
        close_if_due(context, attempt_id)
