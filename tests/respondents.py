"""Many people who answered an item in decided attempts, stored as exams store them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from certify.exams.attempt import Attempt
from certify.exams.commands import Transition
from certify.exams.scoring import ScoreReport, Step
from certify.exams.transcript import compose_transcript, transcript_digest
from certify.services.context import ServiceContext
from certify.services.ports import AttemptEntry, Person, StoredResult
from certify.services.releasing import list_releases
from question_bank.interactions import parse_response
from question_bank.item import Item
from question_bank.response_processing import score
from tests.factories import AT, make_answer, make_terms, serve, tick

Reply = Callable[[int], tuple[float, Any]]
"""Of respondent n: the ability the attempt came to, and the raw response; None for none."""


def add_respondents(
    context: ServiceContext,
    item: Item,
    count: int,
    reply: Reply,
    *,
    first: int = 0,
    level: str = "elite",
    person: str | None = None,
    is_voided: bool = False,
) -> None:
    """Store `count` attempts of one item each, a minute apart, of other people or of one."""
    digest = list_releases(context)[0].digest
    with context.database.writing() as work:
        for number in range(first, first + count):
            candidate = person or f"respondent-{number}"
            if work.people.get(candidate) is None:
                work.people.add(_person(candidate), "hash")
            theta, raw = reply(number)
            transition = Transition(
                Attempt(f"{item.id}-{number}", candidate), AT + dt.timedelta(minutes=number)
            )
            transition.start(make_terms(level=level, release_digest=digest))
            _answer(transition, item, raw)
            if is_voided:
                transition.void("copied", "ann")
            terms = transition.attempt.started_terms
            entry = AttemptEntry(
                transition.attempt, terms.programme_code, terms.programme_version, level
            )
            assert work.attempts.create(entry, transition.events)
            work.results.add(_result(transition, _report(item, raw, theta)))
        work.commit()


def _person(person_id: str) -> Person:
    return Person(person_id, person_id, person_id, frozenset({"student"}), 0, True, AT)


def _answer(transition: Transition, item: Item, raw: Any) -> None:
    serve(transition, item)
    tick(transition, 30)
    if raw is not None:
        correct = int(score(item, parse_response(item, raw)).is_correct)
        key = f"k-{transition.attempt.id}"
        transition.answer(make_answer(1, raw, idempotency_key=key), correct)
    tick(transition, 29)
    transition.hand_in()


def _report(item: Item, raw: Any, theta: float) -> ScoreReport:
    right = raw is not None and score(item, {"RESPONSE": raw}).is_correct
    return ScoreReport(
        theta=theta,
        se=0.4,
        dimensions=(),
        steps=(Step(1, item.id, right, theta, 0.4),),
        correct=int(right),
        answered=int(raw is not None),
        items=1,
        pooled_items=0,
        pretest_items=0,
        parameter_status="provisional",
        least_responses=0,
        blueprint_kept=True,
        not_eligible=0,
        max_exposure=None,
        nodes_not_covered=(),
    )


def _result(transition: Transition, report: ScoreReport) -> StoredResult:
    attempt = transition.attempt
    transcript = compose_transcript(attempt, transition.events, report)
    assert attempt.ended_at is not None
    digest = transcript_digest(transcript)
    return StoredResult(attempt.id, transcript, digest, {}, attempt.ended_at)
