"""Text in and out of files: sizes bounded, the encodings of Chinese offices, faults as problems."""

import codecs
from io import TextIOBase
from pathlib import Path
from typing import IO

from question_bank.exchange.problems import (
    NO_SUCH_FILE,
    NOT_TEXT,
    TOO_LARGE,
    UNREADABLE_FILE,
    Problem,
)

MEGABYTE = 1 << 20
LARGEST_TEXT_FILE = 32 * MEGABYTE
LARGEST_PLAIN_FILE = 16 * MEGABYTE
"""Of a format that is text alone, without embedded files."""
Target = str | Path | IO[bytes] | IO[str]
"""Where a writer writes: a path, or an open stream of bytes or of text."""
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_bytes(path: Path, most: int = LARGEST_TEXT_FILE) -> bytes | Problem:
    """The content of a file no larger than `most` bytes, or the problem with it."""
    try:
        if path.stat().st_size > most:
            return TOO_LARGE.at(path.name, most=most // MEGABYTE)
        return path.read_bytes()
    except FileNotFoundError:
        return NO_SUCH_FILE.at(path.name)
    except (OSError, ValueError) as error:
        return UNREADABLE_FILE.at(path.name, reason=getattr(error, "strerror", "") or str(error))


def read_text(path: Path, most: int = LARGEST_TEXT_FILE) -> str | Problem:
    """The text of a file in UTF-8, UTF-16 with its mark, or GB18030; lines end with \\n."""
    content = read_bytes(path, most)
    if isinstance(content, Problem):
        return content
    text = decoded(content)
    return NOT_TEXT.at(path.name) if text is None else text


def decoded(content: bytes) -> str | None:
    """Bytes as text; None for bytes that are no text in any encoding we know."""
    names = ("utf-16",) if content.startswith(_UTF_16) else ("utf-8-sig", "gb18030")
    for name in names:
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    return None


def write_text(text: str, target: Target) -> None:
    """Write UTF-8. OSError is the caller's: it concerns the place, not the items."""
    if isinstance(target, str | Path):
        Path(target).write_text(text, encoding="utf-8", newline="\n")
    elif isinstance(target, TextIOBase):
        target.write(text)
    else:
        _write_bytes(target, text.encode())


def _write_bytes(target: IO[bytes] | IO[str], content: bytes) -> None:
    target.write(content)  # type: ignore[arg-type]  # a stream of text was written above
