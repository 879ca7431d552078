"""A test centre's room: two files in, graded results out, and everything graded before."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from certify.grading.errors import GradingError
from certify.services.archiving import (
    get_batch,
    get_batch_file,
    grade_and_keep,
    list_batch_files,
    list_batches,
    view_batch,
)
from certify.services.batch_views import BatchView, ItemLine
from certify.services.grading_examples import ANSWERS_EXAMPLE, KEY_EXAMPLE, example_files
from certify.web.auth import current_person, require_roles, service_context
from certify.web.charts import score_histogram
from certify.web.grading_words import (
    error_field,
    error_lines,
    item_flags,
    problem_words,
    type_word,
    warning_words,
)
from certify.web.list_address import page_number, pages_of

bp = Blueprint("grading", __name__, url_prefix="/grading")

LONGEST_FILE_NAME = 100
BATCHES_AT_ONCE = 20
ITEM_ORDERS = ("p", "paper")
NO_STATISTIC = 2.0

Errors = list[tuple[str, str]]


@bp.get("")
@require_roles("centre")
def index() -> str:
    """The two fields, what belongs into them, and one's own batches."""
    return show_entrance([])


@bp.post("")
@require_roles("centre")
def grade() -> Response | tuple[str, int]:
    """Grade and keep, or say what has to be mended in which file."""
    answers, key = request.files.get("answers"), request.files.get("key")
    answers_name, key_name = name_of(answers), name_of(key)
    errors: Errors = []
    if not answers_name:
        errors.append(("answers", gettext("Choose the file with the answers")))
    if not key_name:
        errors.append(("key", gettext("Choose the file with the key")))
    if errors or answers is None or key is None:
        return show_entrance(errors), 422
    try:
        batch = grade_and_keep(
            service_context(),
            current_person().id,
            answers=answers.read(),
            answers_name=answers_name,
            key=key.read(),
            key_name=key_name,
        )
    except GradingError as error:
        field = error_field(error, key_name)
        return show_entrance([(field, line) for line in error_lines(error)]), 422
    return redirect(url_for("grading.show", batch_id=batch.id), code=303)


@bp.get("/examples/<name>")
@require_roles("centre")
def example(name: str) -> Response:
    """A small file of the kind that is expected."""
    files = example_files()
    if name not in files:
        abort(404)
    return download(files[name], name)


@bp.get("/<batch_id>")
@require_roles("centre")
def show(batch_id: str) -> str:
    """Everything about one batch at a glance."""
    context, owner_id = service_context(), current_person().id
    batch = get_batch(context, owner_id, batch_id)
    view = view_batch(context, owner_id, batch_id)
    order = request.args.get("order", "p")
    return render_template(
        "grading/batch.html",
        batch=batch,
        summary=batch.summary,
        view=view,
        histogram=score_histogram([entry.count for entry in view.distribution], range_labels(view)),
        warnings=[warning_words(warning) for warning in view.warnings],
        problems=[(problem, problem_words(problem)) for problem in view.problems],
        items=[
            (item, type_word(item.type), item_flags(item))
            for item in ordered(view.items, by_difficulty=order != "paper")
        ],
        order=order if order in ITEM_ORDERS else "p",
        files=list_batch_files(context, owner_id, batch_id),
    )


@bp.get("/<batch_id>/files/<name>")
@require_roles("centre")
def file(batch_id: str, name: str) -> Response:
    """One of the four result files, byte for byte."""
    content = get_batch_file(service_context(), current_person().id, batch_id, name)
    return download(content, name)


def show_entrance(errors: Errors) -> str:
    found = list_batches(
        service_context(), current_person().id, number=page_number(), size=BATCHES_AT_ONCE
    )
    faults: dict[str, str] = {}
    for name, message in errors:
        faults.setdefault(name, message)
    return render_template(
        "grading/index.html",
        found=found,
        pages=pages_of(),
        errors=errors,
        faults=faults,
        answers_example=ANSWERS_EXAMPLE,
        key_example=KEY_EXAMPLE,
    )


def name_of(uploaded: FileStorage | None) -> str:
    """The bare file name; some browsers send a whole path."""
    offered = uploaded.filename if uploaded else None
    bare = PureWindowsPath(PurePosixPath(offered or "").name).name
    return "".join(char for char in bare if char.isprintable())[-LONGEST_FILE_NAME:]


def range_labels(view: BatchView) -> list[str]:
    return [
        entry.low if entry.low == entry.high else f"{entry.low}–{entry.high}"
        for entry in view.distribution
    ]


def ordered(items: tuple[ItemLine, ...], *, by_difficulty: bool) -> list[ItemLine]:
    """The hardest first, those without a statistic last; or as in the paper."""
    if not by_difficulty:
        return list(items)
    return sorted(items, key=lambda item: NO_STATISTIC if item.p is None else item.p)


def download(content: bytes, name: str) -> Response:
    kind = "application/json" if name.endswith(".json") else "text/csv; charset=utf-8"
    response = current_app.response_class(content, content_type=kind)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
