"""From a programme's plain numbers to the blueprint and pool that an attempt runs on."""

from certify.exams.blueprint import ExamBlueprint
from certify.exams.pool import ItemPool
from certify.services.context import ServiceContext
from certify.services.ports import UnitOfWork
from rubrics.catalogue import Programme, find_programme


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
