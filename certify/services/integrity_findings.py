"""What an integrity report says: figures of each candidate, pairs with shared errors; as JSON too.

Figures and reasons to look, never a verdict: nothing in here is read by anything that decides.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

EFFORT_BORDER: Final = 0.90
"""Response time effort below this: Wise & Kong (2005)."""
FALSE_DISCOVERY: Final = 0.05
"""Of the candidates marked by a test, the share that chance alone may have marked."""
PAIR_FALSE_DISCOVERY: Final = 0.01
"""The same of pairs, which name two people: in an honest session each family of pairs marks any in
one of a hundred sessions at most."""
AWAY_SECONDS: Final = 60.0
AWAY_TIMES: Final = 5
FORMAT: Final = 1


class Signal(StrEnum):
    """Why the evidence of a candidate is worth a look. Each has innocent causes."""

    SIMILAR = "similar"
    """In a pair that shares more errors than chance explains."""
    FIT = "fit"
    """Right and wrong answers do not go together with one ability."""
    RAPID = "rapid"
    """More than a tenth of the answers came faster than anybody reads."""
    AWAY = "away"
    """The window was left five times, or for a minute in all."""
    ORIGIN = "origin"
    """More than one browser or network."""


@dataclass(frozen=True, slots=True)
class CandidateEvidence:
    """The figures of one ended exam. None where there is nothing to compute a figure from.

    `rapid` of `judged` answers were too fast, `effort` is the share that was not. `fit` is lz*,
    `fit_adjusted_p` its p-value among all candidates of the report.
    """

    candidate_id: str
    attempt_id: str
    admission_number: str
    name: str
    room: str
    seat: str
    answered: int
    correct: int
    judged: int
    rapid: int
    effort: float | None
    fit: float | None
    fit_p: float | None
    fit_adjusted_p: float | None
    to_right: int
    to_wrong: int
    wrong_to_wrong: int
    away_times: int
    away_seconds: float
    offline_times: int
    offline_seconds: float
    pages: int
    origins: int
    signals: tuple[Signal, ...]


@dataclass(frozen=True, slots=True)
class PairEvidence:
    """Two candidates, by id. See `psychometrics.diagnosing.shared_errors` for the figures."""

    first: str
    second: str
    is_near: bool
    same_room: bool
    common: int
    both_wrong: int
    identical: int
    expected: float
    p_value: float
    adjusted_p: float

    @property
    def is_marked(self) -> bool:
        """Whether chance explains it badly, as many pairs as were looked at."""
        return self.adjusted_p <= PAIR_FALSE_DISCOVERY


@dataclass(frozen=True, slots=True)
class IntegrityFindings:
    """A whole report. `open_exams` had not ended then and are left out.

    `is_provisional`: some item's parameters are an expert's guess, so that person fit marks
    nobody. `thresholds`: seconds below which an answer to an item is too fast, by item.
    """

    candidates: tuple[CandidateEvidence, ...]
    pairs: tuple[PairEvidence, ...]
    tests: int
    near_tests: int
    open_exams: int
    is_provisional: bool
    thresholds: Mapping[str, float]

    def marked(self, signal: Signal) -> int:
        """How many candidates carry a signal."""
        return sum(signal in one.signals for one in self.candidates)

    def candidate(self, candidate_id: str) -> CandidateEvidence | None:
        """The figures of a candidate, or None."""
        return next((c for c in self.candidates if c.candidate_id == candidate_id), None)

    def pairs_of(self, candidate_id: str) -> tuple[PairEvidence, ...]:
        """The pairs that a candidate is part of."""
        return tuple(p for p in self.pairs if candidate_id in (p.first, p.second))


@dataclass(frozen=True, slots=True)
class ComputedReport:
    """Findings with when and by whom they were computed."""

    computed_at: dt.datetime
    author: str
    findings: IntegrityFindings


def findings_to_bytes(findings: IntegrityFindings) -> bytes:
    """JSON; `findings_from_bytes` reads equal findings from it."""
    data = {"format": FORMAT, **asdict(findings)}
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def findings_from_bytes(content: bytes) -> IntegrityFindings:
    """The findings as they were stored."""
    data: dict[str, Any] = json.loads(content)
    if data.pop("format") != FORMAT:
        raise ValueError(f"expected integrity findings of format {FORMAT}")
    candidates = tuple(
        CandidateEvidence(**{**one, "signals": tuple(map(Signal, one["signals"]))})
        for one in data.pop("candidates")
    )
    pairs = tuple(PairEvidence(**one) for one in data.pop("pairs"))
    return IntegrityFindings(candidates=candidates, pairs=pairs, **data)
