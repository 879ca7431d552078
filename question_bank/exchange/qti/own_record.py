"""What QTI has no place for, written beside an item so that reading gives the same item again.

The record holds the item as our own format says it, and a digest of the QTI it goes with. Where the
QTI is as it was written, the record is the item; where somebody changed it, only the tags of the
record hold, and what is asked comes from the QTI.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from question_bank.errors import QuestionBankError
from question_bank.exchange.native import item_from_mapping, item_to_mapping
from question_bank.item import Item, ItemFile
from question_bank.qti.tree import Node, to_text
from question_bank.skills import load_skill_model

NAMESPACE = "urn:certify:item-record:1"
ELEMENT = "record"
TARGET = "certify-item-record"
"""The name of the processing instruction that carries the record of a single file."""
LONGEST = 4 << 20
TAGS = (
    *("node", "dimension", "level", "point", "bloom", "source", "expected_seconds", "difficulty"),
    *("calibration", "enemies", "valid_until", "work_area", "chapter"),
)
_INSTRUCTION = re.compile(rf"<\?{TARGET}\s+(\{{.*?\}})\s*\?>", re.DOTALL)
Content = Callable[[str], bytes | None]
"""The content of a file of the package; None where there is none."""


class UnusableRecord(Exception):
    """The record does not have the shape that we write; `args` say why."""


def record_text(item: Item, written: Node, paths: Mapping[str, str]) -> str:
    """The record of an item as JSON. `paths` are the places of its files by their digests."""
    mapping = item_to_mapping(item)
    has_markup = bool(mapping.pop("markup", ""))
    record = {
        "digest": digest_of(written),
        "item": mapping,
        "markup": has_markup,
        "paths": {file.digest: paths[file.digest] for file in item.files if file.digest in paths},
        "shuffle": item.shuffle,
    }
    return json.dumps(record, ensure_ascii=False, sort_keys=True)


def instruction(record: str) -> str:
    """The processing instruction that carries a record; no `?>` can end it early."""
    return f"<?{TARGET} {record.replace('?', chr(92) + 'u003f')}?>"


def instruction_record(document: str) -> str:
    """The record in a document; empty where it has none."""
    found = _INSTRUCTION.search(document[:LONGEST])
    return found[1] if found else ""


def element_records(manifest: Node) -> dict[str, str]:
    """The records of a manifest by the address of the resource they belong to."""
    return {
        resource.get("href").strip(): node.text
        for resource in manifest.walk()
        if resource.name == "resource"
        for node in resource.walk()
        if node.name == ELEMENT and node.namespace == NAMESPACE
    }


def digest_of(root: Node) -> str:
    """The digest of an item's tree: layout and spelling of the file do not matter."""
    return hashlib.sha256(to_text(_plain(root)).encode("utf-8", "surrogatepass")).hexdigest()


def _plain(node: Node) -> Node:
    """The tree with attributes in one order and without namespaces but those of other languages."""
    held = {name: node.attributes[name] for name in sorted(node.attributes)}
    children = tuple(child if isinstance(child, str) else _plain(child) for child in node.children)
    return Node(node.name, held, children, node.namespace)


def restored(read: Item, root: Node, record: str, content: Content) -> tuple[Item, bool]:
    """The item that a record says and true; or the item as read with the tags of the record.

    `root` is the normalised tree of the file. Raises UnusableRecord.
    """
    if len(record) > LONGEST:
        raise UnusableRecord("too long")
    try:
        data = json.loads(record)
    except (ValueError, RecursionError) as error:
        raise UnusableRecord(str(error)) from error
    mapping = data.get("item") if isinstance(data, Mapping) else None
    if not isinstance(mapping, Mapping):
        raise UnusableRecord("no item")
    try:
        item = item_from_mapping(dict(mapping), load_skill_model(), "record")
    except (QuestionBankError, ValueError, TypeError) as error:
        raise UnusableRecord(str(error)) from error
    if data.get("digest") != digest_of(root):
        difficulty = {"difficulty": item.difficulty, "calibration": item.calibration}
        tags = {name: getattr(item, name) for name in TAGS} | difficulty
        return replace(read, **tags), False
    paths = data.get("paths")
    whole = replace(
        item,
        markup=read.markup if data.get("markup") is True else "",
        files=tuple(_files(item, paths if isinstance(paths, Mapping) else {}, content)),
    )
    return whole, True


def _files(item: Item, paths: Mapping[str, Any], content: Content) -> list[ItemFile]:
    files = []
    for file in item.files:
        if file.digest not in paths:
            files.append(file)  # it had no content when it was written
            continue
        found = content(str(paths.get(file.digest, "")))
        if found is None or hashlib.sha256(found).hexdigest() != file.digest:
            raise UnusableRecord(f"the file {file.name} is missing or was changed")
        files.append(replace(file, content=found))
    return files
