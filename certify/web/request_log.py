"""One identifier per request, in every log line and on the page for a failure.

An identifier sent by a proxy is kept when it looks like one; anything else is replaced,
so that nobody writes into the log from outside. Bodies and query strings are not logged.
"""

from __future__ import annotations

import re
import secrets
import time

import structlog
from flask import Flask, Response, g, request

REQUEST_ID_HEADER = "X-Request-ID"
ACCEPTABLE_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")

log = structlog.get_logger("certify.web")


def init_app(app: Flask) -> None:
    app.before_request(open_request)
    app.after_request(close_request)


def open_request() -> None:
    g.request_id = request_id_of(request.headers.get(REQUEST_ID_HEADER, ""))
    g.request_started_seconds = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def request_id_of(offered: str) -> str:
    """The identifier that was sent, where it looks like one, else a new one."""
    accepted = ACCEPTABLE_REQUEST_ID.fullmatch(offered) is not None
    return offered if accepted else secrets.token_hex(8)


def close_request(response: Response) -> Response:
    response.headers[REQUEST_ID_HEADER] = current_request_id()
    if request.endpoint != "static":
        log.info(
            "request",
            method=request.method,
            path=request.path,
            status=response.status_code,
            duration_ms=round(1000 * elapsed_seconds(), 1),
        )
    return response


def current_request_id() -> str:
    return str(g.get("request_id", "-"))


def elapsed_seconds() -> float:
    started: float = g.get("request_started_seconds", time.perf_counter())
    return time.perf_counter() - started
