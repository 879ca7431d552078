"""What events add up to: states, the time that is left, parts, breaks, pauses."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from certify.exams.attempt import _APPLIERS, Attempt, AttemptState, EndReason, apply, fold
from certify.exams.commands import Transition
from certify.exams.events import AttemptEvent, EventKind
from certify.exams.terms import (
    EarlierAnswer,
    ExamTerms,
    PartTerms,
    terms_from_mapping,
    terms_to_mapping,
)
from tests.factories import AT, begin, make_answer, make_terms, tick

MOMENT = dt.timedelta(microseconds=1)
LIMIT = 2700
TWO_PARTS = (PartTerms("one", 1000, "", 300), PartTerms("two", 500))


def after(seconds: float) -> dt.datetime:
    return AT + dt.timedelta(seconds=seconds)


def granted(extra_seconds: int, **changes: object) -> Transition:
    """An attempt begun with extra time."""
    transition = Transition(Attempt("attempt-1", "candidate-1"), AT)
    transition.register("session-1", extra_seconds, "invigilator")
    transition.start(make_terms(**changes))
    return transition


def test_a_seat_is_registered_then_admitted_then_runs() -> None:
    transition = Transition(Attempt("attempt-1", "candidate-1"), AT)
    states = [transition.attempt.state_at(AT)]
    transition.register("session-1", 600, "ann")
    states.append(transition.attempt.state_at(AT))
    transition.admit("ann")
    states.append(transition.attempt.state_at(AT))
    transition.start(make_terms())
    states.append(transition.attempt.state_at(AT))
    assert states == ["registered", "registered", "admitted", "running"]
    assert (transition.attempt.session_id, transition.attempt.extra_seconds) == ("session-1", 600)
    assert transition.attempt.deadline_at == after(LIMIT + 600)


def test_before_the_start_nothing_is_due_and_no_time_is_left() -> None:
    attempt = Attempt("attempt-1", "candidate-1")
    assert (attempt.deadline_at, attempt.due_at, attempt.current) == (None, None, None)
    assert attempt.remaining_seconds(AT) == 0
    with pytest.raises(ValueError, match="has not started"):
        _ = attempt.started_terms


def test_state_follows_the_servers_time() -> None:
    attempt = begin().attempt
    assert attempt.deadline_at == attempt.due_at == after(LIMIT)
    assert attempt.state_at(AT) is AttemptState.RUNNING
    assert attempt.state_at(after(LIMIT) - MOMENT) is AttemptState.RUNNING
    assert attempt.state_at(after(LIMIT)) is AttemptState.CLOSED


def test_remaining_time_counts_down_to_zero() -> None:
    attempt = begin().attempt
    assert attempt.remaining_seconds(AT) == LIMIT
    assert attempt.remaining_seconds(after(LIMIT) - MOMENT) == pytest.approx(1e-6)
    assert attempt.remaining_seconds(after(LIMIT)) == 0
    assert attempt.remaining_seconds(after(LIMIT + 60)) == 0


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        (EndReason.HANDED_IN, "handed_in"),
        (EndReason.CONFIDENT, "handed_in"),
        (EndReason.MAX_ITEMS, "handed_in"),
        (EndReason.POOL_EXHAUSTED, "handed_in"),
        (EndReason.TIME, "closed"),
        (EndReason.ENDED_BY_INVIGILATOR, "closed"),
    ],
)
def test_the_reason_says_how_it_ended(reason: EndReason, state: str) -> None:
    transition = begin()
    transition.end(reason, "ann")
    ended = transition.attempt
    assert ended.state_at(AT) == ended.state_at(after(9 * LIMIT)) == state
    assert (ended.is_over, ended.remaining_seconds(AT), ended.due_at) == (True, 0, None)


def test_a_voided_attempt_stays_voided() -> None:
    transition = begin()
    transition.void("copied", "ann")
    assert transition.attempt.state_at(after(9 * LIMIT)) is AttemptState.VOIDED
    assert (transition.attempt.ended_at, transition.attempt.end_reason) == (AT, None)
    assert transition.attempt.remaining_seconds(AT) == 0


def test_voiding_later_keeps_when_and_why_it_ended() -> None:
    transition = begin()
    transition.hand_in()
    tick(transition, 60)
    transition.void("copied", "ann")
    assert transition.attempt.state_at(after(61)) is AttemptState.VOIDED
    assert (transition.attempt.ended_at, transition.attempt.end_reason) == (AT, "handed_in")


# --- the earlier of the own time and the window ----------------------------------------------


def test_a_late_start_does_not_move_the_window() -> None:
    attempt = begin(window_end=after(600)).attempt
    assert attempt.deadline_at == after(600)
    assert attempt.remaining_seconds(AT) == 600


def test_extra_time_moves_the_own_limit_and_the_window() -> None:
    assert granted(900).attempt.deadline_at == after(LIMIT + 900)
    assert granted(900, window_end=after(600)).attempt.deadline_at == after(1500)
    assert granted(900, window_end=after(9000)).attempt.deadline_at == after(LIMIT + 900)


def test_added_time_is_not_taken_back_by_the_window() -> None:
    transition = begin(window_end=after(600))
    transition.extend(300, "fire drill", "ann")
    assert transition.attempt.deadline_at == after(900)
    transition.extend(100, "again", "ann")
    assert transition.attempt.deadline_at == after(1000)


def test_time_stands_still_while_paused() -> None:
    transition = begin(window_end=after(2000))
    tick(transition, 100)
    transition.pause("fire drill", "ann")
    paused = transition.attempt
    assert paused.state_at(after(99_999)) is AttemptState.PAUSED
    assert (paused.deadline_at, paused.due_at) == (None, None)
    assert paused.remaining_seconds(after(99_999)) == 1900
    tick(transition, 4000)
    transition.resume("ann")
    assert transition.attempt.state_at(transition.now) is AttemptState.RUNNING
    assert transition.attempt.deadline_at == after(6000)
    assert transition.attempt.remaining_seconds(transition.now) == 1900


def test_time_added_while_paused_shows_at_once() -> None:
    transition = begin()
    tick(transition, 100)
    transition.pause("", "ann")
    transition.extend(60, "", "ann")
    assert transition.attempt.remaining_seconds(after(5000)) == LIMIT - 100 + 60


def test_clocks_of_two_servers_take_no_time_away() -> None:
    """The one that resumes may be behind the one that paused."""
    transition = begin()
    transition.pause("", "ann")
    tick(transition, -2)
    transition.resume("ann")
    assert transition.attempt.deadline_at == after(LIMIT)


def test_daylight_saving_does_not_move_a_deadline() -> None:
    """The clocks of Berlin go from 2:00 to 3:00; forty-five minutes stay forty-five minutes."""
    start = dt.datetime(2027, 3, 28, 1, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    transition = begin(at=start.astimezone(dt.UTC))
    deadline = transition.attempt.deadline_at
    assert deadline is not None
    assert (deadline - start.astimezone(dt.UTC)).total_seconds() == LIMIT
    assert transition.attempt.remaining_seconds(start) == LIMIT


# --- parts and breaks ------------------------------------------------------------------------


def test_a_part_ends_in_a_break_and_the_next_has_its_own_limit() -> None:
    transition = begin(parts=TWO_PARTS)
    transition.serve("01-001", (), ())
    tick(transition, 400)
    transition.hand_in()
    attempt = transition.attempt
    assert attempt.state_at(after(400)) is AttemptState.BREAK
    assert (attempt.part, attempt.part_terms.code, attempt.deadline_at) == (1, "two", None)
    assert attempt.break_over_at == attempt.due_at == after(700)
    assert attempt.remaining_seconds(after(400)) == 0
    tick(transition, 100)
    transition.start_part()
    attempt = transition.attempt
    assert attempt.state_at(after(500)) is AttemptState.RUNNING
    assert (attempt.deadline_at, attempt.break_over_at) == (after(1000), None)
    transition.serve("01-002", (), ())
    assert [served.position for served in transition.attempt.served_in_part()] == [2]
    assert [served.part for served in transition.attempt.served] == [0, 1]


def test_the_end_of_a_part_that_is_not_the_last_is_a_break_even_before_it_is_stored() -> None:
    attempt = begin(parts=TWO_PARTS).attempt
    assert attempt.state_at(after(1000)) is AttemptState.BREAK


def test_pauses_and_added_time_belong_to_the_part_they_were_given_in() -> None:
    transition = begin(parts=TWO_PARTS, window_end=after(1500))
    transition.pause("", "ann")
    tick(transition, 200)
    transition.resume("ann")
    transition.extend(100, "", "ann")
    transition.hand_in()
    transition.start_part()
    assert transition.attempt.deadline_at == after(200 + 500)
    # the window was moved for good
    transition.extend(9000, "", "ann")
    assert transition.attempt.deadline_at == after(200 + 500 + 9000)


def test_extra_time_of_every_part_fits_into_the_window() -> None:
    """Each part is longer by what was granted, so the last one ends later by all of it."""
    parts = (PartTerms("one", 1000), PartTerms("two", 1000))
    transition = granted(600, parts=parts, window_end=after(2000))
    assert transition.attempt.deadline_at == after(1600)
    tick(transition, 1600)
    transition.close_if_due()
    assert transition.attempt.deadline_at == after(3200)


def test_a_break_ends_with_the_window() -> None:
    transition = begin(parts=TWO_PARTS, window_end=after(1100))
    tick(transition, 1000)
    transition.close_if_due()
    assert transition.attempt.break_over_at == after(1100)


def test_a_part_handed_in_while_paused_leaves_no_pause_behind() -> None:
    transition = begin(parts=TWO_PARTS, window_end=after(2000))
    transition.pause("", "ann")
    tick(transition, 100)
    transition.hand_in()
    assert transition.attempt.state_at(transition.now) is AttemptState.BREAK
    assert (transition.attempt.paused_at, transition.attempt.paused_seconds) == (None, 100)
    transition.start_part()
    assert transition.attempt.deadline_at == after(100 + 500)


# --- what is derived -------------------------------------------------------------------------


def test_the_newest_answer_to_a_position_stands() -> None:
    transition = begin()
    transition.serve("01-001", (), ())
    transition.answer(make_answer(1, ("a",), is_final=False, idempotency_key="one"), 0)
    transition.answer(make_answer(1, ("b",), revision=2, idempotency_key="two"), 1)
    answer = transition.attempt.answers[1]
    assert (answer.response, answer.revision, answer.is_final, answer.correct) == (
        ["b"],
        2,
        True,
        1,
    )
    assert (answer.idempotency_key, answer.received_at) == ("two", AT)


def test_current_item_is_the_one_served_last() -> None:
    transition = begin()
    assert transition.attempt.current is None
    transition.serve("01-001", ("b", "a"), ("t1",))
    transition.serve("01-002", (), (), is_pretest=True)
    first, second = transition.attempt.served
    assert transition.attempt.current is second
    assert (first.option_order, first.target_order, first.is_pretest) == (
        ("b", "a"),
        ("t1",),
        False,
    )
    assert (second.position, second.is_pretest) == (2, True)


def test_folding_the_events_gives_the_state_they_led_to() -> None:
    transition = granted(60, parts=TWO_PARTS)
    transition.connect()
    transition.serve("01-001", (), ())
    transition.answer(make_answer(1, client=1), 1)
    transition.pause("", "ann")
    transition.hand_in()
    assert fold("attempt-1", "candidate-1", transition.events) == transition.attempt
    assert [event.sequence for event in transition.events] == list(range(1, 8))


@pytest.mark.parametrize("sequence", [0, 1, 3])
def test_a_gap_in_the_sequence_is_named(sequence: int) -> None:
    transition = begin()
    with pytest.raises(ValueError, match=f"expected event 2, found {sequence}"):
        apply(transition.attempt, AttemptEvent(sequence, EventKind.CONNECTED, AT, {"client": 1}))


def test_every_kind_of_event_can_be_applied() -> None:
    """An event that an older version stored must never be unreadable."""
    assert set(_APPLIERS) == set(EventKind)


def test_terms_are_read_back_as_they_were() -> None:
    terms: ExamTerms = make_terms(
        parts=(*TWO_PARTS, PartTerms("form", 60, "f" * 64)),
        window_end=after(10),
        exposure_digest="e" * 64,
        earlier=(EarlierAnswer("01-001", 1), EarlierAnswer("01-002", 0)),
    )
    assert terms_from_mapping(terms_to_mapping(terms)) == terms
    assert terms_from_mapping(terms_to_mapping(make_terms())) == make_terms()
    assert [part.is_adaptive for part in terms.parts] == [True, True, False]
