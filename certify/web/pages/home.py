"""The entrance: what this place is for strangers, the own room for people who are signed in."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response

from certify.web.auth import public
from certify.web.navigation import rooms_for
from certify.web.viewer import current_viewer
from certify.web.vocabulary import DIMENSIONS

bp = Blueprint("home", __name__)
VERIFYING = "verifying.index"


@bp.get("/")
@public
def index() -> Response | str:
    viewer = current_viewer()
    rooms = rooms_for(viewer)
    if viewer and rooms:
        return redirect(rooms[0].address, code=303)
    has_verifying = VERIFYING in current_app.view_functions
    return render_template(
        "home/index.html",
        dimensions=DIMENSIONS,
        verify_address=url_for(VERIFYING) if has_verifying else None,
    )
