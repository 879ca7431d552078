"""The integrity report of a session: computed, looked at, and what people noted about it.

Evidence, never a verdict: nothing here touches an attempt, a result or a certificate. Test centres
see their own sessions, auditors and administrators all of them; every look at a report that was
computed anew and every note is in the audit trail.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from certify.errors import InvalidField, NotFound, Phrase
from certify.exams.conduct import Conduct, conduct_of
from certify.exams.events import AttemptEvent
from certify.exams.exam_session import ExamSession
from certify.services.acting import ADMINISTRATOR
from certify.services.context import ServiceContext
from certify.services.examining import pool_of, programme_of
from certify.services.integrity_evidence import EndedExam, find_evidence
from certify.services.integrity_findings import (
    CandidateEvidence,
    ComputedReport,
    IntegrityFindings,
    PairEvidence,
    findings_from_bytes,
    findings_to_bytes,
)
from certify.services.ports import (
    IntegrityNote,
    Page,
    PageEvent,
    Person,
    SeatEntry,
    StoredIntegrityReport,
    UnitOfWork,
)
from certify.services.scheduling import kept_session
from certify.services.versioning import note_event

AUDITOR: Final = "auditor"
LONGEST_NOTE: Final = 1000
SESSIONS_AT_ONCE: Final = 20

Progress = Callable[[int, int], None]


class NoteOutcome(StrEnum):
    """What somebody who looked at the evidence decided to do about it."""

    NO_ACTION = "no_action"
    LOOK_CLOSER = "look_closer"
    REFERRED = "referred"


@dataclass(frozen=True, slots=True)
class ReportView:
    """A session with its newest report, if one was computed; `ended` exams could be in a new one.

    `outcomes`: of each candidate with a note the newest outcome.
    """

    session: ExamSession
    report: ComputedReport | None
    ended: int
    outcomes: dict[str, str]


@dataclass(frozen=True, slots=True)
class CandidateView:
    """Everything a report knows of one candidate; `events` are those of the attempt."""

    session: ExamSession
    report: ComputedReport
    evidence: CandidateEvidence
    pairs: tuple[PairEvidence, ...]
    conduct: Conduct
    events: tuple[AttemptEvent, ...]
    told: tuple[PageEvent, ...]
    notes: tuple[IntegrityNote, ...]


def list_inspectable(context: ServiceContext, by: Person, *, number: int = 1) -> Page:
    """The sessions whose reports somebody may see, the one that begins last first."""
    centre_id = "" if _sees_all(by) else by.id
    with context.database.reading() as work:
        return work.sessions.page(centre_id=centre_id, number=number, size=SESSIONS_AT_ONCE)


def view_report(context: ServiceContext, session_id: str, by: Person) -> ReportView:
    """The newest report of a session. Raises NotFound."""
    with context.database.reading() as work:
        session = _inspectable(work, session_id, by)
        stored = work.integrity.newest_report(session_id)
        notes = work.integrity.notes(session_id)
        ended = len(_ended(work.sessions.entries(session_id)))
    outcomes = {note.candidate_id: note.outcome for note in reversed(notes)}
    return ReportView(session, _read(stored) if stored else None, ended, outcomes)


def compute_report(
    context: ServiceContext, session_id: str, by: Person, progress: Progress = lambda *_: None
) -> IntegrityFindings:
    """Compute the report of the exams that ended, and keep it beside those before it.

    `progress` is told steps done and steps in all: a step is an exam read or compared with the
    others. Raises NotFound.
    """
    with context.database.reading() as work:
        session = _inspectable(work, session_id, by)
        entries = work.sessions.entries(session_id)
        ended = _ended(entries)
        exams = _gather(work, ended, progress)
        programme = programme_of(context, session.programme_code, session.programme_version)
        if exams:
            pool = pool_of(context, work, programme, session.release_digest)
    started = sum(e.attempt is not None and e.attempt.started_at is not None for e in entries)
    findings = (
        find_evidence(
            exams,
            pool,
            started - len(exams),
            lambda done, total: progress(len(exams) + done, len(exams) + total),
        )
        if exams
        else IntegrityFindings((), (), 0, 0, started, False, {})
    )
    _keep(context, session_id, by, findings)
    return findings


def view_candidate(
    context: ServiceContext, session_id: str, candidate_id: str, by: Person
) -> CandidateView:
    """The evidence about one candidate of a report. Raises NotFound."""
    with context.database.reading() as work:
        session = _inspectable(work, session_id, by)
        stored = work.integrity.newest_report(session_id)
        if stored is None:
            raise NotFound(kind="Result", identifier=session_id)
        report = _read(stored)
        evidence = report.findings.candidate(candidate_id)
        if evidence is None:
            raise NotFound(kind="Person", identifier=candidate_id[:80])
        events = work.attempts.events(evidence.attempt_id)
        told = work.integrity.page_events([evidence.attempt_id]).get(evidence.attempt_id, ())
        notes = work.integrity.notes(session_id)
    return CandidateView(
        session=session,
        report=report,
        evidence=evidence,
        pairs=report.findings.pairs_of(candidate_id),
        conduct=conduct_of(events),
        events=events,
        told=told,
        notes=tuple(note for note in notes if note.candidate_id == candidate_id),
    )


def note_outcome(
    context: ServiceContext,
    session_id: str,
    candidate_id: str,
    by: Person,
    outcome: str,
    text: str,
) -> None:
    """Keep what somebody came to, and nothing else. Raises NotFound or InvalidField."""
    if outcome not in list(NoteOutcome):
        choices = Phrase("one of {choices}", {"choices": ", ".join(NoteOutcome)})
        raise InvalidField(field="outcome", expected=choices, found=outcome[:80])
    clean = text.strip()
    if not 0 < len(clean) <= LONGEST_NOTE:
        expected = Phrase("1 to {highest} characters", {"highest": LONGEST_NOTE})
        found = Phrase("{count} characters", {"count": len(clean)})
        raise InvalidField(field="text", expected=expected, found=found)
    with context.database.writing() as work:
        _inspectable(work, session_id, by)
        seat = work.sessions.seat(session_id, candidate_id)
        if seat is None:
            raise NotFound(kind="Person", identifier=candidate_id[:80])
        note = IntegrityNote(
            id=context.new_id(),
            session_id=session_id,
            candidate_id=candidate_id,
            at=context.clock(),
            author=by.username,
            outcome=outcome,
            text=clean,
        )
        work.integrity.add_note(note)
        note_event(context, work, by.username, "integrity.note", seat.attempt_id, outcome)
        work.commit()


def _gather(work: UnitOfWork, entries: dict[str, SeatEntry], progress: Progress) -> list[EndedExam]:
    told = work.integrity.page_events(list(entries))
    exams = []
    for attempt_id, events in work.integrity.attempt_events(list(entries)):
        conduct = conduct_of(events)
        exams.append(EndedExam(entries[attempt_id], attempt_id, conduct, told.get(attempt_id, ())))
        progress(len(exams), 2 * len(entries))
    return exams


def _ended(entries: tuple[SeatEntry, ...]) -> dict[str, SeatEntry]:
    """Exams that were started and are over, by attempt."""
    return {
        entry.attempt.id: entry
        for entry in entries
        if entry.attempt and entry.attempt.started_at and entry.attempt.is_over
    }


def _keep(
    context: ServiceContext, session_id: str, by: Person, findings: IntegrityFindings
) -> None:
    with context.database.writing() as work:
        report = StoredIntegrityReport(
            id=context.new_id(),
            session_id=session_id,
            computed_at=context.clock(),
            author=by.username,
            content=findings_to_bytes(findings),
        )
        work.integrity.add_report(report)
        count = str(len(findings.candidates))
        note_event(context, work, by.username, "integrity.compute", session_id, count)
        work.commit()


def _read(stored: StoredIntegrityReport) -> ComputedReport:
    return ComputedReport(stored.computed_at, stored.author, findings_from_bytes(stored.content))


def _inspectable(work: UnitOfWork, session_id: str, by: Person) -> ExamSession:
    """The session, for its centre, auditors and administrators. Raises NotFound."""
    if AUDITOR not in by.roles:
        return kept_session(work, session_id, by)
    session = work.sessions.get(session_id)
    if session is None:
        raise NotFound(kind="Exam session", identifier=session_id)
    return session


def _sees_all(by: Person) -> bool:
    return bool({AUDITOR, ADMINISTRATOR} & by.roles)
