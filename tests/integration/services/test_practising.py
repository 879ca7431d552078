"""Practice on both databases: which items, drills, the mistake book, repetition."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from certify.errors import NotFound
from certify.services import practising
from certify.services.context import ServiceContext
from certify.services.ports import Person
from certify.services.practising import (
    Drill,
    answer_task,
    next_task,
    outline_practice,
    view_feedback,
)
from certify.services.responding import right_response, wrong_response
from question_bank.errors import MalformedResponse
from question_bank.item import Item
from question_bank.practice import load_practice_ids
from tests.fakes import FakeClock

NODE = "12"


def respond(item: Item, right: bool) -> Any:
    return right_response(item) if right else wrong_response(item, Random(1))


def do(context: ServiceContext, person: Person, drill: Drill, right: bool) -> str:
    """Answer the next item of a drill; its id."""
    task = next_task(context, person.id, drill, NODE if drill is Drill.NODE else "")
    assert task is not None
    answer_task(context, person.id, task.item.id, task.number, respond(task.item, right))
    return task.item.id


def test_a_release_holds_no_item_for_practice(context: ServiceContext) -> None:
    with context.database.reading() as work:
        newest = work.releases.newest()
        assert newest is not None
        held = context.shelf.release(work, newest.digest, context.skill_model).by_id
    assert held
    assert not load_practice_ids() & held.keys()


def test_every_node_can_be_practised(context: ServiceContext, student: Person) -> None:
    outline = outline_practice(context, student.id)
    assert {entry.node.code for entry in outline.nodes} == set(context.skill_model.nodes)
    assert {entry.items for entry in outline.nodes} == {2, 3}
    assert (outline.due, outline.mistakes, outline.weak, outline.next_due) == (0, (), None, None)


def test_a_drill_gives_each_item_of_the_node_before_one_comes_again(
    context: ServiceContext, student: Person
) -> None:
    first = [do(context, student, Drill.NODE, right=True) for _ in range(3)]
    assert len(set(first)) == 3
    assert do(context, student, Drill.NODE, right=True) == first[0]


def test_what_was_wrong_stands_in_the_book_and_comes_back_the_next_day(
    context: ServiceContext, student: Person, clock: FakeClock
) -> None:
    item_id = do(context, student, Drill.NODE, right=False)
    assert next_task(context, student.id, Drill.DUE) is None
    assert do(context, student, Drill.MISTAKES, right=True) == item_id
    outline = outline_practice(context, student.id)
    assert [one.item.id for one in outline.mistakes] == [item_id]
    for days in (1, 3):
        clock.advance(days=days)
        assert do(context, student, Drill.DUE, right=True) == item_id
    outline = outline_practice(context, student.id)
    assert (outline.due, outline.mistakes) == (0, ())


def test_a_form_sent_twice_is_one_answer(context: ServiceContext, student: Person) -> None:
    task = next_task(context, student.id, Drill.NODE, NODE)
    assert task is not None
    item, wrong = task.item, respond(task.item, right=False)
    first = answer_task(context, student.id, item.id, task.number, wrong)
    again = answer_task(context, student.id, item.id, task.number, respond(item, right=True))
    assert first == again
    assert not view_feedback(context, student.id, first).answer.correct


def test_feedback_keeps_the_layout_of_the_answer(context: ServiceContext, student: Person) -> None:
    task = next_task(context, student.id, Drill.NODE, NODE)
    assert task is not None
    answer_id = answer_task(
        context, student.id, task.item.id, task.number, respond(task.item, right=True)
    )
    feedback = view_feedback(context, student.id, answer_id)
    assert feedback.view == task.view
    assert feedback.answer.correct


def test_answers_of_others_are_not_found(
    context: ServiceContext, people: dict[str, Person], student: Person
) -> None:
    do(context, student, Drill.NODE, right=True)
    with context.database.reading() as work:
        (answer,) = work.practice.latest_of(student.id).values()
    with pytest.raises(NotFound):
        view_feedback(context, people["teacher"].id, answer.id)


def test_an_item_of_the_exams_cannot_be_practised(context: ServiceContext, student: Person) -> None:
    with context.database.reading() as work:
        item_id = min(work.releases.items_in_use(context.clock()))
    with pytest.raises(NotFound):
        answer_task(context, student.id, item_id, 1, ["a"])


def test_items_for_practice_that_an_older_release_holds_are_kept_back(
    context: ServiceContext, student: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    with context.database.reading() as work:
        held = sorted(work.releases.items_in_use(context.clock()))[:5]
    monkeypatch.setattr(practising, "load_practice_ids", lambda: frozenset(held))
    assert outline_practice(context, student.id).nodes == ()


def test_an_unknown_node_is_not_found(context: ServiceContext, student: Person) -> None:
    with pytest.raises(NotFound):
        next_task(context, student.id, Drill.NODE, "99")


def test_an_answer_that_does_not_fit_is_not_stored(
    context: ServiceContext, student: Person
) -> None:
    task = next_task(context, student.id, Drill.NODE, NODE)
    assert task is not None
    with pytest.raises(MalformedResponse):
        answer_task(context, student.id, task.item.id, 1, {"nonsense": 1})
    assert next_task(context, student.id, Drill.DUE) is None
    assert outline_practice(context, student.id).next_due is None
