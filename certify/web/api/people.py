"""Accounts, for administrators."""

from __future__ import annotations

from typing import Any

from flask import Response

from certify.services.administering import (
    add_person,
    change_person,
    get_person,
    list_people,
    reset_password,
)
from certify.web.api.interface import ApiBlueprint
from certify.web.auth import current_person, require_roles, service_context
from certify.web.schemas.paging import page_body
from certify.web.schemas.people import (
    NewPassword,
    NewPerson,
    PeopleAnswer,
    PeopleQuery,
    PersonAnswer,
    PersonChange,
    person_body,
)

bp = ApiBlueprint("people", "Accounts and roles")


@bp.get("/people")
@require_roles("administrator")
@bp.arguments(PeopleQuery, location="query")
@bp.response(200, PeopleAnswer)
def get_people(query: dict[str, Any]) -> dict[str, Any]:
    """Accounts by user name."""
    page = list_people(
        service_context(),
        text=query["text"],
        role=query["role"],
        number=query["page"],
        size=query["size"],
    )
    return {"people": [person_body(person) for person in page.rows], **page_body(page)}


@bp.post("/people")
@require_roles("administrator")
@bp.arguments(NewPerson)
@bp.response(201, PersonAnswer)
@bp.refuses(409)
def create_person(body: dict[str, Any]) -> dict[str, Any]:
    """Create an account."""
    person = add_person(service_context(), **body, actor=current_person().username)
    return person_body(person)


@bp.get("/people/<string(maxlength=64):person_id>")
@require_roles("administrator")
@bp.response(200, PersonAnswer)
@bp.refuses(404)
def get_one_person(person_id: str) -> dict[str, Any]:
    """One account."""
    return person_body(get_person(service_context(), person_id))


@bp.put("/people/<string(maxlength=64):person_id>")
@require_roles("administrator")
@bp.arguments(PersonChange)
@bp.response(200, PersonAnswer)
@bp.refuses(404)
def put_person(body: dict[str, Any], person_id: str) -> dict[str, Any]:
    """Change name, roles, experience, or close and open an account."""
    person = change_person(service_context(), person_id, **body, actor=current_person().username)
    return person_body(person)


@bp.put("/people/<string(maxlength=64):person_id>/password")
@require_roles("administrator")
@bp.arguments(NewPassword)
@bp.response(204)
@bp.refuses(404)
def put_password(body: dict[str, str], person_id: str) -> Response:
    """Give an account another password."""
    reset_password(service_context(), person_id, body["password"], current_person().username)
    return Response(status=204)
