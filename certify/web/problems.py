"""Designed answers when something went wrong: a page for people, JSON for programs.

No answer contains a traceback or an internal name. The log does, under the request id
that the page for a failure shows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import structlog
from flask import Flask, Response, make_response, render_template, request
from flask_babel import LazyString, lazy_gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from certify.errors import NotFound
from certify.web.request_log import current_request_id

log = structlog.get_logger("certify.web")

API_PREFIX = "/api/"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is said about one kind of failure: what happened, and what to do next."""

    status: int
    title: LazyString
    explanation: LazyString
    advice: LazyString


PROBLEMS: dict[int, Problem] = {
    problem.status: problem
    for problem in (
        Problem(
            400,
            lazy_gettext("The request could not be understood"),
            lazy_gettext("Something in the request is missing or damaged. Nothing was changed."),
            lazy_gettext("Go back, reload the page and try once more."),
        ),
        Problem(
            401,
            lazy_gettext("Please sign in"),
            lazy_gettext("This page is only for people who have signed in."),
            lazy_gettext("Sign in and open the page again."),
        ),
        Problem(
            403,
            lazy_gettext("This page is not open to you"),
            lazy_gettext("Your account does not have the permission that this page needs."),
            lazy_gettext("If you need it for your work, ask your administrator for the role."),
        ),
        Problem(
            404,
            lazy_gettext("Page not found"),
            lazy_gettext("There is nothing at this address, or it is not yours to see."),
            lazy_gettext("Check the address for typing errors, or start again from the home page."),
        ),
        Problem(
            405,
            lazy_gettext("This address cannot be used that way"),
            lazy_gettext("The address exists, but not for this kind of request."),
            lazy_gettext("Go back and use the buttons on the page."),
        ),
        Problem(
            409,
            lazy_gettext("Somebody was faster"),
            lazy_gettext("What you wanted to change has changed in the meantime."),
            lazy_gettext("Reload the page, look at the present state and decide again."),
        ),
        Problem(
            413,
            lazy_gettext("The file is too large"),
            lazy_gettext("The upload is larger than the server accepts. Nothing was stored."),
            lazy_gettext("Split the file into smaller ones and upload them one after another."),
        ),
        Problem(
            429,
            lazy_gettext("Too many requests"),
            lazy_gettext("There were more requests in a short time than the server allows."),
            lazy_gettext("Wait a minute, then try again. Nothing that was saved is lost."),
        ),
        Problem(
            500,
            lazy_gettext("Something went wrong on our side"),
            lazy_gettext("The server could not finish your request. What was saved is safe."),
            lazy_gettext("Try again in a minute. If it happens again, report the number below."),
        ),
    )
}

EXPIRED_PAGE = Problem(
    400,
    lazy_gettext("This page was open for too long"),
    lazy_gettext("For your protection the form was not accepted. Nothing was changed."),
    lazy_gettext("Go back, reload the page and send the form again."),
)


def init_app(app: Flask) -> None:
    app.register_error_handler(CSRFError, answer_expired_page)
    app.register_error_handler(NotFound, answer_not_found)
    app.register_error_handler(Exception, answer_unexpected)
    for status in PROBLEMS:
        app.register_error_handler(status, answer_http_error)


def answer_expired_page(error: CSRFError) -> Response:
    return render_problem(EXPIRED_PAGE, detail=None)


def answer_http_error(error: HTTPException) -> Response:
    status = error.code or 500
    response = render_problem(PROBLEMS[status], detail=None)
    retry_after = getattr(error, "retry_after", None)
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    if status == 405 and getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))  # type: ignore[attr-defined]
    return response


def answer_not_found(error: NotFound) -> Response:
    """What a use case does not find, or not for this person, looks like a wrong address."""
    return render_problem(PROBLEMS[404], detail=None)


def answer_unexpected(error: Exception) -> Response | HTTPException:
    """Log what is unexpected with its traceback; let other HTTP answers pass unchanged."""
    if isinstance(error, HTTPException) and not isinstance(error, InternalServerError):
        return error
    log.error("unhandled exception", path=request.path, exc_info=error)
    return render_problem(PROBLEMS[500], detail=None)


def render_problem(problem: Problem, detail: str | None) -> Response:
    """The problem as a page, or as problem+json (RFC 9457) for the programming interface."""
    if request.path.startswith(API_PREFIX):
        document = {
            "type": "about:blank",
            "title": str(problem.title),
            "status": problem.status,
            "detail": detail or str(problem.explanation),
            "request_id": current_request_id(),
        }
        response = make_response(json.dumps(document, ensure_ascii=False), problem.status)
        response.content_type = "application/problem+json"
        return response
    page = render_template(
        "errors/problem.html",
        problem=problem,
        detail=detail,
        request_id=current_request_id() if problem.status >= 500 else None,
    )
    return make_response(page, problem.status)
