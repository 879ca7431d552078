"""Two people changed the same item: what both did is put together, field by field.

A field that one side changed is taken from it; one that both changed alike is taken; where they
differ somebody has to choose. Nothing is lost: every conflict shows the base and both sides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from question_bank.differences import TextPiece, compare_texts
from question_bank.item import Item
from question_bank.item_fields import LABELLED, fields_of, mapping_of


class Side(StrEnum):
    """Whose value of a field is taken."""

    MINE = "mine"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """A field that both sides changed, each in its own way; None where it is missing."""

    field: str
    base: Any
    mine: Any
    theirs: Any

    @property
    def my_pieces(self) -> tuple[TextPiece, ...]:
        """How I changed the text of the base; empty where a side is no text."""
        return _text_pieces(self.base, self.mine)

    @property
    def their_pieces(self) -> tuple[TextPiece, ...]:
        """How the others changed it."""
        return _text_pieces(self.base, self.theirs)


@dataclass(frozen=True, slots=True)
class Merge:
    """The fields of both sides put together; a conflict holds my value until one chooses.

    `known` has a text for every option that either side or the base has: an option that one side
    removed comes back whole where the other side's list of options is chosen.
    """

    item_id: str
    fields: Mapping[str, Any]
    conflicts: tuple[FieldConflict, ...]
    from_mine: tuple[str, ...]
    from_theirs: tuple[str, ...]
    known: Mapping[str, Any]

    def chosen(self, sides: Mapping[str, Side]) -> dict[str, Any]:
        """The native mapping with the named sides; mine for a conflict that is not named."""
        fields = dict(self.fields)
        for conflict in self.conflicts:
            if sides.get(conflict.field) is Side.THEIRS:
                fields[conflict.field] = conflict.theirs
        present = {name: value for name, value in fields.items() if value is not None}
        for name in LABELLED:
            for part in present.get(name, ()):
                start = f"{name}.{part}."
                texts = {n: text for n, text in self.known.items() if n.startswith(start)}
                present = texts | present
        return mapping_of(self.item_id, present)

    @property
    def mapping(self) -> dict[str, Any]:
        """The native mapping with my side of every conflict."""
        return self.chosen({})


def merge_items(base: Item, mine: Item, theirs: Item) -> Merge:
    """Put my changes and theirs to a common base together."""
    ours, yours, common = fields_of(mine), fields_of(theirs), fields_of(base)
    merged: dict[str, Any] = {}
    conflicts, from_mine, from_theirs = [], [], []
    for name in _names(yours, ours, common):
        was, here, there = common.get(name), ours.get(name), yours.get(name)
        merged[name] = there if here == was else here
        if here == there:
            continue
        if here == was:
            from_theirs.append(name)
        elif there == was:
            from_mine.append(name)
        else:
            conflicts.append(FieldConflict(name, was, here, there))
    known = common | yours
    return Merge(
        mine.id, merged, tuple(conflicts), tuple(from_mine), tuple(from_theirs), ours | known
    )


def _text_pieces(before: Any, after: Any) -> tuple[TextPiece, ...]:
    texts = isinstance(before, str) and isinstance(after, str)
    return compare_texts(before, after) if texts else ()


def _names(*sides: Mapping[str, Any]) -> list[str]:
    """The fields of all sides in the order of the format, as far as they share one."""
    return list(dict.fromkeys(name for side in sides for name in side))
