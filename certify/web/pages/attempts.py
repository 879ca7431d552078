"""The exam page: the current item, its answer, and handing in.

Works as a plain form; the exam script only saves drafts in between. What an answer does to an
attempt is decided by `services.delivering`.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
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
from certify.exams.commands import NewAnswer
from certify.exams.errors import (
    AttemptEnded,
    AttemptNotRunning,
    OlderPage,
    StaleResponse,
    WrongPosition,
)
from certify.services.attempt_views import AttemptView, FormProgress
from certify.services.delivering import (
    close_if_due,
    hand_in,
    open_attempt,
    save_response,
    view_attempt,
    view_file,
)
from certify.services.raw_responses import is_blank_response
from certify.services.showing import ItemView
from certify.web.auth import current_candidate_id, require_roles, service_context
from certify.web.display import localised
from certify.web.exam_page import ExamItemPage
from certify.web.exam_pass import require_exam_pass
from certify.web.form_map import map_sections
from certify.web.item_files import exam_pictures, send_file
from certify.web.pages.form_items import (
    flag_if_asked,
    item_address,
    lead_on,
    review_address,
    save_if_new,
)
from certify.web.task_answers import read_response, response_error
from certify.web.task_rendering import render_task
from certify.web.vocabulary import level_name
from question_bank.errors import MalformedResponse

bp = Blueprint("attempts", __name__, url_prefix="/attempts")

NOTICE = "exam-notice"
WAITING = {
    AttemptState.PAUSED: "attempts/paused.html",
    AttemptState.BREAK: "attempts/break.html",
}
"""Pages of an exam that is not over and shows no item."""
IDEMPOTENCY_KEY = re.compile(r"[!-~]{1,100}")
LARGEST_REVISION = 2**31 - 1


@bp.get("/<attempt_id>")
@require_exam_pass
@require_roles("student")
def show(attempt_id: str) -> Response | str:
    """The current item with its saved answer, of a form the one asked for; at the end the result.

    A page that goes on carries its number in the address; any other one takes the exam over.
    """
    position = request.args.get("item", 0, type=int)
    view = own_attempt(attempt_id, position)
    if view.state in WAITING:
        return render_template(WAITING[view.state], view=view, exam_name=exam_name(view))
    if view.state is not AttemptState.RUNNING:
        return to_result(attempt_id)
    if view.client == 0 or request.args.get("page", type=int) != view.client:
        view = open_attempt(service_context(), current_candidate_id(), attempt_id, position)
    if view.item is None:
        return to_result(attempt_id)
    notices = get_flashed_messages(category_filter=[NOTICE])
    return show_item(view, view.item, view.response, notice=notices[0] if notices else "")


@bp.post("/<attempt_id>")
@require_exam_pass
@require_roles("student")
def answer(attempt_id: str) -> Response | str | tuple[str, int]:
    """Take the final answer to one item and go on to the next; on a form, where one wants."""
    view = own_attempt(attempt_id, request.form.get("position", 0, type=int))
    item = view.item
    if item is None:
        return on_from(view)
    position, revision, client, idempotency_key = read_place()
    # an older page that is shown again stays one: it must not pass for the one that took over
    view = replace(view, client=client)
    response = read_response(item, request.form)
    if view.form is not None:
        return leave_form_item(view, view.form, response, revision, idempotency_key)
    if position == item.position:
        if is_blank_response(response) and "confirm_blank" not in request.form:
            return show_item(view, item, response, confirm_blank=True)
        error = response_error(item, response)
        if error:
            return show_item(view, item, response, error=error), 422
    try:
        acknowledgement = save_response(
            service_context(),
            current_candidate_id(),
            attempt_id,
            NewAnswer(
                position=position,
                response=response,
                revision=revision + 1,
                is_final=True,
                client=client,
                idempotency_key=idempotency_key,
            ),
        )
    except AttemptEnded:
        return to_result(attempt_id)
    except AttemptNotRunning:
        return to_exam(attempt_id)
    except (OlderPage, StaleResponse, WrongPosition) as problem:
        flash(notice_of(problem), NOTICE)
        return to_exam(attempt_id)
    except MalformedResponse:
        error = gettext("This answer does not fit the item. Answer again.")
        return show_item(view, item, view.response, error=error), 422
    running = acknowledgement.state is AttemptState.RUNNING
    return to_exam(attempt_id, client) if running else to_result(attempt_id)


def leave_form_item(
    view: AttemptView, form: FormProgress, response: Any, revision: int, idempotency_key: str
) -> Response | str | tuple[str, int]:
    """Save what was entered if it is new, and go where the pressed button leads."""
    item = view.item
    if item is None or request.form.get("position", type=int) != item.position:
        return to_exam(view.id, view.client)
    error = response_error(item, response)
    if error:
        return show_item(view, item, response, error=error), 422
    try:
        save_if_new(view, response, revision, idempotency_key)
        flag_if_asked(view, form, request.form.get("intent", ""))
    except AttemptEnded:
        return to_result(view.id)
    except AttemptNotRunning:
        return to_exam(view.id)
    except (OlderPage, StaleResponse, WrongPosition) as problem:
        flash(notice_of(problem), NOTICE)
        return to_exam(view.id)
    except MalformedResponse:
        error = gettext("This answer does not fit the item. Answer again.")
        return show_item(view, item, view.response, error=error), 422
    return lead_on(view, form)


@bp.get("/<attempt_id>/hand-in")
@require_exam_pass
@require_roles("student")
def confirm_hand_in(attempt_id: str) -> Response | str:
    """What handing in early means, before it is done; of a form what is still without an answer."""
    view = own_attempt(attempt_id)
    if view.item is None:
        return on_from(view)
    if view.form is not None:
        opened = replace(view, client=request.args.get("page", view.client, type=int))
        return render_template(
            "attempts/review.html",
            view=view,
            form=view.form,
            sections=map_sections(view.form),
            exam_name=exam_name(view),
            item_address=lambda position: item_address(opened, position),
        )
    return render_template(
        "attempts/hand_in.html",
        view=view,
        exam_name=exam_name(view),
        has_answer=bool(view.revision) and not is_blank_response(view.response),
        least_items=view.programme.exam(view.level).min_items,
    )


@bp.post("/<attempt_id>/hand-in")
@require_exam_pass
@require_roles("student")
def finish(attempt_id: str) -> Response:
    """End the exam. When a page reports that time is up, the server's clock has the last word."""
    view = own_attempt(attempt_id)
    if view.item is not None and request.form.get("reason") == "time":
        return to_exam(attempt_id)
    if view.item is not None:
        hand_in(service_context(), current_candidate_id(), attempt_id)
        return to_result(attempt_id)
    return on_from(view)


@bp.get("/<attempt_id>/files/<path:name>")
@require_roles("student")
def show_file(attempt_id: str, name: str) -> Response:
    """A picture of the item at hand; no other file of the bank is to be had here."""
    return send_file(view_file(service_context(), current_candidate_id(), attempt_id, name))


def own_attempt(attempt_id: str, position: int = 0) -> AttemptView:
    """The attempt, closed and decided if its time is over. Raises NotFound."""
    view = view_attempt(service_context(), current_candidate_id(), attempt_id, position)
    if view.state is not AttemptState.RUNNING:
        close_if_due(service_context(), attempt_id)
    return view


def to_exam(attempt_id: str, client: int | None = None) -> Response:
    return redirect(url_for("attempts.show", attempt_id=attempt_id, page=client), code=303)


def on_from(view: AttemptView) -> Response:
    """Where somebody goes who has no item before them: to the waiting page or to the result."""
    return to_exam(view.id) if view.state in WAITING else to_result(view.id)


def to_result(attempt_id: str) -> Response:
    return redirect(url_for("results.show", attempt_id=attempt_id), code=303)


# --- what the form says --------------------------------------------------------------------


def read_place() -> tuple[int, int, int, str]:
    """Position, revision, page and idempotency key, which the page itself put into the form."""
    position = request.form.get("position", type=int)
    revision = request.form.get("revision", type=int)
    idempotency_key = request.form.get("idempotency_key", "")
    if position is None or revision is None or not 0 <= revision < LARGEST_REVISION:
        abort(400)
    if not IDEMPOTENCY_KEY.fullmatch(idempotency_key):
        abort(400)
    return position, revision, request.form.get("client", 0, type=int), idempotency_key


def notice_of(problem: OlderPage | StaleResponse | WrongPosition) -> str:
    if isinstance(problem, OlderPage):
        return gettext("The exam was opened again elsewhere. It goes on here now.")
    if isinstance(problem, WrongPosition):
        return gettext("That item was already answered in another window. This is the current one.")
    return gettext("This item was answered in another window. The latest saved answer is shown.")


# --- what the page shows -------------------------------------------------------------------


def show_item(view: AttemptView, item: ItemView, response: Any, **state: Any) -> str:
    return render_template("exam/item.html", page=item_page(view, item, response, **state))


def item_page(
    view: AttemptView, item: ItemView, response: Any, error: str = "", **state: Any
) -> ExamItemPage:
    form = view.form
    return ExamItemPage(
        exam_name=localised(view.programme, "title"),
        attempt_id=view.id,
        position=item.position,
        task=render_task(item, response, exam_pictures(view.id, item.files), error),
        remaining_seconds=view.remaining_seconds,
        revision=view.revision,
        client=view.client,
        idempotency_key=str(uuid.uuid4()),
        submit_address=url_for("attempts.answer", attempt_id=view.id),
        hand_in_address=review_address(view)
        if form
        else url_for("attempts.confirm_hand_in", attempt_id=view.id),
        part_name=part_name(view),
        number=form.number if form else None,
        item_total=len(form.questions) if form else None,
        may_go_back=form is not None and form.neighbour(-1) is not None,
        may_flag=form is not None,
        flagged=form is not None and form.current.is_flagged,
        form=form,
        sections=map_sections(form) if form else (),
        **state,
    )


def part_name(view: AttemptView) -> str:
    """The part that is running; its number only where there are several."""
    theory = gettext("%(level)s, theory exam", level=level_name(view.level))
    name = view.form.title if view.form else theory
    if view.parts == 1:
        return name
    return gettext(
        "Part %(number)s of %(count)s: %(name)s", number=view.part, count=view.parts, name=name
    )


def exam_name(view: AttemptView) -> str:
    return gettext(
        "%(programme)s: %(level)s",
        programme=localised(view.programme, "title"),
        level=level_name(view.level),
    )
