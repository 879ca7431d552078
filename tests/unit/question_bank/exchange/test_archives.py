"""Packages that are safe are read; each way of being unsafe is a clear error."""

from __future__ import annotations

import stat
import warnings
import zipfile
from pathlib import Path

import pytest

from question_bank.errors import (
    ArchiveDuplicate,
    ArchiveEncrypted,
    ArchiveError,
    ArchiveLink,
    ArchiveOutside,
    ArchiveOverfull,
    CompressionBomb,
    UnreadableArchive,
)
from question_bank.exchange import archives
from question_bank.exchange.archives import opened_archive


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return tmp_path / "package.zip"


def names_in(path: Path) -> tuple[str, ...]:
    with opened_archive(path) as archive:
        return archive.names


def pack(path: Path, *entries: tuple[str | zipfile.ZipInfo, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, content in entries:
            opened.writestr(name, content)
    return path


def test_files_are_read_by_their_names(package: Path) -> None:
    pack(package, ("items/", ""), ("items/a.xml", "<a/>"), ("试题.xml", "<b/>"))
    with opened_archive(package) as archive:
        assert archive.names == ("items/a.xml", "试题.xml")
        assert archive.read("items/a.xml") == b"<a/>"
        assert archive.size("试题.xml") == 4


def test_names_in_gbk_are_read_as_meant(package: Path) -> None:
    pack(package, ("ABCD.xml", "<a/>"))
    content = package.read_bytes().replace(b"ABCD", "试题".encode("gbk"))
    package.write_bytes(content)
    assert names_in(package) == ("试题.xml",)


@pytest.mark.parametrize("name", ["../a.xml", "/etc/passwd", "a/../../b", "C:/a.xml", "..\\a.xml"])
def test_name_outside_the_package_is_refused(package: Path, name: str) -> None:
    with pytest.raises(ArchiveOutside):
        names_in(pack(package, (name, "x")))


def test_symbolic_link_is_refused(package: Path) -> None:
    link = zipfile.ZipInfo("link.xml")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(ArchiveLink):
        names_in(pack(package, (link, "/etc/passwd")))


def test_bomb_by_ratio_is_refused(package: Path) -> None:
    with pytest.raises(CompressionBomb):
        names_in(pack(package, ("a.xml", b"0" * (20 << 20))))


def test_bomb_by_many_entries_is_refused(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGEST_TOTAL", 1000)
    with pytest.raises(CompressionBomb):
        names_in(pack(package, *((f"{number}.xml", "x" * 100) for number in range(11))))


def test_too_many_entries_are_refused(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_ENTRIES", 3)
    with pytest.raises(ArchiveOverfull):
        names_in(pack(package, *((f"{number}.xml", "x") for number in range(4))))


def test_encrypted_entry_is_refused(package: Path) -> None:
    pack(package, ("a.xml", "<a/>"))
    content = bytearray(package.read_bytes())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    package.write_bytes(content)
    with pytest.raises(ArchiveEncrypted):
        names_in(package)


def test_repeated_name_is_refused(package: Path) -> None:
    with pytest.raises(ArchiveDuplicate):
        names_in(pack(package, ("a.xml", "x"), ("a.xml", "y")))


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04" + b"\0" * 40])
def test_file_that_is_no_archive_is_refused(package: Path, content: bytes) -> None:
    package.write_bytes(content)
    with pytest.raises(UnreadableArchive):
        names_in(package)


def test_size_that_lies_does_not_unpack_more(package: Path) -> None:
    pack(package, ("a.xml", b"0" * 500_000))
    content = bytearray(package.read_bytes())
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = (10).to_bytes(4, "little")
    package.write_bytes(content)
    with opened_archive(package) as archive, pytest.raises(UnreadableArchive):
        archive.read("a.xml")


def test_damaged_archives_are_errors_of_the_room(package: Path) -> None:
    pack(package, ("a.xml", "<a>text</a>"), ("b.xml", "<b/>"))
    whole = package.read_bytes()
    for at in range(len(whole)):
        package.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        try:
            with opened_archive(package) as archive:
                for name in archive.names:
                    archive.read(name)
        except ArchiveError:
            continue
