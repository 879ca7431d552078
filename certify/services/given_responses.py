"""The one place that reads what candidates answered, for statistics of items.

Everything comes from the transcript of a decided attempt: the raw answers, what the engine scored
them, and the ability that the attempt ended with. How attempts are stored plays no part here.
"""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from certify.exams.transcript import read_transcript
from certify.services.ports import SatAttempt


@dataclass(frozen=True, slots=True)
class GivenResponse:
    """One answer: raw as it was sent, whether it earned its point, and by whom and when.

    `theta` is the ability that the whole attempt came to, this item included. `release_digest`
    tells which version of the item was shown.
    """

    item_id: str
    candidate_id: str
    release_digest: str
    raw: Any
    correct: bool
    theta: float
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class ReadAttempt:
    """What one attempt showed and what came back."""

    level: str
    shown: frozenset[str]
    responses: tuple[GivenResponse, ...]


def read_attempt(sat: SatAttempt) -> ReadAttempt:
    """One attempt. An item that was shown and never answered gives no response.

    Such an item is the last one, when time ran out or the candidate left: nothing tells whether
    it was read. Raises CorruptTranscript.
    """
    stored = read_transcript(sat.transcript)
    attempt, theta = stored.attempt, float(stored.report["theta"])
    responses = (
        GivenResponse(
            item_id=served.item_id,
            candidate_id=sat.candidate_id,
            release_digest=attempt.started_terms.release_digest,
            raw=attempt.answers[served.position].response,
            correct=bool(attempt.answers[served.position].correct),
            theta=theta,
            at=served.served_at,
        )
        for served in attempt.served
        if served.position in attempt.answers
    )
    shown = frozenset(served.item_id for served in attempt.served)
    return ReadAttempt(sat.level, shown, tuple(responses))


def mentions(sat: SatAttempt, item_id: str) -> bool:
    """Whether an attempt may have served an item; False is certain, and cheap to find out."""
    return json.dumps(item_id, ensure_ascii=False).encode() in sat.transcript
