"""Aiken, the plainest question format: a stem, options A to Z, one line with the answer.

It knows single choices only, no identifiers and no markup. Reading takes full-width marks and
several letters as well, as files typed by hand have them.
"""

import re
import string
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from question_bank.answer_key import ChoiceKey
from question_bank.exchange.drafts import draft_item, gathered, identifier, labelled, option_id
from question_bank.exchange.fidelity import different_parts
from question_bank.exchange.markdown_text import markdown_of_plain, without_marks
from question_bank.exchange.problems import (
    MOST_ITEMS,
    NOT_EXPRESSED,
    NOT_WRITTEN,
    NOTHING_FOUND,
    TOO_MANY_ITEMS,
    Problem,
    changed,
    lost,
)
from question_bank.exchange.text_files import LARGEST_PLAIN_FILE, Target, read_text, write_text
from question_bank.item import Item, ItemType

FORMAT = "Aiken"
NO_ANSWER_LINE = lost("the question has no line ANSWER: after its options; add it")
NO_OPTIONS = lost("an answer stands here without a stem and two options before it; add them")
UNKNOWN_LETTER = lost("the answer {letters} names no option of this question; correct it")
SEVERAL_LETTERS = changed("Aiken knows one right answer, {letters} became a multiple choice")
LETTERS = string.ascii_uppercase
_OPTION = re.compile(r"\s*([A-Za-z])\s*[.)、:]\s*(\S.*)")
_ANSWER = re.compile(r"\s*(?:ANSWER|答案)\s*:\s*(.*?)\s*", re.IGNORECASE)


@dataclass(slots=True)
class _Question:
    """What was read of the question at hand."""

    row: int = 0
    stem: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)


def read_items(path: Path) -> tuple[tuple[Item, ...], tuple[Problem, ...]]:
    """The items of an Aiken file, and what could not be read."""
    text = read_text(Path(path), LARGEST_PLAIN_FILE)
    if isinstance(text, Problem):
        return (), (text,)
    return items_of(text, path.name)


def items_of(text: str, file: str) -> tuple[tuple[Item, ...], tuple[Problem, ...]]:
    """The items of a text in the Aiken format."""
    found: list[tuple[Item, int | None]] = []
    problems: list[Problem] = []
    question = _Question()
    for row, line in enumerate(text.splitlines(), start=1):
        if len(found) + len(problems) >= MOST_ITEMS:
            problems.append(TOO_MANY_ITEMS.at(file, row=row, most=MOST_ITEMS))
            question = _Question()
            break
        answer = _ANSWER.fullmatch(unicodedata.normalize("NFKC", line))
        if answer:
            read = _item(question, answer[1], row, file)
            if isinstance(read, Problem):
                problems.append(read)
            else:
                found.append((read[0], question.row))
                problems += read[1]
            question = _Question()
        elif line.strip():
            if question.options and not _option(line, question):
                problems.append(NO_ANSWER_LINE.at(file, row=question.row))
                question = _Question()
            _take(question, line, row)
    if question.stem or question.options:
        problems.append(NO_ANSWER_LINE.at(file, row=question.row))
    items, repeated = gathered(found, file)
    if not items and not problems:
        problems.append(NOTHING_FOUND.at(file, format=FORMAT))
    return tuple(items), (*problems, *repeated)


def _option(line: str, question: _Question) -> str | None:
    """The text of the next option; an option's letter follows the one before."""
    found = _OPTION.fullmatch(line) or _OPTION.fullmatch(unicodedata.normalize("NFKC", line))
    expected = LETTERS[len(question.options)] if len(question.options) < len(LETTERS) else ""
    return found[2].strip() if found and found[1].upper() == expected else None


def _take(question: _Question, line: str, row: int) -> None:
    question.row = question.row or row
    option = _option(line, question) if question.stem else None
    if option is None:
        question.stem.append(line.strip())
    else:
        question.options.append(option)


def _item(
    question: _Question, answer: str, row: int, file: str
) -> tuple[Item, list[Problem]] | Problem:
    if not question.stem or len(question.options) < 2:
        return NO_OPTIONS.at(file, row=row)
    letters = [letter for letter in answer.upper() if letter not in " ,、;./"]
    known = LETTERS[: len(question.options)]
    if not letters or not set(letters) <= set(known):
        return UNKNOWN_LETTER.at(file, row=row, letters=answer)
    correct = frozenset(option_id(known.index(letter)) for letter in letters)
    single = len(correct) == 1
    item = draft_item(
        identifier("", content=(question.stem, question.options, sorted(correct))),
        ItemType.SINGLE if single else ItemType.MULTIPLE,
        markdown_of_plain("\n".join(question.stem)),
        options=labelled(markdown_of_plain(text) for text in question.options),
        answer_key=ChoiceKey(correct),
    )
    several = SEVERAL_LETTERS.at(file, row=row, item_id=item.id, letters=answer)
    return item, [] if single else [several]


def write_items(items: Iterable[Item], target: Target) -> tuple[Problem, ...]:
    """Write the choices among the items; a problem says of each item what Aiken cannot hold."""
    blocks, problems = [], []
    for item in items:
        block = _block(item)
        if block is None:
            problems.append(NOT_WRITTEN.at("", item_id=item.id, format=FORMAT, type=item.type))
            continue
        blocks.append(block)
        found, _faults = items_of(block, "")
        parts = ", ".join(different_parts(item, found[0])) if found else "stem, options"
        problems.append(NOT_EXPRESSED.at("", item_id=item.id, format=FORMAT, parts=parts))
    write_text("\n\n".join(blocks) + "\n" if blocks else "", target)
    return tuple(problems)


def _block(item: Item) -> str | None:
    """One question; None for an item that is no keyed choice of one option."""
    key = item.answer_key
    choice = item.type in (ItemType.SINGLE, ItemType.TRUE_FALSE)
    if not choice or not isinstance(key, ChoiceKey) or len(key.correct) != 1:
        return None
    if not 2 <= len(item.options) <= len(LETTERS):
        return None
    lines = [_line(item.stem)]
    lettered = zip(LETTERS, item.options, strict=False)
    lines += [f"{letter}. {_line(option.text)}" for letter, option in lettered]
    right = [number for number, option in enumerate(item.options) if option.id in key.correct]
    return "\n".join([*lines, f"ANSWER: {LETTERS[right[0]]}"]) if right else None


def _line(markdown: str) -> str:
    return " ".join(without_marks(markdown).split())
