"""The exam page: the current item, its answer, and handing in.

Works as a plain form; the exam script only saves drafts in between. What an answer does to an
attempt is decided by `services.delivering`.
"""

from __future__ import annotations

import re
import uuid
from typing import Any

from flask import (
    Blueprint,
    abort,
    flash,
    get_flashed_messages,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext
from werkzeug.wrappers import Response

from certify.exams.attempt import AttemptState
from certify.exams.errors import AttemptEnded, StaleResponse, WrongPosition
from certify.services.delivering import (
    AttemptView,
    ItemView,
    close_if_overdue,
    hand_in,
    is_readable_number,
    save_response,
    view_attempt,
)
from certify.web.auth import current_person, require_roles, service_context
from certify.web.display import localised
from certify.web.exam_page import ExamItemPage, ItemType, ResponseOption
from certify.web.markdown import render_inline, render_markdown
from certify.web.vocabulary import level_name
from question_bank.errors import MalformedResponse

bp = Blueprint("attempts", __name__, url_prefix="/attempts")

NOTICE = "exam-notice"
LETTERS = "ABCDE"
IDEMPOTENCY_KEY = re.compile(r"[!-~]{1,100}")
LARGEST_REVISION = 2**31 - 1
ITEM_TYPES: dict[str, ItemType] = {
    "single": "single",
    "multiple": "multiple",
    "true_false": "true_false",
    "numeric": "numeric",
}


@bp.get("/<attempt_id>")
@require_roles("student")
def show(attempt_id: str) -> Response | str:
    """The current item with its saved answer; the result once the exam is over."""
    view = own_attempt(attempt_id)
    if view.item is None:
        return to_result(attempt_id)
    notices = get_flashed_messages(category_filter=[NOTICE])
    return show_item(view, view.item, view.response, notice=notices[0] if notices else "")


@bp.post("/<attempt_id>")
@require_roles("student")
def answer(attempt_id: str) -> Response | str | tuple[str, int]:
    """Take the final answer to one item and go on to the next."""
    view = own_attempt(attempt_id)
    if view.item is None:
        return to_result(attempt_id)
    position, revision, idempotency_key = read_place()
    response = read_response(view.item)
    if position == view.item.position:
        if is_blank(response) and "confirm_blank" not in request.form:
            return show_item(view, view.item, response, confirm_blank=True)
        error = number_error(view.item, response)
        if error:
            return show_item(view, view.item, response, error=error), 422
    try:
        acknowledgement = save_response(
            service_context(),
            current_person().id,
            attempt_id,
            position=position,
            response=response,
            is_final=True,
            revision=revision + 1,
            idempotency_key=idempotency_key,
        )
    except AttemptEnded:
        return to_result(attempt_id)
    except (WrongPosition, StaleResponse) as problem:
        flash(notice_of(problem), NOTICE)
        return to_exam(attempt_id)
    except MalformedResponse:
        error = gettext("This answer does not fit the item. Answer again.")
        return show_item(view, view.item, view.response, error=error), 422
    running = acknowledgement.state is AttemptState.RUNNING
    return to_exam(attempt_id) if running else to_result(attempt_id)


@bp.get("/<attempt_id>/hand-in")
@require_roles("student")
def confirm_hand_in(attempt_id: str) -> Response | str:
    """What handing in early means, before it is done."""
    view = own_attempt(attempt_id)
    if view.item is None:
        return to_result(attempt_id)
    return render_template(
        "attempts/hand_in.html",
        view=view,
        exam_name=exam_name(view),
        has_answer=bool(view.revision) and not is_blank(view.response),
        least_items=view.programme.exam(view.level).min_items,
    )


@bp.post("/<attempt_id>/hand-in")
@require_roles("student")
def finish(attempt_id: str) -> Response:
    """End the exam. When a page reports that time is up, the server's clock has the last word."""
    view = own_attempt(attempt_id)
    if view.item is not None and request.form.get("reason") == "time":
        return to_exam(attempt_id)
    if view.item is not None:
        hand_in(service_context(), current_person().id, attempt_id)
    return to_result(attempt_id)


def own_attempt(attempt_id: str) -> AttemptView:
    """The attempt, closed and decided if its time is over. Raises NotFound."""
    view = view_attempt(service_context(), current_person().id, attempt_id)
    if view.state is not AttemptState.RUNNING:
        close_if_overdue(service_context(), attempt_id)
    return view


def to_exam(attempt_id: str) -> Response:
    return redirect(url_for("attempts.show", attempt_id=attempt_id), code=303)


def to_result(attempt_id: str) -> Response:
    return redirect(url_for("results.show", attempt_id=attempt_id), code=303)


# --- what the form says --------------------------------------------------------------------


def read_place() -> tuple[int, int, str]:
    """Position, revision and idempotency key, which the page itself put into the form."""
    position = request.form.get("position", type=int)
    revision = request.form.get("revision", type=int)
    idempotency_key = request.form.get("idempotency_key", "")
    if position is None or revision is None or not 0 <= revision < LARGEST_REVISION:
        abort(400)
    if not IDEMPOTENCY_KEY.fullmatch(idempotency_key):
        abort(400)
    return position, revision, idempotency_key


def read_response(item: ItemView) -> Any:
    if item.type == "numeric":
        return {"value": request.form.get("answer", "").strip()}
    return request.form.getlist("answer")


def is_blank(response: Any) -> bool:
    return not (response.get("value") if isinstance(response, dict) else response)


def number_error(item: ItemView, response: Any) -> str:
    """What is wrong with a typed number, or nothing: a slip of the keyboard is no wrong answer."""
    if item.type != "numeric" or is_blank(response) or is_readable_number(response["value"]):
        return ""
    return gettext("Enter a number without words or units, for example 12.5")


def notice_of(problem: WrongPosition | StaleResponse) -> str:
    if isinstance(problem, WrongPosition):
        return gettext("That item was already answered in another window. This is the current one.")
    return gettext("This item was answered in another window. The latest saved answer is shown.")


# --- what the page shows -------------------------------------------------------------------


def show_item(view: AttemptView, item: ItemView, response: Any, **state: Any) -> str:
    return render_template("exam/item.html", page=item_page(view, item, response, **state))


def item_page(view: AttemptView, item: ItemView, response: Any, **state: Any) -> ExamItemPage:
    chosen = set(response) if isinstance(response, list) else set()
    typed = response.get("value", "") if isinstance(response, dict) else ""
    return ExamItemPage(
        exam_name=localised(view.programme, "title"),
        attempt_id=view.id,
        position=item.position,
        item_type=ITEM_TYPES[item.type],
        stem=render_markdown(item.stem),
        remaining_seconds=view.remaining_seconds,
        revision=view.revision,
        idempotency_key=str(uuid.uuid4()),
        submit_address=url_for("attempts.answer", attempt_id=view.id),
        hand_in_address=url_for("attempts.confirm_hand_in", attempt_id=view.id),
        options=tuple(
            ResponseOption(option_id, letter, render_inline(text), option_id in chosen)
            for letter, (option_id, text) in zip(LETTERS, item.options, strict=False)
        ),
        value=typed,
        unit=item.unit,
        decimals=item.decimals,
        part_name=gettext("%(level)s, theory exam", level=level_name(view.level)),
        **state,
    )


def exam_name(view: AttemptView) -> str:
    return gettext(
        "%(programme)s: %(level)s",
        programme=localised(view.programme, "title"),
        level=level_name(view.level),
    )
