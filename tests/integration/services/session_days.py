"""A session of two rooms, planned, filled and opened through the use cases."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from certify.exams.exam_session import ExamRoom, ExamSession, Visit
from certify.services.context import ServiceContext
from certify.services.ports import Person
from certify.services.rostering import RosterImport, import_roster
from certify.services.scheduling import SessionDraft, create_session, open_session

PROGRAMME = "estorm-comprehensive"
HERE = Visit("10.1.2.3", "http://localhost/lobby")
ROSTER = """准考证号,姓名,用户名,考场,座位,加时(分钟)
202611200101,林晓雨,student,第一考场,1,10
202611200102,王小明,,第一考场,2,
202611200201,𬎆·买买提,,第二考场,1,0
"""


def make_draft(context: ServiceContext, centre: Person, **changes: Any) -> SessionDraft:
    """A session that begins in an hour, lasts two hours and takes late comers for 15 minutes."""
    begin = context.clock() + dt.timedelta(hours=1)
    draft = SessionDraft(
        title="十一月第一场",
        centre_id=centre.id,
        programme_code=PROGRAMME,
        levels=("proficient",),
        starts_at=begin,
        ends_at=begin + dt.timedelta(hours=2),
        late_minutes=15,
        rooms=(ExamRoom("第一考场", 30), ExamRoom("第二考场", 30)),
    )
    return replace(draft, **changes)


def fill(context: ServiceContext, session: ExamSession, by: Person) -> RosterImport:
    """Seats for the demo's student and two new candidates."""
    return import_roster(context, session.id, ROSTER.encode(), "roster.csv", by=by)


def open_filled(context: ServiceContext, centre: Person, **changes: Any) -> ExamSession:
    """An open session with three candidates."""
    session = create_session(context, make_draft(context, centre, **changes), centre)
    fill(context, session, centre)
    return open_session(context, session.id, centre)
