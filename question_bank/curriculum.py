"""What items are tagged with beside the skill model: 1+X work areas and course chapters.

Reads `frameworks/curriculum.yaml`; says where a node belongs, which an item's own tag overrides.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

import yaml

from question_bank.item import Item


@dataclass(frozen=True, slots=True)
class WorkArea:
    """A work area of the 1+X certificate at one level."""

    code: str
    level: str
    title_zh: str
    title_en: str
    nodes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of a course; its code begins with that of the course."""

    code: str
    course_zh: str
    course_en: str
    title_zh: str
    title_en: str
    nodes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Curriculum:
    """Work areas and chapters by code, in the order of the plan."""

    level_titles_zh: Mapping[str, str]
    work_areas: Mapping[str, WorkArea]
    chapters: Mapping[str, Chapter]

    def work_area_of(self, node: str, level: str) -> str:
        """The code of the work area a node belongs to at a level; empty where there is none."""
        areas = self.work_areas.values()
        return next((a.code for a in areas if a.level == level and node in a.nodes), "")

    def chapter_of(self, node: str) -> str:
        """The code of the chapter that teaches a node; empty where there is none."""
        return next((c.code for c in self.chapters.values() if node in c.nodes), "")

    def tagged(self, item: Item) -> Item:
        """The item with the tags of its node where it has none of its own."""
        return replace(
            item,
            work_area=item.work_area or self.work_area_of(item.node, item.level),
            chapter=item.chapter or self.chapter_of(item.node),
        )


@cache
def load_curriculum() -> Curriculum:
    """The curriculum that comes with the product."""
    path = resources.files("question_bank").joinpath("frameworks/curriculum.yaml")
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    courses = {course["code"]: course for course in data["courses"]}
    return Curriculum(
        level_titles_zh=data["levels"],
        work_areas={entry["code"]: _work_area(entry) for entry in data["work_areas"]},
        chapters={
            entry["code"]: _chapter(entry, courses[entry["code"].partition(".")[0]])
            for entry in data["chapters"]
        },
    )


def _work_area(entry: Mapping[str, Any]) -> WorkArea:
    nodes = frozenset(entry["nodes"])
    return WorkArea(entry["code"], entry["level"], entry["zh"], entry["en"], nodes)


def _chapter(entry: Mapping[str, Any], course: Mapping[str, Any]) -> Chapter:
    nodes = frozenset(entry["nodes"])
    return Chapter(entry["code"], course["zh"], course["en"], entry["zh"], entry["en"], nodes)
