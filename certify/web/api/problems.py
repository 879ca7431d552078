"""Every failure below /api/ as problem details (RFC 9457), in the language of the request.

Foreseen errors of the rooms keep their sentence; faults of the server and of its set-up are
logged and told without any inner detail.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, cast
from urllib.parse import quote

import structlog
from flask import Blueprint, Flask, Response, make_response, request
from flask_babel import LazyString, lazy_gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, default_exceptions

from certificates.errors import KeyStoreError, TrustBundleError
from certify.errors import ConfigurationError, ItemNotReady
from certify.exams.errors import CorruptExposurePlan
from certify.services.problems import PROBLEM_BASES, http_status, problem_code
from certify.web import problems as pages
from certify.web.auth import API_PREFIX
from certify.web.i18n import translate_problem
from certify.web.item_words import finding_words
from certify.web.request_log import current_request_id
from question_bank.errors import CorruptRelease, MalformedResponse
from question_bank.findings import Finding

log = structlog.get_logger("certify.web")

CONTENT_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:certify:problem:"

CODES: Mapping[int, str] = {
    400: "bad-request",
    401: "not-signed-in",
    403: "not-permitted",
    404: "not-found",
    405: "method-not-allowed",
    409: "conflict",
    413: "too-large",
    415: "unsupported-media-type",
    422: "invalid-fields",
    429: "too-many-requests",
    500: "internal-error",
    503: "unavailable",
}
CSRF_CODE = "csrf-token"

Words = tuple[LazyString, LazyString]
WORDS: dict[int, Words] = {
    **{status: (page.title, page.explanation) for status, page in pages.PROBLEMS.items()},
    415: (
        lazy_gettext("This type of content is not accepted"),
        lazy_gettext("Send the type of content that the description of this address names."),
    ),
    422: (
        lazy_gettext("Some of the input does not fit"),
        lazy_gettext("The fields that do not fit are listed. Correct them and send again."),
    ),
    503: (
        lazy_gettext("Not available at the moment"),
        lazy_gettext("A part of the server does not answer. Try again in a minute."),
    ),
}
CSRF_WORDS: Words = (
    lazy_gettext("The protection token is missing or out of date"),
    lazy_gettext("Get a new one from /api/v1/csrf-token and send it as X-CSRFToken."),
)
MISFIT_ANSWER = lazy_gettext("The answer does not fit this item. Answer again.")
"""Said instead of the bank's sentence, which names the item and its options."""

UNAVAILABLE = (ConfigurationError,)
SERVER_FAULTS = (KeyStoreError, TrustBundleError, CorruptRelease, CorruptExposurePlan)


def init_app(app: Flask) -> None:
    """Answer addresses below /api/ that no endpoint takes; other paths keep their pages."""
    for status in (404, 405):
        app.register_error_handler(status, answer_unrouted)


def attach(bp: Blueprint) -> None:
    """Answer whatever goes wrong inside a blueprint of the interface."""
    for status in default_exceptions:
        bp.register_error_handler(status, answer_http_error)
    for base in PROBLEM_BASES:
        bp.register_error_handler(base, answer_foreseen)
    bp.register_error_handler(Exception, answer_unexpected)


def answer_unrouted(error: HTTPException) -> Response:
    if request.path.startswith(API_PREFIX):
        return answer_http_error(error)
    return pages.answer_http_error(error)


def answer_http_error(error: HTTPException) -> Response:
    """HTTP's own refusals, those of argument parsing, CSRF protection and rate limits included."""
    status = error.code or 500
    if status not in CODES:
        status = 500 if status >= 500 else 400
    if isinstance(error, CSRFError):
        return problem(status, code=CSRF_CODE, words=CSRF_WORDS)
    response = problem(status, errors=list(field_errors(error)))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Cookie realm="certify"'
    return response


def answer_foreseen(error: Any) -> Response:
    """An error of a room: its own sentence, its status, its name."""
    if isinstance(error, UNAVAILABLE + SERVER_FAULTS):
        log.error("fault of the installation", path=request.path, exc_info=error)
        return problem(503 if isinstance(error, UNAVAILABLE) else 500)
    status = http_status(error)
    detail = (
        str(MISFIT_ANSWER) if isinstance(error, MalformedResponse) else translate_problem(error)
    )
    errors = list(finding_errors(error)) if isinstance(error, ItemNotReady) else None
    return problem(status, code=problem_code(error), detail=detail, errors=errors)


def answer_unexpected(error: Exception) -> Response:
    log.error("unhandled exception", path=request.path, exc_info=error)
    return problem(500)


def finding_errors(error: ItemNotReady) -> Iterator[dict[str, str]]:
    """Everything that keeps an item from becoming operational, at its fields."""
    for finding in cast("tuple[Finding, ...]", error.params["findings"]):
        yield {"pointer": f"/item/{finding.field}", "detail": finding_words(finding)}


def field_errors(error: HTTPException) -> Iterator[dict[str, str]]:
    """What argument parsing found, one entry per sentence."""
    messages = (getattr(error, "data", None) or {}).get("messages", {})
    for location, tree in messages.items():
        for path, detail in sentences(tree):
            if location == "json":
                yield {"pointer": "".join(f"/{escape(part)}" for part in path), "detail": detail}
            else:
                yield {"parameter": ".".join(path), "detail": detail}


def sentences(tree: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """The leaves of marshmallow's messages with their paths."""
    if isinstance(tree, Mapping):
        for name, branch in tree.items():
            yield from sentences(branch, path if name == "_schema" else (*path, str(name)))
    elif isinstance(tree, list):
        for branch in tree:
            yield from sentences(branch, path)
    else:
        yield path, str(tree)


def escape(part: str) -> str:
    """A reference token of a JSON pointer (RFC 6901, section 3)."""
    return part.replace("~", "~0").replace("/", "~1")


def problem(
    status: int,
    *,
    code: str = "",
    words: Words | None = None,
    detail: str = "",
    errors: list[dict[str, str]] | None = None,
) -> Response:
    """A problem document; `code` names it more closely than its status does."""
    title, explanation = words or WORDS[status]
    name = code or CODES[status]
    document: dict[str, Any] = {
        "type": TYPE_PREFIX + name,
        "title": str(title),
        "status": status,
        "detail": detail or str(explanation),
        "instance": quote(request.path),
        "code": name,
        "request_id": current_request_id(),
    }
    if errors:
        document["errors"] = errors
    response = make_response(json.dumps(document, ensure_ascii=False), status)
    response.content_type = CONTENT_TYPE
    return response
