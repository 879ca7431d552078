"""Rosters against the rooms and accounts of a session, on both databases."""

from __future__ import annotations

import pytest

from certify.exams.exam_session import ExamRoom
from certify.services.context import ServiceContext
from certify.services.ports import Person
from certify.services.rostering import check_roster, import_roster
from certify.services.scheduling import create_session
from tests.integration.services.session_days import ROSTER, make_draft

People = dict[str, Person]


@pytest.fixture
def centre(people: People) -> Person:
    return people["centre"]


def test_a_dry_run_changes_nothing(context: ServiceContext, people: People, centre: Person) -> None:
    session = create_session(context, make_draft(context, centre), centre)
    checked = check_roster(context, session.id, ROSTER.encode("gb18030"), "r.csv", by=centre)
    assert checked.count("added") == 3 and checked.passwords == ()
    with context.database.reading() as work:
        assert work.sessions.count(session.id).seats == 0
        assert work.people.find("202611200102") is None


def test_rows_that_do_not_fit_are_reported_and_the_others_taken(
    context: ServiceContext, people: People, centre: Person
) -> None:
    session = create_session(context, make_draft(context, centre), centre)
    roster = """准考证号,姓名,用户名,考场,座位,加时(分钟)
101,林晓雨,teacher,第一考场,1,
102,别人,student,第一考场,2,
103,张三,,第九考场,3,
104,李四,坏 名字,第一考场,4,
105,王五,,第一考场,5,
"""
    done = import_roster(context, session.id, roster.encode(), "r.csv", by=centre)
    assert [(p.row, p.code) for p in done.problems] == [
        (2, "not_student"),
        (3, "other_name"),
        (4, "unknown_room"),
        (5, "bad_username"),
    ]
    assert [line.username for line in done.lines] == ["105"]


def test_a_room_holds_no_more_than_its_seats(
    context: ServiceContext, people: People, centre: Person
) -> None:
    draft = make_draft(context, centre, rooms=(ExamRoom("一", 1),))
    session = create_session(context, draft, centre)
    roster = "准考证号,姓名,考场,座位\n101,张三,一,1\n102,李四,一,2\n"
    done = import_roster(context, session.id, roster.encode(), "r.csv", by=centre)
    assert [(p.row, p.code) for p in done.problems] == [(3, "room_full")]
    seat_taken = "准考证号,姓名,考场,座位\n103,王五,一,1\n"
    done = import_roster(context, session.id, seat_taken.encode(), "r.csv", by=centre)
    assert [p.code for p in done.problems] == ["seat_taken"]
