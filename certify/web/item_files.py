"""Pictures of items: the one place that knows their addresses, and how a file is sent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote

from flask import Response, url_for

from certify.services.filing import FileContent
from certify.web.item_form import FileRow
from certify.web.markdown import Pictures
from question_bank.item import Item

UNFIT_IN_NAMES = re.compile(r"[\s()\[\]<>\\/|$`*_{}\"'#?%&;:\x00-\x1f\x7f]+")
"""What Markdown or an address would take for a sign of its own."""
LONGEST_NAME = 60
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""A drawing that is opened by itself must not be a page of this site."""


def bank_pictures(item: Item) -> Pictures:
    """Addresses for people who may see the bank."""
    digests = {file.name: file.digest for file in item.files}

    def address(name: str) -> str | None:
        digest = digests.get(name)
        return url_for("items.editing.show_file", digest=digest) if digest else None

    return address


def exam_pictures(attempt_id: str, names: Sequence[str]) -> Pictures:
    """Addresses for the candidate of an attempt, for the item at hand."""

    def address(name: str) -> str | None:
        known = name in names
        return url_for("attempts.show_file", attempt_id=attempt_id, name=name) if known else None

    return address


def send_file(file: FileContent) -> Response:
    """The file, shown in place if its kind may be, else to be downloaded."""
    kind = file.stored.media_type if file.is_shown else "application/octet-stream"
    response = Response(file.content, content_type=kind)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "private, max-age=3600"
    if not file.is_shown:
        response.headers["Content-Disposition"] = "attachment"
    return response


def fit_name(name: str, taken: Sequence[FileRow]) -> str:
    """The name under which texts show an uploaded file: without signs of Markdown, and its own."""
    plain = UNFIT_IN_NAMES.sub("-", name).strip("-.") or "picture"
    stem, dot, ending = plain.rpartition(".")
    stem, ending = (stem[:LONGEST_NAME], f".{ending[:8]}") if dot else (plain[:LONGEST_NAME], "")
    used = {row.name for row in taken}
    names = (f"{stem}{tail}{ending}" for tail in ("", *(f"-{n}" for n in range(2, len(used) + 3))))
    return next(one for one in names if one not in used)


def picture_words(name: str, words: str) -> str:
    """The Markdown that shows a picture, with the words for those who do not see it."""
    plain = " ".join(re.sub(r"[\[\]\\`$]", " ", words).split())
    return f"![{plain}]({quote(name, safe='')})" if not name.isascii() else f"![{plain}]({name})"
