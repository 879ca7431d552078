"""What was acknowledged to whom, and what must therefore hold in the database."""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from certify.exams.attempt import Attempt, apply, fold
from certify.exams.events import AttemptEvent, EventKind
from certify.exams.scoring import score_attempt
from certify.exams.transcript import compose_transcript, replay
from certify.services.context import ServiceContext
from certify.services.examining import exam_of


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """An answer that the server said it has."""

    position: int
    revision: int
    response: Any
    key: str


@dataclass
class Ledger:
    """Notes of all candidates; threads share it."""

    answers: dict[str, list[Acknowledged]] = field(default_factory=lambda: defaultdict(list))
    wished: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    ended: set[str] = field(default_factory=set)
    unexpected: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def acknowledge(self, attempt_id: str, answer: Acknowledged) -> None:
        """The server answered that it is stored."""
        with self.lock:
            self.answers[attempt_id].append(answer)

    def wish_attempt(self, candidate_id: str) -> None:
        """A candidate asks for an attempt, however often the request is sent."""
        with self.lock:
            self.wished[candidate_id] += 1

    def end(self, attempt_id: str) -> None:
        """The server answered that the attempt is over."""
        with self.lock:
            self.ended.add(attempt_id)

    def wonder(self, what: str) -> None:
        """A reply that nothing explains."""
        with self.lock:
            self.unexpected.append(what)

    @property
    def count(self) -> int:
        """Acknowledged answers so far."""
        return sum(len(answers) for answers in self.answers.values())


def violations(context: ServiceContext, ledger: Ledger) -> list[str]:
    """Every promise that the database breaks; empty when all are kept."""
    found = list(ledger.unexpected)
    for candidate_id, wished in ledger.wished.items():
        with context.database.reading() as work:
            entries = work.attempts.of_candidate(candidate_id)
            events = {e.attempt.id: work.attempts.events(e.attempt.id) for e in entries}
        if len(entries) > wished:
            found.append(f"{candidate_id}: {len(entries)} attempts, {wished} wished")
        running = [e.attempt.id for e in entries if not e.attempt.is_over]
        if len(running) > 1:
            found.append(f"{candidate_id}: {len(running)} attempts run at once")
        for entry in entries:
            attempt = entry.attempt
            found += attempt_violations(context, ledger, attempt, events[attempt.id])
    return found


def attempt_violations(
    context: ServiceContext, ledger: Ledger, attempt: Attempt, events: tuple[AttemptEvent, ...]
) -> list[str]:
    """What is wrong with one attempt."""
    found = []
    if fold(attempt.id, attempt.candidate_id, events) != attempt:
        found.append("the state is not what the events add up to")
    found += _lost(ledger.answers.get(attempt.id, []), attempt, events)
    found += _late(attempt, events)
    if attempt.id in ledger.ended and not attempt.is_over:
        found.append("it was told to be over and is not")
    with context.database.reading() as work:
        exam = exam_of(context, work, attempt.started_terms)
    transcript = compose_transcript(attempt, events, score_attempt(attempt, exam))
    found += [f"replay: {difference}" for difference in replay(transcript, exam).differences]
    return [f"attempt {attempt.id}: {one}" for one in found]


def _lost(
    acknowledged: list[Acknowledged], attempt: Attempt, events: tuple[AttemptEvent, ...]
) -> list[str]:
    by_key = {event.idempotency_key: event for event in events if event.idempotency_key}
    found = []
    for answer in acknowledged:
        event = by_key.get(answer.key)
        stored = attempt.answers.get(answer.position)
        if event is None or event.data["response"] != answer.response:
            found.append(f"the acknowledged answer {answer.key} is not there")
        elif stored is None or stored.revision < answer.revision:
            found.append(f"an older answer replaced {answer.key}")
    return found


def _late(attempt: Attempt, events: tuple[AttemptEvent, ...]) -> list[str]:
    found = []
    before = Attempt(attempt.id, attempt.candidate_id)
    for event in events:
        if event.kind is EventKind.ANSWERED:
            deadline = before.deadline_at
            if before.is_over or deadline is None or event.at >= deadline:
                found.append(f"event {event.sequence} is an answer after the end")
        before = apply(before, event)
    return found
