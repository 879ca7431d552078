"""What a candidate reads before an exam: its rules, and whether the bank can give it at all.

Begins nothing and stores nothing.
"""

from dataclasses import dataclass

from certify.errors import NotFound
from certify.exams.attempt import AttemptState
from certify.exams.blueprint import check_satisfiable
from certify.services.context import ServiceContext
from certify.services.examining import OPEN, blueprint_of, pool_of
from certify.services.planning_exposure import release_in_force
from rubrics.catalogue import ExamRule, Programme
from rubrics.level_scale import Level


@dataclass(frozen=True, slots=True)
class ExamOutline:
    """One exam that can be begun now; `running_attempt` is the candidate's of this programme."""

    programme: Programme
    level: Level
    rule: ExamRule
    is_provisional: bool
    running_attempt: str | None


def find_exam(
    context: ServiceContext, programme_code: str, level: str
) -> tuple[Programme, ExamRule]:
    """The exam of one level of an open programme. Raises NotFound for anything else."""
    programme = context.programmes.get(programme_code)
    if programme is None or programme.status != OPEN or level not in programme.exams:
        raise NotFound(kind="Exam", identifier=f"{programme_code}/{level}")
    return programme, programme.exam(level)


def outline_exam(
    context: ServiceContext, candidate_id: str, programme_code: str, level: str
) -> ExamOutline:
    """The exam as it would be begun now.

    Raises NotFound, NoRelease or BlueprintNotSatisfiable: starting would fail in the same way.
    """
    programme, rule = find_exam(context, programme_code, level)
    with context.database.reading() as work:
        running = work.attempts.running_of(candidate_id, programme.code)
        attempt = work.attempts.get(running) if running else None
        if attempt is None or attempt.state_at(context.clock()) is not AttemptState.RUNNING:
            running = None
        release, _ = release_in_force(work, programme, level)
        pool = pool_of(context, work, programme, release)
    if running is None:
        check_satisfiable(blueprint_of(programme, level), pool)
    return ExamOutline(programme, programme.scale.level(level), rule, pool.is_provisional, running)
