"""The fields that interactions of QTI markup are made of. Every one holds a value as QTI writes it.

A field's name begins with `response:` and the response identifier; the places of an order begin
with `place:`, and end with the entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask_babel import gettext
from markupsafe import Markup

from certify.web.markup_view import Rendering
from question_bank.qti.tree import Node

Labelled = Sequence[tuple[str, Markup]]
"""Values with what stands beside them."""
EMPTY = Markup("")


def field_name(node: Node) -> str:
    """The response identifier of an interaction; the fields of the form are named after it."""
    return node.get("response-identifier").strip()


def cards(node: Node, rendering: Rendering, options: Labelled) -> Markup:
    """Radio buttons or checkboxes, one for each option."""
    kind = kind_of_choice(node)
    listed = EMPTY.join(
        Markup(
            '<label class="choice">{}<span class="choice-body"><span class="choice-label">{}'
            "</span></span></label>"
        ).format(tick(node, rendering, kind, value), label)
        for value, label in options
    )
    return Markup('<div class="choice-list">{}</div>').format(listed)


def kind_of_choice(node: Node) -> str:
    """One choice is a radio button; where several may be chosen each is a checkbox."""
    return "radio" if node.get("max-choices", "1").strip() == "1" else "checkbox"


def tick(node: Node, rendering: Rendering, kind: str, value: str) -> Markup:
    name = field_name(node)
    checked = Markup(" checked") if value in rendering.given.get(name, ()) else ""
    return Markup(
        '<input class="choice-input" type="{}" data-response data-identifier="{}"'
        ' name="{}response:{}" value="{}"{}>'
    ).format(kind, name, rendering.prefix, name, value, checked)


def ticks(node: Node, rendering: Rendering, pairs: Labelled) -> Markup:
    return EMPTY.join(
        Markup('<label class="pair-tick">{} {}</label>').format(
            tick(node, rendering, "checkbox", value), label
        )
        for value, label in pairs
    )


def order_list(node: Node, rendering: Rendering, options: Labelled) -> Markup:
    """A place for each entry; the script moves the entries instead."""
    name = field_name(node)
    given = [value for value in rendering.given.get(name, ()) if value in dict(options)]
    rows = EMPTY.join(
        Markup(
            '<li class="order-entry" data-order-entry="{value}" data-words="{words}">'
            '<span class="order-number" data-order-number aria-hidden="true" hidden></span>'
            '<span class="control order-place" data-order-place><select class="input" data-response'
            ' data-identifier="{name}" data-part="{value}" name="{prefix}place:{name}:{value}"'
            ' aria-label="{label}">{places}</select></span>'
            '<span class="order-words">{content}</span>'
            '<span class="order-moves" data-order-moves hidden>{up}{down}</span></li>'
        ).format(
            value=value,
            words=content.striptags(),
            name=name,
            prefix=rendering.prefix,
            label=gettext("Place of: %(entry)s", entry=content.striptags()),
            places=_place_options(value, given, len(options)),
            content=content,
            up=_move(-1, "↑", gettext("Move up: %(entry)s", entry=content.striptags())),
            down=_move(1, "↓", gettext("Move down: %(entry)s", entry=content.striptags())),
        )
        for value, content in options
    )
    keep = Markup(
        '<p class="order-keep" data-order-keep hidden><button class="button button-secondary"'
        ' type="button">{}</button></p>'
        '<p class="visually-hidden" role="status" data-order-said></p>'
    ).format(gettext("This order is right as it stands"))
    return Markup('<div><ol class="order-list" data-order-list>{}</ol>{}</div>').format(rows, keep)


def _place_options(value: str, given: Sequence[str], count: int) -> Markup:
    place = str(given.index(value) + 1) if value in given else ""
    numbers = [(str(number), Markup("{}").format(number)) for number in range(1, count + 1)]
    return _option_list([("", EMPTY), *numbers], [place])


def _move(step: int, sign: str, label: str) -> Markup:
    return Markup(
        '<button class="order-move" type="button" data-order-move="{}" aria-label="{}">{}</button>'
    ).format(step, label, sign)


def select(
    node: Node, rendering: Rendering, options: Labelled, label: str, place: int | None = None
) -> Markup:
    """One value of the response to choose; `place` counts where several fields hold the same."""
    name = field_name(node)
    given = list(rendering.given.get(name, ()))
    if place is not None:
        given = given[place : place + 1]
    listed = _option_list([("", Markup(gettext("Choose one"))), *options], given)  # noqa: S704
    return Markup(
        '<span class="control inline-control"><select class="input" data-response'
        ' data-identifier="{}" name="{}response:{}" aria-label="{}">{}</select></span>'
    ).format(name, rendering.prefix, name, label, listed)


def _option_list(options: Iterable[tuple[str, Markup]], given: Sequence[str]) -> Markup:
    return EMPTY.join(
        Markup('<option value="{}"{}>{}</option>').format(
            value, Markup(" selected") if value and value in given else "", label.striptags()
        )
        for value, label in options
    )


def row(content: Markup, answer: Markup) -> Markup:
    return Markup(
        '<li class="match-row"><span class="match-words">{}</span><span>{}</span></li>'
    ).format(content, answer)


def rows_of(rows: Iterable[Markup]) -> Markup:
    return Markup('<ul class="match-list">{}</ul>').format(EMPTY.join(rows))


def first_given(rendering: Rendering, name: str) -> str:
    return next(iter(rendering.given.get(name, ())), "")
