"""The language switch in the header: a form, so that it works without scripts."""

from __future__ import annotations

from flask import Blueprint, abort, g, redirect, request
from werkzeug.wrappers import Response

from certify.web.auth import local_address, public
from certify.web.i18n import SWITCHABLE

bp = Blueprint("language", __name__)


@bp.post("/language")
@public
def switch_language() -> Response:
    """Remember the language and return to the page the form stood on."""
    chosen = request.form.get("language", "")
    if chosen not in SWITCHABLE:
        abort(400)
    g.chosen_language = chosen
    return redirect(local_address(request.form.get("next", "/")), code=303)
