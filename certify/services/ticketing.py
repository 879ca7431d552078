"""Admission tickets of a session as one PDF, by room and seat."""

import datetime as dt

from certify.exams.exam_session import ExamSession
from certify.papers.admission_tickets import AdmissionTicket, admission_tickets_pdf
from certify.services.context import ServiceContext
from certify.services.ports import Person, SeatEntry
from certify.services.printing_papers import paper_fonts
from certify.services.scheduling import kept_session
from certify.services.versioning import note_event


def print_tickets(
    context: ServiceContext, session_id: str, zone: dt.tzinfo, *, by: Person, room: str = ""
) -> bytes:
    """The tickets of a room, or of all; times are told in `zone`.

    Raises NotFound or FontMissingError.
    """
    with context.database.writing() as work:
        session = kept_session(work, session_id, by)
        entries = work.sessions.entries(session_id, room=room if session.room(room) else "")
        centre = work.people.get(session.centre_id)
        note_event(context, work, by.username, "session.tickets", session_id, str(len(entries)))
        work.commit()
    programme = context.programme_versions[session.programme_code, session.programme_version]
    place = centre.display_name if centre else ""
    tickets = [_ticket(session, entry, programme.title_zh, place, zone) for entry in entries]
    return admission_tickets_pdf(tickets, paper_fonts())


def _ticket(
    session: ExamSession, entry: SeatEntry, title: str, centre: str, zone: dt.tzinfo
) -> AdmissionTicket:
    seat = entry.seat
    begin, end = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    last = session.entry_until.astimezone(zone)
    extra = f"（另加时{seat.extra_seconds // 60}分钟）" if seat.extra_seconds else ""
    same_day = begin.date() == end.date()
    until = f"{end:%H:%M}" if same_day else f"{_day(end)} {end:%H:%M}"
    return AdmissionTicket(
        title=title,
        session=session.title,
        name=entry.display_name,
        admission_number=seat.admission_number,
        username=entry.username,
        centre=centre,
        room=seat.room,
        seat=seat.seat,
        time=f"{_day(begin)} {begin:%H:%M}–{until}{extra}",
        entry=f"{session.entry_from.astimezone(zone):%H:%M}起，{last:%H:%M}后不得入场",
    )


def _day(at: dt.datetime) -> str:
    return f"{at.year}年{at.month}月{at.day}日"
