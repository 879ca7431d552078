"""Items into the bank for teachers: send files, see what they would change, then take them over.

The first step changes nothing. Between the steps the files wait on the server for a day.
"""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from certify.errors import InvalidField
from certify.services.acting import Actor, acting
from certify.services.advancing import LONGEST_NOTE
from certify.services.exchanging import FORMATS, ImportReport, Problem, TagDefaults
from certify.services.ports import Page as ListPage
from certify.services.uploading import (
    LARGEST_UPLOAD,
    MOST_FILES,
    PendingImport,
    UploadedFile,
    apply_upload,
    check_upload,
    get_upload,
    keep_upload,
    workbook_template,
)
from certify.web import exchange_words
from certify.web.auth import current_person, require_roles, service_context
from certify.web.exchange_words import READ_NAMES, exchange_severity
from certify.web.i18n import translate_problem
from certify.web.item_words import BLOOM_NAMES
from certify.web.list_address import page_number, pages_of
from certify.web.list_words import chapter_choices, work_area_choices
from certify.web.plain_tables import send_file, send_table
from certify.web.streamed_work import PLACE, Progress, stream_work
from question_bank.exchange.problems import ProblemSeverity
from question_bank.skills import LEVELS

bp = Blueprint("importing", __name__, url_prefix="/items/import")

PAGE_SIZE = 100
STREAMED_FROM = 512 * 1024
"""Bytes from which a file takes long enough to tell how far it is read."""
SHOWN_IDS = 200
ACCEPTED = ".xlsx,.xls,.xlsm,.ods,.csv,.tsv,.zip,.imscc,.xml,.gift,.txt,.yaml,.yml"
TEMPLATE_NAME = "题库模板.xlsx"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DEFAULTS = ("node", "level", "bloom", "work_area", "chapter")
Page = str | tuple[str, int]
for word_filter in (
    exchange_words.read_name,
    exchange_words.exchange_words,
    exchange_words.exchange_severity,
    exchange_words.writing_severity,
    exchange_words.file_size,
):
    bp.add_app_template_filter(word_filter)


# --- sending -------------------------------------------------------------------------------


@bp.get("")
@require_roles("teacher")
def index() -> str:
    """What can be imported, and the form."""
    return show_form()


@bp.post("")
@require_roles("teacher")
def send() -> Response | Page:
    """Keep the files and look into them; large ones are looked into on the next page."""
    files = [
        UploadedFile(one.filename or "", one.read())
        for one in request.files.getlist("files")
        if one.filename
    ]
    form = request.form.get("form", "")
    if not files:
        return show_form([("files", gettext("Choose at least one file"))]), 422
    try:
        upload_id = keep_upload(
            service_context(),
            files,
            form=form if form in FORMATS else None,
            defaults=TagDefaults(**{n: request.form.get(n, "").strip()[:100] for n in DEFAULTS}),
            actor=actor(),
        )
        if sum(len(one.content) for one in files) < STREAMED_FROM:
            check_upload(service_context(), upload_id, actor=actor())
    except InvalidField as fault:
        return show_form([(str(fault.params["field"]), translate_problem(fault))]), 422
    return redirect(url_for(".show", upload_id=upload_id), code=303)


@bp.get("/template.xlsx")
@require_roles("teacher")
def template() -> Response:
    """The workbook to fill in."""
    return send_file(workbook_template(), TEMPLATE_NAME, SPREADSHEET)


# --- looking -------------------------------------------------------------------------------


@bp.get("/<upload_id>")
@require_roles("teacher")
def show(upload_id: str) -> Response | str:
    """What the files would change, or did; `?severity=` narrows the problems."""
    pending = get_upload(service_context(), upload_id, actor=actor())
    if pending.report is None:
        context, who = service_context(), actor()

        def check(progress: Progress) -> None:
            check_upload(context, upload_id, actor=who, progress=progress)

        return stream_work(
            running_page(pending, gettext("Looking into the files")),
            check,
            step_words,
            leading_on(upload_id),
            failure_words(),
        )
    return show_report(pending, pending.report)


@bp.post("/<upload_id>")
@require_roles("teacher")
def take_over(upload_id: str) -> Response | Page:
    """Store what was looked at as drafts."""
    pending = get_upload(service_context(), upload_id, actor=actor())
    note = request.form.get("note", "").strip()
    if pending.report is None:
        return redirect(url_for(".show", upload_id=upload_id), code=303)
    if len(note) > LONGEST_NOTE:
        error = gettext("Shorten the note to %(num)s characters", num=LONGEST_NOTE)
        return show_report(pending, pending.report, note, error), 422
    context, who = service_context(), actor()

    def take(progress: Progress) -> None:
        apply_upload(context, upload_id, actor=who, note=note, progress=progress)

    if pending.size >= STREAMED_FROM and not pending.report.is_applied:
        return stream_work(
            running_page(pending, gettext("Taking the items over")),
            take,
            step_words,
            leading_on(upload_id),
            failure_words(),
        )
    take(lambda done, total: None)
    return redirect(url_for(".show", upload_id=upload_id), code=303)


@bp.get("/<upload_id>/problems.csv")
@require_roles("teacher")
def problems(upload_id: str) -> Response:
    """All problems as a table."""
    pending = get_upload(service_context(), upload_id, actor=actor())
    if pending.report is None:
        abort(404)
    head = [
        gettext("File"),
        gettext("Row"),
        gettext("Column"),
        gettext("Item"),
        gettext("Effect"),
        gettext("What is wrong, and what to do"),
    ]
    return send_table("problems.csv", head, map(problem_row, pending.report.problems))


# --- words and pages -----------------------------------------------------------------------


def show_form(errors: list[tuple[str, str]] | None = None) -> str:
    return render_template(
        "items/import.html",
        errors=errors or [],
        form=request.form,
        formats=READ_NAMES,
        nodes=service_context().skill_model.nodes,
        levels=LEVELS,
        bloom_names=BLOOM_NAMES,
        work_areas=work_area_choices(),
        chapters=chapter_choices(),
        accepted=ACCEPTED,
        largest=LARGEST_UPLOAD // 1024**2,
        most_files=MOST_FILES,
    )


def show_report(
    pending: PendingImport, report: ImportReport, note: str = "", error: str = ""
) -> str:
    asked = request.args.get("severity", "")
    severity = asked if asked in exchange_words.PROBLEM_SEVERITIES else ""
    listed = [one for one in report.problems if severity in ("", one.severity)]
    last = max(1, -(-len(listed) // PAGE_SIZE))
    number = min(page_number(), last)
    return render_template(
        "items/import_report.html",
        pending=pending,
        report=report,
        severity=severity,
        severities=[
            (code, words, sum(one.severity == code for one in report.problems))
            for code, words in exchange_words.PROBLEM_SEVERITIES.items()
        ],
        lost=sum(one.severity == ProblemSeverity.ERROR for one in report.problems),
        problems=listed[(number - 1) * PAGE_SIZE : number * PAGE_SIZE],
        page=ListPage((), len(listed), number, PAGE_SIZE),
        address=pages_of(),
        nodes=service_context().skill_model.nodes,
        note=note,
        error=error,
        longest_note=LONGEST_NOTE,
        shown_ids=SHOWN_IDS,
        drafts_address=url_for(
            "items.index", author=actor().name, status="draft", sort="changed", descending=1
        ),
    )


def running_page(pending: PendingImport, title: str) -> str:
    return render_template("items/import_running.html", pending=pending, title=title, place=PLACE)


def step_words(done: int, total: int) -> str:
    return render_template("items/import_step.html", done=done, total=total)


def leading_on(upload_id: str) -> str:
    return Markup('<meta http-equiv="refresh" content="0; url={0}">{1}').format(
        url_for(".show", upload_id=upload_id),
        Markup('<p><a href="{}">{}</a></p>').format(
            url_for(".show", upload_id=upload_id), gettext("Show the result")
        ),
    )


def failure_words() -> str:
    return Markup('<p class="import-step" role="alert">{}</p>').format(
        gettext("This did not work, and nothing was changed. Try again in a minute.")
    )


def problem_row(problem: Problem) -> list[str]:
    return [
        problem.file,
        "" if problem.row is None else str(problem.row),
        problem.column,
        problem.item_id,
        exchange_severity(problem.severity),
        exchange_words.exchange_words(problem),
    ]


def actor() -> Actor:
    return acting(current_person())
