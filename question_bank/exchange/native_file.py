"""Files of our own format: YAML with items, their stimuli, and their files in base64.

A content file of the bank (`node` and `items`) is read alike. Each entry stands for itself: one
that cannot be read is a problem, and the others come over. Aliases are refused: they can make a
small file immense.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import yaml

from question_bank.errors import QuestionBankError
from question_bank.exchange.drafts import gathered
from question_bank.exchange.native import (
    item_from_mapping,
    item_to_mapping,
    read_yaml,
    with_stimulus,
)
from question_bank.exchange.problems import (
    MOST_ITEMS,
    NO_SUCH_FILE,
    NOTHING_FOUND,
    TOO_MANY_ITEMS,
    UNREADABLE_FILE,
    Problem,
    lost,
    problem_of_error,
)
from question_bank.exchange.text_files import Target, read_text, write_text
from question_bank.item import Item, ItemFile
from question_bank.skills import load_skill_model

FORMAT = "YAML"
HAS_ALIASES = lost("the file uses an alias (*{name}), which is refused; write the value out")
NO_ITEMS = lost("expected a mapping with a list of items; correct the file")
FILE_DAMAGED = lost("the content of the file {name} does not fit its digest; export it again")
TOO_DEEP = lost("the file is nested too deeply; write it flatter")
DEEPEST = 40
_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_items(path: Path) -> tuple[tuple[Item, ...], tuple[Problem, ...]]:
    """The items of a file, or of all YAML files below a folder."""
    path = Path(path)
    if not path.is_dir():
        return _read_file(path)
    items: list[tuple[Item, int | None]] = []
    problems: list[Problem] = []
    for part in sorted((*path.rglob("*.yaml"), *path.rglob("*.yml"))):
        found, faults = _read_file(part)
        items += [(item, None) for item in found]
        problems += faults
    if not items and not problems:
        problems.append(NO_SUCH_FILE.at(path.name))
    kept, repeated = gathered(items, path.name)
    return tuple(kept), (*problems, *repeated)


def _read_file(path: Path) -> tuple[tuple[Item, ...], tuple[Problem, ...]]:
    text = read_text(path)
    return ((), (text,)) if isinstance(text, Problem) else items_of(text, path.name)


def items_of(text: str, file: str) -> tuple[tuple[Item, ...], tuple[Problem, ...]]:
    """The items of a text, and a problem for each entry that cannot be read."""
    try:
        data = _data(text, file)
    except QuestionBankError as error:
        return (), (problem_of_error(error, file),)
    except (ValueError, OverflowError) as error:
        return (), (UNREADABLE_FILE.at(file, reason=str(error)),)
    if isinstance(data, Problem):
        return (), (data,)
    if not isinstance(data, Mapping) or not isinstance(data.get("items"), list):
        return (), (NO_ITEMS.at(file),)
    found: list[tuple[Item, int | None]] = []
    problems: list[Problem] = []
    for item in _entries(data, file):
        if isinstance(item, Problem):
            problems.append(item)
        else:
            found.append((item, None))
    items, repeated = gathered(found, file)
    if not items and not problems:
        problems.append(NOTHING_FOUND.at(file, format=FORMAT))
    return tuple(items), (*problems, *repeated)


def _data(text: str, file: str) -> Any:
    """The data of a file without aliases, nested no deeper than an item is."""
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_Loader):
            row = event.start_mark.line + 1 if event.start_mark else None
            if isinstance(event, yaml.AliasEvent):
                return HAS_ALIASES.at(file, row=row, name=event.anchor)
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > DEEPEST:
                return TOO_DEEP.at(file, row=row)
    except yaml.YAMLError:
        pass  # told by the reading below, with its reason
    return read_yaml(text, file)


def _entries(data: Mapping[str, Any], file: str) -> Iterator[Item | Problem]:
    shared = {"node": str(data["node"])} if "node" in data else {}
    listed = data.get("stimuli") or []
    stimuli = {
        str(one["id"]): dict(one)
        for one in (listed if isinstance(listed, list) else [])
        if isinstance(one, Mapping) and "id" in one
    }
    model = load_skill_model()
    for number, entry in enumerate(data["items"], start=1):
        if number > MOST_ITEMS:
            yield TOO_MANY_ITEMS.at(file, most=MOST_ITEMS)
            return
        where = f"{file}, entry {number}"
        if not isinstance(entry, Mapping):
            yield NO_ITEMS.at(file, column=f"items {number}")
            continue
        item_id = str(entry.get("id", ""))[:100]
        try:
            filled = with_stimulus({**shared, **entry}, stimuli, where)
            item = item_from_mapping(filled, model, where)
            yield replace(item, files=tuple(_files(item, entry)))
        except QuestionBankError as error:
            yield problem_of_error(error, file, item_id=item_id)
        except _Damaged as error:
            yield FILE_DAMAGED.at(file, item_id=item_id, name=str(error))


class _Damaged(ValueError):
    pass


def _files(item: Item, entry: Mapping[str, Any]) -> Iterator[ItemFile]:
    """The files with the content that the entry holds; a content must fit its digest."""
    for file, written in zip(item.files, entry.get("files") or [], strict=True):
        content = written.get("content", "")
        if not content:
            yield file
            continue
        try:
            decoded = base64.b64decode("".join(str(content).split()), validate=True)
        except (binascii.Error, ValueError):
            raise _Damaged(file.name) from None
        if hashlib.sha256(decoded).hexdigest() != file.digest:
            raise _Damaged(file.name)
        yield replace(file, content=decoded)


def write_items(items: Iterable[Item], target: Target) -> tuple[Problem, ...]:
    """Write items; our own format says everything about them."""
    listed = tuple(items)
    stimuli = {item.stimulus.id: item.stimulus for item in listed if item.stimulus}
    shared = {name for name, one in stimuli.items() if _is_shared(listed, name, one)}
    data: dict[str, Any] = {}
    if shared:
        data["stimuli"] = [asdict(stimuli[name]) for name in sorted(shared)]
    data["items"] = [_mapping(item, shared) for item in listed]
    write_text(
        yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100), target
    )
    return ()


def _is_shared(items: Iterable[Item], name: str, stimulus: object) -> bool:
    """Whether all items that name a stimulus mean the same text."""
    named = (item.stimulus for item in items if item.stimulus and item.stimulus.id == name)
    return all(one == stimulus for one in named)


def _mapping(item: Item, shared: set[str]) -> dict[str, Any]:
    data = item_to_mapping(item)
    if item.stimulus and item.stimulus.id in shared:
        data["stimulus"] = item.stimulus.id
    for file, written in zip(item.files, data.get("files", []), strict=True):
        if file.content:
            written["content"] = base64.b64encode(file.content).decode()
    return data
