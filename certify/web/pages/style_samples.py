"""Sample items for the style guide, written for it and in no bank."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext

from certify.services.showing import ItemView
from certify.web.exam_page import ExamItemPage
from certify.web.task_rendering import render_task
from question_bank.item import Stimulus
from question_bank.qti.tree import Node


def sample_exam_page(
    item_type: str, remaining_seconds: float, confirm_blank: bool, linear: bool
) -> ExamItemPage | None:
    """An exam page of the wanted type, or None when there is no such type."""
    write_sample = SAMPLES.get(item_type)
    if write_sample is None:
        return None
    return ExamItemPage(
        exam_name=gettext("Cross-border e-commerce, proficient level: theory"),
        attempt_id="sample",
        position=7,
        task=render_task(write_sample()),
        remaining_seconds=remaining_seconds,
        revision=0,
        client=0,
        idempotency_key="00000000-0000-4000-8000-000000000000",
        submit_address="/_style/exam/" + item_type,
        hand_in_address="/_style/exam/" + item_type,
        part_name=gettext("Part 1: theory"),
        item_total=40 if linear else None,
        may_go_back=linear,
        may_flag=linear,
        confirm_blank=confirm_blank,
    )


def _single() -> ItemView:
    stem = gettext(
        "A shop finds that many visitors put goods into the cart, but few pay. "
        "Which figure should be looked at first?"
    )
    options = (
        ("a", gettext("The conversion rate from cart to payment, by step and by device")),
        ("b", gettext("The number of impressions of the whole shop")),
        ("c", gettext("The average time that visitors spend on the home page")),
        ("d", gettext("The number of followers on social media")),
    )
    return ItemView(1, "single", stem, options)


def _multiple() -> ItemView:
    stem = gettext("Which of these belong on a commercial invoice for an export parcel?")
    options = (
        ("a", gettext("Description, quantity and value of the goods")),
        ("b", gettext("Name and address of seller and buyer")),
        ("c", gettext("Terms of delivery")),
        ("d", gettext("Number of followers of the shop")),
    )
    return ItemView(1, "multiple", stem, options)


def _true_false() -> ItemView:
    stem = gettext("Click-through rate is the number of clicks divided by impressions.")
    return ItemView(1, "true_false", stem, (("true", gettext("True")), ("false", gettext("False"))))


def _numeric() -> ItemView:
    stem = gettext("What is the click-through rate of the second campaign, to one decimal?")
    return ItemView(1, "numeric", stem, unit="%", decimals=1, stimulus=_campaigns())


def _fill_in() -> ItemView:
    stem = gettext(
        "Click-through rate is {clicks} divided by impressions; conversion rate is {orders} "
        "divided by visitors."
    ).format(clicks="{{1}}", orders="{{2}}")
    return ItemView(1, "fill_in", stem, blanks=("1", "2"))


def _order() -> ItemView:
    stem = gettext("Put the steps of a customs declaration for export into order.")
    options = (
        ("c", gettext("Customs examine the goods")),
        ("a", gettext("Prepare invoice, packing list and contract")),
        ("d", gettext("Customs release the goods")),
        ("b", gettext("Submit the declaration with the classified goods")),
    )
    return ItemView(1, "order", stem, options)


def _match() -> ItemView:
    stem = gettext("Which department answers for which figure?")
    options = (
        ("a", gettext("Click-through rate of an advertisement")),
        ("b", gettext("Time until the first reply to a customer")),
        ("c", gettext("Share of parcels delivered on time")),
    )
    targets = (
        ("t1", gettext("Marketing")),
        ("t2", gettext("Customer service")),
        ("t3", gettext("Logistics and storage, with the carriers")),
        ("t4", gettext("Finance")),
    )
    return ItemView(1, "match", stem, options, targets)


def _essay() -> ItemView:
    stem = gettext(
        "Advise the shop in one paragraph which of the two campaigns to extend, and why."
    )
    return ItemView(1, "essay", stem, most_characters=500, stimulus=_campaigns())


def _composite() -> ItemView:
    """Two interactions of QTI markup in one item."""
    figures = (("A", gettext("Impressions")), ("B", gettext("Clicks")), ("C", gettext("Orders")))
    entries = tuple(
        Node("qti-simple-choice", {"identifier": name}, (words,)) for name, words in figures
    )
    order = Node(
        "qti-order-interaction",
        {"response-identifier": "FUNNEL"},
        (
            Node("qti-prompt", {}, (gettext("Put the figures in the order of the funnel."),)),
            *entries,
        ),
    )
    choice = Node(
        "qti-choice-interaction",
        {"response-identifier": "LOSS", "max-choices": "0"},
        (
            Node("qti-prompt", {}, (gettext("Which of them does an advertisement change?"),)),
            *entries,
        ),
    )
    entry = Node("qti-text-entry-interaction", {"response-identifier": "NAME"})
    line = Node("p", {}, (gettext("Clicks divided by impressions are called"), " ", entry))
    return ItemView(1, "composite", "", body=Node("qti-item-body", {}, (order, choice, line)))


def _campaigns() -> Stimulus:
    heads = (gettext("Campaign"), gettext("Impressions"), gettext("Clicks"), gettext("Orders"))
    rows = [
        heads,
        ("---", "--:", "--:", "--:"),
        ("1", "48,200", "1,205", "61"),
        ("2", "31,500", "1,134", "47"),
    ]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    intro = gettext("Figures of two advertising campaigns in one week.")
    formula = "$$\\mathrm{CTR} = \\frac{n_{c}}{n_{i}} \\times 100\\%$$"
    return Stimulus("sample", gettext("Two campaigns"), f"{intro}\n\n{table}\n\n{formula}")


SAMPLES: Mapping[str, Callable[[], ItemView]] = {
    "single": _single,
    "multiple": _multiple,
    "true_false": _true_false,
    "numeric": _numeric,
    "fill_in": _fill_in,
    "order": _order,
    "match": _match,
    "essay": _essay,
    "composite": _composite,
}
"""One sample for each type of item."""
