"""The table of pains names a test for each, and every test that it names exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
TABLE = REPOSITORY / "docs" / "pains.md"
PAINS = 30
NUMBERED = re.compile(r"^\| (\d+)\. ")
NAMED = re.compile(r"`(tests/[^`:]+\.py)::(\w+)`")


def rows(text: str) -> dict[int, list[tuple[str, str]]]:
    """The tests of each numbered pain, as file and name."""
    return {
        int(found[1]): NAMED.findall(line)
        for line in text.splitlines()
        if (found := NUMBERED.match(line))
    }


def missing(named: list[tuple[str, str]], root: Path) -> list[str]:
    """Tests that are named and not there."""
    return [f"{path}::{name}" for path, name in named if name not in functions_of(root / path)]


def functions_of(path: Path) -> set[str]:
    """The functions at the top of a file."""
    if not path.is_file():
        return set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_pain_has_its_tests() -> None:
    found = rows(TABLE.read_text(encoding="utf-8"))
    assert sorted(found) == list(range(1, PAINS + 1))
    assert [number for number, named in found.items() if not named] == []


def test_every_test_that_the_table_names_exists() -> None:
    assert missing(NAMED.findall(TABLE.read_text(encoding="utf-8")), REPOSITORY) == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("| 1. x | `tests/a.py::test_b` |", []),
        ("| 1. x | `tests/a.py::test_c` |", ["tests/a.py::test_c"]),
        ("| 1. x | `tests/z.py::test_b` |", ["tests/z.py::test_b"]),
    ],
)
def test_a_name_that_is_not_there_is_found(line: str, expected: list[str], tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "a.py").write_text("def test_b() -> None: ...\n")
    assert missing(rows(line)[1], tmp_path) == expected
