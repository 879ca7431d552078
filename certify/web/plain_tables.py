"""Tables to keep: CSV in UTF-8 with its mark, so that spreadsheets open it without asking."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO

import flask
from werkzeug.wrappers import Response

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
NEGATIVE_NUMBER = re.compile(r"-[0-9]+(\.[0-9]+)?(e-?[0-9]+)?")


def send_table(name: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """The table as a file of this name."""
    stream = StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(head)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return send_file(f"\ufeff{stream.getvalue()}".encode(), name, "text/csv; charset=utf-8")


def send_file(content: bytes, name: str, content_type: str) -> Response:
    """A file that the browser keeps instead of showing it; the name may be Chinese."""
    return flask.send_file(
        BytesIO(content), mimetype=content_type, as_attachment=True, download_name=name, etag=False
    )


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; a negative number stays one."""
    is_formula = cell.startswith(FORMULA_SIGNS) and not NEGATIVE_NUMBER.fullmatch(cell)
    return f"'{cell}" if is_formula else cell
