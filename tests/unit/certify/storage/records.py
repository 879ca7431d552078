"""Made-up records for the tests of storage; every argument may be overridden."""

from __future__ import annotations

import datetime as dt
from typing import Any

from certify.exams.attempt import AttemptRecord, RecordedResponse, ServedItem
from certify.services.ports import (
    AuditEvent,
    Person,
    StoredBatch,
    StoredCredential,
    StoredItem,
    StoredRelease,
    StoredResult,
)
from certify.storage.database import SqlDatabase

AT = dt.datetime(2026, 3, 1, 8, 30, 0, 123456, tzinfo=dt.UTC)
DIGEST = "d" * 64


def later(seconds: float) -> dt.datetime:
    return AT + dt.timedelta(seconds=seconds)


def make_person(person_id: str = "p1", **changes: Any) -> Person:
    values: dict[str, Any] = {
        "id": person_id,
        "username": f"user-{person_id}",
        "display_name": "张三",
        "roles": frozenset({"student"}),
        "experience_months": 6,
        "is_active": True,
        "created_at": AT,
    }
    return Person(**{**values, **changes})


def make_item(item_id: str = "01-001", **changes: Any) -> StoredItem:
    values: dict[str, Any] = {
        "item_id": item_id,
        "version": 1,
        "node": "01",
        "dimension": "e",
        "level": "novice",
        "type": "single",
        "status": "operational",
        "stem": "哪一个指标衡量转化?",
        "content": {"id": item_id, "options": [{"id": "a", "text": "点击率"}], "weight": None},
        "author": "shipped",
        "created_at": AT,
    }
    return StoredItem(**{**values, **changes})


def make_release(digest: str = DIGEST, **changes: Any) -> StoredRelease:
    values: dict[str, Any] = {
        "digest": digest,
        "title": "2026 春季",
        "item_count": 3,
        "created_at": AT,
        "author": "teacher",
    }
    return StoredRelease(**{**values, **changes})


def make_attempt(attempt_id: str = "a1", **changes: Any) -> AttemptRecord:
    values: dict[str, Any] = {
        "id": attempt_id,
        "candidate_id": "p1",
        "programme_code": "cbec",
        "programme_version": 1,
        "level": "novice",
        "release_digest": DIGEST,
        "seed": "00ff",
        "started_at": AT,
        "deadline_at": later(3600),
    }
    return AttemptRecord(**{**values, **changes})


def make_served(position: int = 1, **changes: Any) -> ServedItem:
    values: dict[str, Any] = {
        "position": position,
        "item_id": f"01-{position:03d}",
        "option_order": ("c", "a", "b"),
        "served_at": later(position),
    }
    return ServedItem(**{**values, **changes})


def make_response(position: int = 1, revision: int = 1, **changes: Any) -> RecordedResponse:
    values: dict[str, Any] = {
        "position": position,
        "response": ["a"],
        "is_final": False,
        "revision": revision,
        "idempotency_key": f"k-{position}-{revision}",
        "received_at": later(10 * position + revision),
    }
    return RecordedResponse(**{**values, **changes})


def make_result(attempt_id: str = "a1", **changes: Any) -> StoredResult:
    values: dict[str, Any] = {
        "attempt_id": attempt_id,
        "transcript": b'{"attempt":"a1"}\x00\xff',
        "transcript_sha256": "ab" * 32,
        "decision": {"level": "proficient", "theta": 0.1 + 0.2, "reasons": ["cut"], "none": None},
        "decided_at": later(100),
    }
    return StoredResult(**{**values, **changes})


def make_credential(credential_id: str = "C-1", **changes: Any) -> StoredCredential:
    values: dict[str, Any] = {
        "credential_id": credential_id,
        "attempt_id": "a1",
        "holder_id": "p1",
        "document": b"{}",
        "pdf": b"%PDF-1.7\x00\xff",
        "pdf_sha256": f"hash of {credential_id}",
        "issued_at": later(200),
        "revoked_at": None,
        "revocation_reason": "",
    }
    return StoredCredential(**{**values, **changes})


def make_batch(batch_id: str = "b1", **changes: Any) -> StoredBatch:
    values: dict[str, Any] = {
        "id": batch_id,
        "owner_id": "p1",
        "answers_name": "答卷.csv",
        "key_name": "key.csv",
        "summary": {"rows": 3, "mean": "2.5"},
        "created_at": AT,
    }
    return StoredBatch(**{**values, **changes})


def make_event(action: str, **changes: Any) -> AuditEvent:
    values: dict[str, Any] = {
        "at": AT,
        "actor": "system",
        "action": action,
        "subject": "",
        "detail": "",
    }
    return AuditEvent(**{**values, **changes})


def add_people(database: SqlDatabase, *ids: str) -> None:
    """Store persons of these ids."""
    with database.writing() as work:
        for person_id in ids:
            work.people.add(make_person(person_id), "hash")
        work.commit()


def add_attempts(database: SqlDatabase, *attempts: AttemptRecord) -> None:
    """Store a release, everybody the attempts name, and the attempts."""
    add_people(database, *sorted({attempt.candidate_id for attempt in attempts}))
    with database.writing() as work:
        work.releases.add(make_release(), b"content")
        for attempt in attempts:
            assert work.attempts.add(attempt)
        work.commit()
