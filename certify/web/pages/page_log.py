"""What an exam page tells about its window and its connection."""

from __future__ import annotations

from flask import Blueprint, Response, abort, jsonify, request

from certify.errors import InvalidField
from certify.services.page_logging import log_page_events, read_told
from certify.web.auth import current_candidate_id, require_roles, service_context
from certify.web.exam_pass import require_exam_pass

bp = Blueprint("page_log", __name__)

LARGEST_BODY = 16 * 1024


@bp.put("/attempts/<attempt_id>/page-log")
@require_exam_pass
@require_roles("student")
def keep(attempt_id: str) -> Response | tuple[Response, int]:
    """Keep a few events; `wanted` is false where none of this exam are kept."""
    if (request.content_length or 0) > LARGEST_BODY:
        abort(413)
    try:
        told = read_told(request.get_json(silent=True))
        wanted = log_page_events(service_context(), current_candidate_id(), attempt_id, told)
    except InvalidField:
        return jsonify({"wanted": True}), 422
    return jsonify({"wanted": wanted})
