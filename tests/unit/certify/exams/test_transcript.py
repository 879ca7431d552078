"""Transcripts: canonical, readable, and replayed to the same decision bit for bit."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certify.exams.adaptive import AdaptiveExam, NextItem, next_step
from certify.exams.commands import Transition
from certify.exams.errors import CorruptTranscript
from certify.exams.events import EventKind
from certify.exams.scoring import score_attempt
from certify.exams.terms import EarlierAnswer
from certify.exams.transcript import (
    read_transcript,
    replay,
    report_from_mapping,
    transcript_digest,
)
from tests.factories import (
    begin,
    make_answer,
    make_exam,
    serve,
    tick,
    wrong_response,
)
from tests.unit.certify.exams.transcripts import (
    ENDS,
    EXAM,
    PLANNED,
    POOL,
    PROVISIONAL,
    differences,
    of_kind,
    sat,
    stopped,
    tampered,
    transcript_of,
)

# --- replay ----------------------------------------------------------------------------------


@settings(max_examples=20, deadline=None)
@given(
    theta=st.floats(-3, 3),
    seed=st.integers(0, 10**9),
    exam=st.sampled_from([EXAM, make_exam(PROVISIONAL), PLANNED]),
)
def test_replay_of_any_attempt_gives_no_difference(
    theta: float, seed: int, exam: AdaptiveExam
) -> None:
    digest = exam.plan.digest if exam.plan else ""
    earlier = tuple(EarlierAnswer(item.id, seed % 2) for item in exam.pool.items[:5])
    transition = sat(theta, seed, exam, exposure_digest=digest, earlier=earlier)
    result = replay(transcript_of(transition, exam), exam)
    assert result.differences == ()
    assert result.report == score_attempt(transition.attempt, exam)


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
@pytest.mark.parametrize("length", [0, 1, 7])
def test_attempt_that_did_not_run_to_its_end_replays_too(
    end: Callable[[Transition], None], length: int
) -> None:
    assert differences(transcript_of(stopped(end, length))) == ""


def test_pages_drafts_pauses_and_added_time_replay_too() -> None:
    transition = begin()
    step = next_step(transition.attempt, EXAM)
    assert isinstance(step, NextItem)
    serve(transition, step.item)
    transition.connect()
    draft = make_answer(1, wrong_response(step.item), client=1, is_final=False)
    transition.answer(draft, 0)
    transition.pause("drill", "ann")
    tick(transition, 9999)
    transition.resume("ann")
    transition.extend(60, "drill", "ann")
    transition.connect()
    final = replace(draft, client=2, revision=2, is_final=True, idempotency_key="final")
    transition.answer(final, 0)
    sit_on(transition)
    assert differences(transcript_of(transition)) == ""


def sit_on(transition: Transition) -> None:
    """To the end, from the page that is open."""
    while isinstance(step := next_step(transition.attempt, EXAM), NextItem):
        serve(transition, step.item)
        position = len(transition.attempt.served)
        client = transition.attempt.client
        transition.answer(make_answer(position, wrong_response(step.item), client=client), 0)
    transition.hand_in(step.reason)


# --- the record ------------------------------------------------------------------------------


def test_transcript_is_canonical_json_without_a_name() -> None:
    transition = stopped(ENDS["invigilator"], 3)
    transcript = transcript_of(transition)
    data = json.loads(transcript)
    again = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert transcript == again
    assert b"candidate" not in transcript
    assert b"ann" not in transcript
    assert data["format"] == "certify.transcript.2"


def test_half_a_character_is_kept() -> None:
    """What a browser cuts off in the middle of an emoji must not make an exam undecidable."""
    transition = begin()
    serve(transition, POOL.items[0])
    transition.answer(make_answer(1, {"text": "\ud83d"}), 0)
    stored = read_transcript(transcript_of(transition))
    assert stored.attempt.answers[1].response == {"text": "\ud83d"}


def test_digest_is_sha256_and_depends_on_every_answer() -> None:
    transcript = transcript_of(sat())
    assert transcript_digest(transcript) == hashlib.sha256(transcript).hexdigest()
    assert transcript_digest(transcript) != transcript_digest(transcript_of(sat(theta=-2.0)))


def test_reading_gives_events_and_attempt_back_but_for_the_people() -> None:
    transition = stopped(ENDS["invigilator"], 3)
    stored = read_transcript(transcript_of(transition))
    assert stored.attempt == replace(transition.attempt, candidate_id="")
    assert stored.events == tuple(replace(event, actor="") for event in transition.events)
    assert float(stored.report["theta"]) == score_attempt(transition.attempt, EXAM).theta


@pytest.mark.parametrize("length", [0, 1, 9])
def test_stored_report_is_read_back_bit_for_bit(length: int) -> None:
    transition = stopped(ENDS["handed in"], length)
    for exam in (EXAM, PLANNED):
        stored = read_transcript(transcript_of(transition, exam))
        assert report_from_mapping(stored.report) == score_attempt(transition.attempt, exam)


# --- what cannot be replayed -----------------------------------------------------------------


def first_served(data: dict[str, Any]) -> dict[str, Any]:
    event: dict[str, Any] = of_kind(data, EventKind.SERVED)[0]["data"]
    return event


def first_answered(data: dict[str, Any]) -> dict[str, Any]:
    event: dict[str, Any] = of_kind(data, EventKind.ANSWERED)[0]["data"]
    return event


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda data: first_served(data).update(item="01-999"), r"item 1 \(01-999\) is not in the"),
        (lambda data: first_answered(data).update(response={"x": 1}), "does not fit item"),
        (lambda data: first_answered(data).update(response=["z"]), "does not fit item"),
    ],
    ids=["unknown item", "answer of no shape", "unknown option"],
)
def test_transcript_that_does_not_fit_the_release_is_corrupt(
    change: Callable[[dict[str, Any]], object], reason: str
) -> None:
    with pytest.raises(CorruptTranscript, match=f"attempt attempt-1.*{reason}"):
        replay(tampered(change), EXAM)


def test_transcript_of_an_attempt_that_never_started_is_corrupt() -> None:
    def unstart(data: dict[str, Any]) -> None:
        data["events"] = []

    with pytest.raises(CorruptTranscript, match="never started"):
        replay(tampered(unstart), EXAM)


@pytest.mark.parametrize(
    "transcript",
    [
        b"",
        b"not json",
        b"\xff\xfe",
        b"[]",
        b"{}",
        tampered(lambda data: data.pop("events")),
        tampered(lambda data: data["events"].pop(3)),
        tampered(lambda data: data["events"][0].update(at="yesterday")),
        tampered(lambda data: data["events"][1].update(kind="dreamt")),
        tampered(lambda data: data["events"][1]["data"].pop("item")),
        tampered(lambda data: data["events"][-1]["data"].update(reason="bored")),
        tampered(lambda data: data.update(format="certify.transcript.9")),
    ],
    ids=range(12),
)
def test_transcript_that_cannot_be_read_is_corrupt(transcript: bytes) -> None:
    with pytest.raises(CorruptTranscript, match="It cannot be replayed"):
        read_transcript(transcript)
