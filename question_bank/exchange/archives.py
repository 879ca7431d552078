"""Reads ZIP packages without trusting them: names, links, sizes and encryption are checked first.

The whole package is refused at the first such fault, before anything is unpacked; nothing is ever
written to disk. Names in the encodings of Chinese systems are read as meant.
"""

import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from question_bank.errors import (
    ArchiveDuplicate,
    ArchiveEncrypted,
    ArchiveLink,
    ArchiveOutside,
    ArchiveOverfull,
    ArchiveTooLarge,
    CompressionBomb,
    UnreadableArchive,
)

MEGABYTE = 1 << 20
LARGEST_ARCHIVE = 256 * MEGABYTE
LARGEST_ENTRY = 64 * MEGABYTE
LARGEST_TOTAL = 512 * MEGABYTE
MOST_ENTRIES = 10_000
SUSPICIOUS_RATIO = 200
HARMLESS_SIZE = MEGABYTE
"""Below this size an entry may compress as well as it likes."""
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError)


class Archive:
    """The entries of a package that passed the checks, by name."""

    def __init__(self, opened: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo], where: str):
        self._opened = opened
        self._entries = entries
        self._where = where

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all files, in the order of the package."""
        return tuple(self._entries)

    def size(self, name: str) -> int:
        """The unpacked size of a file in bytes. KeyError where there is none."""
        return self._entries[name].file_size

    def read(self, name: str) -> bytes:
        """The content of a file. KeyError where there is none; UnreadableArchive when damaged."""
        try:
            return self._opened.read(self._entries[name])
        except (*_BROKEN, OSError) as error:
            raise UnreadableArchive(where=f"{self._where}: {name}", reason=_said(error)) from error


@contextmanager
def opened_archive(path: Path) -> Iterator[Archive]:
    """A package to read from while the block lasts.

    Raises an ArchiveError that names the fault; OSError where the file cannot be opened.
    """
    where = path.name
    if path.stat().st_size > LARGEST_ARCHIVE:
        raise ArchiveTooLarge(where=where, limit=LARGEST_ARCHIVE // MEGABYTE)
    try:
        opened = zipfile.ZipFile(path)
    except _BROKEN as error:
        raise UnreadableArchive(where=where, reason=_said(error)) from error
    with opened:
        yield Archive(opened, _checked(opened, where), where)


def _said(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


def _checked(opened: zipfile.ZipFile, where: str) -> dict[str, zipfile.ZipInfo]:
    listed = opened.infolist()
    if len(listed) > MOST_ENTRIES:
        raise ArchiveOverfull(where=where, limit=MOST_ENTRIES)
    if sum(entry.file_size for entry in listed) > LARGEST_TOTAL:
        raise CompressionBomb(where=where, limit=LARGEST_TOTAL // MEGABYTE)
    entries: dict[str, zipfile.ZipInfo] = {}
    for entry in listed:
        name = entry_name(entry)
        _check_entry(entry, name, where)
        if entry.is_dir() or name.endswith("/"):
            continue
        if name in entries:
            raise ArchiveDuplicate(where=where, entry=name)
        entries[name] = entry
    return entries


def _check_entry(entry: zipfile.ZipInfo, name: str, where: str) -> None:
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or "\0" in name or (parts and parts[0][1:2] == ":"):
        raise ArchiveOutside(where=where, entry=name[:200])
    mode = entry.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise ArchiveLink(where=where, entry=name[:200])
    if entry.flag_bits & _ENCRYPTED:
        raise ArchiveEncrypted(where=where, entry=name[:200])
    is_bomb = entry.file_size > SUSPICIOUS_RATIO * max(1, entry.compress_size)
    if entry.file_size > LARGEST_ENTRY or (is_bomb and entry.file_size > HARMLESS_SIZE):
        raise CompressionBomb(where=f"{where}: {name[:200]}", limit=LARGEST_ENTRY // MEGABYTE)


def entry_name(entry: zipfile.ZipInfo) -> str:
    """The name as meant: UTF-8 where flagged or readable so, else GB18030, else as it stands."""
    name = entry.orig_filename if hasattr(entry, "orig_filename") else entry.filename
    if not entry.flag_bits & _UTF8_NAME and not name.isascii():
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/").removeprefix("./")
