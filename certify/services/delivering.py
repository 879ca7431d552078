"""A candidate sits an exam: start, see the item, save answers, hand in; the server closes.

Every write locks the attempt first, so that hand-in is atomic against answers in flight, and an
acknowledged answer is committed before the acknowledgement leaves.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from certify.errors import NotFound
from certify.exams.adaptive import NextItem, next_step
from certify.exams.attempt import (
    AttemptRecord,
    AttemptState,
    EndReason,
    RecordedResponse,
    ServedItem,
    check_acceptable,
)
from certify.exams.blueprint import ExamBlueprint, check_satisfiable
from certify.exams.form import option_order
from certify.exams.pool import ItemPool
from certify.exams.scoring import count_answered
from certify.services.banking import newest_release
from certify.services.context import ServiceContext
from certify.services.deciding import decide_attempt
from certify.services.examining import (
    OPEN,
    blueprint_of,
    open_programme_of,
    pool_of,
    programme_of_attempt,
)
from certify.services.issuing import issue_if_awarded
from certify.services.ports import AuditEvent, UnitOfWork
from question_bank.interactions import parse_response, read_number
from question_bank.item import Item, NumericKey
from rubrics.catalogue import Programme

OVERDUE_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class ItemView:
    """What a candidate may see of an item: no key, explanation or parameter."""

    position: int
    type: str
    stem: str
    options: tuple[tuple[str, str], ...]
    unit: str
    decimals: int | None


@dataclass(frozen=True, slots=True)
class AttemptView:
    """An attempt as its candidate sees it. `item` and `response` are of the current position.

    `answered` counts the items with an answer that says something, the current one included.
    """

    id: str
    programme: Programme
    level: str
    state: AttemptState
    remaining_seconds: float
    limit_seconds: float
    max_items: int
    answered: int
    item: ItemView | None
    response: Any
    revision: int


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """An answer is stored. `position` is the current one, after a final answer the next."""

    revision: int
    position: int
    state: AttemptState
    remaining_seconds: float


def list_open_programmes(context: ServiceContext) -> tuple[Programme, ...]:
    """Programmes that a candidate may apply to."""
    return tuple(p for p in context.programmes.values() if p.status == OPEN)


def start_attempt(
    context: ServiceContext, candidate_id: str, programme_code: str, level: str
) -> str:
    """Begin an attempt, or give the running one of this programme: a repeated start costs nothing.

    The first item is stored before it is shown. Raises UnknownProgramme, UnknownLevel, NoRelease
    or BlueprintNotSatisfiable; then nothing was begun.
    """
    programme = open_programme_of(context, programme_code)
    blueprint = blueprint_of(programme, level)
    with context.database.writing() as work:
        running = _running_attempt(context, work, candidate_id, programme_code)
        if running is not None:
            work.commit()
            return running
        release = newest_release(work)
        pool = pool_of(context, work, programme, release.digest)
        check_satisfiable(blueprint, pool)
        now = context.clock()
        record = AttemptRecord(
            id=context.new_id(),
            candidate_id=candidate_id,
            programme_code=programme.code,
            programme_version=programme.version,
            level=level,
            release_digest=release.digest,
            seed=context.random_bytes(16).hex(),
            started_at=now,
            deadline_at=now + timedelta(seconds=blueprint.limit_seconds),
        )
        if not work.attempts.add(record):
            # another tab won the race; its attempt is the one
            existing = work.attempts.running_of(candidate_id, programme_code)
            return existing or start_attempt(context, candidate_id, programme_code, level)
        _advance(context, work, record, pool, blueprint)
        _note(context, work, candidate_id, "attempt.start", record.id)
        work.commit()
    return record.id


def view_attempt(context: ServiceContext, candidate_id: str, attempt_id: str) -> AttemptView:
    """The attempt with its current item. Raises NotFound unless it is the candidate's own."""
    with context.database.reading() as work:
        record = _own(work, candidate_id, attempt_id, lock=False)
        programme = programme_of_attempt(context, record)
        pool = pool_of(context, work, programme, record.release_digest)
    now = context.clock()
    state = record.state_at(now)
    served = record.current if state is AttemptState.RUNNING else None
    latest = record.latest_response(served.position) if served else None
    return AttemptView(
        id=record.id,
        programme=programme,
        level=record.level,
        state=state,
        remaining_seconds=record.remaining_seconds(now),
        limit_seconds=(record.deadline_at - record.started_at).total_seconds(),
        max_items=programme.exam(record.level).max_items,
        answered=count_answered(record),
        item=_item_view(served, pool) if served else None,
        response=latest.response if latest else None,
        revision=latest.revision if latest else 0,
    )


def save_response(
    context: ServiceContext,
    candidate_id: str,
    attempt_id: str,
    *,
    position: int,
    response: Any,
    is_final: bool,
    revision: int,
    idempotency_key: str,
) -> Acknowledgement:
    """Store an answer; a final one serves the next item or ends the exam.

    The same idempotency key again gives the same acknowledgement and changes nothing. Raises
    NotFound, AttemptEnded, WrongPosition, StaleResponse or MalformedResponse.
    """
    with context.database.writing() as work:
        record = _own(work, candidate_id, attempt_id, lock=True)
        repeated = record.find_repeat(idempotency_key)
        if repeated is not None:
            return _acknowledge(context, record, repeated.revision)
        now = context.clock()
        check_acceptable(record, position=position, revision=revision, now=now)
        programme = programme_of_attempt(context, record)
        pool = pool_of(context, work, programme, record.release_digest)
        current = record.served[-1]
        parse_response(pool.items[pool.index_of[current.item_id]], response)
        received = RecordedResponse(position, response, is_final, revision, idempotency_key, now)
        work.attempts.append_response(record.id, received)
        record = replace(record, responses=(*record.responses, received))
        if is_final:
            blueprint = blueprint_of(programme, record.level)
            record = _advance(context, work, record, pool, blueprint)
        work.commit()
    if record.end_reason is not None:
        issue_if_awarded(context, record.id)
    return _acknowledge(context, record, revision)


def is_readable_number(text: str) -> bool:
    """Whether a typed number can be read; one that cannot is kept as typed and earns nothing."""
    return read_number(text) is not None


def hand_in(context: ServiceContext, candidate_id: str, attempt_id: str) -> AttemptState:
    """End the attempt; answers received so far count. Repeating it changes nothing."""
    with context.database.writing() as work:
        record = _own(work, candidate_id, attempt_id, lock=True)
        if record.end_reason is None:
            overdue = context.clock() >= record.deadline_at
            record = _end(context, work, record, EndReason.TIME if overdue else EndReason.HANDED_IN)
            _note(context, work, candidate_id, "attempt.hand_in", record.id)
            work.commit()
    issue_if_awarded(context, record.id)
    return record.state_at(context.clock())


def close_overdue_attempts(context: ServiceContext) -> int:
    """Close attempts whose time is over, at their deadline; how many were closed."""
    with context.database.reading() as work:
        overdue = work.attempts.overdue(context.clock(), OVERDUE_AT_ONCE)
    return sum(close_if_overdue(context, attempt_id) for attempt_id in overdue)


def close_if_overdue(context: ServiceContext, attempt_id: str) -> bool:
    """Close one attempt if its deadline has passed; whether it was closed now."""
    with context.database.writing() as work:
        record = work.attempts.get(attempt_id, lock=True)
        if record is None or record.end_reason or context.clock() < record.deadline_at:
            return False
        _end(context, work, record, EndReason.TIME)
        work.commit()
    issue_if_awarded(context, attempt_id)
    return True


def list_attempts(context: ServiceContext, candidate_id: str) -> tuple[Mapping[str, Any], ...]:
    """The candidate's attempts, newest first, with levels and certificate where there are any."""
    with context.database.reading() as work:
        records = work.attempts.of_candidate(candidate_id)
        ids = [record.id for record in records]
        results = work.results.of_attempts(ids)
        credentials = work.credentials.of_attempts(ids)
    now = context.clock()
    return tuple(
        {
            "id": record.id,
            "programme": programme_of_attempt(context, record),
            "level": record.level,
            "state": record.state_at(now),
            "started_at": record.started_at,
            "deadline_at": record.deadline_at,
            "ended_at": record.ended_at,
            **{
                name: results[record.id].decision[name] if record.id in results else None
                for name in ("placed_level", "awarded_level")
            },
            "credential_id": credentials.get(record.id),
        }
        for record in records
    )


def _running_attempt(
    context: ServiceContext, work: UnitOfWork, candidate_id: str, programme_code: str
) -> str | None:
    """The running attempt of this programme; one whose time is over is closed on the way."""
    attempt_id = work.attempts.running_of(candidate_id, programme_code)
    if attempt_id is None:
        return None
    record = work.attempts.get(attempt_id, lock=True)
    if record is not None and context.clock() >= record.deadline_at:
        _end(context, work, record, EndReason.TIME)
        return None
    return attempt_id


def _own(work: UnitOfWork, candidate_id: str, attempt_id: str, *, lock: bool) -> AttemptRecord:
    record = work.attempts.get(attempt_id, lock=lock)
    if record is None or record.candidate_id != candidate_id:
        # somebody else's attempt looks exactly like none
        raise NotFound(kind="Attempt", identifier=attempt_id)
    return record


def _advance(
    context: ServiceContext,
    work: UnitOfWork,
    record: AttemptRecord,
    pool: ItemPool,
    blueprint: ExamBlueprint,
) -> AttemptRecord:
    step = next_step(record, pool, blueprint)
    if not isinstance(step, NextItem):
        return _end(context, work, record, step.reason)
    position = len(record.served) + 1
    order = option_order(step.item, record.seed, position)
    served = ServedItem(position, step.item.id, order, context.clock())
    work.attempts.append_served(record.id, served)
    return replace(record, served=(*record.served, served))


def _end(
    context: ServiceContext, work: UnitOfWork, record: AttemptRecord, reason: EndReason
) -> AttemptRecord:
    at = record.deadline_at if reason is EndReason.TIME else context.clock()
    ended = replace(record, ended_at=at, end_reason=reason)
    work.attempts.end(record.id, at, reason)
    decide_attempt(context, work, ended)
    return ended


def _acknowledge(context: ServiceContext, record: AttemptRecord, revision: int) -> Acknowledgement:
    now = context.clock()
    position = record.current.position if record.current else 0
    return Acknowledgement(revision, position, record.state_at(now), record.remaining_seconds(now))


def _item_view(served: ServedItem, pool: ItemPool) -> ItemView:
    item: Item = pool.items[pool.index_of[served.item_id]]
    texts = {option.id: option.text for option in item.options}
    key = item.answer_key
    return ItemView(
        position=served.position,
        type=item.type.value,
        stem=item.stem,
        options=tuple((option_id, texts[option_id]) for option_id in served.option_order),
        unit=key.unit if isinstance(key, NumericKey) else "",
        decimals=key.decimals if isinstance(key, NumericKey) else None,
    )


def _note(context: ServiceContext, work: UnitOfWork, actor: str, action: str, subject: str) -> None:
    work.audit.add(AuditEvent(context.clock(), actor, action, subject, ""))
