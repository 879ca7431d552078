"""Points and areas of a picture, exact; borders belong to the area."""

from collections.abc import Iterator
from fractions import Fraction

from question_bank.qti.definition import Area
from question_bank.qti.values import Scalar

Point = tuple[Fraction, Fraction]


def contains_point(area: Area, item: Scalar) -> bool:
    """Whether a point lies in an area; False for what is no point and for unusable coordinates."""
    point = _point(item)
    if point is None:
        return False
    x, y = point
    numbers = area.coordinates
    if area.shape == "default":
        return True
    if area.shape == "circle" and len(numbers) >= 3:
        return (x - numbers[0]) ** 2 + (y - numbers[1]) ** 2 <= numbers[2] ** 2
    if area.shape == "rect" and len(numbers) >= 4:
        left, right = sorted((numbers[0], numbers[2]))
        top, bottom = sorted((numbers[1], numbers[3]))
        return left <= x <= right and top <= y <= bottom
    if area.shape == "ellipse" and len(numbers) >= 4 and numbers[2] and numbers[3]:
        return ((x - numbers[0]) / numbers[2]) ** 2 + ((y - numbers[1]) / numbers[3]) ** 2 <= 1
    return area.shape == "poly" and len(numbers) >= 6 and _in_polygon((x, y), numbers)


def _point(item: Scalar) -> Point | None:
    if not isinstance(item, tuple):
        return None
    x, y = item
    return (x, y) if isinstance(x, Fraction) and isinstance(y, Fraction) else None


def _edges(numbers: tuple[Fraction, ...]) -> Iterator[tuple[Point, Point]]:
    corners = list(zip(numbers[::2], numbers[1::2], strict=False))
    return zip(corners, corners[1:] + corners[:1], strict=True)


def _in_polygon(point: Point, numbers: tuple[Fraction, ...]) -> bool:
    """By the number of edges that a ray to the right crosses; a point on an edge is inside."""
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in _edges(numbers):
        cross = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)
        if cross == 0 and min(x1, x2) <= x <= max(x1, x2) and min(y1, y2) <= y <= max(y1, y2):
            return True
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            inside = not inside
    return inside


def point_within(area: Area) -> Point | None:
    """A point that lies in the area, where one is easily named."""
    numbers = area.coordinates
    if area.shape == "default":
        return Fraction(0), Fraction(0)
    if area.shape in ("circle", "ellipse") and len(numbers) >= 2:
        return numbers[0], numbers[1]
    if area.shape == "rect" and len(numbers) >= 4:
        return (numbers[0] + numbers[2]) / 2, (numbers[1] + numbers[3]) / 2
    if area.shape == "poly" and len(numbers) >= 2:
        return numbers[0], numbers[1]
    return None
