"""Whatever is changed in a transcript is named by its replay."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from certify.exams.adaptive import AdaptiveExam, NextItem, next_step
from certify.exams.attempt import EndReason, fold
from certify.exams.commands import Transition
from certify.exams.events import EventKind
from certify.exams.scoring import score_attempt
from certify.exams.terms import EarlierAnswer
from certify.exams.transcript import (
    replay,
)
from tests.factories import (
    begin,
    make_answer,
    make_blueprint,
    serve,
    wrong_response,
)
from tests.unit.certify.exams.transcripts import (
    ENDS,
    EXAM,
    PLANNED,
    POOL,
    differences,
    of_kind,
    sat,
    stopped,
    tampered,
    transcript_of,
    with_events,
)


def test_changed_score_is_named() -> None:
    def award(data: dict[str, Any]) -> None:
        event = next(e for e in of_kind(data, EventKind.ANSWERED) if e["data"]["correct"] == 0)
        event["data"]["correct"] = 1

    found = differences(tampered(award))
    assert ": stored 1, found 0" in found
    assert found.startswith("answer ")


def test_changed_answer_is_named_even_with_its_score() -> None:
    """One answer turned round changes the estimate and what was served afterwards."""

    def turn_round(data: dict[str, Any]) -> None:
        event = next(e for e in of_kind(data, EventKind.ANSWERED) if e["data"]["correct"] == 1)
        served = of_kind(data, EventKind.SERVED)[event["data"]["position"] - 1]
        item = POOL.by_id[served["data"]["item"]]
        event["data"] |= {"response": wrong_response(item), "correct": 0}

    found = differences(tampered(turn_round))
    assert "theta: stored" in found
    assert "correct: stored" in found
    assert "event " in found


def test_changed_option_order_is_named() -> None:
    def swap(data: dict[str, Any]) -> None:
        event = next(e for e in of_kind(data, EventKind.SERVED) if len(e["data"]["options"]) == 4)
        event["data"]["options"].reverse()

    found = differences(tampered(swap))
    assert found.startswith("event ")
    assert found.endswith("another option order")


def test_changed_item_is_named() -> None:
    transition = sat()
    served = {entry.item_id for entry in transition.attempt.served}
    old = next(e for e in transition.attempt.served if POOL.by_id[e.item_id].type == "single")
    other = next(i.id for i in POOL.items if i.type == "single" and i.id not in served)

    def exchange(data: dict[str, Any]) -> None:
        of_kind(data, EventKind.SERVED)[old.position - 1]["data"]["item"] = other

    assert f"stored {other}, found {old.item_id}" in differences(tampered(exchange))


def test_scored_item_told_as_tried_out_is_named() -> None:
    """A wrong answer would count for nothing."""

    def hide(data: dict[str, Any]) -> None:
        of_kind(data, EventKind.SERVED)[4]["data"]["pretest"] = True

    found = differences(tampered(hide))
    assert "pretest stored True" in found
    assert "pretest_items: stored 0, found 1" in found


def test_digit_of_theta_is_named() -> None:
    theta = score_attempt(sat().attempt, EXAM).theta
    next_float = repr(math.nextafter(theta, 4))
    found = differences(tampered(lambda data: data["report"].update(theta=next_float)))
    assert found == f"theta: stored {next_float}, found {theta!r}"


@pytest.mark.parametrize(
    "field",
    ["se", "correct", "items", "answered", "parameter_status", "blueprint_kept", "not_eligible"],
)
def test_changed_field_of_the_report_is_named(field: str) -> None:
    found = differences(tampered(lambda data: data["report"].update({field: "other"})))
    assert found.startswith(f"{field}: stored other, found ")


def test_changed_score_of_a_dimension_is_named() -> None:
    found = differences(tampered(lambda data: data["report"]["dimensions"][1].update(theta="1.5")))
    assert found.startswith("dimensions: stored")


def test_exam_cut_short_by_tampering_is_named() -> None:
    """Items left out at the end, with the report made to fit, would still be a better result."""
    whole = sat()
    assert whole.attempt.end_reason in (EndReason.CONFIDENT, EndReason.MAX_ITEMS)
    kept = whole.events[:13]
    ended = replace(whole.events[-1], sequence=14)
    expected = f"event 14: stored {whole.attempt.end_reason}, found "
    assert differences(with_events([*kept, ended])).startswith(expected)


def test_exam_drawn_out_by_tampering_is_named() -> None:
    """More items after the engine had stopped."""
    whole = sat(2.5)
    *before, _ = whole.events
    transition = Transition(fold("attempt-1", "candidate-1", before), whole.now)
    served = {entry.item_id for entry in transition.attempt.served}
    extra = next(item for item in POOL.items if item.id not in served)
    serve(transition, extra)
    transition.hand_in()
    found = differences(with_events([*before, *transition.events]))
    assert f"stored {extra.id}, found confident" in found


def test_false_reason_for_the_end_is_named() -> None:
    def lie(data: dict[str, Any]) -> None:
        data["events"][-1]["data"]["reason"] = "pool_exhausted"

    assert differences(tampered(lie)).endswith(f"found {sat().attempt.end_reason}")


def test_late_answer_slipped_into_the_record_is_named() -> None:
    whole = stopped(ENDS["time"], 5)
    late = replace(
        next(e for e in whole.events if e.kind is EventKind.ANSWERED),
        sequence=whole.events[-1].sequence + 1,
        at=whole.now,
        idempotency_key="late",
    )
    late = replace(late, data={**late.data, "revision": 99})
    found = differences(with_events([*whole.events, late]))
    assert f"event {late.sequence}: an answer that is refused. This exam has ended" in found


def test_answer_of_an_older_page_is_named() -> None:
    transition = begin()
    step = next_step(transition.attempt, EXAM)
    assert isinstance(step, NextItem)
    serve(transition, step.item)
    transition.answer(make_answer(1, wrong_response(step.item), is_final=False), 0)
    events = [
        *transition.events[:2],
        replace(transition.events[2], kind=EventKind.CONNECTED, data={"client": 1}),
        replace(transition.events[2], sequence=4),
    ]
    assert "event 4: an answer that is refused" in differences(with_events(events))


def test_replay_on_another_blueprint_is_named() -> None:
    later = AdaptiveExam(POOL, make_blueprint(programme_version=2))
    assert replay(transcript_of(sat()), later).differences == (
        "blueprint: stored estorm-comprehensive/1/elite, found estorm-comprehensive/2/elite",
    )


def test_replay_with_another_exposure_plan_is_named() -> None:
    transcript = transcript_of(sat(exam=PLANNED, exposure_digest=PLANNED.plan.digest), PLANNED)  # type: ignore[union-attr]
    assert differences(transcript, PLANNED) == ""
    assert "exposure plan: another one" in differences(transcript, EXAM)


def test_changed_seed_is_named() -> None:
    def reseed(data: dict[str, Any]) -> None:
        data["events"][0]["data"]["seed"] = "other"

    assert "event 2" in differences(tampered(reseed))


def test_earlier_answers_left_out_are_named() -> None:
    earlier = tuple(EarlierAnswer(item.id, 0) for item in POOL.items[:10])

    def forget(data: dict[str, Any]) -> None:
        data["events"][0]["data"]["earlier"] = []

    found = differences(tampered(forget, sat(earlier=earlier)))
    assert "pooled_items: stored 10, found 0" in found
