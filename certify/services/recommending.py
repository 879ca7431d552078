"""Where in the courses the next steps of a result are taught."""

from collections.abc import Iterable, Mapping

from question_bank.curriculum import Chapter, load_curriculum
from question_bank.skills import SkillModel


def chapters_of(model: SkillModel, dimensions: Iterable[str]) -> Mapping[str, tuple[Chapter, ...]]:
    """The chapters that teach a node of each dimension, in the order of the plan.

    Chapters without a node of the model are in no dimension.
    """
    chapters = load_curriculum().chapters.values()
    return {
        code: tuple(
            chapter
            for chapter in chapters
            if any(model.nodes[n].primary == code for n in chapter.nodes if n in model.nodes)
        )
        for code in dimensions
    }
