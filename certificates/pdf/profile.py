"""The dimension profile: one row per dimension with its estimate and its uncertainty.

Shows theta on its own scale with a band of one standard error to each side. Limited evidence
is hatched and said in words; what was not assessed has no mark on the scale at all.
"""

from __future__ import annotations

from certificates.credential import DimensionResult
from certificates.pdf.canvas import Canvas
from certificates.pdf.palette import (
    INK,
    INK_SOFT,
    PAPER,
    SEA,
    SEA_LIGHT,
    SEA_MIDDLE,
    SEA_PALE,
)
from certificates.pdf.wording import LIMITED, NOT_ASSESSED, estimate_text

SCALE_LIMIT = 3.0  # theta beyond is drawn at the end of the scale; the number says how far
_BAR = 4.4
_TRACK_START, _TRACK_WIDTH = 122.0, 96.0


def draw_profile(
    canvas: Canvas,
    dimensions: tuple[DimensionResult, ...],
    *,
    left: float,
    top: float,
    row_height: float,
) -> None:
    """Rows downwards from top; the whole is about 284 points wide."""
    bottom = top - row_height * len(dimensions)
    canvas.pen(SEA_LIGHT, 0.25, (1, 1.5))
    for tick in (-2, 0, 2):
        x = left + _TRACK_START + _position(tick)
        canvas.line((x, bottom + 4), (x, top))
    for index, dimension in enumerate(dimensions):
        _draw_row(canvas, dimension, left, top - row_height * (index + 0.5))
    canvas.ink(INK_SOFT)
    for tick in (-2, 0, 2):
        x = left + _TRACK_START + _position(tick)
        canvas.centred(x, bottom - 4, f"{tick:+d}".replace("-", "\u2212") if tick else "0", 5.5)


def _position(theta: float) -> float:
    clipped = max(-SCALE_LIMIT, min(SCALE_LIMIT, theta))
    return (clipped + SCALE_LIMIT) / (2 * SCALE_LIMIT) * _TRACK_WIDTH


def _draw_row(canvas: Canvas, dimension: DimensionResult, left: float, middle: float) -> None:
    canvas.ink(SEA)
    canvas.circle((left + 6.5, middle), 6.5, paint="f")
    canvas.ink(PAPER)
    letter = dimension.code[:2]
    canvas.centred(left + 6.5, middle - 2.8, letter, 7.5)
    canvas.ink(INK)
    size = canvas.fitting(dimension.title_zh, 8, limit=98, least=4) or 4
    canvas.text(left + 18, middle + 0.9, dimension.title_zh, size)
    canvas.ink(INK_SOFT)
    size = canvas.fitting(dimension.title_en, 5.6, limit=98, least=3) or 3
    canvas.text(left + 18, middle - 6, dimension.title_en, size)
    _draw_scale(canvas, dimension, left + _TRACK_START, middle)
    _draw_words(canvas, dimension, left + _TRACK_START + _TRACK_WIDTH + 10, middle)


def _draw_scale(canvas: Canvas, dimension: DimensionResult, start: float, middle: float) -> None:
    if dimension.theta is None or dimension.se is None:
        canvas.pen(SEA_LIGHT, 0.5, (1.5, 2.5))
        canvas.line((start, middle), (start + _TRACK_WIDTH, middle))
        return
    canvas.pen(SEA_LIGHT, 0.5)
    canvas.line((start, middle), (start + _TRACK_WIDTH, middle))
    low = start + _position(dimension.theta - dimension.se)
    high = start + _position(dimension.theta + dimension.se)
    if dimension.evidence == "limited":
        canvas.ink(PAPER)
        canvas.pen(SEA_MIDDLE, 0.35)
        canvas.rectangle(low, middle - _BAR / 2, high - low, _BAR)
        _hatch(canvas, low, high, middle)
    else:
        canvas.ink(SEA_PALE)
        canvas.pen(SEA_LIGHT, 0.35)
        canvas.rectangle(low, middle - _BAR / 2, high - low, _BAR)
    point = (start + _position(dimension.theta), middle)
    canvas.ink(PAPER if dimension.evidence == "limited" else SEA)
    canvas.pen(SEA, 0.8)
    canvas.circle(point, 2.1, paint="B")


def _hatch(canvas: Canvas, low: float, high: float, middle: float) -> None:
    """Lines at 45 degrees inside the bar."""
    canvas.pen(SEA_MIDDLE, 0.3)
    start = low
    while start < high:
        rise = min(_BAR, high - start)
        canvas.line((start, middle - _BAR / 2), (start + rise, middle - _BAR / 2 + rise))
        start += 2.4


def _draw_words(canvas: Canvas, dimension: DimensionResult, start: float, middle: float) -> None:
    if dimension.theta is None or dimension.se is None:
        canvas.ink(INK_SOFT)
        canvas.text(start, middle + 0.6, NOT_ASSESSED[0], 6.6)
        canvas.text(start, middle - 6, NOT_ASSESSED[1], 5.2)
        return
    canvas.ink(INK)
    words = estimate_text(dimension.theta, dimension.se)
    if dimension.evidence == "limited":
        canvas.text(start, middle + 0.6, words, 7.2)
        canvas.ink(INK_SOFT)
        canvas.text(start, middle - 6, LIMITED, 5.2)
    else:
        canvas.text(start, middle - 2.6, words, 7.2)
