"""Items out of foreign formats: identifiers that stay the same, and what a draft starts with.

A foreign file says what is asked and what is right. Node, level and difficulty are ours; until
somebody tags the item it is a draft, and validation says so.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from question_bank.exchange.native_keys import OPTION_TYPES
from question_bank.exchange.problems import REPEATED_ID, REPEATED_ITEM, Problem
from question_bank.item import Explanation, Item, ItemFile, ItemType, Option, ProvisionalDifficulty

GUESSED_SECONDS = 60
GUESSED_DIFFICULTY = ProvisionalDifficulty(Decimal("0.6"), "placeholder")
LONGEST_ID = 100
OPTION_IDS = "abcdefghijklmnopqrstuvwxyz"
_TITLE_AS_ID = re.compile(r"[\w.:-]{1,64}")


def draft_item(item_id: str, item_type: ItemType, stem: str, **fields: Any) -> Item:
    """An item with nothing but what a foreign file says; `fields` are further fields of `Item`."""
    plain: dict[str, Any] = {
        "node": "",
        "dimension": "",
        "level": "",
        "point": "",
        "bloom": "",
        "options": (),
        "answer_key": None,
        "explanation": Explanation(""),
        "source": "",
        "expected_seconds": GUESSED_SECONDS,
        "difficulty": GUESSED_DIFFICULTY,
    }
    return Item(id=item_id, type=item_type, stem=stem.strip(), **{**plain, **fields})


def option_id(number: int) -> str:
    """a, b, … z, then o27, o28, …"""
    return OPTION_IDS[number] if number < len(OPTION_IDS) else f"o{number + 1}"


def labelled(texts: Iterable[str]) -> tuple[Option, ...]:
    """Options with ids in the order of the alphabet."""
    return tuple(Option(option_id(number), text) for number, text in enumerate(texts))


def targets_of(texts: Iterable[str]) -> tuple[Option, ...]:
    """Targets t1, t2, … of a matching item."""
    return tuple(Option(f"t{number}", text) for number, text in enumerate(texts, start=1))


def identifier(given: str, *titles: str, content: object) -> str:
    """The id that the file gives, else a title fit to be one, else one made of the content.

    The same content gives the same id, so that reading a file twice changes nothing.
    """
    if given.strip() and len(given) <= LONGEST_ID and given.isprintable():
        return given.strip()
    for title in titles:
        if _TITLE_AS_ID.fullmatch(title):
            return title
    return f"q-{hashlib.sha256(repr(content).encode('utf-8', 'replace')).hexdigest()[:12]}"


def kept_file(name: str, media_type: str, content: bytes) -> ItemFile:
    """A file that stays with an item."""
    return ItemFile(name, media_type, hashlib.sha256(content).hexdigest(), content)


def with_files(item: Item, files: Iterable[ItemFile]) -> Item:
    """The item with further files; a name already taken gets a number."""
    held = list(item.files)
    for file in files:
        taken, name, number = {known.name for known in held}, file.name, 2
        while name in taken:
            stem, dot, suffix = file.name.rpartition(".")
            name = f"{stem or suffix}-{number}{dot}{suffix if dot else ''}"
            number += 1
        held.append(replace(file, name=name))
    return replace(item, files=tuple(held))


def settled(item: Item) -> Item:
    """The item as our own format gives it back, so that reading a file twice changes nothing.

    Options always have a note, if an empty one, and notes and slips stand only where the type has
    them.
    """
    held, ids = item.explanation, [option.id for option in item.options]
    notes = {name: held.option_notes.get(name, "").strip() for name in ids}
    explanation = replace(
        held,
        text=held.text.strip(),
        takeaway=held.takeaway.strip(),
        option_notes=notes if item.type in OPTION_TYPES else {},
        wrong_answers=held.wrong_answers if item.type is ItemType.NUMERIC else (),
    )
    return replace(item, explanation=explanation, stem=item.stem.strip())


def gathered(
    items: Iterable[tuple[Item, int | None]], file: str
) -> tuple[list[Item], list[Problem]]:
    """Settled items; a second item of the same id is a problem at its row."""
    kept: dict[str, Item] = {}
    problems = []
    for unsettled, row in items:
        item = settled(unsettled)
        if item.id not in kept:
            kept[item.id] = item
        else:
            kind = REPEATED_ITEM if kept[item.id] == item else REPEATED_ID
            problems.append(kind.at(file, row=row, item_id=item.id))
    return list(kept.values()), problems
