"""The lane for answers: the one request that a whole exam room sends all the time.

Stands before the application and takes only what is in order in every respect: a signed session
with the pass of the attempt, let in at this address a short while ago, the token against forgery,
a body that fits, an answer that can be stored. Everything else is passed on untouched, so that the
application alone refuses, explains, renews cookies and looks at a place anew. Both read and write
with the same functions; the lane only leaves out what such a request has no use for: finding the
endpoint, the language, the account, limits and templates.
"""

from __future__ import annotations

import hmac
import io
import json
import re
import time
from collections.abc import Iterable, Mapping
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import same_origin
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.http import parse_cookie

from certify.services.context import ServiceContext
from certify.services.delivering import save_response
from certify.web.api.interface import NOT_FOR_SEARCH, VERSION_PREFIX
from certify.web.api.reading import LARGEST_JSON_BYTES, decode
from certify.web.auth import is_fresh
from certify.web.exam_pass import pass_of
from certify.web.exam_place import has_passed
from certify.web.request_log import REQUEST_ID_HEADER, log, request_id_of
from certify.web.schemas.exams import NewResponse, new_answer, saved_body
from certify.web.security_headers import HEADERS, STRICT_TRANSPORT

PATH = re.compile(VERSION_PREFIX + r"/attempts/([0-9a-zA-Z-]{1,64})/responses/([1-9][0-9]{0,3})")
TOKEN_SALT = "wtf-csrf-token"  # noqa: S105 - of Flask-WTF
TOKEN = "csrf_token"  # noqa: S105 - its name in the session
NOWHERE = "127.0.0.1"
"""The address of a request that has none, as the limits say it."""
PLAIN_HEADERS = (
    ("Content-Type", "application/json"),
    *HEADERS.items(),
    ("Cache-Control", "no-store"),
    NOT_FOR_SEARCH,
    ("Vary", "Cookie"),
)


class AnswerLane:
    """A WSGI application before another one."""

    def __init__(self, app: Flask, behind: WSGIApplication, context: ServiceContext) -> None:
        sessions = app.session_interface
        if not isinstance(sessions, SecureCookieSessionInterface):
            raise TypeError(f"expected sessions in signed cookies, found {type(sessions).__name__}")
        self._behind = behind
        self._context = context
        self._sessions = sessions.get_signing_serializer(app)
        self._cookie = sessions.get_cookie_name(app)
        self._lifetime = int(app.permanent_session_lifetime.total_seconds())
        self._tokens = URLSafeTimedSerializer(app.secret_key or "", salt=TOKEN_SALT)
        self._schema = NewResponse()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, or let the application behind do so."""
        place = PATH.fullmatch(environ["PATH_INFO"])
        if place is None or environ["REQUEST_METHOD"] != "PUT":
            return self._behind(environ, start_response)
        began = time.perf_counter()
        body = self._saved(environ, place[1], int(place[2]))
        if body is None:
            return self._behind(environ, start_response)
        request_id = request_id_of(environ.get("HTTP_X_REQUEST_ID", ""))
        headers = [*PLAIN_HEADERS, (REQUEST_ID_HEADER, request_id)]
        headers.append(("Content-Length", str(len(body))))
        if environ["wsgi.url_scheme"] == "https":
            headers.append(STRICT_TRANSPORT)
        start_response("200 OK", headers)
        log.info(
            "request",
            method="PUT",
            path=environ["PATH_INFO"],
            status=200,
            duration_ms=round(1000 * (time.perf_counter() - began), 1),
            request_id=request_id,
        )
        return [body]

    def _saved(self, environ: WSGIEnvironment, attempt_id: str, position: int) -> bytes | None:
        """The acknowledgement of an answer that was stored; None where anything is unusual."""
        session = self._session(environ)
        granted = pass_of(session, attempt_id)
        address = environ.get("REMOTE_ADDR") or NOWHERE
        if granted is None or not has_passed(session, attempt_id, address):
            return None
        if not is_fresh(session, time.time()) or not self._is_own_page(environ, session):
            return None
        try:
            body = self._schema.load(decode(_read(environ)))
            new = new_answer(position, body)
            saved = save_response(self._context, granted[1], attempt_id, new)
        except Exception:
            # refused or failed: nothing is stored, and the application says why, or logs it
            return None
        return json.dumps(saved_body(saved)).encode()

    def _session(self, environ: WSGIEnvironment) -> Mapping[str, Any]:
        """What the signed cookie says; nothing where it is missing, altered or too old."""
        cookie = parse_cookie(environ).get(self._cookie)
        if not cookie or self._sessions is None:
            return {}
        try:
            session: Mapping[str, Any] = self._sessions.loads(cookie, max_age=self._lifetime)
        except BadData:
            return {}
        return session

    def _is_own_page(self, environ: WSGIEnvironment, session: Mapping[str, Any]) -> bool:
        """Whether the request comes from a page of this session and not from a forged one."""
        try:
            token = self._tokens.loads(environ.get("HTTP_X_CSRFTOKEN", ""))
        except BadData:
            return False
        if not hmac.compare_digest(str(session.get(TOKEN, "")), str(token)):
            return False
        if environ["wsgi.url_scheme"] != "https":
            return True
        own = f"https://{environ.get('HTTP_HOST', '')}/"
        return bool(same_origin(environ.get("HTTP_REFERER", ""), own))


def _read(environ: WSGIEnvironment) -> bytes:
    """The body, left in place for the application behind. Raises ValueError for unusual ones."""
    length = environ.get("CONTENT_LENGTH") or ""
    is_json = environ.get("CONTENT_TYPE", "").partition(";")[0].strip() == "application/json"
    if not is_json or not length.isascii() or not length.isdigit():
        raise ValueError("expected JSON of a known length")
    if int(length) > LARGEST_JSON_BYTES:
        raise ValueError("too long")
    body: bytes = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = io.BytesIO(body)
    return body
