"""Geometry of one exam's course, drawn as inline SVG: lanes of bars over time.

Only numbers and places; words and colours belong to the templates and the style sheet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from certify.exams.conduct import ItemConduct
from certify.exams.events import AttemptEvent, EventKind
from certify.services.integrity_reports import CandidateView
from certify.services.page_logging import PageEventKind

WIDTH = 720.0
LEFT, RIGHT, TOP = 128.0, 16.0, 12.0
LANE_HEIGHT, BAR_HEIGHT = 34.0, 20.0
SLIMMEST = 3.0
"""A moment is as wide as this, so that it can be seen."""
MINUTE_STEPS = (1, 2, 5, 10, 15, 30, 60, 120)
MOST_TICKS = 9

LANES = ("answers", "away", "offline", "origins", "pages", "paused")


@dataclass(frozen=True, slots=True)
class Bar:
    """From where to where; `kind` names the look."""

    x: float
    width: float
    kind: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One line of the chart: its code, the middle of its height, and what happened when."""

    code: str
    y: float
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class TimeTick:
    """A place on the axis and its minutes from the beginning."""

    x: float
    minutes: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """The chart of one exam. `minutes` is its whole length."""

    width: float
    height: float
    left: float
    ground: float
    bar_height: float
    lanes: tuple[Lane, ...]
    ticks: tuple[TimeTick, ...]
    minutes: float


@dataclass(frozen=True, slots=True)
class _Scale:
    start: dt.datetime
    seconds: float

    def bar(self, since: dt.datetime, lasted: float, kind: str) -> Bar:
        left = self.place((since - self.start).total_seconds())
        right = self.place((since - self.start).total_seconds() + lasted)
        return Bar(round(left, 1), round(max(right - left, SLIMMEST), 1), kind)

    def place(self, seconds: float) -> float:
        share = min(max(seconds / self.seconds, 0.0), 1.0)
        return LEFT + share * (WIDTH - LEFT - RIGHT)


def exam_timeline(view: CandidateView) -> Timeline:
    """Lay out what is known of one exam over the time that it took."""
    start, end = _span(view.events)
    scale = _Scale(start, max((end - start).total_seconds(), 1.0))
    bars: Mapping[str, Iterable[Bar]] = {
        "answers": _answers(view.conduct.items, view.report.findings.thresholds, scale),
        "away": _told(view, PageEventKind.AWAY, scale),
        "offline": _told(view, PageEventKind.OFFLINE, scale),
        "origins": _told(view, PageEventKind.ORIGIN, scale),
        "pages": (
            scale.bar(event.at, 0.0, "page")
            for event in view.events
            if event.kind is EventKind.CONNECTED
        ),
        "paused": _pauses(view.events, end, scale),
    }
    lanes = tuple(
        Lane(code, TOP + (number + 0.5) * LANE_HEIGHT, tuple(bars[code]))
        for number, code in enumerate(LANES)
    )
    ground = TOP + len(LANES) * LANE_HEIGHT
    return Timeline(
        width=WIDTH,
        height=ground + 28.0,
        left=LEFT,
        ground=ground,
        bar_height=BAR_HEIGHT,
        lanes=lanes,
        ticks=_ticks(scale),
        minutes=scale.seconds / 60.0,
    )


def is_rapid(item: ItemConduct, thresholds: Mapping[str, float]) -> bool:
    """Whether an answer came faster than the report's threshold of its item."""
    return item.seconds is not None and item.seconds < thresholds.get(item.item_id, 0.0)


def _span(events: Sequence[AttemptEvent]) -> tuple[dt.datetime, dt.datetime]:
    started = next((e.at for e in events if e.kind is EventKind.STARTED), events[0].at)
    ended = next((e.at for e in reversed(events) if e.kind is EventKind.ENDED), events[-1].at)
    return started, ended


def _answers(
    items: Iterable[ItemConduct], thresholds: Mapping[str, float], scale: _Scale
) -> Iterable[Bar]:
    for item in items:
        if item.answered_at is None or item.seconds is None:
            continue
        since = item.answered_at - dt.timedelta(seconds=item.seconds)
        kind = "rapid" if is_rapid(item, thresholds) else "right" if item.correct else "wrong"
        bar = scale.bar(since, item.seconds, kind)
        # a hair between neighbours tells one item from the next
        yield Bar(bar.x, max(bar.width - 1.0, 1.5), kind)


def _told(view: CandidateView, kind: PageEventKind, scale: _Scale) -> Iterable[Bar]:
    return (scale.bar(e.at, e.seconds, kind.value) for e in view.told if e.kind == kind)


def _pauses(events: Sequence[AttemptEvent], end: dt.datetime, scale: _Scale) -> Iterable[Bar]:
    """Pauses, and breaks between parts."""
    since: dt.datetime | None = None
    for event in events:
        if event.kind in (EventKind.PAUSED, EventKind.PART_ENDED):
            since = since or event.at
        elif event.kind in (EventKind.RESUMED, EventKind.PART_STARTED) and since is not None:
            yield scale.bar(since, (event.at - since).total_seconds(), "paused")
            since = None
    if since is not None:
        yield scale.bar(since, (end - since).total_seconds(), "paused")


def _ticks(scale: _Scale) -> tuple[TimeTick, ...]:
    minutes = scale.seconds / 60.0
    step = next((s for s in MINUTE_STEPS if minutes / s <= MOST_TICKS), MINUTE_STEPS[-1])
    return tuple(
        TimeTick(round(scale.place(at * 60.0), 1), at) for at in range(0, int(minutes) + 1, step)
    )
