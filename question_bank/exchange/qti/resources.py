"""Files that an item names: pictures, media, style sheets, shared texts. Found, never fetched."""

import base64
import binascii
import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from question_bank.exchange.drafts import kept_file
from question_bank.exchange.problems import Problem, ProblemKind
from question_bank.exchange.qti.problem_kinds import (
    ELSEWHERE,
    LARGE_FILE,
    MISSING_FILE,
    NOT_IN_FILE,
)
from question_bank.exchange.qti.sources import Source, found_name, resolved
from question_bank.item import ItemFile
from question_bank.qti.tree import Node

MEGABYTE = 1 << 20
LARGEST_FILE = 16 * MEGABYTE
_ADDRESSES = {
    "img": "src",
    "audio": "src",
    "video": "src",
    "source": "src",
    "track": "src",
    "embed": "src",
    "object": "data",
    "qti-stylesheet": "href",
    "qti-file-href": "",
    "image": "{http://www.w3.org/1999/xlink}href",
}


@dataclass(frozen=True, slots=True)
class Resources:
    """The files of one item by the address that it uses, and what was not found."""

    files: tuple[ItemFile, ...]
    problems: tuple[Problem, ...]
    used: frozenset[str]


def resources_of(
    nodes: tuple[Node, ...], file: str, source: Source, names: frozenset[str], item_id: str
) -> Resources:
    """The files that elements of the file `file` name. A file keeps the address as its name."""
    files: dict[str, ItemFile] = {}
    problems: list[Problem] = []
    used: set[str] = set()
    for address in dict.fromkeys(addresses(nodes)):
        if address.startswith("data:"):
            continue
        name = found_name(address, file, names)
        if name is None:
            kind = _kind_of_absence(address, file, names)
            problems.append(kind.at(file, item_id=item_id, name=address, address=address))
        elif source.size(name) > LARGEST_FILE:
            limit = LARGEST_FILE // MEGABYTE
            problems.append(LARGE_FILE.at(file, item_id=item_id, name=name, limit=limit))
            used.add(name)
        else:
            used.add(name)
            files[address] = kept_file(address, media_type(name), source.read(name))
    return Resources(tuple(files.values()), tuple(problems), frozenset(used))


def _kind_of_absence(address: str, file: str, names: frozenset[str]) -> ProblemKind:
    if resolved(address, file) is None:
        return ELSEWHERE
    return MISSING_FILE if len(names) > 1 else NOT_IN_FILE


def addresses(nodes: tuple[Node, ...]) -> Iterator[str]:
    """The addresses of files that elements name, in document order."""
    for root in nodes:
        for node in root.walk():
            attribute = _ADDRESSES.get(node.name)
            if attribute is not None:
                address = (node.get(attribute) if attribute else node.text).strip()
                if address and not address.startswith("#"):
                    yield address


def file_attribute(name: str) -> str:
    """The attribute of an element that names a file; empty where it has none."""
    return _ADDRESSES.get(name, "")


def media_type(name: str) -> str:
    """The media type that a file's name says."""
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def embedded_file(address: str) -> ItemFile | None:
    """The picture that a data address holds; None where it is damaged."""
    head, comma, data = address.removeprefix("data:").partition(",")
    kind, *parameters = head.split(";")
    try:
        raw = unquote_to_bytes(data)
        content = base64.b64decode(raw, validate=False) if "base64" in parameters else raw
    except (binascii.Error, ValueError):
        return None
    if not comma or not content:
        return None
    suffix = mimetypes.guess_extension(kind.strip()) or ""
    file = kept_file("", kind.strip() or "text/plain", content)
    return ItemFile(f"picture-{file.digest[:12]}{suffix}", file.media_type, file.digest, content)
