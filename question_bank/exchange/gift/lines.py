"""The lines of a GIFT file -> blocks of one question each; comments, categories, escapes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ESCAPE = re.compile(r"\\([~=#{}:\\n])")
_CATEGORY = re.compile(r"\s*\$CATEGORY:\s*(.*)", re.IGNORECASE)
_ID = re.compile(r"\[id:((?:\\]|[^\]])+)\]")
_TAG = re.compile(r"\[tag:((?:\\]|[^\]])+)\]")
_HIDDEN_FROM = 0xF0000
"""Escaped characters hide in a private plane of Unicode, where no mark is looked for."""
_HIDDEN = {sign: chr(_HIDDEN_FROM + ord(sign)) for sign in "~=#{}:\\n"}
_SHOWN = {ord(hidden): "\n" if sign == "n" else sign for sign, hidden in _HIDDEN.items()}


@dataclass(frozen=True, slots=True)
class Block:
    """The text of one question, or a category; `row` counts lines from 1."""

    row: int
    text: str
    id: str | None = None
    tags: tuple[str, ...] = ()
    category: str | None = None


def hide_escapes(text: str) -> str:
    r"""`\=` and its like as characters that mean nothing to the grammar."""
    return _ESCAPE.sub(lambda found: _HIDDEN[found[1]], text)


def show_escapes(text: str) -> str:
    """The characters themselves; an escaped n is a line break."""
    return text.translate(_SHOWN)


def blocks_of(text: str) -> Iterator[Block]:
    """The questions and categories of a file; ids and tags stand in the comments before."""
    gathering = _Gathering()
    lines = text.removeprefix("\ufeff").splitlines()
    closing = _rows_before_a_closing_brace(lines)
    for number, line in enumerate(lines, start=1):
        category = _CATEGORY.match(line)
        if line.lstrip().startswith("//"):
            gathering.comments.append(line)
        elif category:
            yield from gathering.finished()
            yield Block(number, "", category=category[1].strip())
        elif line.strip() or (gathering.is_open and closing[number - 1]):
            yield from gathering.take(number, line)
        else:
            yield from gathering.finished()
    yield from gathering.finished()


class _Gathering:
    """The lines of the question being read, and the comments since the last one."""

    def __init__(self) -> None:
        self.row = 0
        self.lines: list[str] = []
        self.comments: list[str] = []
        self.braces = ""

    @property
    def is_open(self) -> bool:
        """Whether a brace was opened and not yet closed."""
        return self.braces.endswith("{")

    def take(self, number: int, line: str) -> Iterator[Block]:
        found = _braces(line)
        if self.braces.endswith("}") and "{" in found:
            yield from self.finished()  # the blank line between two questions is missing
        if not self.lines:
            self.row = number
        self.lines.append(line)
        self.braces += found

    def finished(self) -> Iterator[Block]:
        """The question gathered so far; comments alone wait for the next one."""
        if self.lines:
            said = "\n".join(self.comments)
            named = _ID.search(said)
            yield Block(
                self.row,
                "\n".join(self.lines),
                _bare(named[1]) if named else None,
                tuple(_bare(tag) for tag in _TAG.findall(said)),
            )
            self.lines, self.comments, self.braces = [], [], ""


def _bare(written: str) -> str:
    return re.sub(r"\\(.)", r"\1", written).strip()


def _braces(line: str) -> str:
    return "".join(sign for sign in hide_escapes(line) if sign in "{}")


def _rows_before_a_closing_brace(lines: list[str]) -> list[bool]:
    """For each line, whether the next brace at or below it closes rather than opens."""
    closes, below = [False] * len(lines), False
    for row in range(len(lines) - 1, -1, -1):
        found = "" if lines[row].lstrip().startswith("//") else _braces(lines[row])
        below = found.startswith("}") if found else below
        closes[row] = below
    return closes
