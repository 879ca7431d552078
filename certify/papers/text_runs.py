"""Pieces of text with what a printer must know of each. No fonts, no places."""

from dataclasses import dataclass

SCRIPT_SIZE = 0.68
"""Of sub- and superscripts, as a share of the text around them."""
RAISED, LOWERED = 0.36, -0.16
"""Of the size of the text around them."""


@dataclass(frozen=True, slots=True)
class TextRun:
    """Text of one look. `rise` and `scale` are shares of the size; `gap`: ems of empty line.

    `is_break` starts a new line and has no text.
    """

    text: str
    is_underlined: bool = False
    rise: float = 0.0
    scale: float = 1.0
    gap: float = 0.0
    is_break: bool = False


LINE_BREAK = TextRun("", is_break=True)


def superscript(text: str) -> TextRun:
    """Raised and smaller."""
    return TextRun(text, rise=RAISED, scale=SCRIPT_SIZE)


def subscript(text: str) -> TextRun:
    """Lowered and smaller."""
    return TextRun(text, rise=LOWERED, scale=SCRIPT_SIZE)


def plain_text(runs: list[TextRun]) -> str:
    """The words alone."""
    return "".join("\n" if run.is_break else run.text for run in runs)
