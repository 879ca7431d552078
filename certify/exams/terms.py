"""What an attempt is sat under, fixed at its start: programme, level, release, parts, seed."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class PartTerms:
    """One part of the exam. Without a form it is adaptive; a form's items are all there at once.

    `break_seconds`: how long the candidate may rest before the next part. `is_shuffled`: the
    attempt's seed orders the form's items within their sections, and their options.
    """

    code: str
    limit_seconds: int
    form_digest: str = ""
    break_seconds: int = 0
    is_shuffled: bool = False

    @property
    def is_adaptive(self) -> bool:
        """Whether items are chosen by the answers."""
        return not self.form_digest


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """An answer of an earlier attempt that counts as evidence (retakes pool it)."""

    item_id: str
    correct: int


@dataclass(frozen=True, slots=True)
class ExamTerms:
    """`window_end`: the session's end, which a late start does not move. `seed` fixes all draws.

    `exposure_digest` names the plan by which items are eligible; empty: all of them.
    """

    programme_code: str
    programme_version: int
    level: str
    release_digest: str
    seed: str
    parts: tuple[PartTerms, ...]
    window_end: dt.datetime | None = None
    exposure_digest: str = ""
    earlier: tuple[EarlierAnswer, ...] = ()


def terms_to_mapping(terms: ExamTerms) -> dict[str, Any]:
    """As JSON; `terms_from_mapping` reads it back to equal terms."""
    return {
        "programme": terms.programme_code,
        "programme_version": terms.programme_version,
        "level": terms.level,
        "release": terms.release_digest,
        "seed": terms.seed,
        "parts": [
            [
                *(part.code, part.limit_seconds, part.form_digest, part.break_seconds),
                *([True] if part.is_shuffled else []),
            ]
            for part in terms.parts
        ],
        "window_end": terms.window_end.isoformat() if terms.window_end else None,
        "exposure": terms.exposure_digest,
        "earlier": [[answer.item_id, answer.correct] for answer in terms.earlier],
    }


def terms_from_mapping(data: Mapping[str, Any]) -> ExamTerms:
    """The terms of a stored attempt."""
    window_end = data["window_end"]
    return ExamTerms(
        programme_code=data["programme"],
        programme_version=data["programme_version"],
        level=data["level"],
        release_digest=data["release"],
        seed=data["seed"],
        parts=tuple(PartTerms(*part) for part in data["parts"]),
        window_end=dt.datetime.fromisoformat(window_end) if window_end else None,
        exposure_digest=data["exposure"],
        earlier=tuple(EarlierAnswer(*answer) for answer in data["earlier"]),
    )
