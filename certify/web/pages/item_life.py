"""An item's life for teachers: its page, the steps it takes, comments on it, what waits for review.

Everything works as plain forms; a script only adds keys.
"""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from certify.errors import EditConflict, InvalidField, UseCaseError
from certify.services.acting import Actor, acting
from certify.services.advancing import LONGEST_NOTE, Step, advance_item, list_steps
from certify.services.awaiting import ReviewQueue, WaitingItem, list_waiting
from certify.services.banking import judge_item, list_stored_versions, list_versions
from certify.services.commenting import (
    LONGEST_COMMENT,
    add_comment,
    list_comments,
    resolve_comment,
)
from certify.services.drafting import get_working_copy
from certify.web import item_words, life_words
from certify.web.auth import current_person, require_roles, service_context
from certify.web.i18n import translate_problem
from certify.web.item_files import bank_pictures
from certify.web.item_preview import preview_of
from certify.web.list_address import page_number, pages_of
from question_bank.errors import QuestionBankError
from question_bank.item import ItemVersion
from question_bank.lifecycle import ItemAction

bp = Blueprint("life", __name__, url_prefix="/items")

PAGE_SIZE = 50
Page = str | tuple[str, int]
FIRST = (ItemAction.SUBMIT, ItemAction.APPROVE, ItemAction.ACTIVATE, ItemAction.RESTORE)
"""Steps that lead on: each is the main action where it may be taken."""
for word_filter in (life_words.made_by, life_words.step_name, life_words.value_words):
    bp.add_app_template_filter(word_filter)


def actor() -> Actor:
    return acting(current_person())


# --- one item ------------------------------------------------------------------------------


def show_item(
    item_id: str, error: tuple[str, str] | None = None, note: str = "", comment: str = ""
) -> str:
    """One item as candidates see it, with what only teachers may see; `?version=` for older.

    `?review=1` adds the way through what waits for review. `error` is a field of the
    form sent and what was wrong with it, `note` and `comment` are what was typed into it.
    """
    versions = list_versions(service_context(), item_id)
    wanted = request.args.get("version", versions[0].version, type=int)
    version = next((one for one in versions if one.version == wanted), None)
    if version is None:
        abort(404)
    is_newest = version is versions[0]
    return render_template(
        "items/show.html",
        version=version,
        newest=versions[0],
        versions=versions,
        made=list_stored_versions(service_context(), item_id)[0],
        preview=preview_of(version.item, bank_pictures(version.item)),
        node=service_context().skill_model.nodes.get(version.item.node),
        findings=judge_item(service_context(), version.item),
        steps=list_steps(service_context(), item_id, actor()) if is_newest else (),
        first_steps=FIRST,
        threads=list_comments(service_context(), item_id),
        copy=get_working_copy(service_context(), item_id, actor=actor()),
        queue=review_place(item_id) if request.args.get("review") else None,
        errors=[error] if error else [],
        note=note,
        comment=comment,
        longest_note=LONGEST_NOTE,
        longest_comment=LONGEST_COMMENT,
        words=item_words,
    )


def review_place(item_id: str) -> dict[str, object]:
    """Where the item stands among what waits for this person, and the ways to its neighbours."""
    queue = list_waiting(service_context(), actor=actor())
    before, after = queue.around(item_id)
    return {
        "place": queue.place_of(item_id),
        "count": len(queue.for_me),
        "before": address_of(before) if before else None,
        "after": address_of(after) if after else None,
    }


def address_of(item_id: str, anchor: str | None = None) -> str:
    """The page of an item, in the review as long as one is in it."""
    return url_for("items.show", item_id=item_id, review=1 if is_review() else None, _anchor=anchor)


def is_review() -> bool:
    return bool(request.args.get("review") or request.endpoint == "items.life.reviews")


# --- steps ---------------------------------------------------------------------------------


@bp.post("/<item_id>/steps")
@require_roles("teacher")
def advance(item_id: str) -> Response | Page:
    """Take one step; in the review, the next item that waits follows."""
    action, note = request.form.get("action", ""), request.form.get("note", "").strip()
    seen = request.form.get("version", "")
    if action not in life_words.STEP_NAMES or not seen.isdecimal():
        abort(400)
    following = list_waiting(service_context(), actor=actor()) if is_review() else None
    try:
        moved = advance_item(
            service_context(),
            item_id,
            ItemAction(action),
            actor=actor(),
            based_on=int(seen),
            note=note,
        )
    except EditConflict:
        problem = gettext("Somebody changed this item meanwhile. Look at it again, then decide.")
        return show_item(item_id, ("", problem), note), 409
    except InvalidField as fault:
        return show_item(item_id, ("note", reason_words(fault, note)), note), 422
    except (UseCaseError, QuestionBankError) as fault:
        return show_item(item_id, ("", translate_problem(fault)), note), 409
    flash(step_words(moved, action), "success")
    return redirect(after_step(item_id, action, following), code=303)


def reason_words(fault: InvalidField, note: str) -> str:
    if not note:
        return gettext("Say why you send it back, so that its author knows what to change.")
    return translate_problem(fault)


def step_words(moved: ItemVersion, action: str) -> str:
    return gettext(
        "Item %(id)s: %(step)s. It is now version %(version)s, %(status)s.",
        id=moved.item.id,
        step=life_words.made_by(action),
        version=moved.version,
        status=item_words.status_name(moved.status),
    )


def after_step(item_id: str, action: str, queue: ReviewQueue | None) -> str:
    """The item's page; in the review the next one, or the list at its end."""
    if queue is None or action not in (ItemAction.APPROVE, ItemAction.SEND_BACK):
        return address_of(item_id)
    before, after = queue.around(item_id)
    following = after or before
    return address_of(following) if following else url_for("items.life.reviews")


def refusal_words(step: Step) -> str:
    """Why this person cannot take a step; empty where nothing is in the way."""
    return translate_problem(step.refusal) if step.refusal else ""


bp.add_app_template_filter(refusal_words)


# --- comments ------------------------------------------------------------------------------


@bp.post("/<item_id>/comments")
@require_roles("teacher")
def comment(item_id: str) -> Response | Page:
    """Say something about the newest version, or answer in a thread."""
    text = request.form.get("text", "")
    try:
        added = add_comment(
            service_context(),
            item_id,
            text,
            actor=actor(),
            reply_to=request.form.get("reply_to", type=int),
        )
    except InvalidField as fault:
        empty = gettext("Write the comment first.")
        problem = translate_problem(fault) if text.strip() else empty
        return show_item(item_id, ("comment", problem), comment=text), 422
    return redirect(address_of(item_id, f"comment-{added.reply_to or added.id}"), code=303)


@bp.post("/<item_id>/comments/<int:comment_id>")
@require_roles("teacher")
def settle(item_id: str, comment_id: int) -> Response:
    """Resolve a thread, or open it again."""
    is_resolved = request.form.get("intent") != "reopen"
    resolved = resolve_comment(
        service_context(), comment_id, actor=actor(), is_resolved=is_resolved
    )
    return redirect(address_of(resolved.item_id, f"comment-{resolved.id}"), code=303)


# --- the queue -----------------------------------------------------------------------------


@bp.get("/reviews")
@require_roles("teacher")
def reviews() -> str:
    """What waits for this person's review; `?whose=own` what this person sent there."""
    queue = list_waiting(service_context(), actor=actor())
    is_own = request.args.get("whose") == "own"
    waiting = queue.for_others if is_own else queue.for_me
    pages = max(1, -(-len(waiting) // PAGE_SIZE))
    number = min(page_number(), pages)
    return render_template(
        "items/reviews.html",
        queue=queue,
        is_own=is_own,
        waiting=waiting[(number - 1) * PAGE_SIZE : number * PAGE_SIZE],
        first=address_of(queue.for_me[0].item.item_id) if queue.for_me else None,
        since=waiting_words,
        number=number,
        pages=pages,
        total=len(waiting),
        page_address=pages_of(),
        address_of=address_of,
    )


def waiting_words(waiting: WaitingItem) -> str:
    """How long an item has waited, in whole days; from a day on."""
    days = (service_context().clock() - waiting.item.changed_at).days
    return ngettext("%(num)s day", "%(num)s days", days) if days > 0 else gettext("today")
