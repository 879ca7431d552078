"""The language switch in the header: a form, so that it works without scripts."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, abort, g, redirect, request
from werkzeug.wrappers import Response

from certify.web.i18n import SWITCHABLE

bp = Blueprint("language", __name__)


@bp.post("/language")
def switch_language() -> Response:
    """Remember the language and return to the page the form stood on."""
    chosen = request.form.get("language", "")
    if chosen not in SWITCHABLE:
        abort(400)
    g.chosen_language = chosen
    return redirect(local_address(request.form.get("next", "/")), code=303)


def local_address(offered: str) -> str:
    """The offered address when it stays on this site, else the home page.

    Browsers read a backslash as a slash, and drop control characters, so both are refused.
    """
    parts = urlsplit(offered)
    stays_here = not parts.scheme and not parts.netloc and offered.startswith("/")
    if not stays_here or offered.startswith("//") or "\\" in offered or not offered.isprintable():
        return "/"
    return offered
