"""When a practised item comes back: Leitner's boxes, each with a longer wait than the one before.

A wrong answer puts an item into the first box. A right one when it is due moves it on by a box; one
before that changes nothing, so that answering the same item ten times in an hour is no learning.
"""

import datetime as dt
from dataclasses import dataclass

WAITS = tuple(dt.timedelta(days=days) for days in (1, 3, 7, 14, 30))
"""Ours: how long an item rests in each box."""
FIRST_BOX = 1
KNOWN_BOX = 3
"""From this box on an item answered wrongly once has left the mistake book: it was answered rightly
on two days since."""


@dataclass(frozen=True, slots=True)
class Repetition:
    """The box of an item, from 1, how often it was answered wrongly, and when it comes back."""

    box: int
    mistakes: int
    due_at: dt.datetime

    @property
    def is_mistake(self) -> bool:
        """Whether it stands in the mistake book."""
        return self.mistakes > 0 and self.box < KNOWN_BOX


def repeat(before: Repetition | None, is_correct: bool, now: dt.datetime) -> Repetition:
    """What an answer at `now` makes of an item; `before` is None for the first one."""
    mistakes = before.mistakes if before else 0
    if not is_correct:
        return _in_box(FIRST_BOX, mistakes + 1, now)
    if before is None:
        return _in_box(FIRST_BOX + 1, mistakes, now)
    if now < before.due_at:
        return before
    return _in_box(min(before.box + 1, len(WAITS)), mistakes, now)


def _in_box(box: int, mistakes: int, now: dt.datetime) -> Repetition:
    return Repetition(box, mistakes, now + WAITS[box - 1])
