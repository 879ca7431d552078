"""Exam sessions in words: where one stands, what a candidate does next, what a roster lacks."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

from certify.exams.attempt import AttemptState
from certify.exams.exam_session import SessionState
from certify.grading.roster import RosterProblem
from certify.services.admitting import Sitting

KEEPERS = ("centre", "administrator")
"""Roles that plan and invigilate sessions: a centre its own, administrators all of them."""

STATE_NAMES: dict[str, tuple[LazyString, str]] = {
    SessionState.PLANNED: (lazy_gettext("In preparation"), "neutral"),
    SessionState.OPEN: (lazy_gettext("Doors open"), "success"),
    SessionState.CLOSED: (lazy_gettext("Session over"), "neutral"),
}
"""Word and kind of badge."""

SEAT_STATES: dict[str, tuple[LazyString, str]] = {
    "expected": (lazy_gettext("Not here yet"), "neutral"),
    AttemptState.REGISTERED: (lazy_gettext("Not here yet"), "neutral"),
    AttemptState.ADMITTED: (lazy_gettext("Waiting to start"), "info"),
    AttemptState.RUNNING: (lazy_gettext("In the exam"), "progress"),
    AttemptState.PAUSED: (lazy_gettext("Paused"), "warning"),
    AttemptState.BREAK: (lazy_gettext("In a break"), "info"),
    AttemptState.HANDED_IN: (lazy_gettext("Handed in"), "success"),
    AttemptState.CLOSED: (lazy_gettext("Exam ended"), "neutral"),
    AttemptState.VOIDED: (lazy_gettext("Void"), "error"),
}

ROSTER_SENTENCES: dict[str, LazyString] = {
    "broken_row": lazy_gettext(
        "Expected {expected} cells, found {found}. Check commas and quotation marks."
    ),
    "missing_value": lazy_gettext("The cell is empty. Fill it in."),
    "ruined_number": lazy_gettext(
        "“{value}” is a number that a spreadsheet has rounded. Export the column as text."
    ),
    "id_malformed": lazy_gettext("“{value}” has characters that no identifier has."),
    "id_length": lazy_gettext(
        "“{value}” has {found} digits where most have {expected}. Are leading zeros lost?"
    ),
    "unfit_name": lazy_gettext("“{value}” cannot be printed as a name. Correct it."),
    "bad_extra": lazy_gettext("“{value}” is no number of minutes from 0 to {most}."),
    "unknown_level": lazy_gettext("“{value}” is no level. Use 新手, 成熟 or 精英."),
    "repeated": lazy_gettext("“{value}” stands in row {first_row} as well. Keep one of them."),
    "too_long": lazy_gettext("“{value}” is longer than {most} characters. Shorten it."),
    "unknown_room": lazy_gettext("“{value}” is no room of this session."),
    "room_full": lazy_gettext("Room “{value}” has {seats} seats and more candidates."),
    "seat_taken": lazy_gettext("Seat “{value}” belongs to somebody who is not in this file."),
    "bad_username": lazy_gettext("“{value}” is no user name: 2 to 64 letters, digits or . _ @ -"),
    "other_name": lazy_gettext("The account “{value}” has another name. Use another user name."),
    "not_student": lazy_gettext(
        "The account “{value}” is closed or no student's. Use another user name."
    ),
    "number_taken": lazy_gettext("“{value}” is the number of another candidate of this session."),
    "level_not_offered": lazy_gettext("This level is not sat in the session."),
    "already_started": lazy_gettext(
        "The exam of this candidate has begun. Give more time on the board instead."
    ),
}


def roster_words(problem: RosterProblem) -> str:
    """A problem of a row in the language of the page."""
    return str(ROSTER_SENTENCES[problem.code]).format(**problem.params)


def sitting_phase(sitting: Sitting) -> str:
    """What the candidate can do now: a step of the lobby."""
    session, now = sitting.session, sitting.now
    match sitting.state:
        case AttemptState.HANDED_IN | AttemptState.CLOSED | AttemptState.VOIDED:
            return "done"
        case AttemptState.RUNNING | AttemptState.PAUSED | AttemptState.BREAK:
            return "running"
    if session.state is SessionState.CLOSED or now >= session.ends_at:
        return "over"
    if sitting.state is not None:
        return "wait" if now < session.starts_at else "start"
    if now > session.entry_until:
        return "late"
    if session.state is SessionState.PLANNED or now < session.entry_from:
        return "early"
    return "enter"
