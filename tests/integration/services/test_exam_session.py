"""A session from planning to released results, on both databases."""

from __future__ import annotations

import datetime as dt
from random import Random

import pytest

from certify.errors import (
    InvalidField,
    NotFound,
    ResultHeld,
    SessionRunning,
    SessionStarted,
    SessionWithoutCandidates,
)
from certify.exams.admission_errors import (
    EntryTooEarly,
    EntryTooLate,
    NotAdmitted,
    OtherExamRunning,
    SessionOver,
    StartTooEarly,
    WrongAccessCode,
    WrongNetwork,
)
from certify.exams.attempt import AttemptState
from certify.exams.exam_session import ExamSession, ResultMode, SessionState
from certify.services.administering import add_person, authenticate
from certify.services.admitting import (
    check_visit,
    enter_session,
    list_sittings,
    start_sitting,
    take_pulse,
    view_sitting,
)
from certify.services.attempt_history import list_attempts
from certify.services.concluding import conclude_ended_attempts, concluded_result
from certify.services.context import ServiceContext
from certify.services.delivering import (
    close_due_attempts,
    hand_in,
    start_attempt,
    view_attempt,
)
from certify.services.invigilating import (
    BoardAction,
    act_on_exams,
    broadcast,
    note_incident,
    view_board,
)
from certify.services.ports import Person
from certify.services.rostering import import_roster
from certify.services.scheduling import (
    close_session,
    create_session,
    edit_session,
    get_session,
    list_sessions,
    open_session,
    release_results,
)
from certify.services.simulating import SimulatedCandidate
from tests.fakes import FakeClock
from tests.integration.services.session_days import (
    HERE,
    PROGRAMME,
    ROSTER,
    fill,
    make_draft,
    open_filled,
)
from tests.integration.services.sitting import answer_once

People = dict[str, Person]


@pytest.fixture
def centre(people: People) -> Person:
    return people["centre"]


@pytest.fixture
def opened(context: ServiceContext, centre: Person) -> ExamSession:
    return open_filled(context, centre)


def other_centre(context: ServiceContext) -> Person:
    return add_person(
        context,
        username="kaodian2",
        display_name="远山考点",
        password="not a demo",
        roles=["centre"],
    )


def walk_in(context: ServiceContext, clock: FakeClock, session: ExamSession, who: Person) -> str:
    """Enter in time and start at the beginning."""
    clock.now = session.starts_at
    code = session.code_of("第一考场")
    enter_session(context, who.id, session.id, HERE, code=code)
    return start_sitting(context, who.id, session.id, HERE)


def test_a_session_from_planning_to_results(
    context: ServiceContext, people: People, centre: Person, clock: FakeClock
) -> None:
    student = people["student"]
    session = create_session(
        context, make_draft(context, centre, result_mode=ResultMode.HELD), centre
    )
    assert session.state is SessionState.PLANNED and not session.release_digest
    with pytest.raises(SessionWithoutCandidates):
        open_session(context, session.id, centre)
    done = fill(context, session, centre)
    assert done.count("added") == 3 and done.problems == ()
    assert [entry.username for entry in done.passwords] == ["202611200102", "202611200201"]
    assert authenticate(context, "202611200201", done.passwords[1].password).display_name == (
        "𬎆·买买提"
    )
    again = fill(context, session, centre)
    assert again.count("unchanged") == 3 and again.passwords == ()

    session = open_session(context, session.id, centre)
    with context.database.reading() as work:
        newest = work.releases.newest()
    assert newest is not None and session.release_digest == newest.digest
    with pytest.raises(SessionStarted):
        edit_session(context, session.id, make_draft(context, centre), centre)

    attempt_id = walk_in(context, clock, session, student)
    assert start_sitting(context, student.id, session.id, HERE) == attempt_id
    view = view_attempt(context, student.id, attempt_id)
    assert view.state is AttemptState.RUNNING
    with context.database.reading() as work:
        attempt = work.attempts.get(attempt_id)
    assert attempt is not None and attempt.session_id == session.id
    assert attempt.extra_seconds == 600
    assert attempt.started_terms.window_end == session.ends_at
    assert attempt.started_terms.release_digest == session.release_digest

    candidate = SimulatedCandidate(1.2, Random(1))
    while answer_once(context, student.id, attempt_id, candidate):
        pass
    conclude_ended_attempts(context)
    with pytest.raises(ResultHeld):
        concluded_result(context, student.id, attempt_id)
    (listed,) = list_attempts(context, student.id)
    assert listed["placed_level"] is None and listed["credential_id"] is None
    with context.database.reading() as work:
        assert work.credentials.of_attempt(attempt_id) is None

    assert close_session(context, session.id, centre).state is SessionState.CLOSED
    assert release_results(context, session.id, centre).released_at is not None
    assert concluded_result(context, student.id, attempt_id).decision.placed_level
    (listed,) = list_attempts(context, student.id)
    assert listed["placed_level"] is not None


def test_the_door_opens_at_its_time_with_the_right_code_only(
    context: ServiceContext, people: People, centre: Person, clock: FakeClock
) -> None:
    student = people["student"]
    session = open_filled(context, centre, networks=("10.1.0.0/16",))
    code = session.code_of("第一考场")
    with pytest.raises(EntryTooEarly):
        enter_session(context, student.id, session.id, HERE, code=code)
    clock.now = session.entry_from
    with pytest.raises(WrongAccessCode):
        enter_session(context, student.id, session.id, HERE, code=session.code_of("第二考场"))
    elsewhere = type(HERE)("10.2.0.1", HERE.url)
    with pytest.raises(WrongNetwork):
        enter_session(context, student.id, session.id, elsewhere, code=code)
    with pytest.raises(NotAdmitted):
        start_sitting(context, student.id, session.id, HERE)
    enter_session(context, student.id, session.id, HERE, code=f" {code.lower()} ")
    enter_session(context, student.id, session.id, HERE, code="whatever")
    assert view_sitting(context, student.id, session.id).state is AttemptState.ADMITTED
    with pytest.raises(StartTooEarly):
        start_sitting(context, student.id, session.id, HERE)
    clock.now = session.starts_at + dt.timedelta(minutes=16)
    attempt_id = start_sitting(context, student.id, session.id, HERE)
    check_visit(context, student.id, attempt_id, HERE)
    with pytest.raises(WrongNetwork):
        check_visit(context, student.id, attempt_id, elsewhere)


def test_late_comers_stay_outside_and_late_starters_end_with_the_window(
    context: ServiceContext, people: People, opened: ExamSession, clock: FakeClock
) -> None:
    """Pain 12: the limit is the earlier of the own time and the window."""
    student = people["student"]
    code = opened.code_of("第一考场")
    clock.now = opened.entry_until + dt.timedelta(seconds=1)
    with pytest.raises(EntryTooLate):
        enter_session(context, student.id, opened.id, HERE, code=code)
    clock.now = opened.entry_until
    enter_session(context, student.id, opened.id, HERE, code=code)
    clock.now = opened.ends_at - dt.timedelta(minutes=5)
    attempt_id = start_sitting(context, student.id, opened.id, HERE)
    # five minutes of the window and the ten granted beforehand
    assert view_attempt(context, student.id, attempt_id).remaining_seconds == 900
    clock.now = opened.ends_at
    with pytest.raises(SessionOver):
        enter_session(context, student_of(context, "202611200102"), opened.id, HERE, code=code)


def student_of(context: ServiceContext, username: str) -> str:
    with context.database.reading() as work:
        found = work.people.find(username)
    assert found is not None
    return found[0].id


def test_nobody_enters_a_session_of_others(
    context: ServiceContext, people: People, opened: ExamSession, clock: FakeClock
) -> None:
    clock.now = opened.starts_at
    stranger = add_person(
        context, username="fremd", display_name="路人", password="long enough", roles=["student"]
    )
    assert list_sittings(context, stranger.id) == ()
    with pytest.raises(NotFound):
        view_sitting(context, stranger.id, opened.id)
    with pytest.raises(NotFound):
        enter_session(context, stranger.id, opened.id, HERE, code=opened.code_of("第一考场"))
    attempt_id = walk_in(context, clock, opened, people["student"])
    with pytest.raises(NotFound):
        take_pulse(context, stranger.id, attempt_id)
    with pytest.raises(NotFound):
        check_visit(context, stranger.id, attempt_id, HERE)


def test_a_centre_keeps_its_own_sessions_only(
    context: ServiceContext, people: People, opened: ExamSession
) -> None:
    stranger = other_centre(context)
    assert list_sessions(context, stranger).total == 0
    assert list_sessions(context, people["administrator"]).total == 1
    for attempt in (
        lambda: get_session(context, opened.id, stranger),
        lambda: view_board(context, opened.id, stranger),
        lambda: act_on_exams(context, opened.id, stranger, BoardAction.END, reason="x"),
        lambda: broadcast(context, opened.id, stranger, "x"),
        lambda: note_incident(context, opened.id, stranger, "x"),
        lambda: close_session(context, opened.id, stranger),
        lambda: release_results(context, opened.id, stranger),
        lambda: import_roster(context, opened.id, ROSTER.encode(), "r.csv", by=stranger),
        lambda: view_board(context, opened.id, people["student"]),
        lambda: view_board(context, opened.id, people["teacher"]),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_a_centre_cannot_plan_for_another(context: ServiceContext, people: People) -> None:
    stranger = other_centre(context)
    session = create_session(context, make_draft(context, people["centre"]), stranger)
    assert session.centre_id == stranger.id


def test_the_board_pauses_extends_and_ends(
    context: ServiceContext, people: People, opened: ExamSession, clock: FakeClock, centre: Person
) -> None:
    student = people["student"]
    attempt_id = walk_in(context, clock, opened, student)
    answer_once(context, student.id, attempt_id, SimulatedCandidate(1.2, Random(1)))
    board = view_board(context, opened.id, centre, room="第一考场")
    assert [seat.state for seat in board.seats] == ["running", "expected"]
    assert board.seats[0].answered == 1 and board.connected == 1
    before = view_attempt(context, student.id, attempt_id).remaining_seconds

    assert act_on_exams(context, opened.id, centre, BoardAction.PAUSE, reason="断电").done == 1
    assert act_on_exams(context, opened.id, centre, BoardAction.PAUSE, reason="断电").done == 0
    clock.advance(minutes=20)
    assert take_pulse(context, student.id, attempt_id).state is AttemptState.PAUSED
    assert act_on_exams(context, opened.id, centre, BoardAction.RESUME).done == 1
    assert view_attempt(context, student.id, attempt_id).remaining_seconds == before
    extended = act_on_exams(
        context,
        opened.id,
        centre,
        BoardAction.EXTEND,
        candidate_ids=[student.id],
        minutes=5,
        reason="设备故障",
    )
    assert extended.done == 1
    assert view_attempt(context, student.id, attempt_id).remaining_seconds == before + 300
    with pytest.raises(SessionRunning):
        close_session(context, opened.id, centre)
    assert act_on_exams(context, opened.id, centre, BoardAction.END, reason="违纪").done == 1
    assert view_attempt(context, student.id, attempt_id).state is AttemptState.CLOSED
    with context.database.reading() as work:
        actions = [event.action for event in work.audit.page(number=1, size=50).rows]
    for action in ("pause", "resume", "extend", "end"):
        assert actions.count(f"attempt.{action}") == 1


def test_actions_need_a_reason_and_candidates_of_the_session(
    context: ServiceContext, people: People, opened: ExamSession, centre: Person
) -> None:
    with pytest.raises(InvalidField):
        act_on_exams(context, opened.id, centre, BoardAction.PAUSE, reason=" ")
    with pytest.raises(InvalidField):
        act_on_exams(context, opened.id, centre, BoardAction.EXTEND, minutes=0, reason="x")
    with pytest.raises(NotFound):
        act_on_exams(
            context,
            opened.id,
            centre,
            BoardAction.END,
            candidate_ids=[people["teacher"].id],
            reason="x",
        )


def test_a_message_reaches_its_room_and_a_note_no_candidate(
    context: ServiceContext, people: People, opened: ExamSession, clock: FakeClock, centre: Person
) -> None:
    student = people["student"]
    attempt_id = walk_in(context, clock, opened, student)
    broadcast(context, opened.id, centre, "还有\n三十分钟", room="第一考场")
    broadcast(context, opened.id, centre, "请保持安静", room="第二考场")
    note_incident(context, opened.id, centre, "换了一台电脑", candidate_id=student.id)
    said = [notice.text for notice in take_pulse(context, student.id, attempt_id).messages]
    assert said == ["还有 三十分钟"]
    noted = [notice.text for notice in view_board(context, opened.id, centre).notices]
    assert sorted(noted) == sorted(["还有 三十分钟", "请保持安静", "换了一台电脑"])


def test_presence_fades_without_a_sign(
    context: ServiceContext, people: People, opened: ExamSession, clock: FakeClock, centre: Person
) -> None:
    attempt_id = walk_in(context, clock, opened, people["student"])
    clock.advance(minutes=3)
    assert view_board(context, opened.id, centre).connected == 0
    take_pulse(context, people["student"].id, attempt_id)
    assert view_board(context, opened.id, centre).connected == 1


def test_a_candidate_in_another_exam_of_the_programme_cannot_start(
    context: ServiceContext, people: People, opened: ExamSession, clock: FakeClock
) -> None:
    student = people["student"]
    clock.now = opened.starts_at
    start_attempt(context, student.id, PROGRAMME, "novice")
    enter_session(context, student.id, opened.id, HERE, code=opened.code_of("第一考场"))
    with pytest.raises(OtherExamRunning):
        start_sitting(context, student.id, opened.id, HERE)


def test_the_server_closes_at_the_end_of_the_window(
    context: ServiceContext, people: People, opened: ExamSession, clock: FakeClock, centre: Person
) -> None:
    attempt_id = walk_in(context, clock, opened, people["student"])
    clock.now = opened.ends_at + dt.timedelta(hours=1)
    assert close_due_attempts(context) == 1
    assert view_attempt(context, people["student"].id, attempt_id).state is AttemptState.CLOSED
    close_session(context, opened.id, centre)


def test_a_hand_in_by_the_candidate_stays(
    context: ServiceContext, people: People, opened: ExamSession, clock: FakeClock, centre: Person
) -> None:
    attempt_id = walk_in(context, clock, opened, people["student"])
    hand_in(context, people["student"].id, attempt_id)
    outcome = act_on_exams(context, opened.id, centre, BoardAction.EXTEND, minutes=5, reason="x")
    assert outcome.done == 0 and outcome.skipped == 3


def test_extra_time_of_a_running_exam_is_not_changed_by_a_file(
    context: ServiceContext, people: People, opened: ExamSession, clock: FakeClock, centre: Person
) -> None:
    walk_in(context, clock, opened, people["student"])
    changed = ROSTER.replace("第一考场,1,10", "第一考场,1,20")
    done = import_roster(context, opened.id, changed.encode(), "r.csv", by=centre)
    assert [p.code for p in done.problems] == ["already_started"]
