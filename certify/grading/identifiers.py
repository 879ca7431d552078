"""Identifiers as text: what may be tidied, what is ruined, what does not fit the others.

Tidying removes only what spreadsheets and readers add around an identifier (space, ="...",
a leading apostrophe, full-width digits). A digit is never changed, added or guessed.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from certify.grading.records import bare

ID_SPACE: Final = "identifier_space"
ID_TEXT_MARK: Final = "identifier_text_mark"
ID_FULL_WIDTH: Final = "identifier_full_width"

# 4.40981E+17, as Excel and WPS show a long number, and 1001.0, as a data frame writes it.
_RUINED: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?[eE]\+?[0-9]{1,3}|[0-9]+\.0+")
_LONG_RUINED: Final = re.compile(r"[0-9]\.[0-9]+[eE]\+?(?:1[0-9]|[2-9][0-9])")
_TEXT_FORMULA: Final = re.compile(r'="([^"]*)"')
# An identity-card number may end in X (ISO 7064 MOD 11-2).
_DIGITS: Final = re.compile(r"[0-9]+|[0-9]{17}[Xx]")
_PLAIN: Final = re.compile(r"\w[\w./-]{0,63}")
# What most identifiers look like counts as the pattern from four in five on.
_MOST: Final = 0.8
_FEWEST: Final = 3
_EXACT_DIGITS: Final = 15


@dataclass(frozen=True, slots=True)
class IdentifierPattern:
    """What most identifiers of a file have in common; None where nothing is."""

    digits_only: bool
    length: int | None


def tidy(cell: str) -> tuple[str, frozenset[str]]:
    """The identifier and the kinds of tidying that were needed."""
    changes = set()
    text = bare(cell)
    if text != cell:
        changes.add(ID_SPACE)
    formula = _TEXT_FORMULA.fullmatch(text)
    unmarked = bare(formula[1]) if formula else text.removeprefix("'")
    if unmarked != text:
        changes.add(ID_TEXT_MARK)
    narrow = unmarked if unmarked.isascii() else unicodedata.normalize("NFKC", unmarked)
    if narrow != unmarked:
        changes.add(ID_FULL_WIDTH)
    return narrow, frozenset(changes)


def is_ruined(identifier: str) -> bool:
    return _RUINED.fullmatch(identifier) is not None


def is_ruined_attribute(cell: str) -> bool:
    """A rounded long number (ten digits and more), as in a column of identity cards."""
    return _LONG_RUINED.fullmatch(bare(cell)) is not None


def is_malformed(identifier: str) -> bool:
    return _PLAIN.fullmatch(identifier) is None


def is_digits(identifier: str) -> bool:
    return _DIGITS.fullmatch(identifier) is not None


def pattern_of(identifiers: Sequence[str]) -> IdentifierPattern:
    """The pattern of the identifiers that are neither empty nor ruined."""
    sound = [text for text in identifiers if text and not is_ruined(text)]
    digits = [text for text in sound if is_digits(text)]
    if len(sound) < _FEWEST or len(digits) < _MOST * len(sound):
        return IdentifierPattern(False, None)
    length, count = Counter(map(len, digits)).most_common(1)[0]
    return IdentifierPattern(True, length if count >= _MOST * len(digits) else None)


def may_be_rounded(identifiers: Sequence[str]) -> bool:
    """Whether every long number has only zeros from its 16th digit on, as spreadsheets leave."""
    long = [text for text in identifiers if text.isdigit() and len(text) > _EXACT_DIGITS]
    return len(long) > _FEWEST and all(set(text[_EXACT_DIGITS:]) == {"0"} for text in long)
