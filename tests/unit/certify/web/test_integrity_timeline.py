"""Where the bars of one exam's course stand: answers, windows, pauses, ticks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from certify.exams.commands import Transition
from certify.exams.conduct import conduct_of
from certify.services.integrity_findings import ComputedReport, IntegrityFindings
from certify.services.integrity_reports import CandidateView
from certify.services.ports import PageEvent
from certify.web.integrity_timeline import LEFT, RIGHT, SLIMMEST, WIDTH, Bar, exam_timeline
from tests.factories import AT, begin, make_answer, make_item, serve, tick

INNER = WIDTH - LEFT - RIGHT


def view_of(transition: Transition, *told: PageEvent, **thresholds: float) -> CandidateView:
    limits = {name.replace("_", "-"): seconds for name, seconds in thresholds.items()}
    findings = IntegrityFindings((), (), 0, 0, 0, False, limits)
    nothing: Any = None
    return CandidateView(
        session=nothing,
        report=ComputedReport(AT, "lead", findings),
        evidence=nothing,
        pairs=(),
        conduct=conduct_of(transition.events),
        events=tuple(transition.events),
        told=told,
        notes=(),
    )


def sat() -> Transition:
    """A hundred seconds: 20 on an item, a pause of 30, 40 on the next, 9 to hand in."""
    transition = begin()
    serve(transition, make_item("i-1"))
    tick(transition, 19)
    transition.answer(make_answer(1), 1)
    transition.pause("fire", "centre")
    tick(transition, 30)
    transition.resume("centre")
    serve(transition, make_item("i-2"))
    tick(transition, 40)
    transition.answer(make_answer(2, ("a",)), 0)
    tick(transition, 9)
    transition.hand_in()
    return transition


def lane(view: CandidateView, code: str) -> tuple[Bar, ...]:
    return next(lane.bars for lane in exam_timeline(view).lanes if lane.code == code)


def share(bar: Bar) -> tuple[float, float]:
    """From where to where, in hundredths of the exam."""
    start = 100 * (bar.x - LEFT) / INNER
    return round(start), round(start + 100 * bar.width / INNER)


def test_answers_stand_where_they_were_worked_at() -> None:
    first, second = lane(view_of(sat(), i_2=50.0), "answers")
    assert (share(first), first.kind) == ((1, 20), "right")
    assert (share(second), second.kind) == ((51, 91), "rapid")
    assert lane(view_of(sat()), "answers")[1].kind == "wrong"


def test_a_pause_is_drawn_and_one_that_never_ended_lasts_to_the_end() -> None:
    assert [share(bar) for bar in lane(view_of(sat()), "paused")] == [(20, 50)]
    transition = begin()
    tick(transition, 50)
    transition.pause("fire", "centre")
    tick(transition, 50)
    transition.void("fire", "centre")
    assert [share(bar) for bar in lane(view_of(transition), "paused")] == [(50, 100)]


def test_a_moment_can_be_seen_and_nothing_leaves_the_frame() -> None:
    away = PageEvent("k", "away", AT, 1e6, "")
    late = replace(away, key="l", at=AT.replace(year=2028), seconds=5.0)
    origin = replace(away, key="o", kind="origin", seconds=0.0)
    view = view_of(sat(), away, late, origin)
    bars = lane(view, "away")
    assert share(bars[0]) == (0, 100)
    assert bars[1].x == WIDTH - RIGHT
    assert lane(view, "origins")[0].width == SLIMMEST


def test_ticks_are_few_and_begin_at_nought() -> None:
    transition = begin()
    tick(transition, 44 * 60)
    transition.hand_in()
    chart = exam_timeline(view_of(transition))
    assert [tick.minutes for tick in chart.ticks] == [0, 5, 10, 15, 20, 25, 30, 35, 40]
    assert chart.ticks[0].x == LEFT
    assert chart.start == AT
