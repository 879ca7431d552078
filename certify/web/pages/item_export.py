"""Items out of the bank for teachers: choose a format, see what it cannot say, keep the file."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from certify.services.acting import acting
from certify.services.banking import search_items
from certify.services.exchanging import ExportReport, export_items
from certify.web.auth import current_person, require_roles, service_context
from certify.web.display import in_zone
from certify.web.exchange_words import WRITTEN, WrittenFormat
from certify.web.item_query import ItemQuery, read_query
from certify.web.plain_tables import send_file

bp = Blueprint("exporting", __name__, url_prefix="/items/export")

MOST_SHOWN = 50
KINDS = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv; charset=utf-8",
    ".zip": "application/zip",
    ".xml": "application/xml",
}
TEXT = "text/plain; charset=utf-8"
Page = str | tuple[str, int]


@bp.get("")
@require_roles("teacher")
def index() -> str:
    """The formats; the address says which items: `?item=` each, or the conditions of a list."""
    return show_form()


@bp.post("")
@require_roles("teacher")
def write() -> Response | Page:
    """The file; where the format cannot say everything, first what it leaves out."""
    chosen = WRITTEN.get(request.form.get("form", ""))
    if chosen is None:
        return show_form(error=gettext("Choose a format")), 422
    content, report = written(chosen)
    if not report.items:
        return show_form(error=gettext("No item meets these conditions")), 422
    if report.problems and not request.form.get("anyway"):
        return show_form(report)
    day = in_zone(service_context().clock(), None).strftime("%Y%m%d")
    kind = KINDS.get(chosen.suffix, TEXT)
    return send_file(content, f"items-{day}{chosen.suffix}", kind)


def written(chosen: WrittenFormat) -> tuple[bytes, ExportReport]:
    with TemporaryDirectory(prefix="certify-export-") as folder:
        path = Path(folder) / f"items{chosen.suffix}"
        report = export_items(
            service_context(),
            path,
            form=chosen.form,
            conditions=asked_query().conditions,
            chosen=asked_ids(),
            actor=acting(current_person()),
        )
        return path.read_bytes() if path.exists() else b"", report


def show_form(report: ExportReport | None = None, error: str = "") -> str:
    query, ids = asked_query(), asked_ids()
    conditions = query.conditions
    count = len(ids) or search_items(service_context(), conditions, size=1).total
    back = url_for("items.index", **query.arguments)
    return render_template(
        "items/export.html",
        count=count,
        formats=WRITTEN,
        chosen=request.form.get("form", "xlsx"),
        report=report,
        problems=report.problems[:MOST_SHOWN] if report else (),
        error=error,
        address=url_for(".write", item=list(ids)) if ids else url_for(".write", **query.arguments),
        back=back,
    )


def asked_query() -> ItemQuery:
    return read_query(request.args, service_context().skill_model)


def asked_ids() -> tuple[str, ...]:
    return tuple(dict.fromkeys(request.args.getlist("item")))
