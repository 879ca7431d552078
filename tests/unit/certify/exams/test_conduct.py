"""Times and changed answers told from events: adaptive parts, forms, pauses, drafts."""

from __future__ import annotations

from typing import Any

from certify.exams.commands import Transition
from certify.exams.conduct import AnswerChange, Conduct, conduct_of
from certify.exams.events import AttemptEvent, EventKind
from tests.factories import begin, make_answer, make_item, serve, tick


def answer(
    transition: Transition, position: int, response: Any, correct: int, revision: int = 1
) -> None:
    new = make_answer(
        position, response, revision=revision, idempotency_key=f"{position}-{revision}"
    )
    transition.answer(new, correct)


def told(transition: Transition) -> Conduct:
    return conduct_of(transition.events)


def test_time_of_an_item_runs_from_its_being_served_to_its_last_answer() -> None:
    transition = begin()
    serve(transition, make_item("01-001"))
    tick(transition, 30)
    answer(transition, 1, ("a",), 0)
    tick(transition, 12)
    answer(transition, 1, ("b",), 1, revision=2)
    serve(transition, make_item("01-002"))
    tick(transition, 50)
    answer(transition, 2, ("a",), 0)
    first, second = told(transition).items
    assert (first.seconds, second.seconds) == (42, 50)
    assert (first.item_id, first.correct, second.correct) == ("01-001", True, False)
    assert second.answered_at == transition.now


def test_a_pause_is_nobodys_time() -> None:
    transition = begin()
    serve(transition, make_item("01-001"))
    tick(transition, 10)
    transition.pause("fire", "centre")
    tick(transition, 500)
    transition.resume("centre")
    tick(transition, 7)
    answer(transition, 1, ("a",), 0)
    assert told(transition).items[0].seconds == 17


def test_an_item_that_was_never_answered_has_no_time() -> None:
    transition = begin()
    serve(transition, make_item("01-001"))
    tick(transition, 10)
    transition.pause("fire", "centre")
    assert told(transition).items[0].seconds is None


def test_items_of_a_form_share_the_time_in_the_order_of_answers() -> None:
    transition = begin()
    for number in range(3):
        serve(transition, make_item(f"01-{number:03d}"))
    events = list(transition.events)
    # a form takes answers to any position; the rules of this adaptive part would not
    for place, seconds in ((2, 20), (0, 30), (2, 5)):
        tick(transition, seconds)
        data = {"position": place + 1, "response": ["a"], "correct": 0}
        events.append(AttemptEvent(len(events) + 1, EventKind.ANSWERED, transition.now, data))
    found = conduct_of(events)
    assert [item.seconds for item in found.items] == [30, None, 25]


def test_changes_are_told_with_what_became_of_them() -> None:
    transition = begin()
    serve(transition, make_item("01-001"))
    for revision, (option, correct) in enumerate(
        [("a", 0), ("b", 1), ("b", 1), ("c", 0), ("d", 0)], start=1
    ):
        answer(transition, 1, (option,), correct, revision)
    found = told(transition)
    assert found.items[0].changes == (
        AnswerChange.TO_RIGHT,
        AnswerChange.TO_WRONG,
        AnswerChange.WRONG_TO_WRONG,
    )
    assert found.count(AnswerChange.TO_RIGHT) == 1


def test_what_is_saved_while_ticking_or_typing_is_no_change() -> None:
    transition = begin()
    serve(transition, make_item("01-001"))
    steps: list[Any] = [(), ("a",), ("a", "b"), {"value": "1"}, {"value": "12"}]
    for revision, response in enumerate(steps, start=1):
        answer(transition, 1, response, 0, revision)
    assert told(transition).items[0].changes == ()


def test_pages_that_took_over_are_counted() -> None:
    transition = begin()
    transition.connect()
    transition.connect()
    assert told(transition).pages == 2
