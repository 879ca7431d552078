"""The canonical record of a finished attempt, its hash, and its replay.

Floats travel as their shortest exact text (`repr`), so that equality is bit for bit.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from certify.exams.adaptive import NextItem, Stop, next_step
from certify.exams.attempt import AttemptRecord, EndReason, RecordedResponse, ServedItem
from certify.exams.blueprint import ExamBlueprint
from certify.exams.errors import (
    CorruptTranscript,
    ItemMissingFromRelease,
    MisfitTranscriptAnswer,
    UnknownTranscriptFormat,
)
from certify.exams.form import option_order
from certify.exams.pool import ItemPool
from certify.exams.scoring import DimensionScore, ScoreReport, Step, score_attempt
from question_bank.errors import MalformedResponse

FORMAT = "certify.transcript.1"
ENDS_OF_THE_ENGINE = (EndReason.CONFIDENT, EndReason.MAX_ITEMS, EndReason.POOL_EXHAUSTED)
"""Ends that follow from the answers; the others are acts of people or of the clock."""


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """Whether a recomputation gives the stored record; `differences` name what does not."""

    report: ScoreReport
    differences: tuple[str, ...]


def compose_transcript(record: AttemptRecord, report: ScoreReport) -> bytes:
    """Canonical JSON (sorted keys, no blanks, UTF-8). Holds no name, only the attempt's id."""
    data = {
        "format": FORMAT,
        "attempt_id": record.id,
        "programme": record.programme_code,
        "programme_version": record.programme_version,
        "level": record.level,
        "release_digest": record.release_digest,
        "seed": record.seed,
        "started_at": record.started_at.isoformat(),
        "deadline_at": record.deadline_at.isoformat(),
        "ended_at": record.ended_at.isoformat() if record.ended_at else None,
        "end_reason": record.end_reason.value if record.end_reason else None,
        "served": [_served_to_mapping(served) for served in record.served],
        "responses": [_response_to_mapping(response) for response in record.responses],
        "report": _exact(asdict(report)),
    }
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def transcript_digest(transcript: bytes) -> str:
    """SHA-256 in hex; the credential carries it."""
    return hashlib.sha256(transcript).hexdigest()


def read_transcript(transcript: bytes) -> tuple[AttemptRecord, Mapping[str, Any]]:
    """The attempt and the stored report of a transcript. Raises CorruptTranscript."""
    try:
        data = json.loads(transcript)
        if data["format"] != FORMAT:
            raise UnknownTranscriptFormat(expected=FORMAT, found=data["format"])
        return _record_from_mapping(data), data["report"]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        reason = " ".join(f"{type(error).__name__} {error}".split())
        raise CorruptTranscript(reason=reason) from error


def report_from_mapping(data: Mapping[str, Any]) -> ScoreReport:
    """The score report as stored in a transcript, floats restored exactly."""
    return ScoreReport(
        theta=float(data["theta"]),
        se=float(data["se"]),
        dimensions=tuple(
            DimensionScore(
                **{
                    **entry,
                    "theta": _float_or_none(entry["theta"]),
                    "se": _float_or_none(entry["se"]),
                    "share": float(entry["share"]),
                }
            )
            for entry in data["dimensions"]
        ),
        steps=tuple(
            Step(**{**entry, "theta": float(entry["theta"]), "se": float(entry["se"])})
            for entry in data["steps"]
        ),
        correct=data["correct"],
        answered=data["answered"],
        items=data["items"],
        parameter_status=data["parameter_status"],
        blueprint_kept=data["blueprint_kept"],
    )


def replay(transcript: bytes, pool: ItemPool, blueprint: ExamBlueprint) -> ReplayResult:
    """Recompute every selection, option order, estimate and the end from the stored answers.

    Raises CorruptTranscript when it cannot be read, or its items or answers do not fit the pool.
    """
    record, stored = read_transcript(transcript)
    for served in record.served:
        if served.item_id not in pool.index_of:
            raise ItemMissingFromRelease(
                attempt_id=record.id, position=served.position, item_id=served.item_id
            )
    try:
        differences = [*_other_blueprint(record, blueprint), *_course(record, pool, blueprint)]
        report = score_attempt(record, pool, blueprint)
    except MalformedResponse as error:
        item_id = error.params["item_id"]
        raise MisfitTranscriptAnswer(attempt_id=record.id, item_id=item_id) from error
    recomputed = _exact(asdict(report))
    differences += [
        f"{name}: stored {stored.get(name)}, found {value}"
        for name, value in recomputed.items()
        if stored.get(name) != value
    ]
    return ReplayResult(report, tuple(differences))


def _other_blueprint(record: AttemptRecord, blueprint: ExamBlueprint) -> Iterator[str]:
    stored = f"{record.programme_code}/{record.programme_version}/{record.level}"
    if stored != blueprint.name:
        yield f"blueprint: stored {stored}, found {blueprint.name}"


def _course(record: AttemptRecord, pool: ItemPool, blueprint: ExamBlueprint) -> Iterator[str]:
    """Where the items, their options or the end differ from what the answers lead to."""
    for count, served in enumerate(record.served):
        step = next_step(_until(record, count), pool, blueprint)
        if not isinstance(step, NextItem) or step.item.id != served.item_id:
            yield f"item {served.position}: stored {served.item_id}, found {_name(step)}"
        elif option_order(step.item, record.seed, served.position) != served.option_order:
            yield f"item {served.position}: another option order"
    if record.end_reason in ENDS_OF_THE_ENGINE:
        step = next_step(_until(record, len(record.served)), pool, blueprint)
        if step != Stop(record.end_reason):
            yield f"end: stored {record.end_reason}, found {_name(step)}"


def _name(step: NextItem | Stop) -> str:
    return step.item.id if isinstance(step, NextItem) else step.reason.value


def _until(record: AttemptRecord, count: int) -> AttemptRecord:
    """The record as it stood when item `count + 1` was chosen."""
    return replace(
        record,
        served=record.served[:count],
        responses=tuple(r for r in record.responses if r.position <= count),
        ended_at=None,
        end_reason=None,
    )


def _float_or_none(text: str | None) -> float | None:
    return None if text is None else float(text)


def _exact(value: Any) -> Any:
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, Mapping):
        return {name: _exact(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_exact(entry) for entry in value]
    return value


def _record_from_mapping(data: Mapping[str, Any]) -> AttemptRecord:
    return AttemptRecord(
        id=data["attempt_id"],
        candidate_id="",
        programme_code=data["programme"],
        programme_version=data["programme_version"],
        level=data["level"],
        release_digest=data["release_digest"],
        seed=data["seed"],
        started_at=dt.datetime.fromisoformat(data["started_at"]),
        deadline_at=dt.datetime.fromisoformat(data["deadline_at"]),
        served=tuple(_served_from_mapping(entry) for entry in data["served"]),
        responses=tuple(_response_from_mapping(entry) for entry in data["responses"]),
        ended_at=dt.datetime.fromisoformat(data["ended_at"]) if data["ended_at"] else None,
        end_reason=EndReason(data["end_reason"]) if data["end_reason"] else None,
    )


def _served_to_mapping(served: ServedItem) -> dict[str, Any]:
    return {
        "position": served.position,
        "item_id": served.item_id,
        "option_order": list(served.option_order),
        "served_at": served.served_at.isoformat(),
    }


def _served_from_mapping(data: Mapping[str, Any]) -> ServedItem:
    return ServedItem(
        position=data["position"],
        item_id=data["item_id"],
        option_order=tuple(data["option_order"]),
        served_at=dt.datetime.fromisoformat(data["served_at"]),
    )


def _response_to_mapping(response: RecordedResponse) -> dict[str, Any]:
    return {
        "position": response.position,
        "response": response.response,
        "is_final": response.is_final,
        "revision": response.revision,
        "idempotency_key": response.idempotency_key,
        "received_at": response.received_at.isoformat(),
    }


def _response_from_mapping(data: Mapping[str, Any]) -> RecordedResponse:
    return RecordedResponse(
        position=data["position"],
        response=data["response"],
        is_final=data["is_final"],
        revision=data["revision"],
        idempotency_key=data["idempotency_key"],
        received_at=dt.datetime.fromisoformat(data["received_at"]),
    )
