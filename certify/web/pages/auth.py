"""Signing in and out. Passwords, limits and login sessions are `certify.web.auth`'s."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from certify.errors import WrongCredentials
from certify.web.auth import local_address, log_in, log_out, public
from certify.web.i18n import translate_problem
from certify.web.viewer import current_viewer

bp = Blueprint("auth", __name__)


@bp.get("/login")
@public
def login() -> Response | str:
    """The form; who is signed in already goes where it would have led."""
    following = local_address(request.args.get("next", "/"))
    if current_viewer():
        return redirect(following, code=303)
    return render_template("auth/login.html", following=following, username="", errors=[])


@bp.post("/login")
@public
def sign_in() -> Response | tuple[str, int]:
    """Open a login session and go on to `next`; else the form again, with the user name kept."""
    username = request.form.get("username", "")
    following = local_address(request.form.get("next", "/"))
    password = request.form.get("password", "")
    errors = missing_fields(username, password)
    status = 422
    if not errors:
        try:
            log_in(username, password)
        except WrongCredentials as problem:
            errors, status = [("username", translate_problem(problem))], 401
        else:
            return redirect(following, code=303)
    page = render_template("auth/login.html", following=following, username=username, errors=errors)
    return page, status


@bp.post("/logout")
@public
def logout() -> Response:
    """End the login session; harmless when there is none."""
    log_out()
    flash(gettext("You are signed out."))
    return redirect("/", code=303)


def missing_fields(username: str, password: str) -> list[tuple[str, str]]:
    errors = []
    if not username.strip():
        errors.append(("username", gettext("Enter your user name")))
    if not password:
        errors.append(("password", gettext("Enter your password")))
    return errors
