"""Certification programmes and level scales as data: read from `definitions/`, checked, frozen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from rubrics.errors import MalformedDefinition, UnknownLevel
from rubrics.level_decision import AwardPolicy
from rubrics.level_scale import Level, LevelScale

_SHAPE_ERRORS = (AttributeError, KeyError, TypeError, ValueError)
"""What reading a mapping of another shape than the definition format runs into."""


@dataclass(frozen=True, slots=True)
class ExamRule:
    """The exam of one level, in plain numbers: shares by dimension letter, lengths, time, stop."""

    level: str
    shares: Mapping[str, Fraction]
    min_items: int
    max_items: int
    limit_minutes: int
    stop_confidence: float
    best_of: int
    max_dimension_se: float
    pretest_items: int
    max_exposure: float


@dataclass(frozen=True, slots=True)
class Programme:
    """A certification programme; `code` and `version` together name it for good."""

    code: str
    version: int
    title_zh: str
    title_en: str
    summary_zh: str
    summary_en: str
    kind: str
    status: str
    validity_months: int | None
    scale: LevelScale
    policy: AwardPolicy
    exams: Mapping[str, ExamRule]

    def exam(self, level: str) -> ExamRule:
        """The exam rule of a level. Raises UnknownLevel."""
        if level not in self.exams:
            raise UnknownLevel(expected=", ".join(self.exams), found=level)
        return self.exams[level]


@cache
def load_programme_versions() -> Mapping[tuple[str, int], Programme]:
    """Every shipped version of every programme, by code and version.

    Files of earlier versions stay: attempts that began under them are decided and replayed by
    them. A changed level scale is a new scale code. Raises MalformedDefinition naming file and
    field.
    """
    root = resources.files("rubrics") / "definitions"
    scales = {
        scale.code: scale
        for name, data in _definitions(root / "scales")
        for scale in [scale_from_mapping(data, name)]
    }
    versions: dict[tuple[str, int], Programme] = {}
    for name, data in _definitions(root / "programmes"):
        programme = programme_from_mapping(data, scales, name)
        place = (programme.code, programme.version)
        if place in versions:
            raise MalformedDefinition(
                where=name, expected="a version that no other file has", found=place
            )
        versions[place] = programme
    return versions


def newest_versions(
    versions: Mapping[tuple[str, int], Programme],
) -> Mapping[str, Programme]:
    """The highest version of each programme, by code: what new attempts are under."""
    return {code: versions[code, version] for code, version in sorted(versions)}


def _definitions(folder: Traversable) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.endswith(".yaml"):
            yield path.name, _read(path.read_text("utf-8"), path.name)


def scale_from_mapping(data: Mapping[str, Any], where: str) -> LevelScale:
    """Build a level scale. Raises MalformedDefinition."""
    try:
        return LevelScale(
            code=str(data["code"]),
            version=int(data["version"]),
            basis=str(data["basis"]),
            below_title_zh=data["below"]["zh"],
            below_title_en=data["below"]["en"],
            correlation=float(data["correlation"]),
            levels=tuple(
                Level(
                    code=entry["code"],
                    title_zh=entry["zh"],
                    title_en=entry["en"],
                    cut=float(entry["cut"]),
                    experience_months=int(entry["experience_months"]),
                )
                for entry in data["levels"]
            ),
        )
    except _SHAPE_ERRORS as error:
        raise _malformed(where, error) from error


def programme_from_mapping(
    data: Mapping[str, Any], scales: Mapping[str, LevelScale], where: str
) -> Programme:
    """Build a programme on one of the scales. Raises MalformedDefinition."""
    try:
        award = data["award"]
        margin = award["dimension_margin"]
        programme = Programme(
            code=str(data["code"]),
            version=int(data["version"]),
            title_zh=data["title"]["zh"],
            title_en=data["title"]["en"],
            summary_zh=data["summary"]["zh"],
            summary_en=data["summary"]["en"],
            kind=data["kind"],
            status=data["status"],
            validity_months=data["validity_months"],
            scale=scales[data["level_scale"]],
            policy=AwardPolicy(
                threshold=float(award["threshold"]),
                dimension_margin=None if margin is None else float(margin),
                exempt_weight=float(award["exempt_weight"]),
            ),
            exams={level: _exam_rule(level, entry) for level, entry in data["exams"].items()},
        )
        for level in programme.exams:
            programme.scale.level(level)
    except (*_SHAPE_ERRORS, UnknownLevel) as error:
        raise _malformed(where, error) from error
    if not 0.5 <= programme.policy.threshold < 1:
        raise MalformedDefinition(
            where=where,
            expected="an award threshold of at least 0.5 and below 1",
            found=programme.policy.threshold,
        )
    return programme


def _exam_rule(level: str, data: Mapping[str, Any]) -> ExamRule:
    total = sum(data["weights"].values())
    if total <= 0 or min(data["weights"].values()) < 0:
        raise ValueError(f"exam {level}: dimension weights {data['weights']}")
    return ExamRule(
        level=level,
        shares={letter: Fraction(weight, total) for letter, weight in data["weights"].items()},
        min_items=int(data["min_items"]),
        max_items=int(data["max_items"]),
        limit_minutes=int(data["limit_minutes"]),
        stop_confidence=float(data["stop_confidence"]),
        best_of=int(data["best_of"]),
        max_dimension_se=float(data["max_dimension_se"]),
        pretest_items=int(data["pretest_items"]),
        max_exposure=float(data["max_exposure"]),
    )


def _read(text: str, where: str) -> Mapping[str, Any]:
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise _malformed(where, error) from error
    if not isinstance(data, Mapping):
        raise MalformedDefinition(where=where, expected="a mapping", found=type(data).__name__)
    return data


def _malformed(where: str, error: Exception) -> MalformedDefinition:
    return MalformedDefinition(
        where=where,
        expected="all fields of the definition format",
        found=" ".join(f"{type(error).__name__} {error}".split()),
    )
