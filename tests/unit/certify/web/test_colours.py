"""The colours of both themes, computed: readable for all, apart for colour-blind eyes."""

from __future__ import annotations

import itertools
import math
import re
from pathlib import Path

import pytest

import certify.web

STYLES = Path(certify.web.__file__).parent / "static" / "css"
TOKEN = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{6})\s*;")
DIMENSIONS = [f"dimension-{letter}" for letter in "estorm"]
TEXT_PAIRS = [
    *itertools.product(("ink", "ink-soft"), ("ground", "paper", "sunken")),
    *itertools.product(("accent",), ("ground", "paper", "sunken", "accent-wash")),
    *itertools.product(("accent-strong",), ("paper", "accent-wash")),
    *itertools.product(("ink", "ink-soft"), ("accent-wash",)),
    *(
        (state, ground)
        for state in ("success", "warning", "error")
        for ground in ("ground", "paper")
    ),
    *((state, f"{state}-wash") for state in ("success", "warning", "error")),
    *itertools.product(("ink",), ("success-wash", "warning-wash", "error-wash")),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-error", "error"),
    ("on-error", "error-strong"),
    *(("on-dimension", dimension) for dimension in DIMENSIONS),
    *itertools.product(DIMENSIONS, ("ground", "paper")),
]
EDGE_PAIRS = [("line-strong", "paper"), ("line-strong", "ground"), ("accent", "ground")]

# Machado, Oliveira & Fernandes (2009), severity 1.0, on linear RGB.
SIGHT = {
    "full": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
# CIE 1976 colour difference; about 2.3 is just noticeable, 20 is another colour.
CLEARLY_APART = 20.0

Triple = tuple[float, float, float]


def tokens(theme: str) -> dict[str, str]:
    found = dict(TOKEN.findall((STYLES / "tokens.css").read_text(encoding="utf-8")))
    if theme == "dark":
        found |= dict(TOKEN.findall((STYLES / "tokens-dark.css").read_text(encoding="utf-8")))
    return found


def linear(colour: str) -> Triple:
    def channel(start: int) -> float:
        value = int(colour[start : start + 2], 16) / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    return channel(1), channel(3), channel(5)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    light = [0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (linear(one), linear(other))]
    return (max(light) + 0.05) / (min(light) + 0.05)


def times(matrix: tuple[Triple, Triple, Triple], vector: Triple) -> Triple:
    x, y, z = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
    return x, y, z


def lab(rgb: Triple) -> Triple:
    """CIE L*a*b* (D65) of linear RGB."""
    to_xyz = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    r, g, b = (min(1.0, max(0.0, value)) for value in rgb)
    white = (0.9505, 1.0, 1.089)
    scaled = [value / w for value, w in zip(times(to_xyz, (r, g, b)), white, strict=True)]
    x, y, z = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in scaled)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_is_readable(theme: str, text: str, ground: str) -> None:
    colours = tokens(theme)
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGE_PAIRS)
def test_edges_of_controls_are_visible(theme: str, edge: str, ground: str) -> None:
    colours = tokens(theme)
    assert contrast(colours[edge], colours[ground]) >= 3.0


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("sight", list(SIGHT))
def test_dimension_colours_stay_apart(theme: str, sight: str) -> None:
    colours = tokens(theme)
    seen = {name: lab(times(SIGHT[sight], linear(colours[name]))) for name in DIMENSIONS}
    for one, other in itertools.combinations(DIMENSIONS, 2):
        assert math.dist(seen[one], seen[other]) >= CLEARLY_APART, (one, other)


def test_the_dark_theme_replaces_every_colour_it_must() -> None:
    light = dict(TOKEN.findall((STYLES / "tokens.css").read_text(encoding="utf-8")))
    dark = dict(TOKEN.findall((STYLES / "tokens-dark.css").read_text(encoding="utf-8")))
    assert set(light) == set(dark)


def test_style_sheets_take_colours_from_the_tokens() -> None:
    for sheet in STYLES.glob("*.css"):
        if sheet.name.startswith("tokens") or sheet.name == "print.css":
            continue
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b", sheet.read_text(encoding="utf-8")), sheet.name
