"""What real responses show about one item: figures, options, curves, exposure, change."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template
from flask_babel import gettext
from markupsafe import Markup

from certify.services.banking import get_item, list_stored_versions
from certify.services.item_statistics import (
    FEWEST_RESPONSES,
    MOST_ATTEMPTS,
    SURE_RESPONSES,
    AnswerStatistics,
    ObservedItem,
    observe_item,
)
from certify.web.auth import require_roles, service_context
from certify.web.item_files import bank_pictures
from certify.web.item_preview import preview_of
from certify.web.option_curves import curve_chart
from question_bank.item import Item
from question_bank.quality.observed import DRIFT_Z

bp = Blueprint("statistics", __name__, url_prefix="/items")


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One answer with its letter and words; `letter` is empty for what was typed."""

    letter: str
    words: str | Markup
    statistics: AnswerStatistics


@bp.get("/<item_id>/statistics")
@require_roles("teacher")
def show(item_id: str) -> str:
    """The figures of the newest version, with what they cannot tell."""
    newest = get_item(service_context(), item_id)
    observed = observe_item(service_context(), item_id)
    rows = answer_rows(newest.item, observed)
    return render_template(
        "items/statistics.html",
        newest=newest,
        versions=len(list_stored_versions(service_context(), item_id)),
        observed=observed,
        rows=rows,
        chart=curve_chart(observed, [row.letter for row in rows], gettext("Right")),
        fewest=FEWEST_RESPONSES,
        sure=SURE_RESPONSES,
        most_attempts=MOST_ATTEMPTS,
        has_drifted=observed.drift is not None and abs(observed.drift) > DRIFT_Z,
    )


def answer_rows(item: Item, observed: ObservedItem) -> list[AnswerRow]:
    """The answers in the order of the options, or the most frequent typed ones first."""
    options = (
        {
            option.id: (shown.letter, shown.content)
            for option, shown in zip(
                item.options, preview_of(item, bank_pictures(item)).options, strict=True
            )
        }
        if observed.has_options
        else {}
    )
    rows = []
    for statistics in observed.answers:
        letter, words = options.get(statistics.answer, ("", Markup.escape(statistics.answer)))
        if not statistics.answer:
            words = Markup.escape(gettext("No answer"))
        rows.append(AnswerRow(letter, words, statistics))
    return rows
