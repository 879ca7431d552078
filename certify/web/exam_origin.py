"""From which browser and network a running exam is asked for: noted when it is another one.

Looked at where an exam page asks for its state now and then, never where it opens or answers: a
whole room does that at once. What was noted last stands in the browser's signed cookie, so that
nothing is stored until it changes.
"""

from __future__ import annotations

import hashlib
import hmac

from flask import current_app, request, session
from flask_limiter.util import get_remote_address

from certify.services.page_logging import log_origin
from certify.web.auth import current_candidate_id, service_context

NOTED = "exam_origin"
HASH_DIGITS = 16
LONGEST_AGENT = 512


def note_origin(attempt_id: str) -> None:
    """Tell the log where this request comes from, if this browser did not so before.

    Raises NotFound unless the attempt is the candidate's own.
    """
    seen = [attempt_id, origin_of(attempt_id)]
    if session.get(NOTED) == seen:
        return
    if log_origin(service_context(), current_candidate_id(), *seen):
        session[NOTED] = seen


def origin_of(attempt_id: str) -> str:
    """A keyed hash of address and browser that cannot be compared between attempts."""
    agent = request.headers.get("User-Agent", "")[:LONGEST_AGENT]
    text = f"{attempt_id}\n{get_remote_address()}\n{agent}"
    secret = str(current_app.secret_key).encode()
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()[:HASH_DIGITS]
