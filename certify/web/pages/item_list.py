"""The list of items for teachers: search, conditions, order, pages; the same as a table to keep.

The address holds everything, so that a list can be shared. What is done with chosen items stands
in `item_bulk`.
"""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from certify.services.banking import search_items
from certify.services.ports import ListedItem
from certify.services.releasing import list_releases
from certify.services.tagging import list_tag_values
from certify.web import item_words, list_words
from certify.web.auth import require_roles, service_context
from certify.web.display import in_zone
from certify.web.item_query import ItemQuery, read_query
from certify.web.item_words import author_name, bloom_name, status_name, type_name
from certify.web.life_words import STEP_NAMES
from certify.web.list_address import page_number
from certify.web.list_words import told_conditions
from certify.web.plain_tables import send_table
from certify.web.search_marks import is_elsewhere, marked_stem, marked_words
from certify.web.vocabulary import DIMENSIONS, LEVEL_NAMES, dimension_name, level_name
from question_bank.skills import LEVELS

bp = Blueprint("listing", __name__, url_prefix="/items")

PAGE_SIZE = 50
MOST_ROWS = 100_000
for mark_filter in (marked_stem, marked_words):
    bp.add_app_template_filter(mark_filter)
bp.add_app_template_test(is_elsewhere, "elsewhere")


def show_list() -> Response | str:
    """Newest versions that meet the conditions of the address."""
    query, number = asked_query(), page_number()
    page = search_items(service_context(), query.conditions, number=number, size=PAGE_SIZE)
    if number > page.count or request.args.get("page", "1") != str(number):
        return redirect(address_of(query, min(number, page.count)), code=303)
    nodes = service_context().skill_model.nodes
    titles = {one.digest: one.title for one in list_releases(service_context())}
    return render_template(
        "items/index.html",
        page=page,
        query=query,
        conditions=query.conditions,
        chips=[
            (said, url_for("items.index", **query.without(name)))
            for name, said in told_conditions(query, nodes, titles).items()
        ],
        nodes=nodes,
        values=list_tag_values(service_context()),
        titles=titles,
        dimensions=DIMENSIONS,
        levels=LEVELS,
        words=item_words,
        list_words=list_words,
        steps=STEP_NAMES,
        address=lambda wanted: address_of(query, wanted),
        sort_address=lambda sort: url_for("items.index", **query.sorted_by(sort)),
        query_text=urlencode(query.arguments),
    )


@bp.get("/list.csv")
@require_roles("teacher")
def table() -> Response:
    """The lines of the list as a table that spreadsheets open: UTF-8 with its mark."""
    query = asked_query()
    page = search_items(service_context(), query.conditions, size=MOST_ROWS)
    return send_table("items.csv", table_head(), map(table_row, page.rows))


def asked_query() -> ItemQuery:
    return read_query(request.args, service_context().skill_model)


def address_of(query: ItemQuery, number: int) -> str:
    return url_for("items.index", **query.arguments, page=number if number > 1 else None)


def table_head() -> list[str]:
    return [
        gettext("No."),
        gettext("Stem"),
        gettext("Skill"),
        gettext("Dimension"),
        gettext("Level"),
        gettext("Type of item"),
        gettext("State"),
        gettext("Version"),
        gettext("Bloom step"),
        gettext("Work area"),
        gettext("Chapter"),
        gettext("Case"),
        gettext("Open comments"),
        gettext("Errors"),
        gettext("Advice"),
        gettext("Author"),
        gettext("Saved at"),
    ]


def table_row(row: ListedItem) -> list[str]:
    return [
        row.item_id,
        row.stem,
        row.node,
        dimension_name(row.dimension) if row.dimension in DIMENSIONS else row.dimension,
        level_name(row.level) if row.level in LEVEL_NAMES else row.level,
        type_name(row.type),
        status_name(row.status),
        str(row.version),
        bloom_name(row.bloom),
        row.work_area,
        row.chapter,
        row.stimulus,
        str(row.open_comments),
        "" if row.errors is None else str(row.errors),
        "" if row.warnings is None else str(row.warnings),
        author_name(row.author),
        in_zone(row.changed_at, None).strftime("%Y-%m-%d %H:%M"),
    ]
