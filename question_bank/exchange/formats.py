"""The exchange formats by name, and which of them a file is in. Knows no format itself."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from question_bank.exchange import aiken, gift, moodle_xml, native_file, qti, workbook
from question_bank.exchange.problems import Problem
from question_bank.exchange.text_files import decoded
from question_bank.item import Item

Read = tuple[tuple[Item, ...], tuple[Problem, ...]]
Reader = Callable[[Path], Read]
Writer = Callable[[Iterable[Item], Path], tuple[Problem, ...]]
NATIVE = "yaml"
LOOKED_AT = 1 << 16
"""Bytes of a file that decide on its format where the name does not."""
_MOODLE_ROOT = re.compile(r"<quiz[\s>]")
_ANSWER_LINE = re.compile(r"^\s*(?:ANSWER|答案)\s*[:：]", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ExchangeFormat:
    """A format: its name, the suffixes of its files (the first is written), what reads it."""

    name: str
    suffixes: tuple[str, ...]
    read: Reader
    write: Writer


BY_NAME: Mapping[str, ExchangeFormat] = {
    known.name: known
    for known in (
        ExchangeFormat(NATIVE, (".yaml", ".yml"), native_file.read_items, native_file.write_items),
        ExchangeFormat("qti", (".zip", ".imscc", ".xml"), qti.read_items, qti.write_items),
        # to be written only: a suffix of their own leaves the reading of all versions to `qti`
        *(
            ExchangeFormat(
                name, (f".{name}.zip",), qti.read_items, partial(qti.write_items, version=version)
            )
            for name, version in (("qti22", "2.2"), ("qti21", "2.1"))
        ),
        ExchangeFormat("moodle_xml", (".xml",), moodle_xml.read_items, moodle_xml.write_items),
        ExchangeFormat("gift", (".gift", ".txt"), gift.read_items, gift.write_items),
        ExchangeFormat("aiken", (".txt",), aiken.read_items, aiken.write_items),
        ExchangeFormat(
            "workbook",
            (".xlsx", ".csv", ".xls", ".ods", ".xlsm", ".xltx", ".tsv"),
            workbook.read_items,
            workbook.write_items,
        ),
    )
}
FORMATS = tuple(BY_NAME)
"""Names of the formats; what `format` may say."""


def read_items(path: Path, format: str | None = None) -> Read:
    """The items of a file and what was wrong with it; without a format it is found."""
    path = Path(path)
    return BY_NAME[format or format_of(path)].read(path)


def write_items(items: Iterable[Item], path: Path, format: str) -> tuple[Problem, ...]:
    """Write items; what the format cannot say comes back."""
    return BY_NAME[format].write(items, path)


def format_of(path: Path) -> str:
    """The format of a file or folder, by its name and, where that is not enough, its beginning."""
    if path.is_dir():
        return NATIVE if any((*path.rglob("*.yaml"), *path.rglob("*.yml"))) else "qti"
    suffix = path.suffix.lower()
    named = [known.name for known in BY_NAME.values() if suffix in known.suffixes]
    return named[0] if len(named) == 1 else _told_by_content(path)


def _told_by_content(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            start = stream.read(LOOKED_AT)
    except OSError:
        return NATIVE
    if start.startswith(b"PK"):
        return "qti"
    # an encoding of several bytes may be cut in the middle
    found = (decoded(start[: len(start) - cut]) for cut in range(4))
    text = next((text for text in found if text is not None), "")
    if text.lstrip().startswith("<"):
        return "moodle_xml" if _MOODLE_ROOT.search(text) else "qti"
    if "{" not in text and _ANSWER_LINE.search(text):
        return "aiken"
    if re.match(r"\s*(?:node|items|stimuli)\s*:", text):
        return NATIVE
    return "gift"
