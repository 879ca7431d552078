"""Graded uploads of a centre."""

from __future__ import annotations

from typing import Any

from flask_smorest.fields import Upload
from marshmallow import Schema, fields

from certify.services.ports import StoredBatch
from certify.web.schemas.fields import PageAnswer, StrictSchema, described


class BatchUpload(StrictSchema):
    answers = Upload(required=True, metadata=described("Answers: CSV, any usual encoding"))
    key = Upload(required=True, metadata=described("Answer key: CSV"))


class BatchEntry(Schema):
    id = fields.String(required=True)
    answers_name = fields.String(required=True)
    key_name = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    summary = fields.Dict(keys=fields.String(), required=True)


class BatchAnswer(BatchEntry):
    files = fields.List(fields.String(), required=True)


class BatchesAnswer(PageAnswer):
    batches = fields.List(fields.Nested(BatchEntry), required=True)


def batch_body(batch: StoredBatch, files: tuple[str, ...]) -> dict[str, Any]:
    """A batch with the names of its files."""
    return {
        "id": batch.id,
        "answers_name": batch.answers_name,
        "key_name": batch.key_name,
        "created_at": batch.created_at,
        "summary": batch.summary,
        "files": list(files),
    }
