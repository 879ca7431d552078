"""The interactions of QTI markup as fields of a form: what each name becomes.

The values of the fields of one response are that response ("A", "A B" for a pair). Pictures with
areas come with a field for each area.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from itertools import combinations

from flask_babel import gettext
from markupsafe import Markup

from certify.web.markup_areas import areas_of, drawn_areas
from certify.web.markup_fields import (
    EMPTY,
    Labelled,
    cards,
    field_name,
    first_given,
    kind_of_choice,
    order_list,
    row,
    rows_of,
    select,
    tick,
    ticks,
)
from certify.web.markup_view import Control, Rendering, picture, render_markup
from question_bank.qti.tree import Node

MOST_ROWS = 10
LONGEST_TEXT = 20_000
CHOICES = ("qti-simple-choice", "qti-simple-associable-choice", "qti-inline-choice")


def _choice(node: Node, rendering: Rendering) -> Markup:
    return _fieldset(node, rendering, cards(node, rendering, _options(node, rendering, CHOICES)))


def _order(node: Node, rendering: Rendering) -> Markup:
    options = _options(node, rendering, CHOICES)
    return _fieldset(node, rendering, order_list(node, rendering, options))


def _match(node: Node, rendering: Rendering) -> Markup:
    """A row for each entry of the first set: one partner to choose, or several to tick."""
    sets = node.all("qti-simple-match-set")
    sources, targets = (_options(one, rendering, CHOICES) for one in (sets[0], sets[-1]))
    limits = {one.get("identifier").strip(): one.get("match-max", "1") for one in sets[0].elements}
    rows = []
    for source, content in sources:
        pairs = [(f"{source} {target}", label) for target, label in targets]
        single = limits.get(source, "1").strip() == "1"
        answer = (
            select(node, rendering, pairs, content.striptags())
            if single
            else ticks(node, rendering, pairs)
        )
        rows.append(row(content, answer))
    return _fieldset(node, rendering, rows_of(rows))


def _associate(node: Node, rendering: Rendering) -> Markup:
    options = _options(node, rendering, CHOICES)
    return _fieldset(node, rendering, _pairs(node, rendering, options))


def _pairs(node: Node, rendering: Rendering, options: Labelled) -> Markup:
    """As many rows as there may be pairs, each with every pair to choose from."""
    limit = node.get("max-associations", "0").strip()
    most = int(limit) if limit.isdecimal() and int(limit) else max(1, len(options) // 2)
    pairs = [
        (f"{first} {second}", Markup("{} – {}").format(one.striptags(), other.striptags()))
        for (first, one), (second, other) in combinations(options, 2)
    ]
    rows = [
        row(
            Markup(gettext("Pair %(number)s", number=number)),  # noqa: S704 - words of our own
            select(node, rendering, pairs, gettext("Pair %(number)s", number=number), number - 1),
        )
        for number in range(1, min(most, MOST_ROWS) + 1)
    ]
    return rows_of(rows)


def _gap_match(node: Node, rendering: Rendering) -> Markup:
    """The text with a selection at each gap; what may be put into gaps is in every selection."""
    texts = _options(node, rendering, ("qti-gap-text", "qti-gap-img"))

    def gap(place: Node, inner: Rendering) -> Markup:
        name = place.get("identifier").strip()
        number = inner.next_field()
        pairs = [(f"{value} {name}", label) for value, label in texts]
        label = gettext("Blank %(number)s", number=number)
        return select(node, inner, pairs, label)

    left_out = dict.fromkeys(("qti-gap-text", "qti-gap-img", "qti-prompt"), _nothing)
    content = render_markup(node, rendering, {**CONTROLS, **left_out, "qti-gap": gap})
    return _fieldset(node, rendering, content)


def _hottext(node: Node, rendering: Rendering) -> Markup:
    kind = kind_of_choice(node)

    def word(part: Node, inner: Rendering) -> Markup:
        mark = tick(node, inner, kind, part.get("identifier").strip())
        words = render_markup(part, inner, CONTROLS)
        return Markup('<label class="hottext">{}{}</label>').format(mark, words)

    content = render_markup(
        node, rendering, {**CONTROLS, "qti-prompt": _nothing, "qti-hottext": word}
    )
    return _fieldset(node, rendering, content)


def _inline_choice(node: Node, rendering: Rendering) -> Markup:
    number = rendering.next_field()
    options = _options(node, rendering, CHOICES)
    return select(node, rendering, options, gettext("Blank %(number)s", number=number))


def _text_entry(node: Node, rendering: Rendering) -> Markup:
    name, number = field_name(node), rendering.next_field()
    return Markup(
        '<input class="input blank-input" type="text" data-response data-identifier="{name}"'
        ' name="{prefix}response:{name}" value="{value}" maxlength="1000" aria-label="{label}"'
        ' autocomplete="off" autocapitalize="none" spellcheck="false">'
    ).format(
        name=name,
        prefix=rendering.prefix,
        value=first_given(rendering, name),
        label=gettext("Blank %(number)s", number=number),
    )


def _extended_text(node: Node, rendering: Rendering) -> Markup:
    name = field_name(node)
    area = Markup(
        '<textarea class="input essay" rows="8" maxlength="{most}" data-response'
        ' data-identifier="{name}" name="{prefix}response:{name}" aria-label="{label}">{value}'
        "</textarea>"
    ).format(
        most=LONGEST_TEXT,
        name=name,
        prefix=rendering.prefix,
        label=gettext("Your answer"),
        value=first_given(rendering, name),
    )
    return _fieldset(node, rendering, area)


def _slider(node: Node, rendering: Rendering) -> Markup:
    """A number field with its bounds: a slider cannot stand for no answer."""
    name = field_name(node)
    lower, upper = node.get("lower-bound", "0"), node.get("upper-bound", "100")
    area = Markup(
        '<input class="input slider-input" type="number" min="{lower}" max="{upper}" step="{step}"'
        ' data-response data-identifier="{name}" name="{prefix}response:{name}" value="{value}"'
        ' aria-label="{label}"> <span class="hint">{lower} – {upper}</span>'
    ).format(
        lower=lower,
        upper=upper,
        step=node.get("step") or "any",
        name=name,
        prefix=rendering.prefix,
        value=first_given(rendering, name),
        label=gettext("Your answer"),
    )
    return _fieldset(node, rendering, area)


def _hotspot(node: Node, rendering: Rendering) -> Markup:
    answer = cards(node, rendering, areas_of(node))
    return _fieldset(node, rendering, drawn_areas(node, rendering) + answer)


def _graphic_order(node: Node, rendering: Rendering) -> Markup:
    answer = order_list(node, rendering, areas_of(node))
    return _fieldset(node, rendering, drawn_areas(node, rendering) + answer)


def _graphic_associate(node: Node, rendering: Rendering) -> Markup:
    answer = _pairs(node, rendering, areas_of(node))
    return _fieldset(node, rendering, drawn_areas(node, rendering) + answer)


def _graphic_gap_match(node: Node, rendering: Rendering) -> Markup:
    texts = _options(node, rendering, ("qti-gap-text", "qti-gap-img"))
    rows = [
        row(
            label,
            select(
                node,
                rendering,
                [(f"{text} {area}", words) for text, words in texts],
                label.striptags(),
            ),
        )
        for area, label in areas_of(node)
    ]
    return _fieldset(node, rendering, drawn_areas(node, rendering) + rows_of(rows))


def _nothing(node: Node, rendering: Rendering) -> Markup:
    return EMPTY


def _options(node: Node, rendering: Rendering, names: Iterable[str]) -> Labelled:
    """Identifiers with their contents, in document order."""
    found = [one for one in node.elements if one.name in names]
    return [(one.get("identifier").strip(), _label(one, rendering)) for one in found]


def _label(node: Node, rendering: Rendering) -> Markup:
    shown = node.child("img", "object") if node.name == "qti-gap-img" else None
    if shown is not None:
        words = node.get("object-label") or shown.get("alt") or node.get("identifier")
        return picture(shown, rendering) + Markup(" {}").format(words)
    return render_markup(node, rendering, CONTROLS)


def _fieldset(node: Node, rendering: Rendering, content: Markup) -> Markup:
    prompt = node.child("qti-prompt")
    words = render_markup(prompt, rendering, CONTROLS) if prompt is not None else EMPTY
    return Markup(
        '<fieldset class="markup-interaction"><legend class="markup-prompt">{}</legend>{}'
        "</fieldset>"
    ).format(words, content)


def _unavailable(what: str, node: Node, rendering: Rendering) -> Markup:
    return rendering.gap(what)


CONTROLS: Mapping[str, Control] = {
    "qti-choice-interaction": _choice,
    "qti-order-interaction": _order,
    "qti-match-interaction": _match,
    "qti-associate-interaction": _associate,
    "qti-gap-match-interaction": _gap_match,
    "qti-hottext-interaction": _hottext,
    "qti-inline-choice-interaction": _inline_choice,
    "qti-text-entry-interaction": _text_entry,
    "qti-extended-text-interaction": _extended_text,
    "qti-slider-interaction": _slider,
    "qti-hotspot-interaction": _hotspot,
    "qti-graphic-order-interaction": _graphic_order,
    "qti-graphic-associate-interaction": _graphic_associate,
    "qti-graphic-gap-match-interaction": _graphic_gap_match,
    **{
        f"qti-{name}-interaction": partial(_unavailable, name)
        for name in (
            *("select-point", "position-object", "media", "drawing", "upload", "custom"),
            *("portable-custom", "end-attempt"),
        )
    },
}
"""What each interaction becomes; those of the last kind a browser alone cannot show."""
