"""The skill model: its counts, its agreement with the domain paper, and faulty model files."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from question_bank.errors import MalformedFramework
from question_bank.skills import (
    LEVELS,
    level_rank,
    load_skill_model,
    skill_model_from_mapping,
)

MODEL = load_skill_model()
ELEMENTS = [f"{number:02d}" for number in range(1, 26)]
SUB_SKILLS = [f"T{number}" for number in range(1, 10)]
LEVEL_OF_TITLE = {"新手": "novice", "成熟": "proficient", "精英": "elite"}

SMALL: dict[str, Any] = {
    "code": "small",
    "version": 1,
    "dimensions": [
        {"code": "e", "zh": "电商数据", "en": "E-commerce data"},
        {"code": "S", "zh": "店铺和商品", "en": "Store & Good"},
    ],
    "nodes": [
        {
            "code": "01",
            "zh": "图片拍摄和编辑",
            "en": "Photo shooting and editing",
            "group": "建店铺",
            "levels": ["novice"],
            "primary": "S",
            "weights": {"S": "2/3", "e": "1/3"},
        }
    ],
}


def test_model_has_25_elements_and_nine_trade_sub_skills() -> None:
    assert list(MODEL.nodes) == ELEMENTS + SUB_SKILLS


def test_dimensions_come_in_the_order_of_the_name() -> None:
    assert MODEL.dimension_codes == ("e", "S", "T", "O", "R", "M")


def test_elements_are_ticked_14_19_and_25_times() -> None:
    ticks = Counter(level for code in ELEMENTS for level in MODEL.nodes[code].levels)
    assert [ticks[level] for level in LEVELS] == [14, 19, 25]


@pytest.mark.parametrize("code", ELEMENTS + SUB_SKILLS)
def test_node_asked_at_a_level_is_asked_at_every_higher_one(code: str) -> None:
    levels = MODEL.nodes[code].levels
    assert levels == LEVELS[LEVELS.index(levels[0]) :]


@pytest.mark.parametrize("code", ELEMENTS + SUB_SKILLS)
def test_weights_sum_to_one_and_count_the_primary_letter(code: str) -> None:
    node = MODEL.nodes[code]
    assert sum(node.weights.values()) == 1
    assert min(node.weights.values()) > 0
    assert node.primary in node.weights


def test_management_skills_are_spread_evenly() -> None:
    assert MODEL.nodes["25"].weights == dict.fromkeys(MODEL.dimension_codes, Fraction(1, 6))


def test_elements_agree_with_the_domain_paper(
    shared_path: Callable[[str], Path],
) -> None:
    paper = json.loads(shared_path("domain/elements.json").read_text(encoding="utf-8"))
    for entry in paper["elements"]:
        node = MODEL.nodes[f"{entry['no']:02d}"]
        assert (node.title_zh, node.group, node.primary) == (
            entry["name"],
            entry["group"],
            entry["primary"],
        )
        ticked = tuple(LEVEL_OF_TITLE[title] for title, tick in entry["ticks"].items() if tick)
        assert node.levels == ticked
        assert {letter: float(weight) for letter, weight in node.weights.items()} == pytest.approx(
            entry["weights"]
        )
    for entry in paper["t_subskills"]:
        node = MODEL.nodes[entry["code"]]
        ticked = tuple(LEVEL_OF_TITLE[title] for title, tick in entry["ticks_ours"].items() if tick)
        assert (node.title_zh, node.primary, node.levels) == (entry["name"], "T", ticked)


def test_nodes_of_a_dimension_are_those_asked_at_the_level() -> None:
    assert [node.code for node in MODEL.nodes_of("e", "novice")] == ["18"]
    assert [node.code for node in MODEL.nodes_of("e", "elite")] == ["18", "19", "20"]
    assert MODEL.nodes_of("O", "novice") == ()


def test_levels_are_ranked() -> None:
    assert [level_rank(level) for level in LEVELS] == [0, 1, 2]
    with pytest.raises(ValueError):
        level_rank("master")


def test_small_model_is_read() -> None:
    model = skill_model_from_mapping(SMALL, "small.yaml")
    assert model.nodes["01"].weights == {"S": Fraction(2, 3), "e": Fraction(1, 3)}


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("weights", {"S": "0.5", "e": "0.4"}, "node 01: expected weights that sum to 1"),
        ("weights", {"S": "1.5", "e": "-0.5"}, "node 01: expected weights above 0"),
        ("weights", {"S": "0.5", "X": "0.5"}, "found X"),
        ("weights", {"S": "most"}, "'most'"),
        ("weights", {"S": "1/0"}, "ZeroDivisionError"),
        ("weights", ["S"], "AttributeError"),
        ("primary", "X", "found X"),
        ("levels", [], "node 01: expected levels out of novice, proficient, elite"),
        ("levels", ["novice", "master"], "master"),
        ("levels", "novice", "expected levels"),
        ("levels", None, "TypeError"),
    ],
)
def test_fault_in_a_node_is_named(field: str, value: object, message: str) -> None:
    data = copy.deepcopy(SMALL)
    data["nodes"][0][field] = value
    with pytest.raises(MalformedFramework) as caught:
        skill_model_from_mapping(data, "small.yaml")
    assert "small.yaml" in str(caught.value)
    assert message in str(caught.value)


@pytest.mark.parametrize("field", ["code", "version", "dimensions", "nodes"])
def test_missing_part_of_the_model_is_named(field: str) -> None:
    data = {name: value for name, value in SMALL.items() if name != field}
    with pytest.raises(MalformedFramework, match=f"KeyError.*{field}"):
        skill_model_from_mapping(data, "small.yaml")


def test_node_defined_twice_is_named() -> None:
    data = {**SMALL, "nodes": SMALL["nodes"] * 2}
    with pytest.raises(MalformedFramework, match="node 01: expected each node once"):
        skill_model_from_mapping(data, "small.yaml")


def test_file_that_is_no_mapping_is_named() -> None:
    with pytest.raises(MalformedFramework, match=r"small\.yaml"):
        skill_model_from_mapping([], "small.yaml")  # type: ignore[arg-type]
