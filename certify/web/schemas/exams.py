"""Programmes, attempts and answers: what candidates see and send. No key ever stands here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields
from marshmallow.validate import Length, Range

from certify.services.delivering import AttemptView, ItemView
from certify.web.markdown import render_markdown
from certify.web.schemas.fields import StrictSchema, described, text
from rubrics.catalogue import Programme

MOST_OPTIONS = 20
LONGEST_OPTION_ID = 64
LONGEST_TYPED_NUMBER = 64
HIGHEST_REVISION = 1_000_000_000


class ResponseValue(fields.Field):
    """A raw response: option ids for choices, {"value": "12.5"} for numbers."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        if is_choice(value) or is_number(value):
            return value
        raise ValidationError('Expected a list of option ids, or {"value": "number as text"}.')


def is_choice(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= MOST_OPTIONS
        and all(isinstance(entry, str) and len(entry) <= LONGEST_OPTION_ID for entry in value)
    )


def is_number(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"value"}
        and isinstance(value["value"], str)
        and len(value["value"]) <= LONGEST_TYPED_NUMBER
    )


RESPONSE_DOC = {
    "anyOf": [
        {
            "type": "array",
            "maxItems": MOST_OPTIONS,
            "items": {"type": "string", "maxLength": LONGEST_OPTION_ID},
        },
        {
            "type": "object",
            "properties": {"value": {"type": "string", "maxLength": LONGEST_TYPED_NUMBER}},
            "required": ["value"],
            "additionalProperties": False,
        },
    ]
}


class ProgrammeLevel(Schema):
    code = fields.String(required=True)
    title_zh = fields.String(required=True)
    title_en = fields.String(required=True)
    min_items = fields.Integer(required=True)
    max_items = fields.Integer(required=True)
    limit_minutes = fields.Integer(required=True)


class ProgrammeAnswer(Schema):
    code = fields.String(required=True)
    version = fields.Integer(required=True)
    title_zh = fields.String(required=True)
    title_en = fields.String(required=True)
    summary_zh = fields.String(required=True)
    summary_en = fields.String(required=True)
    kind = fields.String(required=True)
    levels = fields.List(fields.Nested(ProgrammeLevel), required=True)


class ProgrammesAnswer(Schema):
    programmes = fields.List(fields.Nested(ProgrammeAnswer), required=True)


class NewAttempt(StrictSchema):
    programme = text(64)
    level = text(32)


class OptionAnswer(Schema):
    id = fields.String(required=True)
    text = fields.String(required=True)


class ItemAnswer(Schema):
    position = fields.Integer(required=True)
    type = fields.String(required=True)
    stem = fields.String(required=True, metadata=described("Markdown"))
    stem_html = fields.String(required=True, metadata=described("The same as safe HTML"))
    options = fields.List(fields.Nested(OptionAnswer), required=True)
    unit = fields.String(required=True)
    decimals = fields.Integer(required=True, allow_none=True)


class AttemptAnswer(Schema):
    id = fields.String(required=True)
    programme = fields.String(required=True)
    level = fields.String(required=True)
    state = fields.String(required=True)
    remaining_seconds = fields.Float(required=True)
    limit_seconds = fields.Float(required=True)
    max_items = fields.Integer(required=True)
    revision = fields.Integer(required=True, metadata=described("0 before the first answer"))
    response = ResponseValue(
        required=True,
        allow_none=True,
        metadata={"anyOf": [*RESPONSE_DOC["anyOf"], {"type": "null"}]},
    )
    item = fields.Nested(ItemAnswer, required=True, allow_none=True)


class AttemptEntry(Schema):
    id = fields.String(required=True)
    programme = fields.String(required=True)
    level = fields.String(required=True)
    state = fields.String(required=True)
    started_at = fields.AwareDateTime(required=True)
    deadline_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    placed_level = fields.String(required=True, allow_none=True)
    credential_id = fields.String(required=True, allow_none=True)


class AttemptsAnswer(Schema):
    attempts = fields.List(fields.Nested(AttemptEntry), required=True)


class NewResponse(StrictSchema):
    response = ResponseValue(required=True, metadata=RESPONSE_DOC)
    final = fields.Boolean(required=True, truthy={True}, falsy={False})
    revision = fields.Integer(strict=True, required=True, validate=Range(1, HIGHEST_REVISION))
    idempotency_key = fields.String(required=True, validate=Length(8, 64))


class Saved(Schema):
    saved = fields.Boolean(required=True)
    revision = fields.Integer(required=True)
    position = fields.Integer(required=True)
    state = fields.String(required=True)
    remaining_seconds = fields.Float(required=True)


class StateAnswer(Schema):
    state = fields.String(required=True)


def programme_body(programme: Programme) -> dict[str, Any]:
    """A programme with the exams that it offers, lowest level first."""
    levels = [level for level in programme.scale.levels if level.code in programme.exams]
    return {
        "code": programme.code,
        "version": programme.version,
        "title_zh": programme.title_zh,
        "title_en": programme.title_en,
        "summary_zh": programme.summary_zh,
        "summary_en": programme.summary_en,
        "kind": programme.kind,
        "levels": [
            {
                "code": level.code,
                "title_zh": level.title_zh,
                "title_en": level.title_en,
                "min_items": programme.exams[level.code].min_items,
                "max_items": programme.exams[level.code].max_items,
                "limit_minutes": programme.exams[level.code].limit_minutes,
            }
            for level in levels
        ],
    }


def attempt_body(view: AttemptView) -> dict[str, Any]:
    """An attempt as its candidate may see it."""
    return {
        "id": view.id,
        "programme": view.programme.code,
        "level": view.level,
        "state": view.state.value,
        "remaining_seconds": view.remaining_seconds,
        "limit_seconds": view.limit_seconds,
        "max_items": view.max_items,
        "revision": view.revision,
        "response": view.response,
        "item": item_body(view.item) if view.item else None,
    }


def item_body(item: ItemView) -> dict[str, Any]:
    """Field by field, so that a field added to the view is not published by accident."""
    return {
        "position": item.position,
        "type": item.type,
        "stem": item.stem,
        "stem_html": str(render_markdown(item.stem)),
        "options": [{"id": option_id, "text": words} for option_id, words in item.options],
        "unit": item.unit,
        "decimals": item.decimals,
    }
