"""Transcripts: canonical, readable, and replayed to the same decision bit for bit."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certify.exams.attempt import AttemptRecord, EndReason
from certify.exams.errors import CorruptTranscript
from certify.exams.pool import ItemPool
from certify.exams.scoring import score_attempt
from certify.exams.transcript import (
    compose_transcript,
    read_transcript,
    replay,
    report_from_mapping,
    transcript_digest,
)
from tests.factories import (
    make_attempt,
    make_blueprint,
    make_items,
    make_pool,
    serve,
    simulated_candidate,
    sit,
    wrong_response,
)

POOL = make_pool()
PROVISIONAL = make_pool(make_items(30, calibrate=False))
BLUEPRINT = make_blueprint()


def sat(theta: float = 0.4, seed: int = 7, pool: ItemPool = POOL, **changes: Any) -> AttemptRecord:
    record = make_attempt(seed=f"seed {seed}", **changes)
    return sit(record, pool, BLUEPRINT, simulated_candidate(theta, pool, seed))


def transcript_of(record: AttemptRecord, pool: ItemPool = POOL) -> bytes:
    return compose_transcript(record, score_attempt(record, pool, BLUEPRINT))


def tampered(
    change: Callable[[dict[str, Any]], object], record: AttemptRecord | None = None
) -> bytes:
    data = json.loads(transcript_of(record or sat()))
    change(data)
    return json.dumps(data).encode()


def differences(transcript: bytes) -> str:
    return "\n".join(replay(transcript, POOL, BLUEPRINT).differences)


@settings(max_examples=30, deadline=None)
@given(
    theta=st.floats(-3, 3),
    seed=st.integers(0, 10**9),
    pool=st.sampled_from([POOL, PROVISIONAL]),
)
def test_replay_of_any_attempt_gives_no_difference(theta: float, seed: int, pool: ItemPool) -> None:
    record = sat(theta, seed, pool)
    result = replay(transcript_of(record, pool), pool, BLUEPRINT)
    assert result.differences == ()
    assert result.report == score_attempt(record, pool, BLUEPRINT)


def ended_early(reason: EndReason, length: int) -> AttemptRecord:
    whole = sat()
    record = replace(
        whole, served=whole.served[:length], responses=whole.responses[:length], end_reason=reason
    )
    if reason is EndReason.TIME:
        # the item on the screen when time was over
        record = serve(record, POOL.items[POOL.index_of[whole.served[length].item_id]])
        record = replace(record, ended_at=record.deadline_at)
    return record


@pytest.mark.parametrize("reason", [EndReason.HANDED_IN, EndReason.TIME, EndReason.VOIDED])
@pytest.mark.parametrize("length", [0, 1, 7])
def test_attempt_that_did_not_run_to_its_end_replays_too(reason: EndReason, length: int) -> None:
    assert differences(transcript_of(ended_early(reason, length))) == ""


def test_transcript_is_canonical_json_without_a_name() -> None:
    record = sat(candidate_id="Wang Fang")
    transcript = transcript_of(record)
    data = json.loads(transcript)
    again = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert transcript == again
    assert b"Wang" not in transcript
    assert data["format"] == "certify.transcript.1"


def test_digest_is_sha256_and_depends_on_every_answer() -> None:
    transcript = transcript_of(sat())
    assert transcript_digest(transcript) == hashlib.sha256(transcript).hexdigest()
    assert transcript_digest(transcript) != transcript_digest(transcript_of(sat(theta=-2.0)))


def test_reading_gives_the_record_back_but_for_the_candidate() -> None:
    record = sat()
    found, report = read_transcript(transcript_of(record))
    assert found == replace(record, candidate_id="")
    assert float(report["theta"]) == score_attempt(record, POOL, BLUEPRINT).theta


@pytest.mark.parametrize("length", [0, 1, 12])
def test_stored_report_is_read_back_bit_for_bit(length: int) -> None:
    record = ended_early(EndReason.HANDED_IN, length)
    _, stored = read_transcript(transcript_of(record))
    assert report_from_mapping(stored) == score_attempt(record, POOL, BLUEPRINT)


def test_changed_answer_is_named() -> None:
    """One answer turned round changes the estimate and what was served afterwards."""

    def turn_round(data: dict[str, Any]) -> None:
        item = POOL.items[POOL.index_of[data["served"][2]["item_id"]]]
        right = data["report"]["steps"][2]["correct"]
        other = wrong_response(item) if right else sorted(item.answer_key.correct)  # type: ignore[union-attr]
        data["responses"][2]["response"] = other

    found = differences(tampered(turn_round))
    assert "theta: stored" in found
    assert "correct: stored" in found
    assert "item 4: stored" in found or "item 5: stored" in found


def test_changed_option_order_is_named() -> None:
    def swap(data: dict[str, Any]) -> None:
        position = next(n for n, s in enumerate(data["served"]) if len(s["option_order"]) == 4)
        data["served"][position]["option_order"].reverse()

    transcript = tampered(swap)
    position = next(s.position for s in sat().served if s.option_order)
    assert differences(transcript) == f"item {position}: another option order"


def test_changed_item_is_named() -> None:
    record = sat()
    served = {entry.item_id for entry in record.served}
    old = next(e for e in record.served if POOL.items[POOL.index_of[e.item_id]].type == "single")
    other = next(i.id for i in POOL.items if i.type == "single" and i.id not in served)

    def exchange(data: dict[str, Any]) -> None:
        data["served"][old.position - 1]["item_id"] = other

    found = differences(tampered(exchange))
    assert f"item {old.position}: stored {other}, found {old.item_id}" in found


def test_digit_of_theta_is_named() -> None:
    theta = score_attempt(sat(), POOL, BLUEPRINT).theta
    next_float = repr(math.nextafter(theta, 4))
    found = differences(tampered(lambda data: data["report"].update(theta=next_float)))
    assert found == f"theta: stored {next_float}, found {theta!r}"


@pytest.mark.parametrize("field", ["se", "correct", "items", "parameter_status", "blueprint_kept"])
def test_changed_field_of_the_report_is_named(field: str) -> None:
    found = differences(tampered(lambda data: data["report"].update({field: "other"})))
    assert found.startswith(f"{field}: stored other, found ")


def test_changed_score_of_a_dimension_is_named() -> None:
    found = differences(tampered(lambda data: data["report"]["dimensions"][1].update(theta="1.5")))
    assert found.startswith("dimensions: stored")


def test_exam_cut_short_by_tampering_is_named() -> None:
    """Items left out at the end, with the report made to fit, would still be a better result."""
    whole = sat()
    short = replace(whole, served=whole.served[:6], responses=whole.responses[:6])
    assert short.end_reason in (EndReason.CONFIDENT, EndReason.MAX_ITEMS)
    expected = f"end: stored {short.end_reason}, found {whole.served[6].item_id}"
    assert differences(transcript_of(short)) == expected


def test_false_reason_for_the_end_is_named() -> None:
    whole = sat()
    false = replace(whole, end_reason=EndReason.POOL_EXHAUSTED)
    expected = f"end: stored pool_exhausted, found {whole.end_reason}"
    assert differences(transcript_of(false)) == expected


def test_replay_on_another_blueprint_is_named() -> None:
    later = make_blueprint(programme_version=2)
    result = replay(transcript_of(sat()), POOL, later)
    assert result.differences == (
        "blueprint: stored estorm-comprehensive/1/elite, found estorm-comprehensive/2/elite",
    )


def test_late_answer_slipped_into_the_record_is_not_scored() -> None:
    record = sat()

    def slip_in(data: dict[str, Any]) -> None:
        last = dict(data["responses"][-1])
        late = record.deadline_at + dt.timedelta(seconds=1)
        last |= {"revision": 99, "received_at": late.isoformat(), "response": []}
        data["responses"].append(last)

    assert differences(tampered(slip_in)) == ""


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda data: data["served"][3].update(item_id="01-999"), "item 4 .01-999. is not in the"),
        (lambda data: data["responses"][0].update(response={"x": 1}), "does not fit item"),
        (lambda data: data["responses"][0].update(response=["z"]), "does not fit item"),
    ],
    ids=["unknown item", "answer of no shape", "unknown option"],
)
def test_transcript_that_does_not_fit_the_release_is_corrupt(
    change: Callable[[dict[str, Any]], object], reason: str
) -> None:
    with pytest.raises(CorruptTranscript, match=f"attempt attempt-1.*{reason}"):
        replay(tampered(change), POOL, BLUEPRINT)


@pytest.mark.parametrize(
    "transcript",
    [
        b"",
        b"not json",
        b"\xff\xfe",
        b"[]",
        b"{}",
        tampered(lambda data: data.pop("seed")),
        tampered(lambda data: data.update(started_at="yesterday")),
        tampered(lambda data: data.update(end_reason="bored")),
        tampered(lambda data: data.update(served=None)),
        tampered(lambda data: data.update(format="certify.transcript.9")),
    ],
)
def test_transcript_that_cannot_be_read_is_corrupt(transcript: bytes) -> None:
    with pytest.raises(CorruptTranscript, match="It cannot be replayed"):
        read_transcript(transcript)
