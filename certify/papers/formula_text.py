r"""Formulas of items as lines of text: `\frac{a}{b}` becomes a/b, powers are raised.

Covers what items of this field need: fractions, roots, powers, indices, Greek letters and the usual
signs. What is not known is printed by its name, so that nothing vanishes.
"""

import re
from collections.abc import Iterator

from certify.papers.text_runs import TextRun, subscript, superscript

FORMULA = re.compile(r"\$\$(.+?)\$\$|(?<![A-Za-z0-9\\])\$(?!\s)([^$\n]+?)(?<!\s)\$(?![A-Za-z0-9])")
"""A dollar sign may be money: see the rule of the item format."""
LONGEST_FORMULA = 500
DEEPEST = 12
"""Braces within braces; what is deeper is set without scripts."""

SIGNS = {
    "times": "×",
    "div": "÷",
    "cdot": "·",
    "pm": "±",
    "le": "≤",
    "leq": "≤",
    "ge": "≥",
    "geq": "≥",
    "ne": "≠",
    "neq": "≠",
    "approx": "≈",
    "equiv": "≡",
    "sum": "∑",
    "infty": "∞",
    "to": "→",
    "rightarrow": "→",
    "Rightarrow": "⇒",
    "in": "∈",
    "cdots": "…",
    "ldots": "…",
    "dots": "…",
    "quad": " ",
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "delta": "δ",
    "Delta": "Δ",
    "epsilon": "ε",
    "eta": "η",
    "theta": "θ",
    "lambda": "λ",
    "mu": "μ",
    "pi": "π",
    "rho": "ρ",
    "sigma": "σ",
    "Sigma": "Σ",
    "omega": "ω",
}
SILENT = frozenset({"left", "right", "displaystyle", "limits", "mathrm", "text", "mathbf"})
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[{}^_=<>+]|\s+|[^\\{}^_=<>+\s]+")
_SIMPLE = re.compile(r"[\w.%]+|[\u4e00-\u9fff（）]+")


def formula_runs(latex: str) -> list[TextRun]:
    """The formula as text; one that is too long as it was written."""
    if len(latex) > LONGEST_FORMULA:
        return [TextRun(latex)]
    signs = [sign for sign in _TOKEN.findall(latex) if not sign.isspace()]
    return list(_read(signs, 0))


def _read(signs: list[str], depth: int) -> Iterator[TextRun]:
    """Consumes the signs up to the end or the brace that closes."""
    while signs:
        sign = signs.pop(0)
        if sign == "}":
            return
        if sign == "{":
            yield from _group(signs, depth)
        elif sign in ("^", "_"):
            script = superscript if sign == "^" else subscript
            yield script(_words(_argument(signs, depth)))
        elif sign in ("\\frac", "\\dfrac", "\\tfrac"):
            above, below = _argument(signs, depth), _argument(signs, depth)
            yield from (*_bracketed(above), TextRun("/"), *_bracketed(below))
        elif sign == "\\sqrt":
            yield from (TextRun("√"), *_bracketed(_argument(signs, depth)))
        else:
            yield TextRun(_sign(sign))


def _group(signs: list[str], depth: int) -> list[TextRun]:
    runs = list(_read(signs, depth + 1)) if depth < LONGEST_FORMULA else []
    return runs if depth < DEEPEST else [TextRun(_words(runs))]


def _argument(signs: list[str], depth: int) -> list[TextRun]:
    """What a command or a script applies to: a group, or the next sign alone."""
    if not signs:
        return []
    sign = signs.pop(0)
    if sign == "{":
        return _group(signs, depth)
    if sign.startswith("\\") or sign in "^_}":
        return [TextRun(_sign(sign))]
    if len(sign) > 1:
        signs.insert(0, sign[1:])
    return [TextRun(sign[0])]


def _bracketed(runs: list[TextRun]) -> list[TextRun]:
    words = _words(runs)
    is_simple = _SIMPLE.fullmatch(words) is not None and all(run.rise == 0 for run in runs)
    return runs if is_simple else [TextRun("("), *runs, TextRun(")")]


def _sign(sign: str) -> str:
    if not sign.startswith("\\"):
        return f" {sign} " if sign in "=<>+" else sign
    name = sign[1:]
    if name in SILENT:
        return ""
    printed = SIGNS.get(name, " " if name in ",;: !" else name)
    return f" {printed} " if printed in "×÷±≤≥≠≈→⇒" else printed


def _words(runs: list[TextRun]) -> str:
    return "".join(run.text for run in runs)
