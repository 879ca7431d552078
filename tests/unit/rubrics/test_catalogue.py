"""Programmes and scales as data: the shipped ones load, faulty ones are named."""

from __future__ import annotations

import copy
from fractions import Fraction
from typing import Any

import pytest

from rubrics.catalogue import (
    load_programme_versions,
    newest_versions,
    programme_from_mapping,
    scale_from_mapping,
)
from rubrics.errors import MalformedDefinition, UnknownLevel

SCALE: dict[str, Any] = {
    "code": "estorm",
    "version": 1,
    "basis": "provisional",
    "below": {"zh": "未达标", "en": "Not yet reached"},
    "correlation": 0.6,
    "levels": [
        {"code": "novice", "zh": "新手", "en": "Novice", "cut": -0.8, "experience_months": 0},
        {"code": "elite", "zh": "精英", "en": "Elite", "cut": 1.3, "experience_months": 60},
    ],
}
PROGRAMME: dict[str, Any] = {
    "code": "small",
    "version": 2,
    "title": {"zh": "小", "en": "Small"},
    "summary": {"zh": "小。", "en": "Small."},
    "kind": "special",
    "status": "open",
    "level_scale": "estorm",
    "validity_months": None,
    "award": {"threshold": 0.5, "dimension_margin": None, "exempt_weight": 0.05},
    "exams": {
        "novice": {
            "weights": {"S": 2, "T": 1},
            "min_items": 5,
            "max_items": 9,
            "limit_minutes": 20,
            "stop_confidence": 0.9,
            "best_of": 3,
            "max_dimension_se": 0.6,
            "pretest_items": 2,
            "max_exposure": 0.25,
        }
    },
}
REMOVED = object()


def changed(data: dict[str, Any], path: tuple[str | int, ...], value: object) -> dict[str, Any]:
    whole = copy.deepcopy(data)
    place: Any = whole
    for step in path[:-1]:
        place = place[step]
    if value is REMOVED:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return whole


def test_shipped_programmes_load() -> None:
    programmes = newest_versions(load_programme_versions())
    assert set(programmes) == {"estorm-comprehensive", "trade-special"}
    comprehensive = programmes["estorm-comprehensive"]
    assert list(comprehensive.exams) == ["novice", "proficient", "elite"]
    assert comprehensive.scale.cuts == {"novice": -0.8, "proficient": 0.3, "elite": 1.3}


@pytest.mark.parametrize(
    "programme", newest_versions(load_programme_versions()).values(), ids=lambda p: p.code
)
def test_shipped_exams_are_plausible(programme: Any) -> None:
    assert 0.5 <= programme.policy.threshold < 1
    assert programme.title_zh
    assert programme.title_en
    for level, rule in programme.exams.items():
        assert rule.level == level
        assert sum(rule.shares.values()) == 1
        assert set(rule.shares) <= set("eSTORM")
        assert 0 < rule.min_items <= rule.max_items
        assert rule.limit_minutes > 0
        assert 0.5 < rule.stop_confidence < 1


def test_weights_become_shares_that_sum_to_one() -> None:
    scale = scale_from_mapping(SCALE, "estorm.yaml")
    programme = programme_from_mapping(PROGRAMME, {"estorm": scale}, "small.yaml")
    assert programme.exam("novice").shares == {"S": Fraction(2, 3), "T": Fraction(1, 3)}
    assert programme.policy.dimension_margin is None
    assert programme.validity_months is None


def test_exam_of_another_level_is_refused() -> None:
    programme = newest_versions(load_programme_versions())["trade-special"]
    with pytest.raises(UnknownLevel, match="Level elite is not one of proficient"):
        programme.exam("elite")


def test_the_newest_version_is_the_one_for_new_attempts() -> None:
    scale = scale_from_mapping(SCALE, "estorm.yaml")
    versions = {}
    for number in (2, 10, 9):
        data = changed(PROGRAMME, ("version",), number)
        programme = programme_from_mapping(data, {"estorm": scale}, "small.yaml")
        versions[programme.code, number] = programme
    (newest,) = newest_versions(versions).values()
    assert newest.version == 10


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("code",), REMOVED, "KeyError 'code'"),
        (("basis",), REMOVED, "KeyError 'basis'"),
        (("below",), REMOVED, "KeyError 'below'"),
        (("below",), "未达标", "TypeError"),
        (("correlation",), REMOVED, "KeyError 'correlation'"),
        (("correlation",), 1.0, "a correlation in [0, 1)"),
        (("levels",), [], "rising cuts"),
        (("levels",), "novice", "TypeError"),
        (("levels", 0, "cut"), 1.3, "rising cuts"),
        (("levels", 0, "cut"), "low", "ValueError could not convert string to float: 'low'"),
        (("levels", 0, "cut"), None, "TypeError"),
        (("levels", 1, "experience_months"), REMOVED, "KeyError 'experience_months'"),
        (("version",), "one", "ValueError"),
    ],
)
def test_fault_of_a_scale_is_named(
    path: tuple[str | int, ...], value: object, message: str
) -> None:
    with pytest.raises(MalformedDefinition) as caught:
        scale_from_mapping(changed(SCALE, path, value), "estorm.yaml")
    assert "estorm" in str(caught.value)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("code",), REMOVED, "KeyError 'code'"),
        (("title", "zh"), REMOVED, "KeyError 'zh'"),
        (("award",), REMOVED, "KeyError 'award'"),
        (("award",), None, "TypeError"),
        (("award", "threshold"), "half", "ValueError"),
        (("award", "threshold"), 0.3, "award threshold"),
        (("award", "threshold"), 1.0, "award threshold"),
        (("level_scale",), "other", "KeyError 'other'"),
        (("exams",), ["novice"], "AttributeError"),
        (("exams", "novice"), None, "TypeError"),
        (("exams", "novice", "weights"), {}, "exam novice: dimension weights {}"),
        (("exams", "novice", "weights"), {"S": 0}, "dimension weights {'S': 0}"),
        (("exams", "novice", "weights"), {"S": 2, "T": -1}, "dimension weights {'S': 2, 'T': -1}"),
        (("exams", "novice", "weights"), {"S": 0.5, "T": 0.5}, "TypeError"),
        (("exams", "novice", "weights"), ["S"], "AttributeError"),
        (("exams", "novice", "min_items"), REMOVED, "KeyError 'min_items'"),
        (("exams", "novice", "limit_minutes"), "long", "ValueError"),
        (("exams", "master"), PROGRAMME["exams"]["novice"], "Level master is not one of novice"),
    ],
)
def test_fault_of_a_programme_is_named(
    path: tuple[str | int, ...], value: object, message: str
) -> None:
    scales = {"estorm": scale_from_mapping(SCALE, "estorm.yaml")}
    with pytest.raises(MalformedDefinition) as caught:
        programme_from_mapping(changed(PROGRAMME, path, value), scales, "small.yaml")
    assert "small.yaml" in str(caught.value)
    assert message in str(caught.value)
