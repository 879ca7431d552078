"""The item bank for teachers: the list with filters, and the way to one item."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from certify.web import curriculum_words, item_words
from certify.web.auth import require_roles
from certify.web.pages import (
    bank_quality,
    blueprints,
    item_bulk,
    item_editing,
    item_export,
    item_history,
    item_import,
    item_life,
    item_list,
    item_statistics,
    releases,
)
from certify.web.pages.item_life import show_item
from certify.web.pages.item_list import show_list

bp = Blueprint("items", __name__)
bp.register_blueprint(bank_quality.bp)
bp.register_blueprint(blueprints.bp)
bp.register_blueprint(item_bulk.bp)
bp.register_blueprint(item_editing.bp)
bp.register_blueprint(item_export.bp)
bp.register_blueprint(item_history.bp)
bp.register_blueprint(item_import.bp)
bp.register_blueprint(item_life.bp)
bp.register_blueprint(item_list.bp)
bp.register_blueprint(item_statistics.bp)
bp.register_blueprint(releases.bp)

for word_filter in (
    item_words.type_name,
    item_words.status_name,
    item_words.bloom_name,
    item_words.author_name,
    item_words.basis_words,
    item_words.finding_words,
    item_words.stem_beginning,
    curriculum_words.work_area_name,
    curriculum_words.chapter_name,
    item_words.field_name,
    item_words.option_letter,
):
    bp.add_app_template_filter(word_filter)


@bp.get("/items")
@require_roles("teacher")
def index() -> Response | str:
    """Newest versions that meet the conditions of the address."""
    return show_list()


@bp.get("/items/<item_id>")
@require_roles("teacher")
def show(item_id: str) -> str:
    """One item, its state and its comments."""
    return show_item(item_id)
