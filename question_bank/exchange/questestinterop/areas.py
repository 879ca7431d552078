"""Shapes on pictures: QTI 1.x -> QTI 3.0."""

from question_bank.qti.numbers import read_float, written_number
from question_bank.qti.tree import Node

_SHAPES = {"ellipse": "ellipse", "rectangle": "rect", "bounded": "poly"}


def own_text(node: Node) -> str:
    """The text that stands in an element itself, not in those within."""
    return "".join(child for child in node.children if isinstance(child, str)).strip()


def area_of(kind: str, text: str) -> tuple[str, str] | None:
    """Shape and coordinates in QTI 3.0.

    A rectangle of QTI 1.x is its corner, width and height; an ellipse its centre and its two
    diameters.
    """
    shape = _SHAPES.get(kind.strip().lower())
    numbers = [read_float(word) for word in text.replace(",", " ").replace(";", " ").split()]
    found = [number for number in numbers if number is not None]
    if shape is None or len(found) != len(numbers) or len(found) < 4:
        return None
    if shape == "rect":
        found = [found[0], found[1], found[0] + found[2], found[1] + found[3]]
    if shape == "ellipse":
        found = [found[0], found[1], found[2] / 2, found[3] / 2]
    return shape, ",".join(written_number(number) for number in found)
