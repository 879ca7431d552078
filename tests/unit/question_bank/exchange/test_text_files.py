"""Text in and out of files in the encodings of Chinese offices."""

from __future__ import annotations

from io import BytesIO, StringIO
from pathlib import Path

import pytest

from question_bank.exchange.problems import Problem
from question_bank.exchange.text_files import decoded, read_bytes, read_text, write_text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_is_read_in_its_encoding(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("题\r\n目\r".encode(encoding))
    assert read_text(path) == "题\n目\n"


@pytest.mark.parametrize("content", [b"\xff", b"\x80\x80", b"a\0b", b"\xff\xfe\x00\xd8"])
def test_bytes_that_are_no_text_are_told(content: bytes) -> None:
    assert decoded(content) is None


def test_file_too_large_and_file_missing_are_problems(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"abc")
    for found, reason in (
        (read_bytes(path, 2), "larger than"),
        (read_bytes(tmp_path / "none"), "no such file"),
        (read_bytes(tmp_path), "cannot be read"),
    ):
        assert isinstance(found, Problem)
        assert reason in found.reason


def test_text_is_written_to_paths_and_streams(tmp_path: Path) -> None:
    write_text("题\n", tmp_path / "a.txt")
    assert (tmp_path / "a.txt").read_bytes() == "题\n".encode()
    text, raw = StringIO(), BytesIO()
    write_text("题", text)
    write_text("题", raw)
    assert (text.getvalue(), raw.getvalue()) == ("题", "题".encode())
