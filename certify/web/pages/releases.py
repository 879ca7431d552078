"""Bank releases for teachers: the list, the check before publishing, what a release holds.

And what changed from one to another. Only administrators delete, and never a release in use.
"""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from certify.errors import AmbiguousRelease, ReleaseInUse, ReleasePrinted
from certify.exams.errors import BlueprintNotSatisfiable
from certify.services.acting import acting
from certify.services.banking import search_items
from certify.services.ports import ItemFilter, Page, StoredRelease
from certify.services.releasing import (
    LONGEST_TITLE,
    ReleaseComparison,
    compare_releases,
    count_attempts,
    delete_release,
    get_release,
    list_releases,
    publish_release,
)
from certify.services.reviewing import review_release
from certify.web.auth import current_person, require_roles, service_context
from certify.web.i18n import translate_problem
from certify.web.item_words import field_name
from certify.web.list_address import page_number, pages_of
from question_bank.errors import DuplicateItem, EmptyRelease, InvalidRelease
from question_bank.item import ItemStatus, ItemVersion

bp = Blueprint("releases", __name__, url_prefix="/releases")

PAGE_SIZE = 100
CHANGES_SHOWN = 50
MOST_NAMED = 100
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
        release = publish_release(service_context(), title=title, actor=acting(current_person()))
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


@bp.get("/compare")
@require_roles("teacher")
def compare() -> str:
    """What changed from one release to another, field by field."""
    releases = list_releases(service_context())
    if not releases:
        abort(404)
    second = request.args.get("second", releases[0].digest)
    former = former_of(releases, second)
    first = request.args.get("first", former.digest if former else second)
    try:
        compared = compare_releases(service_context(), first, second)
    except AmbiguousRelease:
        abort(404)
    last = max(1, -(-len(compared.changed) // CHANGES_SHOWN))
    number = min(page_number(), last)
    start = (number - 1) * CHANGES_SHOWN
    return render_template(
        "releases/compare.html",
        compared=compared,
        releases=releases,
        changed=compared.changed[start : start + CHANGES_SHOWN],
        page=Page((), len(compared.changed), number, CHANGES_SHOWN),
        address=pages_of(),
        most_named=MOST_NAMED,
        field_name=field_name,
    )


@bp.get("/<digest>")
@require_roles("teacher")
def show(digest: str) -> Response | str:
    """The items of a release, as they were frozen."""
    release = get_release(service_context(), digest)
    number = page_number()
    page = Page((), len(release.items), number, PAGE_SIZE)
    if number > page.count or request.args.get("page", "1") != str(number):
        address = url_for(".show", digest=digest, page=min(number, page.count))
        return redirect(address, code=303)
    start = (number - 1) * PAGE_SIZE
    return show_release(digest, page, release.items[start : start + PAGE_SIZE])


@bp.post("/<digest>/delete")
@require_roles("administrator")
def delete(digest: str) -> Response:
    """Remove a release on which nobody ever sat."""
    try:
        delete_release(service_context(), digest, actor=acting(current_person()))
    except (ReleaseInUse, ReleasePrinted) as refusal:
        flash(translate_problem(refusal), "error")
        return redirect(url_for(".show", digest=digest), code=303)
    flash(gettext("The release is deleted."))
    return redirect(url_for(".index"), code=303)


def show_release(digest: str, page: Page, versions: tuple[ItemVersion, ...]) -> str:
    releases = list_releases(service_context())
    former = former_of(releases, digest)
    held = get_release(service_context(), digest)
    return render_template(
        "releases/show.html",
        release=held,
        stored=next(one for one in releases if one.digest == digest),
        is_newest=releases[0].digest == digest,
        pretest=sum(one.status is ItemStatus.PRETEST for one in held.items),
        attempts=count_attempts(service_context(), digest),
        former=former,
        compared=comparison(former, digest),
        page=page,
        versions=versions,
        address=lambda wanted: url_for(".show", digest=digest, page=wanted),
    )


def comparison(former: StoredRelease | None, digest: str) -> ReleaseComparison | None:
    return compare_releases(service_context(), former.digest, digest) if former else None


def former_of(releases: tuple[StoredRelease, ...], digest: str) -> StoredRelease | None:
    """The release before one; None before the first."""
    places = [place for place, one in enumerate(releases) if one.digest == digest]
    before = releases[places[0] + 1 :] if places else ()
    return before[0] if before else None


def show_index(title: str = "", error: str = "", *, refusal: str = "") -> str:
    approved = ItemFilter(status=ItemStatus.APPROVED)
    return render_template(
        "releases/index.html",
        releases=list_releases(service_context()),
        review=review_release(service_context()),
        waiting=search_items(service_context(), approved, size=MOST_NAMED),
        title=title,
        error=error,
        refusal=refusal,
        longest_title=LONGEST_TITLE,
        most_named=MOST_NAMED,
    )
