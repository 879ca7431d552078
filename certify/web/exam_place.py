"""Where an exam of a session may be gone on with: looked at on the way to every page of it.

A browser that passed stays let in for a while without another look, kept in its signed cookie with
the address it came from; another browser, or the same one at another address, is looked at anew.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from flask import Flask, make_response, render_template, request, session
from flask_limiter.util import get_remote_address
from werkzeug.wrappers import Response

from certify.errors import NotFound
from certify.exams.admission_errors import AdmissionRefused
from certify.exams.exam_session import Visit
from certify.services.admitting import check_visit
from certify.web.auth import current_candidate_id, service_context
from certify.web.i18n import translate_problem
from certify.web.viewer import current_viewer

CONFIG_KEY_HEADER = "X-SafeExamBrowser-ConfigKeyHash"
EXAM_KEY_HEADER = "X-SafeExamBrowser-RequestHash"
GUARDED = frozenset({"attempts", "api_attempts"})
PASSED = "exam_place"
PASSED_FOR_SECONDS = 120.0


def init_app(app: Flask) -> None:
    """Attach the guard, after the one that knows who asks."""
    app.before_request(guard_place)
    app.register_error_handler(AdmissionRefused, answer_refused)


def current_visit() -> Visit:
    """Where this request comes from."""
    return Visit(
        address=get_remote_address(),
        url=request.url,
        config_key_hash=request.headers.get(CONFIG_KEY_HEADER, ""),
        exam_key_hash=request.headers.get(EXAM_KEY_HEADER, ""),
    )


def guard_place() -> None:
    """Refuse an exam of a session that is gone on with outside of its place."""
    attempt_id = (request.view_args or {}).get("attempt_id")
    viewer = current_viewer()
    if attempt_id is None or request.blueprint not in GUARDED or viewer is None:
        return
    if "student" not in viewer.roles or has_passed(session, attempt_id, get_remote_address()):
        return
    try:
        check_visit(service_context(), current_candidate_id(), attempt_id, current_visit())
    except NotFound:
        return  # the endpoint says so itself, in its own way
    session[PASSED] = [attempt_id, get_remote_address(), time.time()]


def has_passed(session: Mapping[str, Any], attempt_id: str, address: str) -> bool:
    """Whether the browser of this session was let in a short while ago, at this address."""
    passed = session.get(PASSED)
    if not isinstance(passed, list) or passed[:2] != [attempt_id, address]:
        return False
    return 0 <= time.time() - float(passed[2]) < PASSED_FOR_SECONDS


def answer_refused(error: AdmissionRefused) -> Response:
    """The reason, and that nothing is lost."""
    page = render_template("lobby/refused.html", reason=translate_problem(error))
    return make_response(page, 403)
