"""What a request of the exam costs: statements and commits, counted on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, event

from certify.exams.commands import NewAnswer
from certify.services.administering import add_person
from certify.services.context import ServiceContext
from certify.services.delivering import (
    hand_in,
    open_attempt,
    save_response,
    start_attempt,
    view_attempt,
)
from certify.services.ports import Person
from certify.services.simulating import SimulatedCandidate
from certify.storage.database import SqlDatabase
from tests.integration.services.sitting import PROGRAMME

SET_UP = ("PRAGMA", "BEGIN")
"""What SQLite is told at the beginning of every transaction; it reads and writes nothing."""


@dataclass
class Cost:
    """What was sent to the database."""

    statements: list[str] = field(default_factory=list)
    commits: int = 0


@contextmanager
def counted(context: ServiceContext) -> Iterator[Cost]:
    database = context.database
    assert isinstance(database, SqlDatabase)
    engine: Engine = database._engine
    cost = Cost()

    def note(_: Any, __: Any, statement: str, *rest: Any) -> None:
        if not statement.startswith(SET_UP):
            cost.statements.append(statement)

    def note_commit(_: Any) -> None:
        cost.commits += 1

    event.listen(engine, "before_cursor_execute", note)
    event.listen(engine, "commit", note_commit)
    yield cost
    event.remove(engine, "before_cursor_execute", note)
    event.remove(engine, "commit", note_commit)


@pytest.fixture
def attempt_id(context: ServiceContext, student: Person) -> str:
    """A running attempt; the release, its pool and its plan are in memory from now on."""
    attempt_id = start_attempt(context, student.id, PROGRAMME, "novice")
    view_attempt(context, student.id, attempt_id)
    return attempt_id


def new_answer(
    context: ServiceContext, attempt_id: str, position: int, **changes: Any
) -> NewAnswer:
    response = SimulatedCandidate(0.0, Random(3)).answer_current_item(context, attempt_id)
    values: dict[str, Any] = {
        "position": position,
        "response": response,
        "revision": 1,
        "is_final": True,
        "client": 0,
        "idempotency_key": f"key-{position}",
    }
    return NewAnswer(**{**values, **changes})


def test_a_final_answer_costs_three_statements_and_one_commit(
    context: ServiceContext, student: Person, attempt_id: str
) -> None:
    """Read the state; move it on; add the answer and the next item."""
    for position in (1, 2, 3):
        answer = new_answer(context, attempt_id, position)
        context.recent_attempts.forget_all()
        with counted(context) as cost:
            save_response(context, student.id, attempt_id, answer)
        assert (len(cost.statements), cost.commits) == (3, 1), cost.statements


def test_the_process_that_took_the_last_answer_need_not_read(
    context: ServiceContext, student: Person, attempt_id: str
) -> None:
    for position in (1, 2, 3):
        answer = new_answer(context, attempt_id, position)
        with counted(context) as cost:
            save_response(context, student.id, attempt_id, answer)
        assert (len(cost.statements), cost.commits) == (2, 1), cost.statements


def test_a_draft_costs_no_more(context: ServiceContext, student: Person, attempt_id: str) -> None:
    draft = new_answer(context, attempt_id, 1, is_final=False)
    context.recent_attempts.forget_all()
    with counted(context) as cost:
        save_response(context, student.id, attempt_id, draft)
    assert (len(cost.statements), cost.commits) == (3, 1)


def test_a_repeated_answer_costs_one_statement(
    context: ServiceContext, student: Person, attempt_id: str
) -> None:
    draft = new_answer(context, attempt_id, 1, is_final=False)
    save_response(context, student.id, attempt_id, draft)
    with counted(context) as cost:
        save_response(context, student.id, attempt_id, draft)
    assert (len(cost.statements), cost.commits) == (1, 0)


def test_a_start_costs_four_statements_its_entry_in_the_trail_and_one_commit(
    context: ServiceContext, attempt_id: str
) -> None:
    """The newest release, what was tried before, the attempt, its events; then the audit trail."""
    other = add_person(
        context,
        username="other",
        display_name="周可",
        password="correct horse",
        roles={"student"},
    )
    # the plan was tuned by the first start and is read once
    start_attempt(context, add_third(context).id, PROGRAMME, "novice")
    with counted(context) as cost:
        start_attempt(context, other.id, PROGRAMME, "novice")
    trail = [one for one in cost.statements if "INSERT INTO audit" in one]
    assert (len(cost.statements) - len(trail), len(trail), cost.commits) == (4, 1, 1)


def add_third(context: ServiceContext) -> Person:
    return add_person(
        context,
        username="third",
        display_name="吴双",
        password="correct horse",
        roles={"student"},
    )


def test_opening_a_page_costs_three_statements_and_looking_one(
    context: ServiceContext, student: Person, attempt_id: str
) -> None:
    with counted(context) as cost:
        open_attempt(context, student.id, attempt_id)
    assert (len(cost.statements), cost.commits) == (3, 1)
    with counted(context) as cost:
        view_attempt(context, student.id, attempt_id)
    assert (len(cost.statements), cost.commits) == (1, 0)


def test_handing_in_costs_three_statements_and_its_entry_in_the_trail(
    context: ServiceContext, student: Person, attempt_id: str
) -> None:
    with counted(context) as cost:
        hand_in(context, student.id, attempt_id)
    assert (len(cost.statements), cost.commits) == (4, 1)
