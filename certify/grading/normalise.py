"""Answers as people and readers write them, to one spelling per meaning.

Every kind of change is named, so that the report can count it. Decides what a cell says,
not whether it is right. Marks that cannot be read with certainty are faults, never guesses.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

SINGLE: Final = "single"
MULTIPLE: Final = "multiple"
TRUE_FALSE: Final = "true_false"
FILL_IN: Final = "fill_in"
NUMERIC: Final = "numeric"
ITEM_TYPES: Final = (SINGLE, MULTIPLE, TRUE_FALSE, FILL_IN, NUMERIC)

LETTERS: Final = "letters"
DIGITS: Final = "digits"
TRUTH: Final = "truth"

UNKNOWN_MARK: Final = "unknown_mark"
SEVERAL_MARKS: Final = "several_marks"

# Kinds of change, as summary.json counts them.
SPACE: Final = "space"
FULL_WIDTH: Final = "full_width"
CASE: Final = "case"
SEPARATORS: Final = "separators"
ORDER: Final = "order"
REPEATED: Final = "repeated_mark"
WORD: Final = "true_false_word"
BLANK_WORD: Final = "blank_word"
THOUSANDS: Final = "thousands_separator"
NUMBER: Final = "number_format"

_BLANK_WORDS: Final = frozenset({"未答", "未作答", "未填", "空白", "(空)", "(blank)"})
_SEPARATORS: Final = re.compile(r"[\s,，、;；/|+&.。]+")
_TRUE: Final = frozenset({"t", "true", "√", "✓", "✔", "☑", "对", "正确", "是", "1", "y", "yes"})
_FALSE: Final = frozenset(
    {"f", "false", "×", "x", "✗", "✘", "✕", "☒", "错", "错误", "否", "0", "n", "no"}
)
_OPTIONS: Final = {LETTERS: frozenset("ABCDEFGHIJ"), DIGITS: frozenset("123456789")}
# At most 40 digits and a two-digit exponent: a cell cannot cost more than its length.
_NUMBER: Final = re.compile(
    r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:e[+-]?[0-9]{1,2})?%?"
)
_GROUPED: Final = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?%?")
_INVISIBLE: Final = "\ufeff\u200b\u200e\u200f\u2060"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell says: `value` is "" for a blank and for a fault."""

    value: str
    changes: frozenset[str] = frozenset()
    fault: str | None = None


def read_answer(raw: str, item_type: str, alphabet: str = LETTERS) -> Reading:
    """Read one cell for an item type; `alphabet` is how the key marks options or truth."""
    text = raw.strip().strip(_INVISIBLE).strip()
    changes = {SPACE} if text != raw else set()
    if text == "":
        return Reading("")
    if unicodedata.normalize("NFKC", text) in _BLANK_WORDS:
        return Reading("", frozenset({BLANK_WORD}))
    value, fault = _READERS[item_type](text, alphabet, changes)
    if fault is not None:
        return Reading("", frozenset(), fault)
    return Reading(value, frozenset(changes))


def parse_number(text: str) -> Fraction | None:
    """The exact value of a plain decimal, with an optional exponent or per cent sign."""
    plain = text.casefold()
    if _NUMBER.fullmatch(plain) is None:
        return None
    number = Fraction(plain.removesuffix("%"))
    return number / 100 if plain.endswith("%") else number


def decimal_text(number: Fraction) -> str:
    """The shortest exact decimal where one exists, else numerator/denominator."""
    rest, twos, fives = number.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{number.numerator}/{number.denominator}"
    places = max(twos, fives)
    digits = str(abs(number.numerator) * 10**places // number.denominator).rjust(places + 1, "0")
    sign = "-" if number < 0 else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def _read_choice(text: str, alphabet: str, changes: set[str]) -> tuple[str, str | None]:
    joined = _SEPARATORS.sub("", text)
    if joined != text:
        changes.add(SEPARATORS)
    narrow = unicodedata.normalize("NFKC", joined)
    if narrow != joined:
        changes.add(FULL_WIDTH)
    marks = narrow.upper()
    if marks != narrow:
        changes.add(CASE)
    if not marks or not _OPTIONS[alphabet].issuperset(marks):
        return "", UNKNOWN_MARK
    distinct = "".join(sorted(set(marks)))
    if len(distinct) != len(marks):
        changes.add(REPEATED)
    elif distinct != marks:
        changes.add(ORDER)
    return distinct, None


def _read_single(text: str, alphabet: str, changes: set[str]) -> tuple[str, str | None]:
    marks, fault = _read_choice(text, alphabet, changes)
    if fault is None and len(marks) > 1:
        return "", SEVERAL_MARKS
    return marks, fault


def _read_truth(text: str, alphabet: str, changes: set[str]) -> tuple[str, str | None]:
    narrow = unicodedata.normalize("NFKC", text)
    if narrow != text:
        changes.add(FULL_WIDTH)
    if alphabet == LETTERS:
        mark = narrow.upper()
        if mark != narrow:
            changes.add(CASE)
        return (mark, None) if mark in ("A", "B") else ("", UNKNOWN_MARK)
    word = narrow.casefold()
    if word not in _TRUE and word not in _FALSE:
        return "", UNKNOWN_MARK
    value = "T" if word in _TRUE else "F"
    if word == value.casefold():
        changes.update({CASE} if narrow != value else ())
    else:
        changes.add(WORD)
    return value, None


def _read_text(text: str, alphabet: str, changes: set[str]) -> tuple[str, str | None]:
    narrow = unicodedata.normalize("NFKC", text)
    if narrow != text:
        changes.add(FULL_WIDTH)
    spaced = " ".join(narrow.split())
    if spaced != narrow:
        changes.add(SPACE)
    folded = spaced.casefold()
    if folded != spaced:
        changes.add(CASE)
    return folded, None


def _read_number(text: str, alphabet: str, changes: set[str]) -> tuple[str, str | None]:
    narrow = unicodedata.normalize("NFKC", text).replace("\u2212", "-")
    if narrow != text:
        changes.add(FULL_WIDTH)
    plain = narrow.replace(",", "") if _GROUPED.fullmatch(narrow) else narrow
    if plain != narrow:
        changes.add(THOUSANDS)
    number = parse_number(plain)
    if number is None:
        return "", UNKNOWN_MARK
    value = decimal_text(number)
    if value != plain:
        changes.add(NUMBER)
    return value, None


_READERS: Final[Mapping[str, Callable[[str, str, set[str]], tuple[str, str | None]]]] = {
    SINGLE: _read_single,
    MULTIPLE: _read_choice,
    TRUE_FALSE: _read_truth,
    FILL_IN: _read_text,
    NUMERIC: _read_number,
}
