"""Grading uploads of a centre; each centre sees only its own."""

from __future__ import annotations

from typing import Any

from flask import Response
from werkzeug.datastructures import FileStorage

from certify.services.archiving import (
    get_batch,
    get_batch_file,
    grade_and_keep,
    list_batch_files,
    list_batches,
)
from certify.services.ports import StoredBatch
from certify.web.api.interface import ApiBlueprint
from certify.web.api.reading import is_storable
from certify.web.auth import current_person, require_roles, service_context
from certify.web.schemas.batches import BatchAnswer, BatchesAnswer, BatchUpload, batch_body
from certify.web.schemas.fields import PageQuery
from certify.web.schemas.paging import page_body

bp = ApiBlueprint("batches", "Grading of mock tests")
ONE = "/batches/<string(maxlength=64):batch_id>"
LONGEST_FILE_NAME = 120
FILE = {"type": "string", "format": "binary"}


@bp.post("/batches")
@require_roles("centre")
@bp.arguments(BatchUpload, location="files")
@bp.response(201, BatchAnswer)
def create_batch(uploads: dict[str, FileStorage]) -> dict[str, Any]:
    """Grade an answer file with a key; rows with problems are listed, the others graded."""
    answers, key = uploads["answers"], uploads["key"]
    batch = grade_and_keep(
        service_context(),
        current_person().id,
        answers=answers.stream.read(),
        answers_name=plain_name(answers, "answers.csv"),
        key=key.stream.read(),
        key_name=plain_name(key, "key.csv"),
    )
    return with_files(batch)


@bp.get("/batches")
@require_roles("centre")
@bp.arguments(PageQuery, location="query")
@bp.response(200, BatchesAnswer)
def get_batches(query: dict[str, Any]) -> dict[str, Any]:
    """One's own batches, newest first."""
    page = list_batches(
        service_context(), current_person().id, number=query["page"], size=query["size"]
    )
    return {"batches": page.rows, **page_body(page)}


@bp.get(ONE)
@require_roles("centre")
@bp.response(200, BatchAnswer)
@bp.refuses(404)
def get_one_batch(batch_id: str) -> dict[str, Any]:
    """One's own batch with the names of its files."""
    return with_files(get_batch(service_context(), current_person().id, batch_id))


@bp.get(f"{ONE}/files/<string(maxlength=64):name>")
@require_roles("centre")
@bp.response(200, FILE, content_type="text/csv")
@bp.alt_response(200, schema=FILE, content_type="application/json", success=True)
@bp.refuses(404)
def get_file(batch_id: str, name: str) -> Response:
    """One result file of one's own batch."""
    content = get_batch_file(service_context(), current_person().id, batch_id, name)
    mimetype = "application/json" if name.endswith(".json") else "text/csv"
    response = Response(content, mimetype=mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def with_files(batch: StoredBatch) -> dict[str, Any]:
    names = list_batch_files(service_context(), batch.owner_id, batch.id)
    return batch_body(batch, names)


def plain_name(upload: FileStorage, fallback: str) -> str:
    """The name that the person sees, without a path; it is only shown, never opened."""
    name = (upload.filename or "").replace("\\", "/").rpartition("/")[2][:LONGEST_FILE_NAME]
    return name if name and name.isprintable() and is_storable(name) else fallback
