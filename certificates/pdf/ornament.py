"""What is drawn but not read: the border, the rosette behind the name, the seal.

Fine vector lines in the manner of security printing. Depends on nothing but geometry, so it
is the same on every certificate.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from certificates.pdf.canvas import Canvas, Colour, Point

SEA: Colour = (0.055, 0.227, 0.373)
SEA_MIDDLE: Colour = (0.27, 0.45, 0.58)
SEA_LIGHT: Colour = (0.62, 0.73, 0.81)
SEA_PALE: Colour = (0.885, 0.925, 0.95)
PAPER: Colour = (1.0, 1.0, 1.0)


def draw_border(canvas: Canvas, width: float, height: float) -> None:
    """A braid of three phase-shifted waves between two lines, with calm corners."""
    outer, inner = 24.0, 38.0
    canvas.pen(SEA, 0.9)
    canvas.rectangle(outer, outer, width - 2 * outer, height - 2 * outer)
    canvas.pen(SEA, 0.35)
    canvas.rectangle(inner, inner, width - 2 * inner, height - 2 * inner)
    middle, reach = (outer + inner) / 2, (inner - outer) / 2 - 1.6
    canvas.pen(SEA_LIGHT, 0.3)
    for phase in range(4):
        for start, end in (
            ((inner, middle), (width - inner, middle)),
            ((inner, height - middle), (width - inner, height - middle)),
            ((middle, inner), (middle, height - inner)),
            ((width - middle, inner), (width - middle, height - inner)),
        ):
            canvas.curve(_wave(start, end, reach, phase / 4))
    for x in (middle, width - middle):
        for y in (middle, height - middle):
            _corner(canvas, (x, y), (inner - outer) / 2)


def _wave(start: Point, end: Point, reach: float, phase: float) -> list[Point]:
    """A sine wave of about 22 points' length as Bezier halves, along a straight axis."""
    length = math.dist(start, end)
    halves = 2 * round(length / 22)
    along = ((end[0] - start[0]) / length, (end[1] - start[1]) / length)
    across = (-along[1], along[0])

    def place(t: float, offset: float) -> Point:
        return (
            start[0] + along[0] * t + across[0] * offset,
            start[1] + along[1] * t + across[1] * offset,
        )

    step = length / halves
    height = [reach * math.sin(math.pi * (index + 2 * phase)) for index in range(halves + 1)]
    slope = [
        reach * math.pi / step * math.cos(math.pi * (index + 2 * phase))
        for index in range(halves + 1)
    ]
    points = [place(0.0, height[0])]
    for index in range(halves):
        t = index * step
        points += [
            place(t + step / 3, height[index] + slope[index] * step / 3),
            place(t + 2 * step / 3, height[index + 1] - slope[index + 1] * step / 3),
            place(t + step, height[index + 1]),
        ]
    return points


def _corner(canvas: Canvas, centre: Point, radius: float) -> None:
    x, y = centre
    canvas.ink(PAPER)
    canvas.pen(SEA, 0.35)
    canvas.rectangle(x - radius, y - radius, 2 * radius, 2 * radius, paint="B")
    canvas.pen(SEA_MIDDLE, 0.3)
    for turn in range(4):
        angle = turn * math.pi / 4
        dx, dy = (radius - 1.8) * math.cos(angle), (radius - 1.8) * math.sin(angle)
        canvas.line((x - dx, y - dy), (x + dx, y + dy))
    canvas.ink(SEA)
    canvas.circle(centre, 1.7, paint="f")


def draw_rosette(canvas: Canvas, centre: Point, radius: float) -> None:
    """A very pale guilloche behind the name."""
    canvas.pen(SEA_PALE, 0.3)
    for layer in range(9):
        size = radius * (1 - 0.075 * layer)

        def radius_at(angle: float, size: float = size, layer: int = layer) -> float:
            return size * (1 + 0.085 * math.sin(12 * angle + layer * math.pi / 5))

        canvas.polyline(_closed(centre, radius_at, 288))


def draw_seal(canvas: Canvas, centre: Point, radius: float) -> None:
    """The engraved ring of the seal; what stands in its middle is the design's."""
    canvas.ink(PAPER)
    canvas.pen(SEA, 0.8)
    canvas.circle(centre, radius, paint="B")
    canvas.pen(SEA_MIDDLE, 0.28)
    for phase in range(3):

        def radius_at(angle: float, phase: int = phase) -> float:
            return radius * (0.865 + 0.085 * math.sin(24 * angle + phase * 2 * math.pi / 3))

        canvas.polyline(_closed(centre, radius_at, 360))
    canvas.pen(SEA, 0.35)
    canvas.circle(centre, radius * 0.96)
    canvas.circle(centre, radius * 0.76)
    canvas.pen(SEA, 0.7)
    canvas.circle(centre, radius * 0.72)


def _closed(centre: Point, radius_at: Callable[[float], float], steps: int) -> list[Point]:
    points = []
    for index in range(steps + 1):
        angle = 2 * math.pi * index / steps
        radius = radius_at(angle)
        points.append((centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)))
    return points
