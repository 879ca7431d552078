"""The stored state says what the events say, whatever happened."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certify.exams.attempt import Attempt, EndReason, fold
from certify.exams.attempt_head import attempt_from_head, attempt_to_head
from certify.exams.commands import NewAnswer, Transition
from certify.exams.errors import ExamError
from certify.exams.terms import EarlierAnswer, PartTerms
from tests.factories import AT, begin, make_answer, make_terms, tick

PARTS = (
    (PartTerms("theory", 900),),
    (PartTerms("one", 600, "f" * 64, 120), PartTerms("two", 300)),
    (PartTerms("one", 60, "", 0), PartTerms("two", 300, "f" * 64, 30), PartTerms("three", 90)),
)
RESPONSES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=4,
)
Command = Callable[[Transition], Any]
COMMANDS: st.SearchStrategy[Command] = st.one_of(
    st.floats(0, 400, allow_nan=False).map(lambda s: lambda t: tick(t, s)),
    st.just(lambda t: t.connect()),
    st.booleans().map(lambda p: lambda t: t.serve("01-001", ("b", "a"), ("t1",), is_pretest=p)),
    st.builds(
        lambda position, response, revision, client, correct: (
            lambda t: t.answer(
                NewAnswer(
                    position,
                    response,
                    revision,
                    revision % 2 == 0,
                    client,
                    f"k{t.attempt.sequence}",
                ),
                correct,
            )
        ),
        st.integers(1, 4),
        RESPONSES,
        st.integers(1, 5),
        st.integers(0, 3),
        st.integers(0, 1),
    ),
    st.builds(lambda p, f: lambda t: t.flag(p, f), st.integers(1, 4), st.booleans()),
    st.just(lambda t: t.pause("drill", "ann")),
    st.just(lambda t: t.resume("ann")),
    st.integers(1, 600).map(lambda s: lambda t: t.extend(s, "drill", "ann")),
    st.just(lambda t: t.hand_in()),
    st.just(lambda t: t.start_part()),
    st.just(lambda t: t.close_if_due()),
    st.just(lambda t: t.end(EndReason.ENDED_BY_INVIGILATOR, "ann")),
    st.just(lambda t: t.void("copied", "ann")),
)


def begun(parts: tuple[PartTerms, ...], window: int | None, extra: int) -> Transition:
    transition = Transition(Attempt("attempt-1", "candidate-1"), AT)
    transition.register("session-1", extra, "ann")
    transition.admit("ann")
    end = AT.replace(minute=window) if window else None
    transition.start(make_terms(parts=parts, window_end=end, earlier=(EarlierAnswer("01-009", 1),)))
    return transition


@settings(max_examples=300, deadline=None)
@given(
    parts=st.sampled_from(PARTS),
    window=st.none() | st.integers(1, 40),
    extra=st.sampled_from([0, 300]),
    commands=st.lists(COMMANDS, max_size=25),
)
def test_any_course_is_the_same_folded_and_stored(
    parts: tuple[PartTerms, ...], window: int | None, extra: int, commands: list[Command]
) -> None:
    transition = begun(parts, window, extra)
    for command in commands:
        with contextlib.suppress(ExamError):
            command(transition)
    attempt = transition.attempt
    assert fold("attempt-1", "candidate-1", transition.events) == attempt
    assert attempt_from_head("attempt-1", "candidate-1", attempt_to_head(attempt)) == attempt
    assert [event.sequence for event in transition.events] == list(range(1, attempt.sequence + 1))
    if attempt.is_over:
        assert (attempt.due_at, attempt.remaining_seconds(transition.now)) == (None, 0)


def test_a_seat_that_never_started_is_read_back() -> None:
    transition = Transition(Attempt("attempt-1", "candidate-1"), AT)
    transition.register("session-1", 0, "ann")
    head = attempt_to_head(transition.attempt)
    assert attempt_from_head("attempt-1", "candidate-1", head) == transition.attempt


@pytest.mark.parametrize("text", ["\x00", "\ud83d", "𠮷", "\u2028", '"\\'])
def test_the_head_is_plain_ascii_whatever_was_typed(text: str) -> None:
    """Half an emoji, cut off by a browser, can be stored by no database as it is."""
    transition = begin()
    transition.serve("01-001", (), ())
    transition.answer(make_answer(1, {"text": text}), 0)
    head = attempt_to_head(transition.attempt)
    assert head.isascii() and "\x00" not in head
    assert json.loads(head)
    assert attempt_from_head("attempt-1", "candidate-1", head) == transition.attempt
