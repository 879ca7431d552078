"""Attempts with their transcripts, whole, stopped early and tampered with."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np

from certify.exams.adaptive import AdaptiveExam, NextItem, next_step
from certify.exams.attempt import EndReason, fold
from certify.exams.commands import Transition
from certify.exams.events import AttemptEvent, EventKind
from certify.exams.exposure_plan import ExposurePlan
from certify.exams.pool import ItemPool
from certify.exams.scoring import score_attempt
from certify.exams.transcript import (
    compose_transcript,
    replay,
)
from tests.factories import (
    answer,
    begin,
    make_exam,
    make_items,
    make_pool,
    serve,
    simulated_candidate,
    sit,
    tick,
)

POOL = make_pool()
PROVISIONAL = make_pool(make_items(30, calibrate=False))
EXAM = make_exam(POOL)


def plan_of(pool: ItemPool) -> ExposurePlan:
    count = len(pool.items)
    ids = tuple(item.id for item in pool.items)
    return ExposurePlan(ids, (0.0,), np.full((2, count), 0.5), np.arange(count), 0.25)


PLANNED = make_exam(POOL, plan_of(POOL))


def sat(theta: float = 0.4, seed: int = 7, exam: AdaptiveExam = EXAM, **terms: Any) -> Transition:
    transition = begin(seed=f"seed {seed}", **terms)
    return sit(transition, exam, simulated_candidate(theta, exam.pool, seed))


def transcript_of(transition: Transition, exam: AdaptiveExam = EXAM) -> bytes:
    report = score_attempt(transition.attempt, exam)
    return compose_transcript(transition.attempt, transition.events, report)


def tampered(
    change: Callable[[dict[str, Any]], object], transition: Transition | None = None
) -> bytes:
    data = json.loads(transcript_of(transition or sat()))
    change(data)
    return json.dumps(data).encode()


def with_events(events: list[AttemptEvent]) -> bytes:
    """A transcript of other events, with the report made to fit."""
    attempt = fold("attempt-1", "", events)
    return compose_transcript(attempt, events, score_attempt(attempt, EXAM))


def of_kind(data: dict[str, Any], kind: EventKind) -> list[dict[str, Any]]:
    return [event for event in data["events"] if event["kind"] == kind]


def differences(transcript: bytes, exam: AdaptiveExam = EXAM) -> str:
    return "\n".join(replay(transcript, exam).differences)


def stopped(end: Callable[[Transition], None], length: int) -> Transition:
    """Somebody answers so many items, sees one more, and then the exam ends by other means."""
    transition = begin()
    for _ in range(length):
        step = next_step(transition.attempt, EXAM)
        assert isinstance(step, NextItem)
        serve(transition, step.item)
        answer(transition, step.item, True)
    step = next_step(transition.attempt, EXAM)
    assert isinstance(step, NextItem)
    serve(transition, step.item)
    end(transition)
    return transition


def time_passes(transition: Transition) -> None:
    tick(transition, 9999)
    transition.close_if_due()


ENDS: dict[str, Callable[[Transition], None]] = {
    "handed in": lambda transition: transition.hand_in(),
    "time": time_passes,
    "invigilator": lambda transition: transition.end(EndReason.ENDED_BY_INVIGILATOR, "ann"),
}
