"""MathML of exchange files -> formula in LaTeX notation, as items hold it between $ signs."""

from collections.abc import Callable

from lxml import etree

DEEPEST = 40
_NAMES = {"×": r"\times ", "÷": r"\div ", "≤": r"\le ", "≥": r"\ge ", "≠": r"\ne ", "·": r"\cdot "}
_HIDDEN = {"\u2061", "\u2062", "\u2063", "\u2064"}
"""Invisible operators."""


def formula_of_mathml(math: etree._Element) -> str:
    """The author's own LaTeX where it stands beside, else the presentation written out."""
    for note in math.iter():
        if isinstance(note.tag, str) and "tex" in note.get("encoding", "").lower():
            return " ".join("".join(note.itertext()).split())
    return " ".join(_written(math, 0).split())


def _written(element: etree._Element, depth: int) -> str:
    if not isinstance(element.tag, str):
        return ""
    name = element.tag.rpartition("}")[2].lower()
    if name in {"annotation", "annotation-xml"}:
        return ""
    parts = [_written(child, depth + 1) for child in element] if depth < DEEPEST else []
    shape = _SHAPES.get(name)
    if shape is not None and len(parts) == shape[0]:
        return shape[1](parts)
    if name == "msqrt":
        return rf"\sqrt{{{''.join(parts)}}}"
    if name == "mtext":
        return rf"\text{{{''.join(element.itertext()).strip()}}}"
    if name == "mfenced":
        opened, closed = element.get("open", "("), element.get("close", ")")
        return f"{opened}{','.join(parts)}{closed}"
    if name == "mtr":
        return f"{' & '.join(parts)} \\\\ "
    if name == "mtable":
        return rf"\begin{{matrix}}{''.join(parts)}\end{{matrix}}"
    return "".join(parts) if len(element) and parts else _token("".join(element.itertext()))


def _token(text: str) -> str:
    return "".join(_NAMES.get(sign, sign) for sign in text.strip() if sign not in _HIDDEN)


_SHAPES: dict[str, tuple[int, Callable[[list[str]], str]]] = {
    "mfrac": (2, lambda part: rf"\frac{{{part[0]}}}{{{part[1]}}}"),
    "msup": (2, lambda part: f"{{{part[0]}}}^{{{part[1]}}}"),
    "msub": (2, lambda part: f"{{{part[0]}}}_{{{part[1]}}}"),
    "msubsup": (3, lambda part: f"{{{part[0]}}}_{{{part[1]}}}^{{{part[2]}}}"),
    "munder": (2, lambda part: f"{{{part[0]}}}_{{{part[1]}}}"),
    "mover": (2, lambda part: f"{{{part[0]}}}^{{{part[1]}}}"),
    "munderover": (3, lambda part: f"{{{part[0]}}}_{{{part[1]}}}^{{{part[2]}}}"),
    "mroot": (2, lambda part: rf"\sqrt[{part[1]}]{{{part[0]}}}"),
}
"""Number of parts -> how they are written."""
