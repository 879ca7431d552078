"""What happens to an attempt, as rows that are only ever added (ADR 0002 and 0012).

An event says what was decided or received, by whom and when by the server's clock. `attempt.apply`
folds events into the attempt's state; nothing else changes it.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class EventKind(StrEnum):
    """The kinds, in the order in which they first happen; `data` of each in brackets."""

    REGISTERED = "registered"
    """A seat in a session (extra_seconds granted beforehand)."""
    ADMITTED = "admitted"
    """Let in by access code or by an invigilator."""
    STARTED = "started"
    """The clock runs (the terms of the exam)."""
    CONNECTED = "connected"
    """A page was opened; answers of older pages are refused from now on (client)."""
    SERVED = "served"
    """An item is given, stored before it is shown (position, item, options, targets, pretest)."""
    ANSWERED = "answered"
    """An answer was received (position, response, revision, final, client, correct)."""
    FLAGGED = "flagged"
    """The candidate marks an item to come back to (position, flagged)."""
    PAUSED = "paused"
    """The clock stands still (reason)."""
    RESUMED = "resumed"
    """The clock runs on."""
    EXTENDED = "extended"
    """More time (seconds, reason)."""
    PART_ENDED = "part_ended"
    """A part is handed in or its time is over; the break before the next begins (reason)."""
    PART_STARTED = "part_started"
    """The next part's clock runs (part, counted from 0)."""
    ENDED = "ended"
    """Nothing more is accepted (reason)."""
    VOIDED = "voided"
    """The attempt does not count (reason)."""


@dataclass(frozen=True, slots=True)
class AttemptEvent:
    """One event. `sequence` counts from 1 without gaps; `actor` is empty for the engine itself.

    No two events of an attempt carry the same `idempotency_key`, the empty one excepted.
    """

    sequence: int
    kind: EventKind
    at: dt.datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    actor: str = ""
    idempotency_key: str = ""
