"""The static template of the standard certificate, drawn with reportlab once per design.

Border, rosette, seal ring, rules and the white field of the QR code: fine vector lines in the
manner of security printing, and nothing that depends on a font or on a credential. The content
stream is kept in designs/ and ships with the package. Issuing and verifying read that file and
never draw, so a certificate can be compared years later whatever reportlab is installed then.

    python -m certificates.pdf.template_standard

writes the file again. A changed drawing is a new design name, and the old file stays.
"""

from __future__ import annotations

import cmath
import io
import math
import re
from collections.abc import Callable
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from certificates.pdf.design import (
    CENTRE,
    DESIGN,
    HEIGHT,
    LEFT,
    PROFILE_RIGHT,
    QR_BOTTOM,
    QR_LEFT,
    QR_SIDE,
    SEAL_CENTRE,
    SEAL_RADIUS,
    WIDTH,
)
from certificates.pdf.palette import PAPER, SEA, SEA_LIGHT, SEA_MIDDLE, SEA_PALE, Colour

# A curve's place and its derivative at a parameter; x + iy, so a turn is a multiplication.
Curve = Callable[[float], tuple[complex, complex]]

TEMPLATE_FILE = Path(__file__).parent / "designs" / f"{DESIGN}.content"
_OUTER, _INNER = 24.0, 38.0
_MIDDLE, _BAND = (_OUTER + _INNER) / 2, _INNER - _OUTER
_ROSETTE_CENTRE, _ROSETTE_RADIUS = complex(CENTRE, 356), 128.0
_DECIMALS = 2  # 0.005 points are 2 micrometres


def template_content() -> bytes:
    """The page's content stream: paths and graphics state, ASCII, the same in every run."""
    canvas = Canvas(io.BytesIO(), pagesize=(WIDTH, HEIGHT), pageCompression=0, invariant=1)
    canvas.saveState()
    _draw_rosette(canvas)
    _draw_border(canvas)
    _draw_seal(canvas)
    _draw_rules(canvas)
    canvas.setFillColorRGB(*PAPER)
    canvas.rect(QR_LEFT, QR_BOTTOM, QR_SIDE, QR_SIDE, stroke=0, fill=1)
    canvas.restoreState()
    content: str = canvas.getCurrentPageContent()
    # reportlab opens each path with "n", which has nothing to end there (ISO 32000-2, 8.5.3.1).
    return re.sub(r"(?m)^n\s", "", content + "\n").encode("ascii")


def _pen(canvas: Canvas, colour: Colour, width: float) -> None:
    canvas.setStrokeColorRGB(*colour)
    canvas.setLineWidth(width)


def _draw_curve(canvas: Canvas, curve: Curve, end: float, pieces: int) -> None:
    """The curve from 0 to end as cubic Hermite pieces, written as Bezier pieces."""

    def point(place: complex) -> tuple[float, float]:
        return round(place.real, _DECIMALS), round(place.imag, _DECIMALS)

    step = end / pieces
    place, slope = curve(0.0)
    path = canvas.beginPath()
    path.moveTo(*point(place))
    for index in range(1, pieces + 1):
        control = place + slope * step / 3
        place, slope = curve(index * step)
        path.curveTo(*point(control), *point(place - slope * step / 3), *point(place))
    canvas.drawPath(path)


def _draw_border(canvas: Canvas) -> None:
    """A braid of four phase-shifted waves between two lines, with calm corners."""
    _pen(canvas, SEA, 0.9)
    canvas.rect(_OUTER, _OUTER, WIDTH - 2 * _OUTER, HEIGHT - 2 * _OUTER)
    _pen(canvas, SEA, 0.35)
    canvas.rect(_INNER, _INNER, WIDTH - 2 * _INNER, HEIGHT - 2 * _INNER)
    _pen(canvas, SEA_LIGHT, 0.3)
    across, up = WIDTH - 2 * _INNER, HEIGHT - 2 * _INNER
    for phase in range(4):
        for y in (_MIDDLE, HEIGHT - _MIDDLE):
            _draw_wave(canvas, complex(_INNER, y), 1, across, phase * math.pi / 2)
        for x in (_MIDDLE, WIDTH - _MIDDLE):
            _draw_wave(canvas, complex(x, _INNER), 1j, up, phase * math.pi / 2)
    for x in (_MIDDLE, WIDTH - _MIDDLE):
        for y in (_MIDDLE, HEIGHT - _MIDDLE):
            _draw_corner(canvas, x, y)


def _draw_wave(canvas: Canvas, start: complex, along: complex, length: float, phase: float) -> None:
    """A sine wave of about 22 points' length along an axis (a complex number of length 1)."""
    waves = round(length / 22)
    reach, rate = _BAND / 2 - 1.6, 2 * math.pi * waves / length

    def curve(t: float) -> tuple[complex, complex]:
        angle = rate * t + phase
        place = complex(t, reach * math.sin(angle))
        return start + along * place, along * complex(1, reach * rate * math.cos(angle))

    _draw_curve(canvas, curve, length, 4 * waves)


def _draw_corner(canvas: Canvas, x: float, y: float) -> None:
    canvas.setFillColorRGB(*PAPER)
    _pen(canvas, SEA, 0.35)
    canvas.rect(x - _BAND / 2, y - _BAND / 2, _BAND, _BAND, stroke=1, fill=1)
    _pen(canvas, SEA_MIDDLE, 0.3)
    for turn in range(4):
        ray = cmath.rect(_BAND / 2 - 1.8, turn * math.pi / 4)
        canvas.line(x - ray.real, y - ray.imag, x + ray.real, y + ray.imag)
    canvas.setFillColorRGB(*SEA)
    canvas.circle(x, y, 1.7, stroke=0, fill=1)


def _draw_guilloche(
    canvas: Canvas, centre: complex, radius: float, swing: float, waves: int, phase: float
) -> None:
    """A closed line around the centre whose radius swings to both sides in sine waves."""

    def curve(angle: float) -> tuple[complex, complex]:
        turn = cmath.rect(1, angle)
        distance = radius + swing * math.sin(waves * angle + phase)
        change = swing * waves * math.cos(waves * angle + phase)
        return centre + distance * turn, complex(change, distance) * turn

    _draw_curve(canvas, curve, 2 * math.pi, 4 * waves)


def _draw_rosette(canvas: Canvas) -> None:
    """A very pale guilloche behind the name."""
    _pen(canvas, SEA_PALE, 0.3)
    for layer in range(9):
        radius = _ROSETTE_RADIUS * (1 - 0.075 * layer)
        _draw_guilloche(canvas, _ROSETTE_CENTRE, radius, 0.085 * radius, 12, layer * math.pi / 5)


def _draw_seal(canvas: Canvas) -> None:
    """The engraved ring of the seal; what stands in its middle is filled in."""
    canvas.setFillColorRGB(*PAPER)
    _pen(canvas, SEA, 0.8)
    canvas.circle(*SEAL_CENTRE, SEAL_RADIUS, stroke=1, fill=1)
    _pen(canvas, SEA_MIDDLE, 0.28)
    radius, swing = SEAL_RADIUS * 0.865, SEAL_RADIUS * 0.085
    for phase in range(3):
        _draw_guilloche(canvas, complex(*SEAL_CENTRE), radius, swing, 24, phase * 2 * math.pi / 3)
    for share, width in ((0.96, 0.35), (0.76, 0.35), (0.72, 0.7)):
        _pen(canvas, SEA, width)
        canvas.circle(*SEAL_CENTRE, SEAL_RADIUS * share)


def _draw_rules(canvas: Canvas) -> None:
    """The lines above and below the ability profile."""
    _pen(canvas, SEA_LIGHT, 0.4)
    for y in (216.5, 95.0):
        canvas.line(LEFT, y, PROFILE_RIGHT, y)


if __name__ == "__main__":
    TEMPLATE_FILE.write_bytes(template_content())
