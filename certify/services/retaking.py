"""What earlier attempts say in a retake: their answers count as evidence.

Three independent tries would let through many who are just below the cut; pooled, luck evens out.
"""

import datetime as dt

from certify.exams.attempt import Attempt
from certify.exams.estimation import score_of, scored_items
from certify.exams.terms import EarlierAnswer
from certify.services.ports import UnitOfWork

POOLED_FOR = dt.timedelta(days=365)
"""Ours: older answers say little about what somebody can do today."""


def earlier_answers(
    work: UnitOfWork, candidate_id: str, programme_code: str, now: dt.datetime
) -> tuple[EarlierAnswer, ...]:
    """Answers to scored items of the candidate's ended attempts at the programme, oldest first.

    An item met twice counts as first answered. Voided attempts and those longer ago than a year
    are left out.
    """
    entries = work.attempts.of_candidate(candidate_id)
    past = [
        entry.attempt
        for entry in reversed(entries)
        if entry.programme_code == programme_code and _counts(entry.attempt, now)
    ]
    answers: dict[str, EarlierAnswer] = {}
    for attempt in past:
        for served in scored_items(attempt):
            answer = EarlierAnswer(served.item_id, score_of(attempt, served))
            answers.setdefault(served.item_id, answer)
    return tuple(answers.values())


def _counts(attempt: Attempt, now: dt.datetime) -> bool:
    if attempt.is_voided or attempt.ended_at is None or attempt.started_at is None:
        return False
    return now - attempt.ended_at <= POOLED_FOR
