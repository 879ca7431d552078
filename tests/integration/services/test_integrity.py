"""Page logs, the integrity report of a session and notes on it, on both databases."""

from __future__ import annotations

import datetime as dt
from random import Random

import pytest

from certify.errors import InvalidField, NotFound
from certify.exams.exam_session import ExamSession
from certify.services.administering import add_person
from certify.services.admitting import enter_session, start_sitting
from certify.services.context import ServiceContext
from certify.services.delivering import hand_in, start_attempt
from certify.services.integrity_findings import Signal, findings_from_bytes, findings_to_bytes
from certify.services.integrity_reports import (
    compute_report,
    list_inspectable,
    note_outcome,
    view_candidate,
    view_report,
)
from certify.services.page_logging import (
    KEPT_FOR,
    MOST_AT_ONCE,
    MOST_EVENTS,
    ToldEvent,
    delete_old_evidence,
    log_origin,
    log_page_events,
    read_told,
)
from certify.services.ports import Person
from certify.services.rostering import import_roster
from certify.services.scheduling import create_session, open_session
from certify.services.simulating import SimulatedCandidate
from tests.fakes import FakeClock
from tests.integration.services.form_days import give, make_forms, paper_of, right_at, stored
from tests.integration.services.session_days import HERE, PROGRAMME, make_draft, open_filled
from tests.integration.services.sitting import answer_once

People = dict[str, Person]
QUICK, SLOW = 1.0, 40.0


@pytest.fixture
def centre(people: People) -> Person:
    return people["centre"]


@pytest.fixture
def session(context: ServiceContext, centre: Person) -> ExamSession:
    return open_filled(context, centre)


def candidates_of(context: ServiceContext, session: ExamSession) -> list[str]:
    with context.database.reading() as work:
        return [seat.candidate_id for seat in work.sessions.seats(session.id)]


def start(context: ServiceContext, clock: FakeClock, session: ExamSession, who: str) -> str:
    clock.now = session.starts_at
    with context.database.reading() as work:
        seat = work.sessions.seat(session.id, who)
    assert seat is not None
    enter_session(context, who, session.id, HERE, code=session.code_of(seat.room))
    return start_sitting(context, who, session.id, HERE)


def answer(
    context: ServiceContext, clock: FakeClock, who: str, attempt_id: str, seconds: list[float]
) -> None:
    """As many answers as times; then hand in."""
    candidate = SimulatedCandidate(0.5, Random(3))
    for spent in seconds:
        clock.advance(seconds=spent)
        assert answer_once(context, who, attempt_id, candidate)
    hand_in(context, who, attempt_id)


def told(key: str, **changes: float | str) -> ToldEvent:
    values = {"kind": "away", "ago_seconds": 30.0, "seconds": 20.0, **changes}
    return ToldEvent(key, **values)  # type: ignore[arg-type]


NONSENSE = [
    [told("a", kind="origin")],
    [told("a", seconds=-1.0)],
    [told("a", ago_seconds=float("nan"))],
    [told("a", seconds=1e9)],
    [told("")],
    [told("x" * 65)],
    [told("换")],
    [told(str(number)) for number in range(MOST_AT_ONCE + 1)],
]


def test_a_report_tells_times_windows_origins_and_stays_as_computed(
    context: ServiceContext, clock: FakeClock, session: ExamSession, people: People
) -> None:
    first, second, _ = candidates_of(context, session)
    attempt_id = start(context, clock, session, first)
    clock.advance(seconds=100)
    for key in "abcde":
        assert log_page_events(context, first, attempt_id, [told(key)])
    assert log_page_events(context, first, attempt_id, [told("x", kind="offline", seconds=4)])
    for origin in ("aa", "bb", "aa"):
        log_origin(context, first, attempt_id, origin)
    answer(context, clock, first, attempt_id, [QUICK] * 4 + [SLOW] * 6)
    other = start(context, clock, session, second)
    answer(context, clock, second, other, [SLOW] * 16)

    steps: list[tuple[int, int]] = []
    found = compute_report(context, session.id, people["auditor"], lambda *step: steps.append(step))
    assert steps[0] == (1, 4) and steps[-1] == (4, 4)
    assert findings_from_bytes(findings_to_bytes(found)) == found
    marked, quiet = found.candidates
    assert (marked.candidate_id, quiet.candidate_id) == (first, second)
    assert (marked.answered, marked.judged, marked.rapid) == (10, 10, 3)
    assert marked.effort == pytest.approx(0.7)
    assert (marked.away_times, marked.away_seconds) == (5, 100.0)
    assert (marked.offline_times, marked.offline_seconds, marked.origins) == (1, 4.0, 2)
    assert set(marked.signals) == {Signal.RAPID, Signal.AWAY, Signal.ORIGIN}
    assert (quiet.rapid, quiet.effort, quiet.signals) == (0, 1.0, ())
    assert marked.fit is None and quiet.fit is not None and found.is_provisional
    assert found.open_exams == 0

    view = view_report(context, session.id, people["administrator"])
    assert view.report is not None and view.report.findings == found
    assert (view.report.author, view.ended) == (people["auditor"].username, 2)
    clock.advance(days=1)
    compute_report(context, session.id, people["centre"])
    with context.database.reading() as work:
        trail = work.audit.page(number=1, size=9, action="integrity").rows
    assert [event.actor for event in trail] == [
        people["centre"].username,
        people["auditor"].username,
    ]


def test_the_evidence_of_one_candidate_comes_with_the_course_of_the_exam(
    context: ServiceContext, clock: FakeClock, session: ExamSession, centre: Person
) -> None:
    first = candidates_of(context, session)[0]
    attempt_id = start(context, clock, session, first)
    answer(context, clock, first, attempt_id, [SLOW] * 4)
    with pytest.raises(NotFound):
        view_candidate(context, session.id, first, centre)
    compute_report(context, session.id, centre)
    view = view_candidate(context, session.id, first, centre)
    assert [item.seconds for item in view.conduct.items] == [SLOW] * 4 + [None]
    assert set(view.report.findings.thresholds) >= {i.item_id for i in view.conduct.items}
    assert view.told == () and view.notes == ()
    with pytest.raises(NotFound):
        view_candidate(context, session.id, "nobody", centre)


def test_neighbours_who_share_their_errors_on_a_form_are_marked(
    context: ServiceContext, clock: FakeClock, centre: Person
) -> None:
    paper = paper_of(make_forms(context, counts={"single": 24, "block": 0}))
    planned = create_session(context, make_draft(context, centre, paper=paper), centre)
    rows = "".join(f"2026{n:04d},考生{n},,第一考场,{n},\n" for n in range(1, 11))
    roster = f"准考证号,姓名,用户名,考场,座位,加时(分钟)\n{rows}"
    import_roster(context, planned.id, roster.encode(), "roster.csv", by=centre)
    session = open_session(context, planned.id, centre)
    copied: dict[str, list[str]] = {}
    for number, who in enumerate(candidates_of(context, session), start=1):
        attempt_id = start(context, clock, session, who)
        random = Random(number)
        for served in stored(context, attempt_id).served:
            clock.advance(seconds=SLOW)
            right = right_at(context, attempt_id, served.position)
            wrong = sorted(set(served.option_order) - set(right))
            said = [random.choice(wrong)] if random.random() < 0.7 else right
            if number in (4, 5):
                said = copied.setdefault(served.item_id, said)
            give(context, who, attempt_id, served.position, said)
        hand_in(context, who, attempt_id)
    found = compute_report(context, session.id, centre)
    assert (found.tests + found.near_tests, found.near_tests) == (45, 9)
    (pair,) = [one for one in found.pairs if one.is_marked]
    assert pair.is_near and pair.identical == pair.both_wrong > pair.expected
    seats = {found.candidate(one).seat for one in (pair.first, pair.second)}  # type: ignore[union-attr]
    assert seats == {"4", "5"}
    # all items of a form are served at once: the time of each runs from the answer before it
    view = view_candidate(context, session.id, pair.first, centre)
    assert {item.seconds for item in view.conduct.items} == {SLOW}


def test_an_exam_that_runs_is_left_out_and_counted(
    context: ServiceContext, clock: FakeClock, session: ExamSession, centre: Person
) -> None:
    start(context, clock, session, candidates_of(context, session)[0])
    found = compute_report(context, session.id, centre)
    assert (found.candidates, found.open_exams) == ((), 1)


def test_a_note_is_kept_audited_and_changes_nothing_else(
    context: ServiceContext, clock: FakeClock, session: ExamSession, people: People
) -> None:
    first = candidates_of(context, session)[0]
    attempt_id = start(context, clock, session, first)
    answer(context, clock, first, attempt_id, [SLOW] * 3)
    compute_report(context, session.id, people["centre"])
    with context.database.reading() as work:
        before = (work.attempts.entry(attempt_id), work.results.get(attempt_id))
    note_outcome(context, session.id, first, people["auditor"], "look_closer", " 看录像 ")
    note_outcome(context, session.id, first, people["centre"], "no_action", "生病")
    with context.database.reading() as work:
        assert (work.attempts.entry(attempt_id), work.results.get(attempt_id)) == before
        trail = work.audit.page(number=1, size=5, action="integrity.note").rows
    assert [(event.subject, event.detail) for event in trail] == [
        (attempt_id, "no_action"),
        (attempt_id, "look_closer"),
    ]
    notes = view_candidate(context, session.id, first, people["centre"]).notes
    assert {(note.author, note.text) for note in notes} == {
        (people["auditor"].username, "看录像"),
        (people["centre"].username, "生病"),
    }
    assert first in view_report(context, session.id, people["centre"]).outcomes
    for outcome, text in (("guilty", "x"), ("no_action", "  "), ("referred", "x" * 1001)):
        with pytest.raises(InvalidField):
            note_outcome(context, session.id, first, people["centre"], outcome, text)


def test_somebody_elses_session_looks_like_none(
    context: ServiceContext, session: ExamSession, people: People
) -> None:
    other = add_person(
        context, username="other", display_name="B", password="not a demo", roles=["centre"]
    )
    first = candidates_of(context, session)[0]
    for refused in (
        lambda who: view_report(context, session.id, who),
        lambda who: compute_report(context, session.id, who),
        lambda who: view_candidate(context, session.id, first, who),
        lambda who: note_outcome(context, session.id, first, who, "no_action", "x"),
    ):
        for who in (other, people["student"], people["teacher"]):
            with pytest.raises(NotFound):
                refused(who)
    assert list_inspectable(context, other).total == 0
    assert list_inspectable(context, people["auditor"]).total == 1
    with pytest.raises(NotFound):
        note_outcome(context, session.id, other.id, people["auditor"], "no_action", "x")


def test_what_a_page_tells_is_bounded_and_idempotent(
    context: ServiceContext, clock: FakeClock, session: ExamSession
) -> None:
    first, second, _ = candidates_of(context, session)
    attempt_id = start(context, clock, session, first)
    clock.advance(seconds=10)
    with context.database.reading() as work:
        before = work.attempts.get(attempt_id)
    # what began before the start counts from the start, and lasts no longer than it can have
    assert log_page_events(context, first, attempt_id, [told("a", seconds=9999.0)] * 2)
    with context.database.reading() as work:
        (kept,) = work.integrity.page_events([attempt_id])[attempt_id]
    assert (kept.at, kept.seconds) == (session.starts_at, 10.0)
    for number in range(0, MOST_EVENTS + 2 * MOST_AT_ONCE, MOST_AT_ONCE):
        batch = [told(f"n{number + each}") for each in range(MOST_AT_ONCE)]
        log_page_events(context, first, attempt_id, batch)
    log_origin(context, first, attempt_id, "late")
    with context.database.reading() as work:
        stored = work.integrity.page_events([attempt_id])[attempt_id]
        # no event is added to the attempt, so that no answer in flight has to be tried again
        assert work.attempts.get(attempt_id) == before
    assert len(stored) == MOST_EVENTS + 1
    for nonsense in NONSENSE:
        with pytest.raises(InvalidField):
            log_page_events(context, first, attempt_id, nonsense)
    with pytest.raises(NotFound):
        log_page_events(context, second, attempt_id, [])
    with pytest.raises(NotFound):
        log_origin(context, second, attempt_id, "x")


def test_outside_of_sessions_and_after_the_end_nothing_is_kept(
    context: ServiceContext, clock: FakeClock, session: ExamSession
) -> None:
    first, second, _ = candidates_of(context, session)
    alone = start_attempt(context, second, PROGRAMME, "proficient")
    assert not log_page_events(context, second, alone, [told("a")])
    log_origin(context, second, alone, "aa")
    attempt_id = start(context, clock, session, first)
    clock.advance(seconds=40)
    hand_in(context, first, attempt_id)
    clock.advance(seconds=20)
    assert log_page_events(context, first, attempt_id, [told("late"), told("b", ago_seconds=5.0)])
    log_origin(context, first, attempt_id, "aa")
    clock.advance(minutes=3)
    assert not log_page_events(context, first, attempt_id, [told("c")])
    with context.database.reading() as work:
        kept = work.integrity.page_events([alone, attempt_id])
    assert [event.key for event in kept[attempt_id]] == ["page late"]
    assert alone not in kept


def test_evidence_is_deleted_after_its_time(
    context: ServiceContext, clock: FakeClock, session: ExamSession, centre: Person
) -> None:
    first = candidates_of(context, session)[0]
    attempt_id = start(context, clock, session, first)
    clock.advance(seconds=50)
    log_page_events(context, first, attempt_id, [told("a")])
    compute_report(context, session.id, centre)
    clock.now += KEPT_FOR
    assert delete_old_evidence(context) == 0
    clock.now += dt.timedelta(seconds=1)
    assert delete_old_evidence(context) == 2
    assert view_report(context, session.id, centre).report is None


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {"events": {}},
        {"events": [1]},
        {"events": [{"key": "a", "kind": "away", "ago_seconds": "1", "seconds": 1}]},
        {"events": [{"key": "a", "kind": "away", "ago_seconds": True, "seconds": 1}]},
        {"events": [{}] * 21},
    ],
)
def test_json_of_another_shape_is_refused(data: object) -> None:
    with pytest.raises(InvalidField):
        read_told(data)


def test_json_of_a_page_is_read() -> None:
    entry = {"key": "a", "kind": "away", "ago_seconds": 3, "seconds": 2.5}
    assert read_told({"events": [entry]}) == (ToldEvent("a", "away", 3.0, 2.5),)
