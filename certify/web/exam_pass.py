"""The exam pass: lets a candidate go on with one attempt, whatever becomes of the login.

It stands in the signed session cookie from the moment the attempt is opened, so that answering
needs no look at the account: an answer is never refused because a login expired in mid-exam. It is
good for the endpoints marked with `@require_exam_pass` and for that attempt alone; signing out
takes it away.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import g, request, session

from certify.services.ports import Person
from certify.web.viewer import Viewer

View = TypeVar("View", bound=Callable[..., Any])

MARK = "certify_exam_pass"
SESSION_KEY = "exam_pass"
ROLE = frozenset({"student"})


def require_exam_pass(view: View) -> View:
    """Mark an endpoint of one attempt as open to the bearer of its pass as well.

    Stands above the mark of the roles, which holds for everybody else.
    """
    setattr(view, MARK, True)
    return view


def grant_exam_pass(attempt_id: str, person: Person) -> None:
    """Give this browser the pass of one attempt; a former one is void."""
    if session.get(SESSION_KEY) != [attempt_id, person.id, person.display_name]:
        session[SESSION_KEY] = [attempt_id, person.id, person.display_name]


def enter_by_pass(view: Callable[..., Any]) -> bool:
    """Whether the request bears the pass of the attempt it asks for; then it is let in."""
    attempt_id = (request.view_args or {}).get("attempt_id", "")
    granted = pass_of(session, attempt_id) if getattr(view, MARK, False) else None
    if granted is None:
        return False
    g.candidate_id = granted[1]
    g.viewer = Viewer(identity=granted[1], display_name=granted[2], roles=ROLE)
    return True


def pass_of(session: Mapping[str, Any], attempt_id: str) -> list[str] | None:
    """Attempt, candidate and name, if the session holds the pass of this attempt."""
    granted = session.get(SESSION_KEY)
    is_good = isinstance(granted, list) and len(granted) == 3 and granted[0] == attempt_id
    return granted if is_good else None
