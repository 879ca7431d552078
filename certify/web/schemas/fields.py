"""Fields and bases that several schemas use: bounded text, numbers as text, pages of a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields
from marshmallow.validate import Length, Range

LARGEST_PAGE = 200
LAST_PAGE = 100_000
LONGEST_NUMBER = 40


class StrictSchema(Schema):
    """A schema that refuses what it does not know."""

    class Meta:
        unknown = RAISE


class QuerySchema(StrictSchema):
    """The query of an address; `lang` chooses the language of messages everywhere."""

    lang = fields.String(validate=Length(max=8), metadata={"description": "zh or en"})


class PageQuery(QuerySchema):
    """Which page of a list."""

    page = fields.Integer(load_default=1, validate=Range(1, LAST_PAGE))
    size = fields.Integer(load_default=50, validate=Range(1, LARGEST_PAGE))


class PageAnswer(Schema):
    """Where a page stands in its list."""

    total = fields.Integer(required=True)
    page = fields.Integer(required=True)
    size = fields.Integer(required=True)
    pages = fields.Integer(required=True)


class NumberText(fields.Field):
    """A number as text, so that no digit is lost; JSON numbers are taken too."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        if isinstance(value, str) and 0 < len(value) <= LONGEST_NUMBER:
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return value
        raise ValidationError(f"Expected a number, as text of at most {LONGEST_NUMBER} characters.")


def text(longest: int, *, shortest: int = 1, required: bool = True, **more: Any) -> fields.String:
    """Text of a bounded length."""
    return fields.String(required=required, validate=Length(shortest, longest), **more)


def described(text: str) -> dict[str, str]:
    """Metadata with a description, for the OpenAPI document."""
    return {"description": text}
