"""Writes items as QTI 3.0, 2.2 or 2.1: one item as a file, several as a content package.

The same items give the same bytes, whenever and wherever they are written.
"""

import hashlib
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Any

from question_bank.exchange.problems import Problem, ProblemKind
from question_bank.exchange.qti import writing_problems as kinds
from question_bank.exchange.qti.item_documents import item_document, stimulus_document
from question_bank.exchange.qti.manifest import Resource, item_kind, manifest_node, stimulus_kind
from question_bank.exchange.qti.own_record import instruction, record_text
from question_bank.exchange.qti.sources import beside
from question_bank.exchange.qti.versions import Version
from question_bank.exchange.xml_names import xml_name, xml_names
from question_bank.item import Item, ItemFile, Stimulus
from question_bank.qti.tree import XML_DECLARATION, to_text

MANIFEST = "imsmanifest.xml"
SINGLE_SUFFIXES = (".xml", ".qti")
OLDEST = (1980, 1, 1, 0, 0, 0)
"""The time of every entry: the first that a ZIP file can say."""
_REGULAR_FILE = 0o100644 << 16
_UNIX = 3
_UNSAFE = re.compile(r"[^\w.-]+")
_LONGEST_NAME = 80


def write_items(
    items: Iterable[Item], target: Path | str | IO[bytes], *, version: str = "3.0"
) -> tuple[Problem, ...]:
    """Write items to a path or a stream; what could not be said is told.

    A path that ends with .xml gets the one item as a single file; anything else gets a ZIP
    package. OSError is the caller's: it concerns the place, not the items. ValueError for a
    version that is not written here.
    """
    chosen, items = Version(version), tuple(items)
    name = Path(target).name if isinstance(target, str | Path) else "QTI"
    if name.lower().endswith(SINGLE_SUFFIXES):
        content, problems = _single(items, chosen, name)
    else:
        package = _Package(chosen, name)
        content, problems = package.written(items), tuple(package.problems)
    if content is not None:
        if isinstance(target, str | Path):
            Path(target).write_bytes(content)
        else:
            target.write(content)
    return problems


def _single(
    items: Sequence[Item], version: Version, name: str
) -> tuple[bytes | None, tuple[Problem, ...]]:
    if len(items) != 1:
        return None, (kinds.ONE_PER_FILE.at(name, count=len(items)),)
    item, problems = items[0], list[Problem]()

    def say(kind: ProblemKind, **params: Any) -> None:
        problem = kind.at(name, item_id=item.id, **params)
        if problem not in problems:
            problems.append(problem)

    if item.files:
        say(kinds.FILES_NEED_PACKAGE, names=", ".join(file.name for file in item.files))
    document = item_document(item, version, {}, "", say)
    if document is None:
        return None, tuple(problems)
    body = document.text.removeprefix(XML_DECLARATION)
    record = instruction(record_text(item, document.tree, {}))
    return f"{XML_DECLARATION}{record}\n{body}".encode(), tuple(problems)


class _Package:
    """A content package being put together."""

    def __init__(self, version: Version, name: str) -> None:
        self.problems: list[Problem] = []
        self._version = version
        self._name = name
        self._entries: dict[str, bytes] = {}
        self._resources: list[Resource] = []
        self._shared: dict[tuple[Stimulus, tuple[ItemFile, ...]], Resource] = {}
        self._file_resources: dict[str, Resource] = {}

    def written(self, items: Sequence[Item]) -> bytes:
        """The bytes of the package."""
        names = xml_names(dict.fromkeys(f"item-{item.id}" for item in items), taken=["MANIFEST"])
        seen: set[str] = set()
        for item in items:
            if item.id in seen:
                self._say(item, kinds.REPEATED_IDENTIFIER)
                continue
            seen.add(item.id)
            self._add(item, names[f"item-{item.id}"])
        files = sorted(self._file_resources.values(), key=lambda each: each.identifier)
        listed = (*self._resources, *self._shared.values(), *files)
        self._entries[MANIFEST] = to_text(manifest_node(listed, self._version)).encode()
        return _zipped(self._entries)

    def _say(self, item: Item, kind: ProblemKind, **params: Any) -> None:
        problem = kind.at(self._name, item_id=item.id, **params)
        if problem not in self.problems:
            self.problems.append(problem)

    def _add(self, item: Item, name: str) -> None:
        path = f"items/{name}.xml"
        found = {file.name: self._file(file, item) for file in item.files}
        paths = {name: resource.href for name, resource in found.items() if resource is not None}
        shared = self._stimulus(item, paths)
        document = item_document(
            item,
            self._version,
            {name: beside(path, other) for name, other in paths.items()},
            beside(path, shared.href) if shared else "",
            lambda kind, **params: self._say(item, kind, **params),
        )
        if document is None:
            return
        self._entries[path] = document.text.encode()
        held = {file.digest: paths[file.name] for file in item.files if file.name in paths}
        record = record_text(item, document.tree, held)
        needs = dict.fromkeys(each.identifier for each in (*found.values(), shared) if each)
        kind = item_kind(self._version)
        self._resources.append(Resource(name, kind, path, tuple(needs), item, record))

    def _file(self, file: ItemFile, item: Item) -> Resource | None:
        """The resource of a file; files of the same content are one."""
        if hashlib.sha256(file.content).hexdigest() != file.digest:
            self._say(item, kinds.FILE_WITHOUT_CONTENT, name=file.name)
            return None
        if file.digest not in self._file_resources:
            base = _UNSAFE.sub("-", file.name.rpartition("/")[2])[-_LONGEST_NAME:].strip(".-")
            href = f"files/{file.digest[:12]}-{base or 'file'}"
            self._entries[href] = file.content
            name = f"file-{file.digest[:16]}"
            self._file_resources[file.digest] = Resource(name, "webcontent", href)
        return self._file_resources[file.digest]

    def _stimulus(self, item: Item, paths: dict[str, str]) -> Resource | None:
        """The resource of the item's shared text; QTI 2.1 has none, it stands in the item."""
        stimulus = item.stimulus
        if stimulus is None or self._version is Version.V2_1:
            return None
        used = tuple(file for file in item.files if file.name in stimulus.text)
        if (stimulus, used) not in self._shared:
            taken = {each.identifier for each in self._shared.values()}
            name = xml_names([f"stimulus-{xml_name(stimulus.id)}"], taken)
            identifier = next(iter(name.values()))
            path = f"stimuli/{identifier}.xml"
            addresses = {file: beside(path, other) for file, other in paths.items()}
            text = stimulus_document(
                stimulus,
                self._version,
                addresses,
                lambda kind, **params: self._say(item, kind, **params),
            )
            self._entries[path] = text.encode()
            held = (self._file_resources.get(file.digest) for file in used)
            needs = tuple(each.identifier for each in held if each is not None)
            kind = stimulus_kind(self._version)
            self._shared[stimulus, used] = Resource(identifier, kind, path, needs)
        return self._shared[stimulus, used]


def _zipped(entries: dict[str, bytes]) -> bytes:
    """The entries as a ZIP file, the manifest first, with nothing in it that time changes."""
    target = io.BytesIO()
    ordered = [MANIFEST, *sorted(name for name in entries if name != MANIFEST)]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as opened:
        for name in ordered:
            entry = zipfile.ZipInfo(name, OLDEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = _REGULAR_FILE
            entry.create_system = _UNIX
            opened.writestr(entry, entries[name])
    return target.getvalue()
