"""From a programme's plain numbers to the blueprint and pool that an attempt runs on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from certify.exams.adaptive import AdaptiveExam
from certify.exams.blueprint import ExamBlueprint, usable_per_dimension
from certify.exams.errors import BlueprintNotSatisfiable
from certify.exams.pool import ItemPool, build_pool
from certify.exams.terms import ExamTerms
from certify.services.context import ServiceContext
from certify.services.ports import UnitOfWork
from question_bank.item import Item
from question_bank.skills import SkillModel
from rubrics.catalogue import Programme
from rubrics.errors import UnknownProgramme

OPEN = "open"
"""Status of a programme that candidates may apply to."""


def open_programme_of(context: ServiceContext, code: str) -> Programme:
    """The newest version of a programme that one may apply to. Raises UnknownProgramme."""
    programmes = {p.code: p for p in context.programmes.values() if p.status == OPEN}
    if code not in programmes:
        raise UnknownProgramme(expected=", ".join(programmes), found=code)
    return programmes[code]


def programme_of(context: ServiceContext, code: str, version: int) -> Programme:
    """One version of a programme, as attempts keep the one they began under.

    Raises UnknownProgramme.
    """
    if (code, version) not in context.programme_versions:
        known = ", ".join(f"{code}/{version}" for code, version in context.programme_versions)
        raise UnknownProgramme(expected=known, found=f"{code}/{version}")
    return context.programme_versions[code, version]


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
        max_dimension_se=rule.max_dimension_se,
        pretest_items=rule.pretest_items,
        max_exposure=rule.max_exposure,
    )


def pool_of(
    context: ServiceContext, work: UnitOfWork, programme: Programme, digest: str
) -> ItemPool:
    """The items of a release on the programme's scale."""
    return context.shelf.pool(work, digest, context.skill_model, programme.scale)


def exam_of(context: ServiceContext, work: UnitOfWork, terms: ExamTerms) -> AdaptiveExam:
    """What an attempt draws from.

    Raises UnknownProgramme, NotFound, CorruptRelease or MalformedForm.
    """
    programme = programme_of(context, terms.programme_code, terms.programme_version)
    return context.shelf.exam(
        work,
        programme,
        terms.level,
        blueprint_of,
        terms.release_digest,
        terms.exposure_digest,
        context.skill_model,
        [part.form_digest for part in terms.parts if part.form_digest],
    )


@dataclass(frozen=True, slots=True)
class Shortage:
    """A dimension of which an exam may need more items than there are."""

    dimension: str
    needed: int
    found: int


@dataclass(frozen=True, slots=True)
class ExamReadiness:
    """One exam of an open programme, and what the items at hand lack for it."""

    programme: Programme
    level: str
    shortages: tuple[Shortage, ...]


def readiness_of_exams(
    programmes: Mapping[str, Programme], items: Sequence[Item], model: SkillModel
) -> tuple[ExamReadiness, ...]:
    """Every exam of every open programme, with all dimensions that lack items for it."""
    listed = []
    for programme in programmes.values():
        if programme.status != OPEN:
            continue
        scale = programme.scale
        pool = build_pool(items, model.dimension_codes, scale.cuts, scale.correlation)
        for level in programme.exams:
            blueprint = blueprint_of(programme, level)
            usable = usable_per_dimension(blueprint, pool)
            shortages = tuple(
                Shortage(code, blueprint.most_items(code), usable[code])
                for code in model.dimension_codes
                if usable[code] < blueprint.most_items(code)
            )
            listed.append(ExamReadiness(programme, level, shortages))
    return tuple(listed)


def unsatisfiable_exams(
    programmes: Mapping[str, Programme], items: Sequence[Item], model: SkillModel
) -> list[BlueprintNotSatisfiable]:
    """One error for each exam of an open programme that these items cannot give."""
    return [
        BlueprintNotSatisfiable(
            where=blueprint_of(exam.programme, exam.level).name,
            dimension=shortage.dimension,
            needed=shortage.needed,
            found=shortage.found,
        )
        for exam in readiness_of_exams(programmes, items, model)
        for shortage in exam.shortages[:1]
    ]
