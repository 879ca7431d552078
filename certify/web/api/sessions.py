"""Signing in and out, and the CSRF token that unsafe requests carry."""

from __future__ import annotations

from typing import Any

from flask import Response

from certify.web.api.interface import ApiBlueprint
from certify.web.auth import (
    csrf_token,
    current_person,
    log_in,
    log_out,
    public,
    require_login,
)
from certify.web.schemas.people import (
    Credentials,
    CsrfAnswer,
    LoginAnswer,
    PersonBrief,
    person_body,
)

bp = ApiBlueprint("sessions", "Signing in and out")


@bp.get("/csrf-token")
@public
@bp.response(200, CsrfAnswer)
def get_csrf_token() -> dict[str, str]:
    """The token to send as X-CSRFToken; signing in makes a new one."""
    return {"csrf_token": csrf_token()}


@bp.post("/login")
@public
@bp.arguments(Credentials)
@bp.response(200, LoginAnswer)
@bp.refuses(401)
def create_login(body: dict[str, str]) -> dict[str, Any]:
    """Sign in and receive the session cookie."""
    person = log_in(body["username"], body["password"])
    return {"person": person_body(person), "csrf_token": csrf_token()}


@bp.post("/logout")
@require_login
@bp.response(204)
def delete_login() -> Response:
    """Sign out on this device."""
    log_out()
    return Response(status=204)


@bp.get("/me")
@require_login
@bp.response(200, PersonBrief)
def get_me() -> dict[str, Any]:
    """Who is signed in."""
    return person_body(current_person())
