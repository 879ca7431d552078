"""What changed between two states of an item: field by field, long texts word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from question_bank.item import Item
from question_bank.item_fields import fields_of

_WORD = re.compile(r"[A-Za-z0-9_.%]+|\s+|.", re.DOTALL)
"""A Latin word or number, blanks, or one character: Chinese is compared sign by sign."""
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
MOST_WORDS = 2000
"""Longer texts are compared line by line: the work grows with the square of the length."""


class PieceKind(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class TextPiece:
    """A stretch of text that stayed, went or came."""

    kind: PieceKind
    text: str


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field that differs; None where a side does not have it.

    `field` is a name of `item_fields`. `pieces` show how one text became the other; they are
    empty where a side is no text.
    """

    field: str
    before: Any
    after: Any
    pieces: tuple[TextPiece, ...] = ()


def compare_items(before: Item, after: Item) -> tuple[FieldDifference, ...]:
    """The fields in which two items differ, in the order of the item format."""
    old, new = fields_of(before), fields_of(after)
    names = [*new, *(name for name in old if name not in new)]
    return tuple(
        _difference(name, old.get(name), new.get(name))
        for name in names
        if old.get(name) != new.get(name)
    )


def compare_texts(before: str, after: str) -> tuple[TextPiece, ...]:
    """How one text became another: removed pieces stand before those that came for them."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if max(len(old), len(new)) > MOST_WORDS:
        old, new = _LINE.findall(before), _LINE.findall(after)
    return tuple(_pieces(old, new))


def _difference(name: str, before: Any, after: Any) -> FieldDifference:
    texts = isinstance(before, str) and isinstance(after, str)
    return FieldDifference(name, before, after, compare_texts(before, after) if texts else ())


def _pieces(old: list[str], new: list[str]) -> Iterator[TextPiece]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            yield TextPiece(PieceKind.SAME, "".join(old[old_start:old_end]))
            continue
        if old_end > old_start:
            yield TextPiece(PieceKind.REMOVED, "".join(old[old_start:old_end]))
        if new_end > new_start:
            yield TextPiece(PieceKind.ADDED, "".join(new[new_start:new_end]))
