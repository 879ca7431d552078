"""Where a search matched: the beginning of a stem, or what stands around the match, marked."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from certify.web.item_words import SIGNS

_HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUN = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
LONGEST = 60
BEFORE = 12
"""Characters shown before a match that lies further back than the beginning."""


def marked_stem(stem: str, wanted: str) -> Markup:
    """Some words of a stem on one line with what was searched in <mark>."""
    plain = " ".join(SIGNS.sub(" ", stem.replace("**", "")).split())
    pattern = _pattern(wanted)
    first = pattern.search(plain) if pattern else None
    start = first.start() - BEFORE if first and first.end() > LONGEST else 0
    shown = plain[start : start + LONGEST].lstrip("，。；：、？！…,.;:) ")
    before, after = "…" * (start > 0), "…" * (start + LONGEST < len(plain))
    return Markup("{}{}{}").format(before, _marked(shown, pattern), after)


def marked_words(text: str, wanted: str) -> Markup:
    """All of a short text with what was searched in <mark>."""
    return _marked(text, _pattern(wanted))


def is_elsewhere(wanted: str, *texts: str) -> bool:
    """Whether what was searched stands in none of these texts, so that it must be elsewhere."""
    pattern = _pattern(wanted)
    return pattern is not None and not any(pattern.search(text) for text in texts)


def _pattern(wanted: str) -> re.Pattern[str] | None:
    words = sorted(set(_RUN.findall(wanted)), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)), re.IGNORECASE) if words else None


def _marked(text: str, pattern: re.Pattern[str] | None) -> Markup:
    if pattern is None:
        return escape(text)
    parts, place = [], 0
    for found in pattern.finditer(text):
        parts += [escape(text[place : found.start()]), Markup("<mark>{}</mark>").format(found[0])]
        place = found.end()
    return Markup("").join([*parts, escape(text[place:])])
