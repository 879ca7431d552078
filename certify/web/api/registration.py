"""Attach the whole programming interface to an application."""

from __future__ import annotations

from flask import Flask, Response, abort, request
from werkzeug.routing import BaseConverter, ValidationError

from certify.web.api import (
    attempts,
    batches,
    certificates,
    items,
    people,
    problems,
    programmes,
    results,
    sessions,
)
from certify.web.api.interface import NOT_FOR_SEARCH, Interface
from certify.web.api.reading import is_storable
from certify.web.auth import API_PREFIX

HIGHEST_POSITION = 9999
DESCRIPTION = """\
Sign in with POST /api/v1/login; the session cookie then identifies you. Every request that changes
something carries the token of GET /api/v1/csrf-token as X-CSRFToken, and over HTTPS a Referer of
the same site. Errors are problem details (RFC 9457); their `code` is stable, their sentences are
in the language of `?lang=zh` or `?lang=en`."""


class PositionConverter(BaseConverter):
    """The position of an item in an attempt, from 1."""

    regex = r"[0-9]{1,4}"

    def to_python(self, value: str) -> int:
        position = int(value)
        if position < 1:
            raise ValidationError()
        return position


def init_app(app: Flask) -> None:
    """Register converters, endpoints, the document and the answers to errors."""
    app.url_map.converters["position"] = PositionConverter
    app.config.update(
        API_TITLE="Certify",
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={"info": {"description": DESCRIPTION}},
    )
    interface = Interface(app)
    interface.register_converter(
        PositionConverter,
        lambda converter: {"type": "integer", "minimum": 1, "maximum": HIGHEST_POSITION},
    )
    interface.spec.components.security_scheme(
        "login", {"type": "apiKey", "in": "cookie", "name": app.config["SESSION_COOKIE_NAME"]}
    )
    for module in (
        sessions,
        programmes,
        attempts,
        results,
        certificates,
        items,
        people,
        batches,
    ):
        interface.register_group(module.bp)
    problems.init_app(app)
    app.before_request(refuse_odd_addresses)
    app.after_request(keep_out_of_search)


def refuse_odd_addresses() -> None:
    """No stored thing has an address that no database could hold."""
    if request.path.startswith(API_PREFIX) and not is_storable(request.path):
        abort(404)


def keep_out_of_search(response: Response) -> Response:
    if request.path.startswith(API_PREFIX):
        response.headers.set(*NOT_FOR_SEARCH)
    return response
