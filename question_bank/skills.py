"""The skill model: dimensions, elements and trade sub-skills with level ticks and weights.

Reads the model from `frameworks/*.yaml`; does not know items.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Any

import yaml

from question_bank.errors import MalformedFramework, UnreadableContent

LEVELS: tuple[str, ...] = ("novice", "proficient", "elite")
"""Level codes in ascending order: 新手, 成熟, 精英."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """One letter of e-STORM."""

    code: str
    title_zh: str
    title_en: str


@dataclass(frozen=True, slots=True)
class SkillNode:
    """One of the 25 elements or of the trade sub-skills.

    `weights` sum to one over dimensions; `levels` are the ticks of the level matrix.
    """

    code: str
    title_zh: str
    title_en: str
    group: str | None
    levels: tuple[str, ...]
    primary: str
    weights: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class SkillModel:
    """The whole model with look-ups by code."""

    code: str
    version: int
    dimensions: tuple[Dimension, ...]
    nodes: Mapping[str, SkillNode]

    @property
    def dimension_codes(self) -> tuple[str, ...]:
        """Codes in the model's order: e S T O R M."""
        return tuple(dimension.code for dimension in self.dimensions)

    def nodes_of(self, dimension: str, level: str) -> tuple[SkillNode, ...]:
        """Nodes whose primary letter is `dimension` and that are ticked at `level`."""
        return tuple(
            node
            for node in self.nodes.values()
            if node.primary == dimension and level in node.levels
        )


def level_rank(level: str) -> int:
    """0 for novice, 1 for proficient, 2 for elite. Raises ValueError for anything else."""
    return LEVELS.index(level)


def skill_model_from_mapping(data: Mapping[str, Any], where: str) -> SkillModel:
    """Build and check a model. Raises MalformedFramework naming the node at fault."""
    try:
        dimensions = tuple(Dimension(d["code"], d["zh"], d["en"]) for d in data["dimensions"])
        listed = [_node(n) for n in data["nodes"]]
        nodes = {node.code: node for node in listed}
        model = SkillModel(str(data["code"]), int(data["version"]), dimensions, nodes)
    except (AttributeError, KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        raise MalformedFramework(
            where=where, expected="code, version, dimensions and nodes", found=repr(error)
        ) from error
    for node in listed:
        if node is not nodes[node.code]:
            raise MalformedFramework(
                where=f"{where}, node {node.code}", expected="each node once", found="it twice"
            )
        _check_node(node, set(model.dimension_codes), where)
    return model


def _node(data: Mapping[str, Any]) -> SkillNode:
    return SkillNode(
        code=str(data["code"]),
        title_zh=data["zh"],
        title_en=data["en"],
        group=data["group"],
        levels=tuple(data["levels"]),
        primary=data["primary"],
        weights={letter: Fraction(weight) for letter, weight in data["weights"].items()},
    )


def _check_node(node: SkillNode, letters: set[str], where: str) -> None:
    place = f"{where}, node {node.code}"
    if sum(node.weights.values()) != 1:
        raise MalformedFramework(
            where=place, expected="weights that sum to 1", found=str(sum(node.weights.values()))
        )
    if min(node.weights.values()) <= 0:
        raise MalformedFramework(
            where=place, expected="weights above 0", found=str(min(node.weights.values()))
        )
    unknown = (set(node.weights) | {node.primary}) - letters
    if unknown:
        raise MalformedFramework(
            where=place, expected="dimension letters of the model", found=", ".join(sorted(unknown))
        )
    if not node.levels or set(node.levels) - set(LEVELS):
        raise MalformedFramework(
            where=place, expected=f"levels out of {', '.join(LEVELS)}", found=str(node.levels)
        )


@cache
def load_skill_model() -> SkillModel:
    """The shipped e-STORM model."""
    source = resources.files("question_bank") / "frameworks" / "estorm.yaml"
    try:
        data = yaml.safe_load(source.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise UnreadableContent(where=source.name, reason=str(error)) from error
    return skill_model_from_mapping(data, source.name)
