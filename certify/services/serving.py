"""What a candidate is given: the next item of an adaptive part, or all items of a form part.

Whatever begins a part (the start of the exam, a break that the candidate or time ends, the job, an
invigilator), its first items are served in the same transaction and in the same statements.
"""

import datetime as dt

from certify.exams.adaptive import AdaptiveExam, NextItem, next_step
from certify.exams.attempt import Attempt, AttemptState
from certify.exams.commands import Transition
from certify.exams.form import option_order, target_order
from certify.exams.form_replay import expected_items
from certify.services.context import ServiceContext
from certify.services.examining import exam_of
from certify.services.ports import UnitOfWork


def serve_begun_part(context: ServiceContext, work: UnitOfWork, transition: Transition) -> None:
    """Serve the first items of a part that has begun and has none; else nothing happens.

    A part that follows without a break begins here.
    """
    while True:
        if transition.attempt.break_since is not None:
            transition.close_if_due()
        if not _awaits_items(transition.attempt):
            return
        exam = exam_of(context, work, transition.attempt.started_terms)
        if transition.attempt.part_terms.is_adaptive:
            advance(transition, exam)
        else:
            _serve_form(transition, exam)


def advance(transition: Transition, exam: AdaptiveExam) -> None:
    """Serve the next item of an adaptive part, or end the part."""
    step = next_step(transition.attempt, exam)
    if not isinstance(step, NextItem):
        transition.hand_in(step.reason)
        return
    seed = transition.attempt.started_terms.seed
    position = len(transition.attempt.served) + 1
    transition.serve(
        step.item.id,
        option_order(step.item, seed, position),
        target_order(step.item, seed, position),
        is_pretest=step.is_pretest,
    )


def is_break_over(attempt: Attempt, now: dt.datetime) -> bool:
    """Whether a part should have begun by now, and nobody has told so yet."""
    waits = attempt.state_at(now) is AttemptState.BREAK
    return waits and attempt.due_at is not None and attempt.due_at <= now


def _awaits_items(attempt: Attempt) -> bool:
    if attempt.part_started_at is None or attempt.is_over:
        return False
    return attempt.current is None or attempt.current.part != attempt.part


def _serve_form(transition: Transition, exam: AdaptiveExam) -> None:
    for item in expected_items(transition.attempt, exam):
        transition.serve(item.item_id, item.option_order, item.target_order)
