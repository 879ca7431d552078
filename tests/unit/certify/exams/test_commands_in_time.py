"""What time alone brings about, at the instants when it was due."""

from __future__ import annotations

import datetime as dt

from certify.exams.attempt import AttemptState
from certify.exams.commands import Transition
from certify.exams.terms import PartTerms
from tests.factories import AT, begin, tick

LIMIT = 2700
MOMENT = 1e-6
THEORY = (PartTerms("theory", LIMIT),)
TWO_PARTS = (PartTerms("one", 1000, "f" * 64, 300), PartTerms("two", 500))


def after(seconds: float) -> dt.datetime:
    return AT + dt.timedelta(seconds=seconds)


def running(parts: tuple[PartTerms, ...] = THEORY) -> Transition:
    transition = begin(parts=parts)
    transition.serve("01-001", (), ())
    return transition


def kinds(transition: Transition, since: int = 0) -> list[str]:
    return [event.kind.value for event in transition.events[since:]]


def test_nothing_is_due_before_its_time() -> None:
    transition = running()
    tick(transition, LIMIT - MOMENT)
    transition.close_if_due()
    assert kinds(transition, 2) == []


def test_the_end_carries_the_instant_when_it_was_due() -> None:
    transition = running()
    tick(transition, 10 * LIMIT)
    transition.close_if_due()
    transition.close_if_due()
    assert kinds(transition, 2) == ["ended"]
    assert (transition.events[-1].at, transition.attempt.end_reason) == (after(LIMIT), "time")


def test_parts_and_breaks_pass_by_at_their_instants_without_a_client() -> None:
    transition = running(parts=TWO_PARTS)
    tick(transition, 99_999)
    transition.close_if_due()
    told = [(event.kind.value, event.at) for event in transition.events[2:]]
    assert told == [
        ("part_ended", after(1000)),
        ("part_started", after(1300)),
        ("ended", after(1800)),
    ]


def test_a_window_that_ends_during_the_first_part_ends_everything_in_order() -> None:
    transition = begin(parts=TWO_PARTS, window_end=after(600))
    tick(transition, 99_999)
    transition.close_if_due()
    told = [(event.kind.value, event.at) for event in transition.events[1:]]
    assert told == [(kind, after(600)) for kind in ("part_ended", "part_started", "ended")]


def test_a_paused_attempt_is_never_due() -> None:
    transition = running()
    transition.pause("", "ann")
    tick(transition, 10 * LIMIT)
    transition.close_if_due()
    assert transition.attempt.state_at(transition.now) is AttemptState.PAUSED
