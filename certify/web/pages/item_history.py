"""The versions of an item: who made each, when, how and why, and what differs between any two."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from certify.services.banking import compare_versions, list_changes
from certify.web.auth import require_roles, service_context
from certify.web.item_words import field_name

bp = Blueprint("history", __name__, url_prefix="/items")


@bp.get("/<item_id>/versions")
@require_roles("teacher")
def index(item_id: str) -> str:
    """The history, newest first; `?before=` and `?after=` name two versions to compare.

    Without them, the newest version that says something else than the one before it is shown.
    """
    changes = list_changes(service_context(), item_id)
    newest = changes[0].version
    changed = next((change for change in changes if change.differences), changes[0])
    after = request.args.get("after", changed.version.version, type=int)
    before = request.args.get("before", max(1, after - 1), type=int)
    return render_template(
        "items/versions.html",
        changes=changes,
        newest=newest,
        before=before,
        after=after,
        differences=compare_versions(service_context(), item_id, before, after),
        field_name=field_name,
    )
