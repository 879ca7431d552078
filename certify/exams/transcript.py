"""The canonical record of a finished attempt, its hash, and its replay.

It holds every event and the score report. Floats travel as their shortest exact text (`repr`), so
that equality is bit for bit; of the events only the names of the people who acted are left out.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from certify.exams.adaptive import AdaptiveExam, NextItem, Stop, next_step
from certify.exams.attempt import Attempt, EndReason, apply, fold
from certify.exams.commands import NewAnswer, check_answer
from certify.exams.errors import (
    CorruptTranscript,
    ExamError,
    ItemMissingFromRelease,
    MisfitTranscriptAnswer,
    UnknownTranscriptFormat,
)
from certify.exams.events import AttemptEvent, EventKind
from certify.exams.form import option_order, target_order
from certify.exams.form_replay import form_course, report_differences
from certify.exams.form_scoring import form_score_from_mapping
from certify.exams.rescoring import rescore_attempt
from certify.exams.scoring import DimensionScore, ScoreReport, Step, score_attempt
from question_bank.errors import MalformedResponse
from question_bank.interactions import parse_response
from question_bank.response_processing import score

FORMAT = "certify.transcript.2"
ENDS_OF_THE_ENGINE = (EndReason.CONFIDENT, EndReason.MAX_ITEMS, EndReason.POOL_EXHAUSTED)
"""Ends that follow from the answers; the others are acts of people or of the clock."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """What a stored transcript says: the attempt, its events and the report as stored.

    `calibration` is the digest of the calibration that the report rests on; empty where it rests on
    the parameters that the release holds.
    """

    attempt: Attempt
    events: tuple[AttemptEvent, ...]
    report: Mapping[str, Any]
    calibration: str = ""


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """Whether a recomputation gives the stored record; `differences` name what does not."""

    report: ScoreReport
    differences: tuple[str, ...]


def compose_transcript(
    attempt: Attempt,
    events: Sequence[AttemptEvent],
    report: ScoreReport,
    calibration: str = "",
) -> bytes:
    """Canonical JSON (sorted keys, no blanks, UTF-8). Holds no name, only the attempt's id.

    `calibration` is named where the report rests on one. Half of a character, cut off by a browser,
    is kept as the three bytes it would have.
    """
    data = {
        "format": FORMAT,
        "attempt_id": attempt.id,
        "events": [_event_to_mapping(event) for event in events],
        "report": _report_to_mapping(report),
        **({"calibration": calibration} if calibration else {}),
    }
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def transcript_digest(transcript: bytes) -> str:
    """SHA-256 in hex; the credential carries it."""
    return hashlib.sha256(transcript).hexdigest()


def read_transcript(transcript: bytes) -> Transcript:
    """The attempt, its events and the stored report. Raises CorruptTranscript."""
    try:
        data = json.loads(transcript)
        if data["format"] != FORMAT:
            raise UnknownTranscriptFormat(expected=FORMAT, found=data["format"])
        events = tuple(_event_from_mapping(entry) for entry in data["events"])
        attempt = fold(data["attempt_id"], "", events)
        return Transcript(attempt, events, data["report"], data.get("calibration", ""))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        reason = " ".join(f"{type(error).__name__} {error}".split())
        raise CorruptTranscript(reason=reason) from error


def report_from_mapping(data: Mapping[str, Any]) -> ScoreReport:
    """The score report as stored in a transcript, floats restored exactly."""
    dimensions = tuple(
        DimensionScore(
            **{
                **entry,
                "theta": _float_or_none(entry["theta"]),
                "se": _float_or_none(entry["se"]),
                "share": float(entry["share"]),
            }
        )
        for entry in data["dimensions"]
    )
    steps = tuple(
        Step(**{**entry, "theta": float(entry["theta"]), "se": float(entry["se"])})
        for entry in data["steps"]
    )
    return ScoreReport(
        **{
            **data,
            "theta": float(data["theta"]),
            "se": float(data["se"]),
            "dimensions": dimensions,
            "steps": steps,
            "max_exposure": _float_or_none(data["max_exposure"]),
            "nodes_not_covered": tuple(data["nodes_not_covered"]),
            "forms": tuple(form_score_from_mapping(entry) for entry in data.get("forms", ())),
        }
    )


def replay(
    transcript: bytes, exam: AdaptiveExam, calibrated: AdaptiveExam | None = None
) -> ReplayResult:
    """Recompute scores, selection, option orders, end and report from the transcript.

    `calibrated` is the exam under the calibration that the transcript names, which the report alone
    rests on: items were chosen, and the end was found, under the parameters of the release.

    Raises CorruptTranscript where it cannot be read, or where its items or answers do not fit the
    release.
    """
    stored = read_transcript(transcript)
    terms = stored.attempt.terms
    if terms is None:
        raise CorruptTranscript(reason="the attempt never started")
    blueprint = exam.blueprint
    found = f"{blueprint.programme_code}/{blueprint.programme_version}/{blueprint.level}"
    wanted = f"{terms.programme_code}/{terms.programme_version}/{terms.level}"
    differences = [] if wanted == found else [f"blueprint: stored {wanted}, found {found}"]
    if terms.exposure_digest != (exam.plan.digest if exam.plan else ""):
        differences.append("exposure plan: another one")
    differences += _scores(stored, exam)
    differences += _course(stored, exam)
    differences += form_course(stored.attempt.id, stored.events, exam)
    if stored.calibration and calibrated is None:
        raise CorruptTranscript(reason=f"calibration {stored.calibration} is missing")
    report = (
        score_attempt(stored.attempt, exam)
        if calibrated is None
        else rescore_attempt(stored.attempt, exam, calibrated)
    )
    differences += report_differences(stored.report, _report_to_mapping(report))
    return ReplayResult(report, tuple(differences))


def _scores(stored: Transcript, exam: AdaptiveExam) -> Iterator[str]:
    """Answers that the key of the release scores otherwise than the record says."""
    items = {served.position: served.item_id for served in stored.attempt.served}
    for event in stored.events:
        if event.kind is not EventKind.ANSWERED:
            continue
        position = event.data["position"]
        item = exam.pool.by_id.get(items.get(position, ""))
        if item is None:
            raise ItemMissingFromRelease(
                attempt_id=stored.attempt.id, position=position, item_id=items.get(position, "?")
            )
        try:
            response = parse_response(item, event.data["response"])
            correct = int(score(item, response).is_correct)
        except MalformedResponse as error:
            raise MisfitTranscriptAnswer(attempt_id=stored.attempt.id, item_id=item.id) from error
        if correct != event.data["correct"]:
            yield f"answer {event.sequence}: stored {event.data['correct']}, found {correct}"


def _course(stored: Transcript, exam: AdaptiveExam) -> Iterator[str]:
    """Where the items, their options or the end differ from what the answers lead to.

    And answers that could not have been taken when they were: late, or to another item.
    """
    before = Attempt(stored.attempt.id, "")
    for event in stored.events:
        if event.kind is EventKind.ANSWERED:
            yield from _refusal(before, event)
        is_choice = event.kind is EventKind.SERVED or _is_end_of_engine(event)
        if is_choice and before.terms is not None and before.part_terms.is_adaptive:
            yield from _choice(before, event, exam)
        before = apply(before, event)


def _refusal(before: Attempt, event: AttemptEvent) -> Iterator[str]:
    data = event.data
    new = NewAnswer(
        position=data["position"],
        response=data["response"],
        revision=data["revision"],
        is_final=data["final"],
        client=data["client"],
        idempotency_key=event.idempotency_key,
    )
    try:
        check_answer(before, new, event.at)
    except ExamError as error:
        yield f"event {event.sequence}: an answer that is refused. {error}"


def _choice(before: Attempt, event: AttemptEvent, exam: AdaptiveExam) -> Iterator[str]:
    step = next_step(before, exam)
    if isinstance(step, Stop):
        expected = Stop(EndReason(event.data["reason"])) if "reason" in event.data else None
        if step != expected:
            yield f"event {event.sequence}: stored {_told(event)}, found {step.reason.value}"
        return
    if event.kind is not EventKind.SERVED or step.item.id != event.data["item"]:
        yield f"event {event.sequence}: stored {_told(event)}, found {step.item.id}"
        return
    if step.is_pretest != event.data["pretest"]:
        yield f"event {event.sequence}: pretest stored {event.data['pretest']}"
    if _laid_out(step, before, event) != (event.data["options"], event.data["targets"]):
        yield f"event {event.sequence}: another option order"


def _laid_out(step: NextItem, before: Attempt, event: AttemptEvent) -> tuple[list[str], list[str]]:
    seed = before.started_terms.seed
    position = event.data["position"]
    options = option_order(step.item, seed, position)
    return list(options), list(target_order(step.item, seed, position))


def _is_end_of_engine(event: AttemptEvent) -> bool:
    return (
        event.kind in (EventKind.ENDED, EventKind.PART_ENDED)
        and event.data["reason"] in ENDS_OF_THE_ENGINE
    )


def _told(event: AttemptEvent) -> str:
    return str(event.data.get("item") or event.data.get("reason"))


def _event_to_mapping(event: AttemptEvent) -> dict[str, Any]:
    return {
        "sequence": event.sequence,
        "kind": event.kind.value,
        "at": event.at.isoformat(),
        "data": dict(event.data),
        "key": event.idempotency_key,
    }


def _event_from_mapping(data: Mapping[str, Any]) -> AttemptEvent:
    return AttemptEvent(
        sequence=data["sequence"],
        kind=EventKind(data["kind"]),
        at=dt.datetime.fromisoformat(data["at"]),
        data=data["data"],
        idempotency_key=data["key"],
    )


def _report_to_mapping(report: ScoreReport) -> dict[str, Any]:
    """A report without form parts says nothing of them, as before there were any."""
    data: dict[str, Any] = _exact(asdict(report))
    if not report.forms:
        del data["forms"]
    return data


def _float_or_none(text: str | None) -> float | None:
    return None if text is None else float(text)


def _exact(value: Any) -> Any:
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, Mapping):
        return {name: _exact(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_exact(entry) for entry in value]
    return value
