"""Made-up records for the tests of storage; every argument may be overridden."""

from __future__ import annotations

import datetime as dt
from typing import Any

from certify.exams.attempt import Attempt
from certify.exams.commands import NewAnswer, Transition
from certify.exams.terms import ExamTerms, PartTerms
from certify.services.ports import (
    AttemptEntry,
    AuditEvent,
    Person,
    StoredBatch,
    StoredComment,
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


def make_comment(item_id: str = "01-001", **changes: Any) -> StoredComment:
    values: dict[str, Any] = {
        "id": 0,
        "item_id": item_id,
        "version": 1,
        "reply_to": None,
        "author": "ann",
        "text": "选项二和四太像。",
        "created_at": AT,
        "resolved_at": None,
        "resolved_by": "",
    }
    return StoredComment(**{**values, **changes})


def make_release(digest: str = DIGEST, **changes: Any) -> StoredRelease:
    values: dict[str, Any] = {
        "digest": digest,
        "title": "2026 春季",
        "item_count": 3,
        "created_at": AT,
        "author": "teacher",
    }
    return StoredRelease(**{**values, **changes})


def make_terms(**changes: Any) -> ExamTerms:
    values: dict[str, Any] = {
        "programme_code": "cbec",
        "programme_version": 1,
        "level": "novice",
        "release_digest": DIGEST,
        "seed": "00ff",
        "parts": (PartTerms("theory", 3600),),
    }
    return ExamTerms(**{**values, **changes})


def begin(
    attempt_id: str = "a1", candidate_id: str = "p1", at: dt.datetime = AT, **terms: Any
) -> Transition:
    """An attempt just begun, not stored yet."""
    transition = Transition(Attempt(attempt_id, candidate_id), at)
    transition.start(make_terms(**terms))
    return transition


def serve(transition: Transition) -> None:
    """One more item."""
    position = len(transition.attempt.served) + 1
    transition.serve(f"01-{position:03d}", ("c", "a", "b"), ())


def make_answer(position: int = 1, revision: int = 1, **changes: Any) -> NewAnswer:
    values: dict[str, Any] = {
        "position": position,
        "response": ["a"],
        "revision": revision,
        "is_final": False,
        "client": 0,
        "idempotency_key": f"k-{position}-{revision}",
    }
    return NewAnswer(**{**values, **changes})


def entry_of(transition: Transition) -> AttemptEntry:
    """What is stored of an attempt."""
    terms = transition.attempt.started_terms
    return AttemptEntry(
        transition.attempt,
        terms.programme_code,
        terms.programme_version,
        terms.level,
        transition.events[0].at,
    )


def go_on(database: SqlDatabase, attempt_id: str, at: dt.datetime = AT) -> Transition:
    """A change of the stored attempt, to be appended."""
    with database.reading() as work:
        attempt = work.attempts.get(attempt_id)
    assert attempt is not None
    return Transition(attempt, at)


def append(database: SqlDatabase, transition: Transition) -> bool:
    """Store what a transition adds; whether nobody was before."""
    with database.writing() as work:
        if not work.attempts.append(transition.attempt, transition.events):
            return False
        work.commit()
    return True


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


def add_attempts(database: SqlDatabase, *transitions: Transition) -> None:
    """Store a release, everybody the attempts name, and the attempts."""
    add_people(database, *sorted({one.attempt.candidate_id for one in transitions}))
    with database.writing() as work:
        work.releases.add(make_release(), b"content")
        for transition in transitions:
            assert work.attempts.create(entry_of(transition), transition.events)
        work.commit()
