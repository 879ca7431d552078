"""Papers of the demo bank, and sessions in which they are sat."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from certify.exams.attempt import Attempt
from certify.exams.commands import NewAnswer
from certify.exams.exam_session import ExamSession
from certify.exams.fixed_forms.blueprint import Attribute, BlockRule, CountRule, FormBlueprint
from certify.exams.session_paper import SessionPaper
from certify.services.admitting import enter_session, start_sitting
from certify.services.assembling_papers import assemble_papers
from certify.services.attempt_views import AttemptView
from certify.services.context import ServiceContext
from certify.services.delivering import save_response, view_attempt
from certify.services.examining import exam_of
from certify.services.planning_papers import list_default_blueprints, save_blueprint
from certify.services.ports import Person, StoredForm
from certify.services.responding import right_response
from tests.authors import WRITER
from tests.fakes import FakeClock
from tests.integration.services.session_days import HERE, open_filled

MINUTES = 40
COUNTS = {"single": 16, "multiple": 6, "true_false": 4, "block": 0}
SHORT = {"single": 5, "multiple": 1, "true_false": 0, "block": 0}
BREAK_MINUTES = 10


def paper_blueprint(counts: dict[str, int], **changes: Any) -> FormBlueprint:
    """A paper of so many items of each type, and no other rule."""
    rules = tuple(CountRule(Attribute.SECTION, name, n, n) for name, n in counts.items())
    return replace(
        list_default_blueprints()["proficient"],
        title="技能卷",
        length=sum(counts.values()),
        minutes=MINUTES,
        rules=rules,
        blocks=BlockRule(),
        balance_truth=False,
        **changes,
    )


def make_forms(
    context: ServiceContext, *, forms: int = 1, counts: dict[str, int] | None = None
) -> tuple[StoredForm, ...]:
    """Papers of the newest release, 26 items unless said otherwise."""
    blueprint = paper_blueprint(counts or COUNTS, forms=forms, uses=1)
    kept = save_blueprint(context, blueprint, actor=WRITER)
    return assemble_papers(context, kept.id, actor=WRITER, seed="1")


def paper_of(forms: tuple[StoredForm, ...], **changes: Any) -> SessionPaper:
    return SessionPaper(tuple(form.digest for form in forms), **changes)


def open_with(context: ServiceContext, centre: Person, paper: SessionPaper) -> ExamSession:
    """An open session of the paper, with the roster's three candidates, begun a minute ago."""
    begin = context.clock() - dt.timedelta(minutes=1)
    return open_filled(
        context, centre, starts_at=begin, ends_at=begin + dt.timedelta(hours=4), paper=paper
    )


def sit_down(
    context: ServiceContext, session: ExamSession, candidate_id: str, room: str = "第一考场"
) -> str:
    """Enter and start; the attempt's id."""
    enter_session(context, candidate_id, session.id, HERE, code=session.code_of(room))
    return start_sitting(context, candidate_id, session.id, HERE)


def stored(context: ServiceContext, attempt_id: str) -> Attempt:
    with context.database.reading() as work:
        found = work.attempts.get(attempt_id)
    assert found is not None
    return found


def right_at(context: ServiceContext, attempt_id: str, position: int) -> Any:
    """The right raw response to an item of the attempt."""
    attempt = stored(context, attempt_id)
    with context.database.reading() as work:
        pool = exam_of(context, work, attempt.started_terms).pool
    return right_response(pool.by_id[attempt.served[position - 1].item_id])


def give(
    context: ServiceContext,
    candidate_id: str,
    attempt_id: str,
    position: int,
    response: Any,
    **changes: Any,
) -> None:
    """The next answer to an item of a form."""
    answer = stored(context, attempt_id).answers.get(position)
    revision = (answer.revision if answer else 0) + 1
    new = NewAnswer(
        position=position,
        response=response,
        revision=revision,
        is_final=False,
        client=stored(context, attempt_id).client,
        idempotency_key=f"{attempt_id}-{position}-{revision}",
    )
    save_response(context, candidate_id, attempt_id, replace(new, **changes))


def view_at(
    context: ServiceContext, candidate_id: str, attempt_id: str, position: int = 0
) -> AttemptView:
    return view_attempt(context, candidate_id, attempt_id, position)


def pass_minutes(clock: FakeClock, minutes: float) -> None:
    clock.advance(minutes=minutes)
