"""Graded uploads of a centre: grade, keep, list, hand out. Each centre sees only its own."""

import json

from certify.errors import NotFound
from certify.services.batch_views import BatchView, compose_view, read_view, write_view
from certify.services.context import ServiceContext
from certify.services.grading import grade_bytes
from certify.services.ports import AuditEvent, Page, StoredBatch, UnitOfWork

SUMMARY_FILE = "summary.json"
VIEW_FILE = "view.json"
"""Kept beside the four result files; never handed out."""


def grade_and_keep(
    context: ServiceContext,
    owner_id: str,
    *,
    answers: bytes,
    answers_name: str,
    key: bytes,
    key_name: str,
) -> StoredBatch:
    """Grade two uploaded files and keep the results. Raises GradingError and then keeps nothing."""
    graded = grade_bytes(answers, answers_name, key, key_name)
    files = graded.files()
    batch = StoredBatch(
        id=context.new_id(),
        owner_id=owner_id,
        answers_name=answers_name,
        key_name=key_name,
        summary=json.loads(files[SUMMARY_FILE].decode("utf-8-sig")),
        created_at=context.clock(),
    )
    with context.database.writing() as work:
        work.batches.add(batch, {**files, VIEW_FILE: write_view(compose_view(graded))})
        work.audit.add(AuditEvent(context.clock(), owner_id, "batch.grade", batch.id, answers_name))
        work.commit()
    return batch


def list_batches(
    context: ServiceContext, owner_id: str, *, number: int = 1, size: int = 50
) -> Page:
    """The owner's batches, newest first."""
    with context.database.reading() as work:
        return work.batches.of_owner(owner_id, number=number, size=size)


def get_batch(context: ServiceContext, owner_id: str, batch_id: str) -> StoredBatch:
    """One of the owner's batches. Raises NotFound."""
    with context.database.reading() as work:
        return _own(work, owner_id, batch_id)


def list_batch_files(context: ServiceContext, owner_id: str, batch_id: str) -> tuple[str, ...]:
    """Names of the files of one's own batch. Raises NotFound."""
    with context.database.reading() as work:
        _own(work, owner_id, batch_id)
        return tuple(name for name in work.batches.file_names(batch_id) if name != VIEW_FILE)


def view_batch(context: ServiceContext, owner_id: str, batch_id: str) -> BatchView:
    """What the page of one's own batch shows. Raises NotFound."""
    with context.database.reading() as work:
        _own(work, owner_id, batch_id)
        content = work.batches.file(batch_id, VIEW_FILE)
    if content is None:
        raise NotFound(kind="File", identifier=VIEW_FILE)
    return read_view(content)


def get_batch_file(context: ServiceContext, owner_id: str, batch_id: str, name: str) -> bytes:
    """One file of one's own batch. Raises NotFound."""
    with context.database.reading() as work:
        _own(work, owner_id, batch_id)
        content = work.batches.file(batch_id, name) if name != VIEW_FILE else None
    if content is None:
        raise NotFound(kind="File", identifier=name)
    return content


def _own(work: UnitOfWork, owner_id: str, batch_id: str) -> StoredBatch:
    batch = work.batches.get(batch_id)
    if batch is None or batch.owner_id != owner_id:
        raise NotFound(kind="Batch", identifier=batch_id)
    return batch
