"""An attempt's state as compact JSON: what the next request reads instead of all events.

The events are the truth; this only saves adding them up again (`attempt.fold` gives the same).
"""

import datetime as dt
import json
from typing import Any

from certify.exams.attempt import Answer, Attempt, EndReason, ServedItem
from certify.exams.terms import terms_from_mapping, terms_to_mapping

FORMAT = 1


def attempt_to_head(attempt: Attempt) -> str:
    """JSON without blanks; `attempt_from_head` reads it back to an equal attempt."""
    data = [
        FORMAT,
        attempt.session_id,
        attempt.sequence,
        terms_to_mapping(attempt.terms) if attempt.terms else None,
        attempt.extra_seconds,
        _instant(attempt.admitted_at),
        _instant(attempt.started_at),
        attempt.part,
        _instant(attempt.part_started_at),
        attempt.client,
        [_served_to_list(served) for served in attempt.served],
        [[position, *_answer_to_list(answer)] for position, answer in attempt.answers.items()],
        sorted(attempt.flagged),
        _instant(attempt.paused_at),
        attempt.paused_seconds,
        attempt.paused_in_part,
        attempt.added_seconds,
        attempt.added_in_part,
        _instant(attempt.break_since),
        _instant(attempt.ended_at),
        attempt.end_reason,
        attempt.is_voided,
    ]
    # in ASCII: half of a character, cut off by a browser, has no UTF-8
    return json.dumps(data, separators=(",", ":"))


def attempt_from_head(attempt_id: str, candidate_id: str, head: str) -> Attempt:
    """The attempt that was stored."""
    (
        _,
        session_id,
        sequence,
        terms,
        extra_seconds,
        admitted_at,
        started_at,
        part,
        part_started_at,
        client,
        served,
        answers,
        flagged,
        paused_at,
        paused_seconds,
        paused_in_part,
        added_seconds,
        added_in_part,
        break_since,
        ended_at,
        end_reason,
        is_voided,
    ) = json.loads(head)
    return Attempt(
        id=attempt_id,
        candidate_id=candidate_id,
        session_id=session_id,
        sequence=sequence,
        terms=terms_from_mapping(terms) if terms else None,
        extra_seconds=extra_seconds,
        admitted_at=_read_instant(admitted_at),
        started_at=_read_instant(started_at),
        part=part,
        part_started_at=_read_instant(part_started_at),
        client=client,
        served=tuple(_served_from_list(entry) for entry in served),
        answers={position: _answer_from_list(entry) for position, *entry in answers},
        flagged=frozenset(flagged),
        paused_at=_read_instant(paused_at),
        paused_seconds=paused_seconds,
        paused_in_part=paused_in_part,
        added_seconds=added_seconds,
        added_in_part=added_in_part,
        break_since=_read_instant(break_since),
        ended_at=_read_instant(ended_at),
        end_reason=EndReason(end_reason) if end_reason else None,
        is_voided=is_voided,
    )


def _served_to_list(served: ServedItem) -> list[Any]:
    return [
        served.position,
        served.item_id,
        served.option_order,
        served.target_order,
        served.is_pretest,
        served.part,
        _instant(served.served_at),
    ]


def _served_from_list(entry: list[Any]) -> ServedItem:
    position, item_id, options, targets, is_pretest, part, served_at = entry
    at = dt.datetime.fromisoformat(served_at)
    return ServedItem(position, item_id, tuple(options), tuple(targets), is_pretest, part, at)


def _answer_to_list(answer: Answer) -> list[Any]:
    return [
        answer.response,
        answer.revision,
        answer.is_final,
        answer.correct,
        answer.idempotency_key,
        _instant(answer.received_at),
    ]


def _answer_from_list(entry: list[Any]) -> Answer:
    response, revision, is_final, correct, key, received_at = entry
    at = dt.datetime.fromisoformat(received_at)
    return Answer(response, revision, is_final, correct, key, at)


def _instant(at: dt.datetime | None) -> str | None:
    return at.isoformat() if at else None


def _read_instant(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None
