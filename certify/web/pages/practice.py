"""The practice room: drills, the mistake book, explanations after each answer.

What may be practised and what comes next is decided by `services.practising`.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from certify.services.practising import (
    Drill,
    PracticeTask,
    answer_task,
    find_task,
    next_task,
    outline_practice,
    view_feedback,
    view_practice_file,
)
from certify.services.raw_responses import is_blank_response
from certify.web.auth import current_person, require_roles, service_context
from certify.web.item_files import send_file
from certify.web.markdown import Pictures
from certify.web.practice_page import feedback_page
from certify.web.task_answers import read_response, response_error
from certify.web.task_rendering import render_task
from certify.web.vocabulary import DIMENSIONS
from question_bank.errors import MalformedResponse
from question_bank.item import Item

bp = Blueprint("practice", __name__, url_prefix="/practice")


@bp.get("")
@require_roles("student")
def index() -> str:
    """What there is to practise, and how far one is."""
    outline = outline_practice(service_context(), current_person().id)
    return render_template("practice/index.html", outline=outline, dimensions=DIMENSIONS)


@bp.get("/mistakes")
@require_roles("student")
def show_mistakes() -> str:
    """The mistake book."""
    outline = outline_practice(service_context(), current_person().id)
    return render_template("practice/mistakes.html", outline=outline)


@bp.get("/drill/<drill>")
@require_roles("student")
def show_task(drill: str) -> str:
    """The next item of a drill, or what to do instead."""
    kind, node = read_drill(drill)
    task = next_task(service_context(), current_person().id, kind, node)
    if task is None:
        outline = outline_practice(service_context(), current_person().id)
        return render_template("practice/done.html", drill=kind, outline=outline)
    return show_page(task, kind, node)


@bp.post("/drill/<drill>")
@require_roles("student")
def answer(drill: str) -> AnyResponse | tuple[str, int]:
    """Take an answer and go on to what was right."""
    kind, node = read_drill(drill)
    person_id = current_person().id
    task = find_task(service_context(), person_id, request.form.get("item", ""))
    number = request.form.get("number", default=task.number, type=int)
    response = read_response(task.view, request.form)
    error = response_error(task.view, response)
    if is_blank_response(response):
        error = gettext("Answer first; a guess is better than none.")
    if error:
        return show_page(task, kind, node, response, error), 422
    try:
        answer_id = answer_task(service_context(), person_id, task.item.id, number, response)
    except MalformedResponse:
        error = gettext("This answer does not fit the item. Answer again.")
        return show_page(task, kind, node, None, error), 422
    address = url_for(
        "practice.show_feedback", answer_id=answer_id, drill=kind.value, node=node or None
    )
    return redirect(address, code=303)


@bp.get("/answers/<int:answer_id>")
@require_roles("student")
def show_feedback(answer_id: int) -> str:
    """An answer with the key and the explanation."""
    if answer_id >= 2**63:
        abort(404)
    feedback = view_feedback(service_context(), current_person().id, answer_id)
    kind, node = read_drill(request.args.get("drill", Drill.NODE.value))
    if kind is Drill.NODE:
        node = feedback.item.node
    page = feedback_page(feedback, pictures_of(feedback.item))
    return render_template("practice/feedback.html", page=page, drill=kind, node=node)


@bp.get("/items/<item_id>/files/<path:name>")
@require_roles("student")
def show_file(item_id: str, name: str) -> Response:
    """A picture of an item for practice."""
    return send_file(view_practice_file(service_context(), item_id, name))


def read_drill(name: str) -> tuple[Drill, str]:
    """The drill and, for that of a node, the node of the address."""
    try:
        return Drill(name), request.args.get("node", "")
    except ValueError:
        abort(404)


def show_page(
    task: PracticeTask, drill: Drill, node: str, response: Any = None, error: str = ""
) -> str:
    return render_template(
        "practice/task.html",
        item=task.item,
        number=task.number,
        task=render_task(task.view, response, pictures_of(task.item), error),
        drill=drill,
        node=node,
    )


def pictures_of(item: Item) -> Pictures:
    """Addresses of the item's pictures for people who practise."""
    names = {file.name for file in item.files}

    def address(name: str) -> str | None:
        known = name in names
        return url_for("practice.show_file", item_id=item.id, name=name) if known else None

    return address
