"""An item of a form part: saved when it is left, whichever way the candidate goes.

Buttons carry where they lead as their intent; without scripts they are plain submit buttons.
"""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from certify.exams.commands import NewAnswer
from certify.services.attempt_views import AttemptView, FormProgress
from certify.services.delivering import save_response
from certify.services.form_sitting import flag_item
from certify.services.raw_responses import is_blank_response
from certify.web.auth import current_candidate_id, service_context

BACK, NEXT, REVIEW, FLAG, UNFLAG = "back", "next", "review", "flag", "unflag"
GO = "go-"
"""Before the position of an item of the map."""


def save_if_new(view: AttemptView, response: Any, revision: int, key: str) -> None:
    """Store an answer that differs from the saved one; nothing is no answer to an untouched item.

    Raises what `save_response` does.
    """
    item = view.item
    is_untouched = view.revision == 0 and is_blank_response(response)
    if item is None or is_untouched or (view.revision and response == view.response):
        return
    new = NewAnswer(
        position=item.position,
        response=response,
        revision=revision + 1,
        is_final=False,
        client=view.client,
        idempotency_key=key,
    )
    save_response(service_context(), current_candidate_id(), view.id, new)


def flag_if_asked(view: AttemptView, form: FormProgress, intent: str) -> None:
    """Mark the item that is shown, or take the mark away. Raises what `flag_item` does."""
    if intent not in (FLAG, UNFLAG):
        return
    flag_item(
        service_context(),
        current_candidate_id(),
        view.id,
        form.current.position,
        flagged=intent == FLAG,
        client=view.client,
    )


def lead_on(view: AttemptView, form: FormProgress) -> Response:
    """To the item or the review that the pressed button leads to."""
    intent = request.form.get("intent", NEXT)
    target = form.current
    if intent == NEXT:
        following = form.neighbour(1)
        if following is None:
            return to_review(view)
        target = following
    elif intent == BACK:
        target = form.neighbour(-1) or target
    elif intent == REVIEW:
        return to_review(view)
    elif intent.startswith(GO):
        chosen = intent.removeprefix(GO)
        target = next((one for one in form.questions if str(one.position) == chosen), target)
    return redirect(item_address(view, target.position), code=303)


def item_address(view: AttemptView, position: int) -> str:
    """An item on the page that is open: going there takes nothing over."""
    return url_for("attempts.show", attempt_id=view.id, page=view.client, item=position)


def to_review(view: AttemptView) -> Response:
    return redirect(review_address(view), code=303)


def review_address(view: AttemptView) -> str:
    return url_for("attempts.confirm_hand_in", attempt_id=view.id, page=view.client)
