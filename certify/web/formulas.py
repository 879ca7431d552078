"""Formulas in Markdown: `$…$` within a line, `$$…$$` on a line of its own, rendered to MathML.

A dollar sign may also be money. A formula therefore begins with `$` that no letter or digit
precedes and no blank follows, and ends with `$` that no blank precedes and no letter or digit
follows: `US$5`, `$5 和 $10` and `$5，$8` stay text. `\\$` is always a sign.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape

from latex2mathml.converter import convert
from markdown_it.rules_inline import StateInline

LONGEST_FORMULA = 500
FORMULA = "formula"
"""Type of the token that `take_formula` leaves for the renderer."""

MATHML_TAGS = frozenset(
    (
        *("math", "mrow", "mi", "mo", "mn", "ms", "mtext", "mspace", "mstyle", "mpadded"),
        *("mfrac", "msqrt", "mroot", "msub", "msup", "msubsup", "munder", "mover", "munderover"),
        *("mtable", "mtr", "mtd", "mphantom", "menclose", "mmultiscripts", "mprescripts"),
    )
)
MATHML_ATTRIBUTES: dict[str, set[str]] = {
    "math": {"display"},
    "mo": {"stretchy", "fence", "form", "movablelimits", "separator", "minsize", "maxsize"},
    "mi": {"mathvariant"},
    "mspace": {"width"},
    "mfrac": {"linethickness"},
    "mtable": {"columnalign", "rowspacing", "columnspacing"},
    "mtd": {"columnalign"},
    "mover": {"accent"},
    "munder": {"accentunder"},
    "mstyle": {"displaystyle", "scriptlevel"},
    "menclose": {"notation"},
}


def take_formula(state: StateInline, silent: bool) -> bool:
    """The inline rule of the Markdown parser: takes a formula at the present place, if any."""
    source, start = state.src, state.pos
    if source[start] != "$":
        return False
    sign = "$$" if source.startswith("$$", start) else "$"
    opening = start + len(sign)
    end = _closing(source, opening, sign, state.posMax)
    if end is None or not _may_begin(source, start, opening, sign):
        return False
    if not silent:
        token = state.push(FORMULA, "math", 0)
        token.content, token.markup = source[opening:end].strip(), sign
    state.pos = end + len(sign)
    return True


@lru_cache(maxsize=2048)
def formula_html(latex: str, is_block: bool) -> str:
    """MathML of a formula; what cannot be read is shown as it was written.

    The text is not clean: it has to pass the allow-list of `markdown` like everything else.
    """
    plain = f"<code>{escape(latex)}</code>"
    if not latex or len(latex) > LONGEST_FORMULA:
        return plain
    try:
        return convert(latex, display="block" if is_block else "inline")
    except Exception:  # the library raises errors of many unrelated kinds for unfinished formulas
        return plain


def _may_begin(source: str, start: int, opening: int, sign: str) -> bool:
    if sign == "$$":
        return True
    before = source[start - 1] if start else ""
    return not (before.isascii() and before.isalnum()) and not source[opening].isspace()


def _closing(source: str, opening: int, sign: str, limit: int) -> int | None:
    """Place of the sign that ends a formula."""
    place = source.find(sign, opening, limit)
    while place > opening:
        after = source[place + len(sign) : place + len(sign) + 1]
        if source[place - 1] == "\\":
            place = source.find(sign, place + 1, limit)
            continue
        if sign == "$$":
            return place
        is_end = not source[place - 1].isspace() and not (after.isascii() and after.isalnum())
        return place if is_end else None
    return None
