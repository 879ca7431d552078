"""Bank releases for teachers: the list, the check before publishing, and what a release holds."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from certify.exams.errors import BlueprintNotSatisfiable
from certify.services.banking import (
    LONGEST_TITLE,
    get_release,
    list_releases,
    publish_release,
)
from certify.services.ports import Page
from certify.services.reviewing import review_release
from certify.web.auth import current_person, require_roles, service_context
from question_bank.errors import DuplicateItem, EmptyRelease, InvalidRelease

bp = Blueprint("releases", __name__, url_prefix="/releases")

PAGE_SIZE = 100
REFUSALS = (BlueprintNotSatisfiable, DuplicateItem, EmptyRelease, InvalidRelease)


@bp.get("")
@require_roles("teacher")
def index() -> str:
    """All releases, newest first, and what the next one would be."""
    return show_index()


@bp.post("")
@require_roles("teacher")
def publish() -> Response | tuple[str, int]:
    """Freeze all operational items; exams that begin from now on use them."""
    title = " ".join(request.form.get("title", "").split())
    if not title:
        return show_index(title, gettext("Enter a title, for example the month")), 422
    if len(title) > LONGEST_TITLE or not title.isprintable():
        message = gettext("Shorten the title to %(num)s characters", num=LONGEST_TITLE)
        return show_index(title, message), 422
    try:
        release = publish_release(service_context(), title=title, actor=current_person().username)
    except REFUSALS:
        # the review on the page says in detail what the error would say
        message = gettext("Nothing was published. Mend what is marked below, then publish again.")
        return show_index(title, refusal=message), 422
    words = gettext(
        "“%(title)s” is published with %(num)s items. Exams that begin from now on use it.",
        title=release.title,
        num=release.item_count,
    )
    flash(words)
    return redirect(url_for("items.releases.show", digest=release.digest), code=303)


@bp.get("/<digest>")
@require_roles("teacher")
def show(digest: str) -> Response | str:
    """The items of a release, as they were frozen."""
    release = get_release(service_context(), digest)
    number = request.args.get("page", 1, type=int)
    page = Page((), len(release.items), number, PAGE_SIZE)
    if not 1 <= number <= page.count:
        last = min(max(number, 1), page.count)
        return redirect(url_for("items.releases.show", digest=digest, page=last), code=303)
    start = (number - 1) * PAGE_SIZE
    return render_template(
        "releases/show.html",
        release=release,
        stored=next(one for one in list_releases(service_context()) if one.digest == digest),
        page=page,
        versions=release.items[start : start + PAGE_SIZE],
        address=lambda wanted: url_for("items.releases.show", digest=digest, page=wanted),
    )


def show_index(title: str = "", error: str = "", *, refusal: str = "") -> str:
    return render_template(
        "releases/index.html",
        releases=list_releases(service_context()),
        review=review_release(service_context()),
        title=title,
        error=error,
        refusal=refusal,
        longest_title=LONGEST_TITLE,
    )
