"""The invigilator's board: live, with what may be done to exams, messages and incident notes.

It lives on server-sent events that hold no thread: each connection gets the present board, if it
is another one than the browser has, and ends; the browser comes back after a few seconds by
itself. A server with a handful of threads so serves any number of boards. Without scripts the page
is loaded anew by hand.
"""

from __future__ import annotations

import hashlib
import json
from typing import Final

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from certify.errors import InvalidField
from certify.services.invigilating import (
    LONGEST_TEXT,
    MOST_MINUTES,
    Board,
    BoardAction,
    act_on_exams,
    broadcast,
    note_incident,
    view_board,
)
from certify.web.auth import current_person, require_roles, service_context
from certify.web.session_words import KEEPERS, SEAT_STATES, STATE_NAMES

bp = Blueprint("board", __name__)

COME_BACK_MS: Final = 4000
"""After how long the browser asks for the next event."""
SHOWN_FIRST = ("running", "paused", "break", "admitted", "expected", "handed_in", "closed")


@bp.get("/<session_id>/board")
@require_roles(*KEEPERS)
def show(session_id: str) -> str:
    """The board of a room, the first one unless another is asked for."""
    board = asked_board(session_id)
    return render_template("sessions/board.html", **page_of(board))


@bp.get("/<session_id>/board/stream")
@require_roles(*KEEPERS)
def stream(session_id: str) -> Response:
    """One event with the board where it changed since the last one, and when to come back."""
    board = asked_board(session_id)
    html = render_template("sessions/board_live.html", **page_of(board))
    digest = hashlib.sha256(state_of(board).encode()).hexdigest()[:16]
    body = f"retry: {COME_BACK_MS}\n\n"
    if request.headers.get("Last-Event-ID") != digest:
        body += f"event: board\nid: {digest}\ndata: {json.dumps({'html': html})}\n\n"
    response = current_app.response_class(body, content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    # a proxy must not keep the event back
    response.headers["X-Accel-Buffering"] = "no"
    return response


@bp.post("/<session_id>/board")
@require_roles(*KEEPERS)
def act(session_id: str) -> Response:
    """Pause, resume, extend or end exams of the room, chosen or all."""
    form, room = request.form, request.form.get("room", "")
    chosen = form.getlist("candidate")
    name = form.get("action", "")
    if name not in list(BoardAction) or (form.get("whom") != "all" and not chosen):
        flash(gettext("Choose candidates, or the whole room, and an action."), "error")
        return back_to_board(session_id, room)
    try:
        outcome = act_on_exams(
            service_context(),
            session_id,
            current_person(),
            BoardAction(name),
            candidate_ids=() if form.get("whom") == "all" else chosen,
            room=room,
            minutes=form.get("minutes", 0, type=int),
            reason=form.get("reason", ""),
        )
    except InvalidField as fault:
        flash(fault_words(fault), "error")
        return back_to_board(session_id, room)
    done = ngettext("%(num)s exam was changed.", "%(num)s exams were changed.", outcome.done)
    skipped = gettext("%(num)s stayed as they are.", num=outcome.skipped)
    flash(f"{done} {skipped}" if outcome.skipped else done, "success" if outcome.done else "info")
    return back_to_board(session_id, room)


@bp.post("/<session_id>/messages")
@require_roles(*KEEPERS)
def message(session_id: str) -> Response:
    """Say something to the candidates, or write down what happened."""
    form, room = request.form, request.form.get("room", "")
    text, context, person = form.get("text", ""), service_context(), current_person()
    try:
        if form.get("kind") == "incident":
            candidate_id = form.get("candidate_id", "")
            note_incident(context, session_id, person, text, room=room, candidate_id=candidate_id)
            flash(gettext("The note was kept."))
        else:
            broadcast(context, session_id, person, text, room=room)
            flash(gettext("The message is on its way to the candidates' pages."))
    except InvalidField as fault:
        flash(fault_words(fault), "error")
    return back_to_board(session_id, room)


def asked_board(session_id: str) -> Board:
    """The board of the room in the address; `all` rooms have their own word."""
    context, person = service_context(), current_person()
    room = request.args.get("room", "")
    board = view_board(context, session_id, person, room=room)
    if room or len(board.session.rooms) < 2:
        return board
    return view_board(context, session_id, person, room=board.session.rooms[0].name)


def page_of(board: Board) -> dict[str, object]:
    names = {seat.candidate_id: f"{seat.seat} {seat.name}" for seat in board.seats}
    return {
        "board": board,
        "session": board.session,
        "states": STATE_NAMES,
        "seat_states": SEAT_STATES,
        "shown_states": [state for state in SHOWN_FIRST if board.counts.get(state)],
        "names": names,
        "most_minutes": MOST_MINUTES,
        "longest_text": LONGEST_TEXT,
    }


def state_of(board: Board) -> str:
    """What makes a board another one; clocks that only run on do not."""
    seats = [
        (s.candidate_id, s.state, s.is_connected, s.answered, s.granted_seconds)
        for s in board.seats
    ]
    return repr((board.session.state, seats, [notice.id for notice in board.notices]))


def fault_words(fault: InvalidField) -> str:
    if fault.params["field"] == "minutes":
        return gettext("Enter whole minutes from 1 to %(num)s", num=MOST_MINUTES)
    if fault.params["field"] == "reason":
        return gettext("Enter a reason of 1 to %(num)s characters", num=LONGEST_TEXT)
    return gettext("Enter a text of 1 to %(num)s characters", num=LONGEST_TEXT)


def back_to_board(session_id: str, room: str) -> Response:
    address = url_for("sessions.board.show", session_id=session_id, room=room or "*")
    return redirect(address, code=303)
