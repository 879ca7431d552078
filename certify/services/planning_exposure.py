"""Exposure plans: tuned once for each exam of a release, at the latest by its first attempt."""

from certify.exams.adaptive import AdaptiveExam
from certify.exams.blueprint import check_satisfiable
from certify.exams.errors import BlueprintNotSatisfiable
from certify.exams.exposure_plan import ExposurePlan
from certify.exams.exposure_tuning import tune_plan
from certify.exams.pool import ItemPool
from certify.services.context import ServiceContext
from certify.services.examining import OPEN, blueprint_of, pool_of
from certify.services.ports import StoredPlan, UnitOfWork
from certify.services.releasing import newest_release
from rubrics.catalogue import Programme


def plan_release(context: ServiceContext, release_digest: str) -> int:
    """Tune the plans that a release lacks, of every exam of every open programme; how many.

    Tuning takes seconds, so nothing is locked meanwhile. Exams that the release cannot give are
    left out.
    """
    return sum(
        _plan(context, programme, level, release_digest)
        for programme in context.programmes.values()
        if programme.status == OPEN
        for level in programme.exams
    )


def plan_newest_release(context: ServiceContext) -> int:
    """`plan_release` of the release that the next attempt begins on; 0 where there is none."""
    with context.database.reading() as work:
        newest = work.releases.newest()
    return plan_release(context, newest.digest) if newest else 0


def release_in_force(work: UnitOfWork, programme: Programme, level: str) -> tuple[str, str]:
    """Digests of the release that an attempt begun now draws from, and of its exposure plan.

    The newest release on which the exam is planned: a newer one waits until it is, as tuning takes
    seconds and a whole room may start at once. While none is planned, the newest release, and no
    plan. Raises NoRelease.
    """
    planned = work.exposure_plans.newest(programme.code, programme.version, level)
    return planned or (newest_release(work).digest, "")


def plan_digest(
    context: ServiceContext, work: UnitOfWork, programme: Programme, level: str, release: str
) -> str:
    """The digest of the exam's plan; it is tuned now where nobody did so before.

    Raises BlueprintNotSatisfiable for an exam that the release cannot give.
    """
    place = (programme.code, programme.version, level, release)
    known = context.shelf.plan_digests.get(place)
    if known is not None:
        return known
    stored = work.exposure_plans.digest_for(release, programme.code, programme.version, level)
    if stored is None:
        # not kept in memory: whoever asks may still give the transaction up
        return _tune(context, work, programme, level, release)
    context.shelf.plan_digests[place] = stored
    return stored


def _plan(context: ServiceContext, programme: Programme, level: str, release: str) -> bool:
    """Tune and store one exam's plan; whether it lacked one and could have it."""
    place = (release, programme.code, programme.version, level)
    with context.database.reading() as work:
        if work.exposure_plans.digest_for(*place) is not None:
            return False
        pool = pool_of(context, work, programme, release)
    try:
        plan = _tuned(pool, programme, level)
    except BlueprintNotSatisfiable:
        return False
    with context.database.writing() as work:
        is_new = work.exposure_plans.add(_to_store(context, plan, programme, level, release))
        work.commit()
    return is_new


def _tuned(pool: ItemPool, programme: Programme, level: str) -> ExposurePlan:
    blueprint = blueprint_of(programme, level)
    check_satisfiable(blueprint, pool)
    return tune_plan(AdaptiveExam(pool, blueprint), tuple(programme.scale.cuts.values()))


def _to_store(
    context: ServiceContext, plan: ExposurePlan, programme: Programme, level: str, release: str
) -> StoredPlan:
    return StoredPlan(
        digest=plan.digest,
        release_digest=release,
        programme_code=programme.code,
        programme_version=programme.version,
        level=level,
        created_at=context.clock(),
        content=plan.content,
    )


def _tune(
    context: ServiceContext, work: UnitOfWork, programme: Programme, level: str, release: str
) -> str:
    plan = _tuned(pool_of(context, work, programme, release), programme, level)
    if work.exposure_plans.add(_to_store(context, plan, programme, level, release)):
        return plan.digest
    # another process was first; the same pool gives the same plan
    return work.exposure_plans.digest_for(release, programme.code, programme.version, level) or ""
