"""Accounts and login as the interface shows and takes them."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf, Range

from certify.services.administering import LONGEST_NAME, MOST_MONTHS
from certify.services.ports import ROLES, Person
from certify.web.auth import LONGEST_PASSWORD, LONGEST_USERNAME
from certify.web.schemas.fields import PageAnswer, PageQuery, StrictSchema, text


class Credentials(StrictSchema):
    username = text(LONGEST_USERNAME)
    password = text(LONGEST_PASSWORD)


class PersonBrief(Schema):
    """Who is signed in."""

    id = fields.String(required=True)
    username = fields.String(required=True)
    display_name = fields.String(required=True)
    roles = fields.List(fields.String(), required=True)


class PersonAnswer(PersonBrief):
    """An account as administrators see it."""

    experience_months = fields.Integer(required=True)
    is_active = fields.Boolean(required=True)
    created_at = fields.AwareDateTime(required=True)


class CsrfAnswer(Schema):
    csrf_token = fields.String(required=True)


class LoginAnswer(CsrfAnswer):
    person = fields.Nested(PersonBrief, required=True)


class PeopleQuery(PageQuery):
    text = fields.String(load_default="", validate=Length(max=100))
    role = fields.String(load_default="", validate=OneOf(ROLES))


class PeopleAnswer(PageAnswer):
    people = fields.List(fields.Nested(PersonAnswer), required=True)


class PersonChange(StrictSchema):
    display_name = text(LONGEST_NAME)
    roles = fields.List(
        fields.String(validate=OneOf(ROLES)), required=True, validate=Length(1, len(ROLES))
    )
    experience_months = fields.Integer(strict=True, load_default=0, validate=Range(0, MOST_MONTHS))
    is_active = fields.Boolean(load_default=True, truthy={True}, falsy={False})


class NewPassword(StrictSchema):
    password = text(LONGEST_PASSWORD)


class NewPerson(StrictSchema):
    username = text(LONGEST_USERNAME)
    display_name = text(LONGEST_NAME)
    password = text(LONGEST_PASSWORD)
    roles = fields.List(
        fields.String(validate=OneOf(ROLES)), required=True, validate=Length(1, len(ROLES))
    )
    experience_months = fields.Integer(strict=True, load_default=0, validate=Range(0, MOST_MONTHS))


def person_body(person: Person) -> dict[str, Any]:
    """A person with the roles in one order."""
    return {
        "id": person.id,
        "username": person.username,
        "display_name": person.display_name,
        "roles": sorted(person.roles),
        "experience_months": person.experience_months,
        "is_active": person.is_active,
        "created_at": person.created_at,
    }
