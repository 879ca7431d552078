"""Which rooms the header offers to whom.

A room appears when the viewer has one of its roles and its page is registered, so the
header never holds a dead link. It is no access control: every page checks for itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app, request, url_for
from flask_babel import LazyString, lazy_gettext

from certify.web.viewer import Viewer, current_viewer

EVERYBODY = frozenset({"student", "teacher", "auditor", "centre", "administrator"})


@dataclass(frozen=True, slots=True)
class Room:
    """One entry of the navigation; `public` rooms need no sign-in."""

    endpoint: str
    label: LazyString
    roles: frozenset[str]
    public: bool = False


@dataclass(frozen=True, slots=True)
class RoomLink:
    label: str
    address: str
    current: bool


ROOMS: tuple[Room, ...] = (
    Room("exams.index", lazy_gettext("My exams"), frozenset({"student"})),
    Room("practice.index", lazy_gettext("Practice"), frozenset({"student"})),
    Room("results.index", lazy_gettext("Results and certificates"), frozenset({"student"})),
    Room("items.index", lazy_gettext("Item bank"), frozenset({"teacher"})),
    Room("sessions.index", lazy_gettext("Exam sessions"), frozenset({"centre", "administrator"})),
    Room("grading.index", lazy_gettext("Grading"), frozenset({"centre"})),
    Room("auditing.index", lazy_gettext("Audit"), frozenset({"auditor", "administrator"})),
    Room("people.index", lazy_gettext("People"), frozenset({"administrator"})),
    Room("verifying.index", lazy_gettext("Verify a certificate"), EVERYBODY, public=True),
)


def init_app(app: Flask) -> None:
    app.context_processor(navigation_variables)


def navigation_variables() -> dict[str, object]:
    viewer = current_viewer()
    return {"viewer": viewer, "rooms": rooms_for(viewer)}


def rooms_for(viewer: Viewer | None) -> list[RoomLink]:
    """The rooms this viewer may enter, in the order of ROOMS."""
    roles = viewer.roles if viewer else frozenset()
    return [
        RoomLink(str(room.label), url_for(room.endpoint), is_current(room))
        for room in ROOMS
        if room.endpoint in current_app.view_functions and (room.public or roles & room.roles)
    ]


def is_current(room: Room) -> bool:
    return (request.endpoint or "").split(".")[0] == room.endpoint.split(".")[0]
