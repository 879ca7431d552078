"""From a programme's plain numbers to the blueprint and pool that an attempt runs on."""

from collections.abc import Mapping, Sequence

from certify.exams.blueprint import ExamBlueprint, check_satisfiable
from certify.exams.errors import BlueprintNotSatisfiable
from certify.exams.pool import ItemPool, build_pool
from certify.services.context import ServiceContext
from certify.services.ports import UnitOfWork
from question_bank.item import Item
from question_bank.skills import SkillModel
from rubrics.catalogue import Programme, find_programme

OPEN = "open"
"""Status of a programme that candidates may apply to."""


def programme_of(context: ServiceContext, code: str) -> Programme:
    """The programme of this code. Raises UnknownProgramme."""
    return find_programme(context.programmes, code)


def blueprint_of(programme: Programme, level: str) -> ExamBlueprint:
    """The exam of one level. Raises UnknownLevel or InvalidBlueprint."""
    rule = programme.exam(level)
    return ExamBlueprint(
        programme_code=programme.code,
        programme_version=programme.version,
        level=level,
        shares=rule.shares,
        min_items=rule.min_items,
        max_items=rule.max_items,
        limit_seconds=rule.limit_minutes * 60,
        applied_cut=programme.scale.level(level).cut,
        stop_confidence=rule.stop_confidence,
        best_of=rule.best_of,
    )


def pool_of(
    context: ServiceContext, work: UnitOfWork, programme: Programme, digest: str
) -> ItemPool:
    """The items of a release on the programme's scale."""
    return context.shelf.pool(work, digest, context.skill_model, programme.scale)


def unsatisfiable_exams(
    programmes: Mapping[str, Programme], items: Sequence[Item], model: SkillModel
) -> list[BlueprintNotSatisfiable]:
    """One error for each exam of an open programme that these items cannot give."""
    errors = []
    for programme in programmes.values():
        if programme.status != OPEN:
            continue
        pool = build_pool(items, model.dimension_codes, programme.scale.cuts)
        for level in programme.exams:
            try:
                check_satisfiable(blueprint_of(programme, level), pool)
            except BlueprintNotSatisfiable as error:
                errors.append(error)
    return errors
