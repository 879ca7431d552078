"""What a process remembers of the attempts it stored: bounded, and only of running ones."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from certify.exams.attempt import Attempt
from certify.services.recent_attempts import RecentAttempts


def running(number: int) -> Attempt:
    return Attempt(f"attempt-{number}", "somebody", sequence=number)


def test_the_newest_state_is_given() -> None:
    recent = RecentAttempts()
    attempt = running(1)
    recent.remember(attempt)
    recent.remember(replace(attempt, sequence=7))
    assert recent.get("attempt-1") == replace(attempt, sequence=7)
    assert recent.get("attempt-2") is None


def test_the_longest_unused_make_room() -> None:
    recent = RecentAttempts(most=2)
    for number in (1, 2, 1, 3):
        recent.remember(running(number))
    assert recent.get("attempt-2") is None
    assert recent.get("attempt-1") is not None
    assert recent.get("attempt-3") is not None


def test_an_attempt_that_is_over_is_forgotten() -> None:
    recent = RecentAttempts()
    attempt = running(1)
    recent.remember(attempt)
    recent.remember(replace(attempt, ended_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC)))
    assert recent.get("attempt-1") is None


def test_all_can_be_forgotten() -> None:
    recent = RecentAttempts()
    recent.remember(running(1))
    recent.forget_all()
    assert recent.get("attempt-1") is None
