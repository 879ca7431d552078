"""What exam pages tell about themselves, and from where they ask; kept beside the attempt.

Of exams in sessions only, whose candidates are told of it in the lobby. It decides nothing, and no
transcript holds it: a report shows it as evidence, and after `KEPT_FOR` it is deleted.
"""

import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from certify.errors import InvalidField, Phrase
from certify.exams.attempt import Attempt
from certify.services.context import ServiceContext
from certify.services.delivering import own_attempt
from certify.services.ports import PageEvent

MOST_AT_ONCE: Final = 20
MOST_EVENTS: Final = 400
"""Of one attempt; whoever switches windows more often than that is known well enough."""
MOST_ORIGINS: Final = 50
"""Beyond `MOST_EVENTS`, so that a page cannot crowd out what the server itself sees."""
LONGEST_SECONDS: Final = 24 * 3600
LATEST: Final = dt.timedelta(minutes=2)
"""After the end: what happened just before it may still be on its way."""
KEPT_FOR: Final = dt.timedelta(days=180)
_KEY: Final = re.compile(r"[!-~]{1,64}")


class PageEventKind(StrEnum):
    """What is told."""

    AWAY = "away"
    """The window was hidden or another one was in front, and for how long."""
    OFFLINE = "offline"
    """The browser had no connection, and for how long."""
    ORIGIN = "origin"
    """A browser or a network that had not asked before; seen by the server."""


PAGE_KINDS: Final = (PageEventKind.AWAY, PageEventKind.OFFLINE)


@dataclass(frozen=True, slots=True)
class ToldEvent:
    """One event as a page told it: it began `ago_seconds` before it was sent."""

    key: str
    kind: str
    ago_seconds: float
    seconds: float


def log_page_events(
    context: ServiceContext, candidate_id: str, attempt_id: str, told: Sequence[ToldEvent]
) -> bool:
    """Keep what a page told; the same key again changes nothing. Whether it is wanted at all.

    Times are the server's: the page says only how long ago. What lies before the start counts from
    the start; nothing is kept of exams outside sessions, nor of what comes after the end. Raises
    NotFound or InvalidField.
    """
    _check(told)
    with context.database.writing() as work:
        attempt = own_attempt(work, candidate_id, attempt_id)
        if not attempt.session_id or attempt.started_at is None:
            return False
        now = context.clock()
        end = attempt.ended_at or now
        if now - end > LATEST:
            return False
        events = [event for one in told if (event := _placed(one, attempt, now)).at <= end]
        if work.integrity.add_page_events(attempt_id, events, now, most=MOST_EVENTS):
            work.commit()
    return True


def log_origin(context: ServiceContext, candidate_id: str, attempt_id: str, origin: str) -> bool:
    """Keep that a running exam is asked for by a browser or a network unknown so far.

    `origin` is a hash of both that means nothing outside this attempt. False before the start:
    then it is to be told again. Raises NotFound.
    """
    with context.database.writing() as work:
        attempt = own_attempt(work, candidate_id, attempt_id)
        if not attempt.session_id or attempt.started_at is None or attempt.is_over:
            return attempt.started_at is not None
        now = context.clock()
        # the hash is the key: a browser that comes back is no new origin
        event = PageEvent(f"origin {origin}", PageEventKind.ORIGIN.value, now, 0.0, origin)
        most = MOST_EVENTS + MOST_ORIGINS
        if work.integrity.add_page_events(attempt_id, [event], now, most=most):
            work.commit()
        return True


def delete_old_evidence(context: ServiceContext) -> int:
    """Delete page logs and reports that were kept long enough; how many rows."""
    with context.database.writing() as work:
        count = work.integrity.delete_before(context.clock() - KEPT_FOR)
        work.commit()
    return count


def read_told(data: object) -> tuple[ToldEvent, ...]:
    """The events in the JSON of a page. Raises InvalidField."""
    entries = data.get("events") if isinstance(data, Mapping) else None
    if not isinstance(entries, list) or not all(isinstance(one, Mapping) for one in entries):
        raise _unfit(Phrase("a list of mappings"), type(entries).__name__)
    if len(entries) > MOST_AT_ONCE:
        raise _unfit(_range(0, MOST_AT_ONCE), len(entries))
    return tuple(
        ToldEvent(
            str(entry.get("key", "")),
            str(entry.get("kind", "")),
            _seconds(entry.get("ago_seconds")),
            _seconds(entry.get("seconds")),
        )
        for entry in entries
    )


def _seconds(found: object) -> float:
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise _unfit(Phrase("a number"), repr(found)[:80])
    return float(found)


def _check(told: Sequence[ToldEvent]) -> None:
    if len(told) > MOST_AT_ONCE:
        raise _unfit(_range(0, MOST_AT_ONCE), len(told))
    for one in told:
        for number in (one.ago_seconds, one.seconds):
            if not (math.isfinite(number) and 0 <= number <= LONGEST_SECONDS):
                raise _unfit(_range(0, LONGEST_SECONDS), number)
        if one.kind not in PAGE_KINDS:
            choices = ", ".join(PAGE_KINDS)
            raise _unfit(Phrase("one of {choices}", {"choices": choices}), one.kind[:80])
        if not _KEY.fullmatch(one.key):
            raise _unfit(Phrase("1 to {highest} characters", {"highest": 64}), repr(one.key[:80]))


def _range(lowest: int, highest: int) -> Phrase:
    return Phrase("{lowest} to {highest}", {"lowest": lowest, "highest": highest})


def _placed(one: ToldEvent, attempt: Attempt, now: dt.datetime) -> PageEvent:
    began = now - dt.timedelta(seconds=one.ago_seconds)
    ended = min(began + dt.timedelta(seconds=one.seconds), now)
    at = max(began, attempt.started_at or began)
    lasted = max((ended - at).total_seconds(), 0.0)
    return PageEvent(f"page {one.key}", one.kind, at, lasted, "")


def _unfit(expected: Phrase, found: object) -> InvalidField:
    return InvalidField(field="events", expected=expected, found=found)
