"""Who is let into a session, when, where and by which code."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certify.exams.admission_errors import (
    AdmissionRefused,
    EntryTooEarly,
    EntryTooLate,
    LevelNotOffered,
    SecureBrowserMismatch,
    SecureBrowserMissing,
    SessionNotOpen,
    SessionOver,
    StartTooEarly,
    WrongAccessCode,
    WrongNetwork,
)
from certify.exams.exam_session import (
    ExamRoom,
    ExamSession,
    ResultMode,
    SessionSeat,
    SessionState,
    Visit,
    browser_hash,
    check_entry,
    check_place,
    check_start,
    level_of,
)
from tests.factories import AT

URL = "https://exam.example/lobby/1/enter"
HERE = Visit("10.1.2.3", URL)
KEY, OTHER_KEY = "0f" * 32, "1e" * 32
SEAT = SessionSeat("session", "candidate", "101", "一", "1", 0, "", "attempt")


def make_session(**changes: Any) -> ExamSession:
    """Open, from AT for two hours, late entry for 15 minutes."""
    session = ExamSession(
        id="session",
        title="第一场",
        centre_id="centre",
        programme_code="estorm-comprehensive",
        programme_version=1,
        levels=("novice",),
        starts_at=AT,
        ends_at=AT + dt.timedelta(hours=2),
        late_seconds=900,
        rooms=(ExamRoom("一", 30, "ROOM01"), ExamRoom("二", 30)),
        access_code="HALL99",
        opened_at=AT - dt.timedelta(days=1),
        release_digest="d" * 64,
    )
    return replace(session, **changes)


def enter(session: ExamSession, minutes: float, code: str = "ROOM01", **changes: Any) -> None:
    seat = replace(SEAT, **changes)
    check_entry(session, seat, HERE, code, AT + dt.timedelta(minutes=minutes))


def test_states_follow_the_stamps() -> None:
    assert make_session(opened_at=None).state is SessionState.PLANNED
    assert make_session().state is SessionState.OPEN
    assert make_session(closed_at=AT).state is SessionState.CLOSED


def test_results_are_held_until_released() -> None:
    assert not make_session().holds_results
    held = make_session(result_mode=ResultMode.HELD)
    assert held.holds_results and not replace(held, released_at=AT).holds_results


@pytest.mark.parametrize("minutes", [-30, 0, 15])
def test_the_door_is_open_from_half_an_hour_before_to_the_late_limit(minutes: float) -> None:
    enter(make_session(), minutes)


@pytest.mark.parametrize(
    ("minutes", "error"),
    [(-30.1, EntryTooEarly), (15.1, EntryTooLate), (120, SessionOver), (500, SessionOver)],
)
def test_outside_of_its_times_the_door_is_shut(
    minutes: float, error: type[AdmissionRefused]
) -> None:
    with pytest.raises(error):
        enter(make_session(), minutes)


def test_late_entry_never_goes_beyond_the_end() -> None:
    session = make_session(late_seconds=100_000)
    assert session.entry_until == session.ends_at


def test_a_planned_or_closed_session_lets_nobody_in() -> None:
    with pytest.raises(SessionNotOpen):
        enter(make_session(opened_at=None), 0)
    with pytest.raises(SessionOver):
        enter(make_session(closed_at=AT), 0)


def test_a_room_with_a_code_of_its_own_takes_no_other() -> None:
    """An access code is not reused outside the room."""
    for code in ("HALL99", "", "room"):
        with pytest.raises(WrongAccessCode):
            enter(make_session(), 0, code)
    enter(make_session(), 0, "HALL99", room="二")
    enter(make_session(), 0, "HALL99", room="removed later")


@given(st.sampled_from(["room01", " ROOM01 ", "ROOM-01", "ＲＯＯＭ０１", "r o o m 0 1"]))
def test_codes_are_compared_as_people_write_them(code: str) -> None:
    enter(make_session(), 0, code)


def test_a_session_without_any_code_lets_nobody_in() -> None:
    with pytest.raises(WrongAccessCode):
        enter(make_session(access_code=""), 0, "", room="二")


@pytest.mark.parametrize("address", ["10.1.0.1", "::ffff:10.1.0.1", "2001:db8::7"])
def test_addresses_of_the_networks_are_let_in(address: str) -> None:
    session = make_session(networks=("10.1.0.0/16", "2001:db8::/32"))
    check_place(session, Visit(address, URL))


@pytest.mark.parametrize("address", ["10.2.0.1", "::1", "", "unknown", "10.1.0.1, 10.2.0.1"])
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(WrongNetwork):
        check_place(make_session(networks=("10.1.0.0/16",)), Visit(address, URL))


def test_the_hash_is_that_of_the_documentation() -> None:
    """SHA-256 of URL and key, the URL without its fragment."""
    # printf '%s' "$URL$KEY" | sha256sum
    assert browser_hash(URL, KEY) == (
        "209f46d43565d07681b6abce9be27ff4441b64aea7c55f5c86682fff0df146ca"
    )
    assert browser_hash(URL + "#top", KEY) == browser_hash(URL, KEY)
    assert browser_hash(URL + "?a=1", KEY) != browser_hash(URL, KEY)


def test_a_secure_browser_is_told_by_its_key() -> None:
    session = make_session(config_keys=(OTHER_KEY, KEY))
    check_place(session, Visit("", URL, config_key_hash=browser_hash(URL, KEY).upper()))
    with pytest.raises(SecureBrowserMissing):
        check_place(session, HERE)
    with pytest.raises(SecureBrowserMismatch):
        check_place(session, Visit("", URL, config_key_hash=browser_hash(URL + "x", KEY)))


def test_both_kinds_of_keys_must_fit_where_both_are_asked() -> None:
    session = make_session(config_keys=(KEY,), exam_keys=(OTHER_KEY,))
    config, exam = browser_hash(URL, KEY), browser_hash(URL, OTHER_KEY)
    check_place(session, Visit("", URL, config, exam))
    with pytest.raises(SecureBrowserMissing):
        check_place(session, Visit("", URL, config))
    with pytest.raises(SecureBrowserMismatch):
        check_place(session, Visit("", URL, config, config))


def test_a_start_waits_for_the_beginning_and_not_for_the_late_limit() -> None:
    with pytest.raises(StartTooEarly):
        check_start(make_session(), HERE, AT - dt.timedelta(seconds=1))
    check_start(make_session(), HERE, AT)
    check_start(make_session(), HERE, AT + dt.timedelta(minutes=119))
    with pytest.raises(SessionOver):
        check_start(make_session(), HERE, AT + dt.timedelta(minutes=120))


def test_the_level_is_the_seats_the_only_one_or_chosen() -> None:
    two = make_session(levels=("novice", "elite"))
    assert level_of(two, replace(SEAT, level="elite"), "novice") == "elite"
    assert level_of(make_session(), SEAT, "elite") == "novice"
    assert level_of(two, SEAT, "novice") == "novice"
    with pytest.raises(LevelNotOffered):
        level_of(two, SEAT, "")
