"""Pictures with areas: the picture with numbered outlines, and the areas in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from flask_babel import gettext
from markupsafe import Markup, escape

from certify.web.markup_view import Rendering, picture, picture_name
from question_bank.qti.tree import Node

AREAS = ("qti-hotspot-choice", "qti-associable-hotspot")
NUMBER = re.compile(r"-?\d{1,6}(\.\d{1,4})?")
SHAPES = {"rect": 4, "circle": 3, "ellipse": 4}


def areas_of(node: Node) -> list[tuple[str, Markup]]:
    """Identifiers with a number in words, and the label that the author gave."""
    found = [one for one in node.elements if one.name in AREAS]
    return [
        (one.get("identifier").strip(), _words(number, one.get("hotspot-label")))
        for number, one in enumerate(found, start=1)
    ]


def drawn_areas(node: Node, rendering: Rendering) -> Markup:
    """The picture with an outline and the number of each area."""
    shown = node.child("img", "object", "picture")
    if shown is None:
        return rendering.gap(node.name.removeprefix("qti-"))
    address = rendering.pictures(picture_name(shown))
    size = [_number(shown.get(side)) for side in ("width", "height")]
    if address is None or not all(size):
        return picture(shown, rendering)
    outlines = Markup("").join(
        _outline(one, number)
        for number, one in enumerate((n for n in node.elements if n.name in AREAS), start=1)
    )
    return Markup(
        '<svg class="markup-areas" viewBox="0 0 {width} {height}" width="{width}"'
        ' height="{height}" role="img" aria-label="{words}"><image href="{address}"'
        ' width="{width}" height="{height}"/>{outlines}</svg>'
    ).format(
        width=size[0],
        height=size[1],
        words=shown.get("alt") or gettext("Picture with numbered areas"),
        address=address,
        outlines=outlines,
    )


def _words(number: int, label: str) -> Markup:
    words = gettext("Area %(number)s", number=number)
    return escape(f"{words} {label}" if label else words)


def _outline(node: Node, number: int) -> Markup:
    numbers = list(_numbers(node.get("coords")))
    shape = node.get("shape").strip()
    if shape == "poly" and len(numbers) >= 6:
        points = " ".join(",".join(pair) for pair in zip(numbers[::2], numbers[1::2], strict=False))
        drawn = Markup('<polygon points="{}"/>').format(points)
    elif len(numbers) == SHAPES.get(shape):
        drawn = _simple_outline(shape, numbers)
    else:
        return Markup("")
    mark = Markup('<text x="{}" y="{}">{}</text>').format(numbers[0], numbers[1], number)
    return Markup('<g class="markup-area">{}{}</g>').format(drawn, mark)


def _simple_outline(shape: str, numbers: Sequence[str]) -> Markup:
    first, second, third = numbers[:3]
    if shape == "circle":
        return Markup('<circle cx="{}" cy="{}" r="{}"/>').format(first, second, third)
    if shape == "ellipse":
        return Markup('<ellipse cx="{}" cy="{}" rx="{}" ry="{}"/>').format(*numbers)
    width, height = (
        f"{float(far) - float(near):g}" for near, far in zip(numbers[:2], numbers[2:], strict=True)
    )
    return Markup('<rect x="{}" y="{}" width="{}" height="{}"/>').format(
        first, second, width.lstrip("-"), height.lstrip("-")
    )


def _numbers(text: str) -> Iterator[str]:
    for part in text.split(","):
        if NUMBER.fullmatch(part.strip()):
            yield part.strip()


def _number(text: str) -> str:
    return text.strip() if NUMBER.fullmatch(text.strip()) else ""
