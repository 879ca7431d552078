"""What practice needs from storage: the record of an answer and its repository.

`ports` hands these on together with everybody else's.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class StoredPracticeAnswer:
    """One answer in practice. `number` counts the person's answers to the item from 1.

    `box`, `mistakes` and `due_at` are what the answer made of the item (`exams.repetition`). `id`
    is 0 until it is stored.
    """

    person_id: str
    item_id: str
    version: int
    number: int
    response: Any
    correct: bool
    box: int
    mistakes: int
    due_at: dt.datetime
    answered_at: dt.datetime
    id: int = 0


class PracticeRepository(Protocol):
    """Answers in practice; they are only ever added."""

    def add(self, answer: StoredPracticeAnswer) -> StoredPracticeAnswer | None:
        """Store it, its id chosen; None where the person has an answer of this number already."""
        ...

    def get(self, answer_id: int) -> StoredPracticeAnswer | None: ...
    def latest_of(self, person_id: str) -> Mapping[str, StoredPracticeAnswer]:
        """The person's last answer to each item."""
        ...
