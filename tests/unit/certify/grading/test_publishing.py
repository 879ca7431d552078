"""Files appear whole or not at all."""

from pathlib import Path

import pytest

from certify.grading import publishing
from certify.grading.errors import OutputNotWritable

FILES = {"results.csv": b"new", "summary.json": b"{}"}


def test_new_directory_is_made_with_its_parents(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b"
    publishing.publish(FILES, target)
    assert {path.name: path.read_bytes() for path in target.iterdir()} == FILES
    assert [path.name for path in target.parent.iterdir()] == ["b"]


def test_existing_directory_keeps_what_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "results.csv").write_text("old")
    publishing.publish(FILES, tmp_path)
    assert (tmp_path / "results.csv").read_bytes() == b"new"
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "notes.txt",
        "results.csv",
        "summary.json",
    ]


def test_failure_while_writing_leaves_the_old_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "results.csv").write_text("old")

    def disk_full(path: Path, content: bytes) -> None:
        if path.name == "summary.json":
            raise OSError(28, "No space left on device")
        path.write_bytes(content)

    monkeypatch.setattr(publishing, "_write", disk_full)
    with pytest.raises(OutputNotWritable, match="No space left"):
        publishing.publish(FILES, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["results.csv"]
    assert (tmp_path / "results.csv").read_text() == "old"


def test_target_that_is_a_file_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.write_text("a file")
    with pytest.raises(OutputNotWritable, match="it is a file"):
        publishing.publish(FILES, target)
