"""How thick the bank is at each node and level, ready to be drawn as a table of shades."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from question_bank.quality.coverage import FEWEST_PER_NODE
from question_bank.skills import LEVELS, SkillModel, SkillNode

SHADES = 4
"""Steps from "some" to "plenty"; 0 is none."""


@dataclass(frozen=True, slots=True)
class CoverageCell:
    """One node at one level; `shade` is 0 (none) to 4, None where the level is not asked."""

    level: str
    count: int
    shade: int | None


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One node; thin where it has fewer items than a node should have."""

    node: SkillNode
    cells: tuple[CoverageCell, ...]
    total: int
    is_thin: bool


def coverage_map(
    cells: Mapping[tuple[str, str], int], model: SkillModel
) -> tuple[CoverageRow, ...]:
    """Rows in the order of the skill model, from counts by node and level."""
    return tuple(_row(node, cells) for node in model.nodes.values())


def _row(node: SkillNode, cells: Mapping[tuple[str, str], int]) -> CoverageRow:
    enough = FEWEST_PER_NODE / len(node.levels)
    row = []
    for level in LEVELS:
        count = cells.get((node.code, level), 0)
        share = min(1.0, count / enough)
        shade = min(SHADES, 1 + int(share * (SHADES - 1))) if count else 0
        row.append(CoverageCell(level, count, shade if level in node.levels else None))
    total = sum(cell.count for cell in row)
    return CoverageRow(node, tuple(row), total, total < FEWEST_PER_NODE)
