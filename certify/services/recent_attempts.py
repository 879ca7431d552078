"""Attempts as this process stored them last, so that the next answer need not read them again.

What is remembered may be out of date as soon as another process has written. So nothing may be
refused or shown because of it: it only saves the reading where the change is then stored upon
exactly the sequence that is remembered. Events are only ever added, so that a sequence that is
still the newest means the same state. Bounded, and emptied when the database could not be
reached: what is there afterwards may come from a backup.
"""

import threading
from collections import OrderedDict

from certify.exams.attempt import Attempt

MOST_ATTEMPTS = 3000
"""About 25 kB each at the end of a long exam."""


class RecentAttempts:
    """The newest state of each attempt that this process changed. Threads may share it."""

    def __init__(self, most: int = MOST_ATTEMPTS) -> None:
        self._most = most
        self._attempts: OrderedDict[str, Attempt] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, attempt_id: str) -> Attempt | None:
        """What was remembered last, or None."""
        return self._attempts.get(attempt_id)

    def remember(self, attempt: Attempt) -> None:
        """Keep a state that was committed; one that is over is asked for no more."""
        with self._lock:
            if attempt.is_over:
                self._attempts.pop(attempt.id, None)
                return
            self._attempts[attempt.id] = attempt
            self._attempts.move_to_end(attempt.id)
            if len(self._attempts) > self._most:
                self._attempts.popitem(last=False)

    def forget_all(self) -> None:
        """Begin anew."""
        with self._lock:
            self._attempts.clear()
