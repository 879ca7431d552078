"""Programmes, attempts and answers: what candidates see and send. No key ever stands here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from marshmallow import Schema, fields
from marshmallow.validate import Length, Range

from certify.exams.commands import NewAnswer
from certify.services.attempt_views import AttemptView
from certify.services.delivering import Acknowledgement
from certify.services.showing import ItemView
from certify.web.markdown import render_markdown
from certify.web.schemas.fields import StrictSchema, described, text
from certify.web.schemas.responses import RESPONSE_DOC, ResponseValue
from question_bank.item import Stimulus
from rubrics.catalogue import Programme

HIGHEST_REVISION = 1_000_000_000


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


class StimulusAnswer(Schema):
    title = fields.String(required=True)
    text = fields.String(required=True, metadata=described("Markdown"))
    html = fields.String(required=True, metadata=described("The same as safe HTML"))


class ItemAnswer(Schema):
    position = fields.Integer(required=True)
    type = fields.String(required=True)
    stem = fields.String(required=True, metadata=described("Markdown; {{1}} is a blank"))
    stem_html = fields.String(required=True, metadata=described("The same as safe HTML"))
    options = fields.List(fields.Nested(OptionAnswer), required=True)
    targets = fields.List(
        fields.Nested(OptionAnswer),
        required=True,
        metadata=described("What the options of a matching item are matched with"),
    )
    blanks = fields.List(fields.String(), required=True)
    unit = fields.String(required=True)
    decimals = fields.Integer(required=True, allow_none=True)
    most_characters = fields.Integer(
        required=True, metadata=described("The longest essay that is taken; 0 for other types")
    )
    stimulus = fields.Nested(StimulusAnswer, required=True, allow_none=True)


class QuestionAnswer(Schema):
    position = fields.Integer(required=True)
    number = fields.Integer(required=True)
    section = fields.String(required=True)
    is_answered = fields.Boolean(required=True)
    is_flagged = fields.Boolean(required=True)


class NewFlag(StrictSchema):
    flagged = fields.Boolean(required=True, truthy={True}, falsy={False})
    client = fields.Integer(strict=True, load_default=0, validate=Range(0, HIGHEST_REVISION))


class AttemptAnswer(Schema):
    id = fields.String(required=True)
    programme = fields.String(required=True)
    level = fields.String(required=True)
    state = fields.String(required=True)
    remaining_seconds = fields.Float(required=True)
    limit_seconds = fields.Float(required=True)
    max_items = fields.Integer(required=True)
    revision = fields.Integer(required=True, metadata=described("0 before the first answer"))
    client = fields.Integer(required=True, metadata=described("The newest page; 0 for none"))
    response = ResponseValue(
        required=True,
        allow_none=True,
        metadata={"anyOf": [*RESPONSE_DOC["anyOf"], {"type": "null"}]},
    )
    part = fields.Integer(required=True, metadata=described("The running part, from 1"))
    parts = fields.Integer(required=True)
    questions = fields.List(
        fields.Nested(QuestionAnswer),
        required=True,
        metadata=described("All items of a form part; empty in an adaptive one"),
    )
    item = fields.Nested(ItemAnswer, required=True, allow_none=True)


class AttemptEntry(Schema):
    id = fields.String(required=True)
    programme = fields.String(required=True)
    level = fields.String(required=True)
    state = fields.String(required=True)
    started_at = fields.AwareDateTime(required=True, allow_none=True)
    deadline_at = fields.AwareDateTime(required=True, allow_none=True)
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
    client = fields.Integer(
        strict=True,
        load_default=0,
        validate=Range(0, HIGHEST_REVISION),
        metadata=described("The page that sends it, where one was opened"),
    )


class Saved(Schema):
    saved = fields.Boolean(required=True)
    revision = fields.Integer(required=True)
    position = fields.Integer(required=True)
    state = fields.String(required=True)
    remaining_seconds = fields.Float(required=True)


def new_answer(position: int, body: Mapping[str, Any]) -> NewAnswer:
    """What a `NewResponse` says."""
    return NewAnswer(
        position=position,
        response=body["response"],
        revision=body["revision"],
        is_final=body["final"],
        client=body["client"],
        idempotency_key=body["idempotency_key"],
    )


def saved_body(saved: Acknowledgement) -> dict[str, Any]:
    """What `Saved` promises."""
    return {
        "saved": True,
        "revision": saved.revision,
        "position": saved.position,
        "state": saved.state.value,
        "remaining_seconds": saved.remaining_seconds,
    }


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
        "client": view.client,
        "response": view.response,
        "part": view.part,
        "parts": view.parts,
        "questions": [asdict(one) for one in (view.form.questions if view.form else ())],
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
        "targets": [{"id": target_id, "text": words} for target_id, words in item.targets],
        "blanks": list(item.blanks),
        "unit": item.unit,
        "decimals": item.decimals,
        "most_characters": item.most_characters,
        "stimulus": stimulus_body(item.stimulus) if item.stimulus else None,
    }


def stimulus_body(stimulus: Stimulus) -> dict[str, str]:
    """The shared material of an item."""
    return {
        "title": stimulus.title,
        "text": stimulus.text,
        "html": str(render_markdown(stimulus.text)),
    }
