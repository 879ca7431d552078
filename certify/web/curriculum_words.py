"""Names of work areas and course chapters, which items carry as codes."""

from __future__ import annotations

from certify.services.planning_papers import list_curriculum
from certify.web.display import localised


def work_area_name(code: str) -> str:
    """Code and name of a work area; the code alone where the curriculum does not know it."""
    area = list_curriculum().work_areas.get(code)
    return f"{code} {localised(area, 'title')}" if area else code


def chapter_name(code: str) -> str:
    """Code and name of a course's chapter; the code alone where it is not known."""
    chapter = list_curriculum().chapters.get(code)
    return f"{code} {localised(chapter, 'title')}" if chapter else code
