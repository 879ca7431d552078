"""The item bank for teachers: the list with filters, and one item with its key and history."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from certify.services.banking import count_items, judge_item, list_items, list_versions
from certify.services.ports import ItemFilter
from certify.web import item_words
from certify.web.auth import require_roles, service_context
from certify.web.item_preview import preview_of
from certify.web.pages import item_editing, releases
from certify.web.vocabulary import DIMENSIONS
from question_bank.item import ItemStatus
from question_bank.skills import LEVELS

bp = Blueprint("items", __name__)
bp.register_blueprint(item_editing.bp)
bp.register_blueprint(releases.bp)

PAGE_SIZE = 50
LONGEST_SEARCH = 100
for word_filter in (
    item_words.type_name,
    item_words.status_name,
    item_words.bloom_name,
    item_words.author_name,
    item_words.basis_words,
    item_words.finding_words,
    item_words.stem_beginning,
):
    bp.add_app_template_filter(word_filter)


@bp.get("/items")
@require_roles("teacher")
def index() -> Response | str:
    """Newest versions by id; the address holds the filter, so that a list can be shared."""
    conditions = read_conditions()
    number = request.args.get("page", 1, type=int)
    page = list_items(service_context(), conditions, number=number, size=PAGE_SIZE)
    if number != page.number or number > page.count:
        last = min(max(number, 1), page.count)
        return redirect(address_of_page(conditions, last), code=303)
    return render_template(
        "items/index.html",
        page=page,
        conditions=conditions,
        nodes=service_context().skill_model.nodes,
        coverage=count_items(service_context(), ItemStatus.OPERATIONAL),
        dimensions=DIMENSIONS,
        levels=LEVELS,
        words=item_words,
        address=lambda wanted: address_of_page(conditions, wanted),
    )


@bp.get("/items/<item_id>")
@require_roles("teacher")
def show(item_id: str) -> str:
    """One item as candidates see it, with what only its author may see; `?version=` for older."""
    versions = list_versions(service_context(), item_id)
    wanted = request.args.get("version", versions[0].version, type=int)
    version = next((one for one in versions if one.version == wanted), None)
    if version is None:
        abort(404)
    return render_template(
        "items/show.html",
        version=version,
        newest=versions[0],
        versions=versions,
        preview=preview_of(version.item),
        node=service_context().skill_model.nodes[version.item.node],
        findings=judge_item(service_context(), version.item),
        words=item_words,
    )


def read_conditions() -> ItemFilter:
    """What the address asks for; words that mean nothing here are left out."""
    model = service_context().skill_model
    known: dict[str, Any] = {
        "node": model.nodes,
        "dimension": model.dimension_codes,
        "level": LEVELS,
        "type": item_words.TYPE_NAMES,
        "status": item_words.STATUS_NAMES,
    }
    asked = {name: request.args.get(name, "") for name in known}
    text = "".join(c for c in request.args.get("text", "") if c.isprintable()).strip()
    return ItemFilter(
        text=text[:LONGEST_SEARCH],
        **{name: value for name, value in asked.items() if value in known[name]},
    )


def address_of_page(conditions: ItemFilter, number: int) -> str:
    filled = {name: value for name, value in asdict(conditions).items() if value}
    return url_for("items.index", **filled, page=number if number > 1 else None)
