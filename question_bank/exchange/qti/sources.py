"""Where the files of an exchange come from: one file, a folder, or a ZIP package.

All are asked by name, with `/` between folders, and give bytes; nothing outside is ever reached.
"""

import posixpath
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from question_bank.exchange.archives import Archive, opened_archive

MOST_FOLDER_FILES = 10_000
ARCHIVE_SUFFIXES = (".zip", ".imscc")


class Source(Protocol):
    """Files by name."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all files."""
        ...

    def size(self, name: str) -> int:
        """The size of a file in bytes. KeyError where there is none."""
        ...

    def read(self, name: str) -> bytes:
        """The content of a file. KeyError where there is none."""
        ...


class FolderSource:
    """The files below a folder, or a single file; links that lead out are not followed."""

    def __init__(self, root: Path, paths: dict[str, Path]) -> None:
        self._root = root
        self._paths = paths

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all files, sorted."""
        return tuple(self._paths)

    def size(self, name: str) -> int:
        """The size of a file in bytes."""
        return self._paths[name].stat().st_size

    def read(self, name: str) -> bytes:
        """The content of a file."""
        return self._paths[name].read_bytes()


@contextmanager
def opened_source(path: Path) -> Iterator[Source]:
    """The files at a path. Raises an ArchiveError for an unsafe package, OSError for no access."""
    if path.is_dir():
        yield FolderSource(path, _below(path))
    elif is_archive(path):
        with opened_archive(path) as archive:
            yield _as_source(archive)
    else:
        yield FolderSource(path.parent, {path.name: path})


def _as_source(archive: Archive) -> Source:
    return archive


def _below(folder: Path) -> dict[str, Path]:
    root = folder.resolve()
    found: dict[str, Path] = {}
    for path in sorted(folder.rglob("*")):
        if len(found) >= MOST_FOLDER_FILES:
            break
        if path.is_file() and path.resolve().is_relative_to(root):
            found[path.relative_to(folder).as_posix()] = path
    return found


def is_archive(path: Path) -> bool:
    """Whether a file is a ZIP package, by its first bytes or its suffix."""
    with path.open("rb") as opened:
        return opened.read(4)[:2] == b"PK" or path.suffix.lower() in ARCHIVE_SUFFIXES


def resolved(address: str, beside: str) -> str | None:
    """The name of a file that an address names, seen from the file `beside`.

    None for an address that leads elsewhere: to the network, out of the package, or nowhere.
    """
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return None
    if parts.scheme or parts.netloc or not parts.path or parts.path.startswith("/"):
        return None
    path = unquote(parts.path).replace("\\", "/")
    name = posixpath.normpath(posixpath.join(posixpath.dirname(beside), path))
    return None if name.startswith("..") else name


def found_name(address: str, beside: str, names: frozenset[str]) -> str | None:
    """The file that an address names: beside the file, or from the top of the package."""
    for start in (beside, ""):
        name = resolved(address, start)
        if name in names:
            return name
    return None


def beside(name: str, other: str) -> str:
    """The address of one file of a package seen from another."""
    return posixpath.relpath(other, posixpath.dirname(name) or ".")
