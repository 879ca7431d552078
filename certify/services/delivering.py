"""A candidate sits an exam: start, see the item, save answers, hand in; the server closes.

An answer is read, scored, followed by the next item and stored in one transaction of three
statements; it is acknowledged only once that is committed. Two writers of one attempt are told
apart by the sequence of its events: the later one reads again. Deciding comes after the end, on
its own (`deciding`).
"""

import logging
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from certify.errors import AttemptBusy, CertifyError, DatabaseUnreachable, NotFound
from certify.exams.attempt import Answer, Attempt, AttemptState
from certify.exams.commands import (
    NewAnswer,
    Transition,
    check_answer,
    open_positions,
    repeated,
)
from certify.exams.errors import AttemptEnded, AttemptNotRunning, ExamError
from certify.exams.pool import ItemPool
from certify.exams.terms import ExamTerms, PartTerms
from certify.services.attempt_views import AttemptView, compose_attempt_view
from certify.services.context import ServiceContext
from certify.services.examining import (
    OPEN,
    blueprint_of,
    exam_of,
    open_programme_of,
)
from certify.services.filing import FileContent, get_file
from certify.services.planning_exposure import plan_digest, release_in_force
from certify.services.ports import AttemptEntry, AuditEvent, UnitOfWork
from certify.services.retaking import earlier_answers
from certify.services.serving import advance, is_break_over, serve_begun_part
from certify.services.session_papers import THEORY
from question_bank.errors import QuestionBankError
from question_bank.interactions import parse_response
from question_bank.response_processing import score
from rubrics.catalogue import Programme
from rubrics.errors import RubricError

DUE_AT_ONCE = 200
MOST_TRIES = 20
"""How often a write is tried again when others wrote to the same attempt in between."""
REFUSALS = (CertifyError, ExamError, QuestionBankError)
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """An answer is stored. `position` is the current one, after a final answer the next."""

    revision: int
    position: int
    state: AttemptState
    remaining_seconds: float


@dataclass(frozen=True, slots=True)
class BegunAttempt:
    """An attempt that was asked for; `is_new` unless it was running already."""

    attempt: Attempt
    is_new: bool


class Change(Protocol):
    """What a use case does to an attempt, once its transaction is open."""

    def __call__(self, work: UnitOfWork, transition: Transition) -> None: ...


def list_open_programmes(context: ServiceContext) -> tuple[Programme, ...]:
    """Programmes that a candidate may apply to."""
    return tuple(p for p in context.programmes.values() if p.status == OPEN)


def start_attempt(
    context: ServiceContext, candidate_id: str, programme_code: str, level: str
) -> str:
    """`begin_attempt`, and the attempt's id."""
    return begin_attempt(context, candidate_id, programme_code, level).attempt.id


def begin_attempt(
    context: ServiceContext, candidate_id: str, programme_code: str, level: str
) -> BegunAttempt:
    """Begin an attempt, or give the running one of this programme: a repeated start costs nothing.

    The first item is stored before it is shown. Raises UnknownProgramme, UnknownLevel, NoRelease
    or BlueprintNotSatisfiable; then nothing was begun.
    """
    programme = open_programme_of(context, programme_code)
    blueprint = blueprint_of(programme, level)
    with context.database.writing() as work:
        release, plan = release_in_force(work, programme, level)
        now = context.clock()
        terms = ExamTerms(
            programme_code=programme.code,
            programme_version=programme.version,
            level=level,
            release_digest=release,
            seed=context.random_bytes(16).hex(),
            parts=(PartTerms(THEORY, blueprint.limit_seconds),),
            exposure_digest=plan or plan_digest(context, work, programme, level, release),
            earlier=earlier_answers(work, candidate_id, programme.code, now),
        )
        exam = exam_of(context, work, terms)
        if not exam.is_satisfiable:
            raise ValueError(f"exam {blueprint.name} was not checked")
        transition = Transition(Attempt(context.new_id(), candidate_id), now)
        transition.start(terms)
        advance(transition, exam)
        entry = AttemptEntry(transition.attempt, programme.code, programme.version, level)
        if work.attempts.create(entry, transition.events):
            note(context, work, candidate_id, "attempt.start", entry.attempt.id)
            work.commit()
            context.recent_attempts.remember(entry.attempt)
            return BegunAttempt(entry.attempt, is_new=True)
        # another tab won the race, or an attempt is running: that is the one
        existing = work.attempts.running_of(candidate_id, programme_code)
    if existing is not None:
        attempt = change(context, existing, let_time_pass)
        if not attempt.is_over:
            return BegunAttempt(attempt, is_new=False)
    return begin_attempt(context, candidate_id, programme_code, level)


def open_attempt(
    context: ServiceContext, candidate_id: str, attempt_id: str, position: int = 0
) -> AttemptView:
    """The attempt for a page that takes over: pages opened before can no longer write.

    `position` names the item of a form that is to be shown. Raises NotFound unless it is the
    candidate's own.
    """

    def connect(work: UnitOfWork, transition: Transition) -> None:
        transition.close_if_due()
        if transition.attempt.state_at(transition.now) is AttemptState.RUNNING:
            transition.connect()

    attempt = change_own(context, candidate_id, attempt_id, connect)
    return compose_attempt_view(context, attempt, position)


def view_attempt(
    context: ServiceContext, candidate_id: str, attempt_id: str, position: int = 0
) -> AttemptView:
    """The attempt with its current item, or the named one of a form.

    A part whose break is over begins here, if nothing else began it. Raises NotFound unless it is
    the candidate's own.
    """
    with context.database.reading() as work:
        attempt = own_attempt(work, candidate_id, attempt_id)
    if is_break_over(attempt, context.clock()):
        attempt = change(context, attempt_id, let_time_pass)
    return compose_attempt_view(context, attempt, position)


def view_file(
    context: ServiceContext, candidate_id: str, attempt_id: str, name: str
) -> FileContent:
    """A picture of an item that may be answered now. Raises NotFound for any other file."""
    with context.database.reading() as work:
        attempt = own_attempt(work, candidate_id, attempt_id)
        running = attempt.state_at(context.clock()) is AttemptState.RUNNING
        pool = exam_of(context, work, attempt.started_terms).pool
    for position in open_positions(attempt) if running else ():
        for file in pool.by_id[attempt.served[position - 1].item_id].files:
            if file.name == name:
                return get_file(context, file.digest)
    raise NotFound(kind="File", identifier=name[:80])


def save_response(
    context: ServiceContext, candidate_id: str, attempt_id: str, new: NewAnswer
) -> Acknowledgement:
    """Store an answer; a final one serves the next item or ends the exam.

    The same idempotency key again gives an acknowledgement and changes nothing. Raises NotFound,
    MalformedResponse, or what `commands.check_answer` does.
    """
    known: list[int] = []
    tries = 0

    def answer(work: UnitOfWork, transition: Transition) -> None:
        nonlocal tries
        tries += 1
        stored = _stored_before(work, transition, new, is_retry=tries > 1)
        if stored is not None:
            known.append(stored)
            return
        exam = exam_of(context, work, transition.attempt.started_terms)
        transition.answer(new, _score(transition.attempt, new, exam.pool))
        if new.is_final and transition.attempt.part_terms.is_adaptive:
            advance(transition, exam)

    remembered = context.recent_attempts.get(attempt_id)
    try:
        attempt = change_own(context, candidate_id, attempt_id, answer, remembered=remembered)
    except (AttemptEnded, AttemptNotRunning):
        # the answer is refused; what time has brought about is stored all the same
        close_if_due(context, attempt_id)
        raise
    now = context.clock()
    position = attempt.current.position if attempt.current else 0
    return Acknowledgement(
        revision=known[-1] if known else new.revision,
        position=position,
        state=attempt.state_at(now),
        remaining_seconds=attempt.remaining_seconds(now),
    )


def hand_in(context: ServiceContext, candidate_id: str, attempt_id: str) -> AttemptState:
    """End the attempt; answers received so far count. Repeating it changes nothing."""

    def finish(work: UnitOfWork, transition: Transition) -> None:
        before = transition.attempt.is_over
        transition.hand_in()
        if transition.attempt.is_over and not before:
            note(context, work, candidate_id, "attempt.hand_in", attempt_id)

    attempt = change_own(context, candidate_id, attempt_id, finish)
    return attempt.state_at(context.clock())


def close_due_attempts(context: ServiceContext) -> int:
    """Do what time alone has brought about; how many attempts were over.

    One whose next part cannot be served is logged and left for the next time; the others go on.
    """
    with context.database.reading() as work:
        due = work.attempts.due(context.clock(), DUE_AT_ONCE)
    return sum(_close_or_log(context, attempt_id) for attempt_id in due)


def _close_or_log(context: ServiceContext, attempt_id: str) -> bool:
    try:
        return close_if_due(context, attempt_id)
    except (*REFUSALS, RubricError):
        logger.exception("attempt %s was not closed", attempt_id)
        return False


def close_if_due(context: ServiceContext, attempt_id: str) -> bool:
    """What time alone has brought about, told now; whether the attempt is over."""
    return change(context, attempt_id, let_time_pass).is_over


def let_time_pass(work: UnitOfWork, transition: Transition) -> None:
    """Close a part or the attempt when its time is over, and begin a part after its break."""
    transition.close_if_due()


def change(
    context: ServiceContext, attempt_id: str, what: Change, *, remembered: Attempt | None = None
) -> Attempt:
    """Read, change and store an attempt in one transaction, again where others came first.

    A `remembered` state saves the reading, where the change can be stored upon it. Raises
    NotFound, AttemptBusy after too many tries, and whatever `what` raises.
    """
    try:
        changed = _change_remembered(context, remembered, what) if remembered else None
        return changed or _change_stored(context, attempt_id, what)
    except DatabaseUnreachable:
        context.recent_attempts.forget_all()
        raise


def _change_remembered(context: ServiceContext, attempt: Attempt, what: Change) -> Attempt | None:
    """The changed attempt; None where it has to be read, as the state may be out of date."""
    transition = Transition(attempt, context.clock())
    with suppress(*REFUSALS), context.database.writing() as work:
        what(work, transition)
        serve_begun_part(context, work, transition)
        if transition.events and _store(context, work, transition):
            return transition.attempt
    return None


def _change_stored(context: ServiceContext, attempt_id: str, what: Change) -> Attempt:
    for _ in range(MOST_TRIES):
        with context.database.writing() as work:
            attempt = work.attempts.get(attempt_id)
            if attempt is None:
                raise NotFound(kind="Attempt", identifier=attempt_id)
            transition = Transition(attempt, context.clock())
            what(work, transition)
            serve_begun_part(context, work, transition)
            if not transition.events or _store(context, work, transition):
                return transition.attempt
    raise AttemptBusy(attempt_id=attempt_id)


def _store(context: ServiceContext, work: UnitOfWork, transition: Transition) -> bool:
    """Commit the events, unless somebody else's came first."""
    if not work.attempts.append(transition.attempt, transition.events):
        return False
    work.commit()
    context.recent_attempts.remember(transition.attempt)
    return True


def change_own(
    context: ServiceContext,
    candidate_id: str,
    attempt_id: str,
    what: Change,
    *,
    remembered: Attempt | None = None,
) -> Attempt:
    """`change` by the candidate. Somebody else's attempt looks exactly like none: NotFound."""

    def checked(work: UnitOfWork, transition: Transition) -> None:
        if transition.attempt.candidate_id != candidate_id:
            raise NotFound(kind="Attempt", identifier=attempt_id)
        what(work, transition)

    return change(context, attempt_id, checked, remembered=remembered)


def note(context: ServiceContext, work: UnitOfWork, actor: str, action: str, subject: str) -> None:
    """An entry of the audit trail."""
    work.audit.add(AuditEvent(context.clock(), actor, action, subject, ""))


def own_attempt(work: UnitOfWork, candidate_id: str, attempt_id: str) -> Attempt:
    """The candidate's attempt. Somebody else's looks exactly like none: NotFound."""
    attempt = work.attempts.get(attempt_id)
    if attempt is None or attempt.candidate_id != candidate_id:
        raise NotFound(kind="Attempt", identifier=attempt_id)
    return attempt


def _stored_before(
    work: UnitOfWork, transition: Transition, new: NewAnswer, *, is_retry: bool
) -> int | None:
    """The revision that is stored if this answer was received before, else None.

    All events are asked only where the answer would be refused, and on a second try: an answer
    that fits may still carry the key of another one, which the database does not take twice.
    """
    stored: Answer | None = repeated(transition.attempt, new)
    if stored is not None:
        return stored.revision
    refusal: ExamError | None = None
    try:
        check_answer(transition.attempt, new, transition.now)
    except ExamError as error:
        refusal = error
    if refusal is None and not is_retry:
        return None
    event = work.attempts.event_of_key(transition.attempt.id, new.idempotency_key)
    if event is not None:
        return int(event.data["revision"])
    if refusal is not None:
        raise refusal
    return None


def _score(attempt: Attempt, new: NewAnswer, pool: ItemPool) -> int:
    served = attempt.served[new.position - 1]
    item = pool.by_id[served.item_id]
    return int(score(item, parse_response(item, new.response)).is_correct)
