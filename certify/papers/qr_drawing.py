"""A QR code of a short text as dark rectangles on a canvas."""

from typing import Any

import segno

QUIET_ZONE = 4
"""Modules of white around the symbol (ISO/IEC 18004, section 6.3.8)."""


def draw_qr(canvas: Any, content: str, x: float, y: float, side: float) -> None:
    """The code with its quiet zone in a square whose lower left corner is (x, y)."""
    matrix = segno.make_qr(content, error="m").matrix
    module = side / (len(matrix) + 2 * QUIET_ZONE)
    canvas.setFillColorRGB(0, 0, 0)
    for row, modules in enumerate(matrix):
        top = y + side - (row + QUIET_ZONE + 1) * module
        for column, is_dark in enumerate(modules):
            if is_dark:
                canvas.rect(
                    x + (column + QUIET_ZONE) * module, top, module, module, stroke=0, fill=1
                )


def form_code(digest: str, letter: str) -> str:
    """What the code says: the form's digest in full, and its letter for people who scan it."""
    return f"CERTIFY-FORM:{letter}:{digest}"
