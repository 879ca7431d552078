"""The form of a session: what was typed, read into a draft with everything that does not fit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, request
from flask_babel import gettext

from certify.errors import InvalidField
from certify.exams.exam_session import ExamRoom, ExamSession, ResultMode
from certify.exams.session_paper import SessionPaper
from certify.services.context import ServiceContext
from certify.services.scheduling import SessionDraft, find_draft_faults
from certify.web.problem_words import part_words

LOCAL = "%Y-%m-%dT%H:%M"
ROOM_LINE = re.compile(r"(?P<name>.+?)[\s,，、:：]+(?P<seats>[0-9]{1,4})\s*(?:个?座位?)?")
NO_MOMENT = datetime(1, 1, 1, tzinfo=ZoneInfo("UTC"))
NO_NUMBER = -1
PRINTED, SHUFFLED = "printed", "shuffled"
PAPER_ALONE, THEORY_FIRST = "paper", "theory_first"
MOST_CHOSEN = 100

Errors = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class SessionForm:
    """The fields as they are shown again."""

    title: str = ""
    centre_id: str = ""
    exam: str = ""
    levels: tuple[str, ...] = ()
    starts_at: str = ""
    ends_at: str = ""
    late_minutes: str = "15"
    rooms: str = ""
    networks: str = ""
    config_keys: str = ""
    exam_keys: str = ""
    result_mode: str = ResultMode.AT_ONCE.value
    forms: tuple[str, ...] = ()
    order: str = PRINTED
    parts: str = PAPER_ALONE
    break_minutes: str = "10"

    @classmethod
    def entered(cls) -> SessionForm:
        """What this request brought."""
        form = request.form
        names = (
            "title", "centre_id", "exam", "starts_at", "ends_at", "late_minutes", "rooms",
            "networks", "config_keys", "exam_keys", "result_mode", "order", "parts",
            "break_minutes",
        )  # fmt: skip
        return cls(
            levels=tuple(form.getlist("levels")),
            forms=tuple(form.getlist("forms"))[:MOST_CHOSEN],
            **{name: form.get(name, "").strip()[:10_000] for name in names},
        )

    @classmethod
    def of(cls, session: ExamSession) -> SessionForm:
        """A stored session, to be changed."""
        return cls(
            title=session.title,
            centre_id=session.centre_id,
            exam=session.programme_code,
            levels=session.levels,
            starts_at=session.starts_at.astimezone(exam_zone()).strftime(LOCAL),
            ends_at=session.ends_at.astimezone(exam_zone()).strftime(LOCAL),
            late_minutes=str(session.late_seconds // 60),
            rooms="\n".join(f"{room.name} {room.seats}" for room in session.rooms),
            networks="\n".join(session.networks),
            config_keys="\n".join(session.config_keys),
            exam_keys="\n".join(session.exam_keys),
            result_mode=session.result_mode.value,
            **paper_fields(session.paper),
        )

    def draft(self) -> SessionDraft:
        """The draft; what cannot be read becomes a value that no session may have."""
        late = self.late_minutes
        modes = [mode.value for mode in ResultMode]
        return SessionDraft(
            title=" ".join(self.title.split()),
            centre_id=self.centre_id,
            programme_code=self.exam,
            levels=tuple(dict.fromkeys(self.levels)),
            starts_at=read_moment(self.starts_at),
            ends_at=read_moment(self.ends_at),
            late_minutes=int(late) if re.fullmatch("[0-9]{1,4}", late) else NO_NUMBER,
            rooms=tuple(read_rooms(self.rooms)),
            networks=tuple(self.networks.split()),
            config_keys=tuple(self.config_keys.lower().split()),
            exam_keys=tuple(self.exam_keys.lower().split()),
            result_mode=ResultMode(
                self.result_mode if self.result_mode in modes else ResultMode.AT_ONCE
            ),
            paper=self.paper(),
        )

    def paper(self) -> SessionPaper | None:
        """The paper; none where no form was chosen."""
        if not self.forms:
            return None
        minutes, theory_first = self.break_minutes, self.parts == THEORY_FIRST
        return SessionPaper(
            forms=tuple(dict.fromkeys(self.forms)),
            is_shuffled=self.order == SHUFFLED,
            theory_first=theory_first,
            break_minutes=(int(minutes) if re.fullmatch("[0-9]{1,4}", minutes) else NO_NUMBER)
            if theory_first
            else 0,
        )


def paper_fields(paper: SessionPaper | None) -> dict[str, Any]:
    """The fields of a stored paper."""
    if paper is None:
        return {}
    return {
        "forms": paper.forms,
        "order": SHUFFLED if paper.is_shuffled else PRINTED,
        "parts": THEORY_FIRST if paper.theory_first else PAPER_ALONE,
        **({"break_minutes": str(paper.break_minutes)} if paper.theory_first else {}),
    }


def first_form(now: datetime) -> SessionForm:
    """A new session: two hours tomorrow at nine."""
    day = (now.astimezone(exam_zone()) + timedelta(days=1)).replace(hour=9, minute=0)
    return SessionForm(
        starts_at=day.strftime(LOCAL), ends_at=(day + timedelta(hours=2)).strftime(LOCAL)
    )


def exam_zone() -> ZoneInfo:
    """The zone in which times are typed and shown."""
    return ZoneInfo(current_app.extensions["certify_web_settings"].time_zone)


def read_moment(text: str) -> datetime:
    """A typed date and time in the exam's zone."""
    try:
        return datetime.strptime(text[:16], LOCAL).replace(tzinfo=exam_zone())
    except ValueError:
        return NO_MOMENT


def read_rooms(text: str) -> Iterator[ExamRoom]:
    """One room a line: its name, then its seats."""
    for line in text.splitlines():
        found = ROOM_LINE.fullmatch(line.strip())
        if found:
            yield ExamRoom(found["name"].strip(), int(found["seats"]))
        elif line.strip():
            yield ExamRoom(line.strip(), 0)


def errors_of(context: ServiceContext, draft: SessionDraft) -> Errors:
    """Every fault with how to mend it, at its field."""
    errors = [explain(fault) for fault in find_draft_faults(context, draft)]
    if draft.starts_at == NO_MOMENT:
        errors.insert(0, ("starts_at", gettext("Enter date and time of the beginning")))
    return errors


def explain(fault: InvalidField) -> tuple[str, str]:
    """The field, and how to mend it."""
    name = str(fault.params["field"])
    if name == "forms":
        return name, explain_forms(fault)
    sentences = {
        "title": gettext("Enter a title of 1 to 80 characters"),
        "centre_id": gettext("Choose the test centre"),
        "levels": gettext("Choose at least one level of the programme"),
        "ends_at": gettext("Enter an end after the beginning, within 24 hours"),
        "late_minutes": gettext("Enter whole minutes from 0 to 240"),
        "rooms": gettext("Enter each room once, with its seats, and every room candidates sit in"),
        "networks": gettext("Enter networks such as 10.1.0.0/16, one a line"),
        "config_keys": gettext("Enter keys of 64 hexadecimal digits, one a line"),
        "exam_keys": gettext("Enter keys of 64 hexadecimal digits, one a line"),
        "break_minutes": gettext("Enter whole minutes from 0 to 60"),
    }
    return name, sentences[name]


def explain_forms(fault: InvalidField) -> str:
    """What the chosen forms should have been."""
    sentence = part_words("expected", fault.params["expected"])
    return gettext("These forms cannot be sat here; choose %(expected)s", expected=sentence)
