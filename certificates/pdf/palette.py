"""The colours of the standard certificate, shared by its template and by what fills it in."""

from __future__ import annotations

Colour = tuple[float, float, float]

SEA: Colour = (0.055, 0.227, 0.373)
SEA_MIDDLE: Colour = (0.27, 0.45, 0.58)
SEA_LIGHT: Colour = (0.62, 0.73, 0.81)
SEA_PALE: Colour = (0.885, 0.925, 0.95)
PAPER: Colour = (1.0, 1.0, 1.0)
BLACK: Colour = (0.0, 0.0, 0.0)
INK: Colour = (0.11, 0.14, 0.18)
INK_SOFT: Colour = (0.36, 0.41, 0.46)
AMBER: Colour = (0.63, 0.36, 0.02)
AMBER_PALE: Colour = (0.995, 0.965, 0.9)
