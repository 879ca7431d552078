"""What may happen to an attempt next: every refusal, repetition, and what time brings about."""

from __future__ import annotations

import datetime as dt

import pytest

from certify.exams.attempt import Attempt, AttemptState, EndReason
from certify.exams.commands import Transition, repeated
from certify.exams.errors import (
    AttemptEnded,
    AttemptNotRunning,
    OlderPage,
    StaleResponse,
    WrongPosition,
)
from certify.exams.events import EventKind
from certify.exams.terms import PartTerms
from tests.factories import AT, begin, make_answer, make_terms, tick

LIMIT = 2700
MOMENT = 1e-6
FORM = (PartTerms("paper", 1000, "f" * 64),)
TWO_PARTS = (PartTerms("one", 1000, "f" * 64, 300), PartTerms("two", 500))
ACTOR = "ann"


def after(seconds: float) -> dt.datetime:
    return AT + dt.timedelta(seconds=seconds)


def running(
    items: int = 1, parts: tuple[PartTerms, ...] = (PartTerms("theory", LIMIT),)
) -> Transition:
    transition = begin(parts=parts)
    for number in range(items):
        transition.serve(f"01-{number:03d}", (), ())
    return transition


def kinds(transition: Transition, since: int = 0) -> list[str]:
    return [event.kind.value for event in transition.events[since:]]


def unstarted() -> Transition:
    return Transition(Attempt("attempt-1", "candidate-1"), AT)


# --- answers ---------------------------------------------------------------------------------


def test_an_answer_to_the_current_item_is_taken() -> None:
    transition = running()
    tick(transition, LIMIT - MOMENT)
    transition.answer(make_answer(), 1)
    event = transition.events[-1]
    assert (event.kind, event.idempotency_key, event.at) == (
        "answered",
        "request-1",
        transition.now,
    )
    assert event.data == {
        "position": 1,
        "response": ["b"],
        "revision": 1,
        "final": True,
        "client": 0,
        "correct": 1,
    }


def test_an_answer_at_exactly_the_deadline_is_too_late() -> None:
    transition = running()
    tick(transition, LIMIT)
    with pytest.raises(AttemptEnded, match=r"ended \(closed\)"):
        transition.answer(make_answer(), 1)


@pytest.mark.parametrize(
    ("reason", "state"), [(EndReason.HANDED_IN, "handed_in"), (EndReason.TIME, "closed")]
)
def test_an_answer_after_the_end_is_refused(reason: EndReason, state: str) -> None:
    transition = running()
    transition.end(reason)
    with pytest.raises(AttemptEnded, match=state):
        transition.answer(make_answer(), 1)


def test_an_answer_to_a_voided_attempt_is_refused() -> None:
    transition = running()
    transition.void("copied", ACTOR)
    with pytest.raises(AttemptEnded, match="voided"):
        transition.answer(make_answer(), 1)


def test_an_answer_while_paused_is_refused_and_taken_afterwards() -> None:
    transition = running()
    transition.pause("", ACTOR)
    with pytest.raises(AttemptNotRunning, match="paused"):
        transition.answer(make_answer(), 1)
    transition.resume(ACTOR)
    transition.answer(make_answer(), 1)


def test_an_answer_in_a_break_is_refused() -> None:
    transition = running(parts=TWO_PARTS)
    transition.hand_in()
    with pytest.raises(AttemptNotRunning, match="break"):
        transition.answer(make_answer(), 1)


def test_an_answer_to_a_part_whose_time_is_over_is_refused_before_that_is_stored() -> None:
    transition = running(parts=TWO_PARTS)
    tick(transition, 1000)
    with pytest.raises(AttemptNotRunning, match="break"):
        transition.answer(make_answer(), 1)


def test_an_answer_before_the_start_is_refused() -> None:
    with pytest.raises(AttemptNotRunning, match="registered"):
        unstarted().answer(make_answer(), 1)


@pytest.mark.parametrize("position", [0, 2, -1])
def test_an_answer_to_another_item_is_refused(position: int) -> None:
    with pytest.raises(WrongPosition, match=f"to item 1, found one to item {position}"):
        running().answer(make_answer(position), 1)


def test_an_answer_to_an_earlier_item_of_an_adaptive_part_is_refused() -> None:
    with pytest.raises(WrongPosition, match="to item 2, found one to item 1"):
        running(2).answer(make_answer(1), 1)


def test_an_answer_before_the_first_item_is_refused() -> None:
    with pytest.raises(WrongPosition, match="Expected an answer to item 0"):
        running(0).answer(make_answer(), 1)


def test_a_fixed_form_allows_going_back() -> None:
    transition = running(3, FORM)
    for position in (3, 1, 2):
        transition.answer(make_answer(position), 1)
    transition.answer(make_answer(1, ("a",), revision=2, idempotency_key="again"), 0)
    assert transition.attempt.answers[1].response == ["a"]
    with pytest.raises(WrongPosition):
        transition.answer(make_answer(4), 1)


def test_items_of_a_part_that_is_over_are_closed() -> None:
    transition = running(2, TWO_PARTS)
    transition.hand_in()
    transition.start_part()
    with pytest.raises(WrongPosition):
        transition.answer(make_answer(1), 1)
    transition.serve("01-009", (), ())
    transition.answer(make_answer(3), 1)


@pytest.mark.parametrize("revision", [3, 2, 1, 0, -1])
def test_an_answer_that_is_not_newer_is_refused(revision: int) -> None:
    transition = running()
    transition.answer(make_answer(revision=3, is_final=False), 1)
    with pytest.raises(StaleResponse, match=f"revision 3, received {revision}"):
        transition.answer(make_answer(revision=revision, idempotency_key="late"), 0)
    assert transition.attempt.answers[1].revision == 3


def test_an_answer_of_an_older_page_is_refused() -> None:
    transition = running()
    assert (transition.connect(), transition.connect()) == (1, 2)
    for client in (0, 1):
        with pytest.raises(OlderPage, match=f"page 2, this is page {client}"):
            transition.answer(make_answer(client=client), 1)
    transition.answer(make_answer(client=2), 1)


def test_the_end_is_judged_first_then_the_page_the_item_and_the_revision() -> None:
    transition = running()
    transition.connect()
    transition.answer(make_answer(client=1, revision=3, is_final=False), 1)
    wrong_in_all = make_answer(9, client=0, revision=1)
    with pytest.raises(OlderPage):
        transition.answer(wrong_in_all, 0)
    with pytest.raises(WrongPosition):
        transition.answer(make_answer(9, client=1, revision=1), 0)
    tick(transition, LIMIT)
    with pytest.raises(AttemptEnded):
        transition.answer(wrong_in_all, 0)


def test_a_refused_answer_leaves_no_event() -> None:
    transition = running()
    before = transition.attempt
    with pytest.raises(WrongPosition):
        transition.answer(make_answer(7), 1)
    assert (transition.attempt, len(transition.events)) == (before, before.sequence)


def test_a_repeated_key_finds_the_stored_answer() -> None:
    transition = running()
    transition.answer(make_answer(is_final=False), 1)
    assert repeated(transition.attempt, make_answer()) is transition.attempt.answers[1]
    assert repeated(transition.attempt, make_answer(idempotency_key="other")) is None
    assert repeated(transition.attempt, make_answer(2, idempotency_key="request-1")) is None


# --- flags -----------------------------------------------------------------------------------


def test_items_are_flagged_and_unflagged_once() -> None:
    transition = running(3, FORM)
    before = len(transition.events)
    for position, flagged in ((2, True), (2, True), (3, True), (2, False), (2, False)):
        transition.flag(position, flagged)
    assert transition.attempt.flagged == {3}
    assert kinds(transition, before) == ["flagged"] * 3


def test_flagging_what_is_not_open_is_refused() -> None:
    transition = running(2)
    with pytest.raises(WrongPosition):
        transition.flag(1, True)
    transition.hand_in()
    with pytest.raises(AttemptEnded):
        transition.flag(2, True)


# --- pages -----------------------------------------------------------------------------------


def test_a_page_of_an_ended_attempt_is_not_noted() -> None:
    transition = running()
    transition.hand_in()
    before = len(transition.events)
    assert transition.connect() == 1
    assert len(transition.events) == before


# --- seats -----------------------------------------------------------------------------------


def test_admitting_twice_changes_nothing() -> None:
    transition = unstarted()
    transition.register("session-1", 0, ACTOR)
    transition.admit(ACTOR)
    transition.admit(ACTOR)
    transition.start(make_terms())
    transition.admit(ACTOR)
    assert kinds(transition) == ["registered", "admitted", "started"]
    assert [event.actor for event in transition.events] == [ACTOR, ACTOR, ""]


def test_a_voided_seat_is_not_admitted_and_not_started() -> None:
    transition = unstarted()
    transition.register("session-1", 0, ACTOR)
    transition.void("not here", ACTOR)
    transition.admit(ACTOR)
    with pytest.raises(AttemptNotRunning, match="voided"):
        transition.start(make_terms())
    assert kinds(transition) == ["registered", "voided"]


def test_starting_twice_is_refused() -> None:
    with pytest.raises(AttemptNotRunning, match="running"):
        running().start(make_terms())


# --- pauses and time -------------------------------------------------------------------------


def test_pausing_and_resuming_twice_changes_nothing() -> None:
    transition = running()
    transition.resume(ACTOR)
    transition.pause("drill", ACTOR)
    transition.pause("drill", ACTOR)
    transition.resume(ACTOR)
    transition.resume(ACTOR)
    assert kinds(transition, 2) == ["paused", "resumed"]
    assert transition.events[2].data == {"reason": "drill"}


def test_what_does_not_run_is_neither_paused_nor_extended() -> None:
    for change in (lambda t: t.pause("", ACTOR), lambda t: t.extend(60, "", ACTOR)):
        with pytest.raises(AttemptNotRunning, match="registered"):
            change(unstarted())
        on_break = running(parts=TWO_PARTS)
        on_break.hand_in()
        with pytest.raises(AttemptNotRunning, match="break"):
            change(on_break)
        overdue = running()
        tick(overdue, LIMIT)
        with pytest.raises(AttemptEnded):
            change(overdue)


def test_added_time_is_noted_with_its_reason() -> None:
    transition = running()
    transition.extend(300, "power cut", ACTOR)
    event = transition.events[-1]
    assert (event.kind, event.actor) == (EventKind.EXTENDED, ACTOR)
    assert event.data == {"seconds": 300, "reason": "power cut"}


# --- ends ------------------------------------------------------------------------------------


def test_handing_in_twice_changes_nothing() -> None:
    transition = running()
    transition.hand_in()
    transition.hand_in()
    transition.end(EndReason.ENDED_BY_INVIGILATOR, ACTOR)
    assert kinds(transition, 2) == ["ended"]
    assert transition.attempt.end_reason is EndReason.HANDED_IN


def test_handing_in_before_the_start_changes_nothing() -> None:
    transition = unstarted()
    transition.hand_in()
    assert transition.events == []


def test_a_hand_in_sent_twice_does_not_end_the_part_after_the_break() -> None:
    transition = running(parts=TWO_PARTS)
    transition.hand_in()
    transition.hand_in()
    assert transition.attempt.state_at(transition.now) is AttemptState.BREAK
    transition.start_part()
    transition.hand_in()
    assert kinds(transition, 2) == ["part_ended", "part_started", "ended"]


def test_handing_in_when_time_is_over_is_the_end_by_time() -> None:
    transition = running()
    tick(transition, LIMIT + 60)
    transition.hand_in()
    assert transition.attempt.end_reason is EndReason.TIME
    assert transition.attempt.ended_at == after(LIMIT)


def test_an_invigilator_ends_all_parts_at_once() -> None:
    for transition in (running(parts=TWO_PARTS), running(parts=TWO_PARTS)):
        if transition.attempt.part == 0:
            transition.hand_in()
        transition.end(EndReason.ENDED_BY_INVIGILATOR, ACTOR)
        assert transition.attempt.state_at(transition.now) is AttemptState.CLOSED
        assert transition.events[-1].actor == ACTOR
        assert transition.attempt.break_since is None


def test_starting_a_part_outside_a_break_changes_nothing() -> None:
    transition = running(parts=TWO_PARTS)
    transition.start_part()
    assert kinds(transition, 2) == []


def test_voiding_twice_is_noted_once() -> None:
    transition = running()
    transition.hand_in()
    transition.void("copied", ACTOR)
    transition.void("copied", ACTOR)
    assert kinds(transition, 2) == ["ended", "voided"]
