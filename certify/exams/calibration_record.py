"""A calibration as it is kept: who took it, from which responses, and what it found of every item.

The record is canonical JSON and named by its SHA-256: results name that digest, and whoever has the
record can recompute them. Numbers travel as their shortest exact text.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from certify.exams.errors import CorruptCalibration
from question_bank.item import CalibratedParameters

FORMAT = "certify.calibration.1"

FEW_RESPONSES = "few_responses"
ONE_ANSWER = "one_answer"
FEW_ITEMS = "few_items"
CALIBRATED_BEFORE = "calibrated_before"
KEPT_REASONS = (FEW_RESPONSES, ONE_ANSWER, FEW_ITEMS, CALIBRATED_BEFORE)
"""Why an item keeps the parameters it had."""
MISFIT = "misfit"
REVERSED = "reversed"
FLAGS = (MISFIT, REVERSED)
"""What speaks against an estimate: the curve does not fit, or able people answer wrongly."""


@dataclass(frozen=True, slots=True)
class CalibrationOptions:
    """How to calibrate. `least_responses`: items with fewer keep their parameters.

    Priors from the provisional parameters: `difficulty_sd` around the expert's b, ln a around the
    common slope with `slope_sd`, c around the chance level worth `chance_weight` tries.
    """

    least_responses: int
    difficulty_sd: float
    slope_sd: float
    chance_weight: float
    tolerance: float


@dataclass(frozen=True, slots=True)
class ItemEstimate:
    """One item: parameters in force from now on, their errors, and what they were before.

    `kept_because` is one of KEPT_REASONS, empty where the item was calibrated. Errors and fit are
    None where they are unknown.
    """

    item_id: str
    dimension: str
    is_pretest: bool
    responses: int
    correct: int
    a: float
    b: float
    c: float
    before: tuple[float, float, float]
    kept_because: str = ""
    se_a: float | None = None
    se_b: float | None = None
    se_c: float | None = None
    outfit: float | None = None
    infit: float | None = None
    infit_z: float | None = None
    flags: tuple[str, ...] = ()

    @property
    def moved(self) -> float:
        """How far the difficulty moved."""
        return self.b - self.before[1]


@dataclass(frozen=True, slots=True)
class CohortEstimate:
    """The candidates behind it: mean and standard deviation of each dimension, correlations.

    None for a dimension that nothing was calibrated in.
    """

    dimensions: tuple[str, ...]
    means: tuple[float, ...]
    sds: tuple[float, ...]
    correlations: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class FitSummary:
    """How the estimation went."""

    attempts: int
    responses: int
    iterations: int
    log_likelihood: float
    method: str
    se_method: str | None


@dataclass(frozen=True)
class CalibrationRecord:
    """Everything about one calibration; `digest` names it."""

    release_digest: str
    programme_code: str
    programme_version: int
    session_ids: tuple[str, ...]
    author: str
    requested_at: dt.datetime
    data_digest: str
    options: CalibrationOptions
    fit: FitSummary
    cohort: CohortEstimate
    items: tuple[ItemEstimate, ...]

    @cached_property
    def content(self) -> bytes:
        """Canonical JSON, whose SHA-256 is the digest."""
        data = {
            "format": FORMAT,
            **{name: getattr(self, name) for name in _PLAIN},
            "requested_at": self.requested_at.isoformat(),
            **{name: asdict(getattr(self, name)) for name in ("options", "fit", "cohort")},
            "items": [asdict(item) for item in self.items],
        }
        text = json.dumps(
            data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
        )
        return text.encode()

    @cached_property
    def digest(self) -> str:
        """SHA-256 in hex."""
        return hashlib.sha256(self.content).hexdigest()

    @cached_property
    def estimates(self) -> Mapping[str, CalibratedParameters]:
        """The parameters of the items that were calibrated, by id."""
        return {
            item.item_id: CalibratedParameters(item.a, item.b, item.c, item.responses)
            for item in self.items
            if not item.kept_because
        }

    @cached_property
    def kept(self) -> Mapping[str, str]:
        """Why, by id, of the items that keep provisional parameters."""
        return {
            item.item_id: item.kept_because
            for item in self.items
            if item.kept_because not in ("", CALIBRATED_BEFORE)
        }


_PLAIN = (
    "release_digest", "programme_code", "programme_version", "session_ids", "author", "data_digest",
)  # fmt: skip


def read_calibration(content: bytes, digest: str) -> CalibrationRecord:
    """A stored record. Raises CorruptCalibration when it does not hash to its digest."""
    found = hashlib.sha256(content).hexdigest()
    if found != digest:
        raise CorruptCalibration(digest=digest, found=found)
    data: Mapping[str, Any] = json.loads(content)
    cohort = data["cohort"]
    return CalibrationRecord(
        **{**{name: data[name] for name in _PLAIN}, "session_ids": tuple(data["session_ids"])},
        requested_at=dt.datetime.fromisoformat(data["requested_at"]),
        options=CalibrationOptions(**data["options"]),
        fit=FitSummary(**data["fit"]),
        cohort=CohortEstimate(
            dimensions=tuple(cohort["dimensions"]),
            means=tuple(cohort["means"]),
            sds=tuple(cohort["sds"]),
            correlations=tuple(tuple(row) for row in cohort["correlations"]),
        ),
        items=tuple(
            ItemEstimate(**{**one, "before": tuple(one["before"]), "flags": tuple(one["flags"])})
            for one in data["items"]
        ),
    )
