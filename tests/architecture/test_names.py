"""Names that say something, files one can read in one go, and nothing left undone.

Holds for the product and for its tests and benchmarks alike.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.source_tree import BESIDE, PRODUCT, REPOSITORY, Module, read_tree

VAGUE = frozenset({"util", "utils", "common", "helper", "helpers", "core", "misc"})
LINE_LIMIT = 400
#: Put together from halves, so that this file does not accuse itself.
PROMISES = ("TO" + "DO", "FIX" + "ME", "NotImplemented" + "Error")
LEFT_UNDONE = re.compile(rf"\b({'|'.join(PROMISES)})\b")
TEXT_SUFFIXES = frozenset({".py", ".js", ".css", ".html"})


def vague_names(modules: list[Module]) -> list[str]:
    """Modules and packages whose name could hold anything."""
    return [module.name for module in modules if VAGUE & set(module.name.split("."))]


def long_files(modules: list[Module]) -> list[str]:
    """Files over the limit; a migration is generated history and may be long."""
    return [
        f"{module.name}: {module.line_count} lines"
        for module in modules
        if module.line_count > LINE_LIMIT and not module.name.startswith("migrations.versions.")
    ]


def undocumented(modules: list[Module]) -> list[str]:
    """Modules with code that do not say what they do; an empty file has nothing to say."""
    return [
        module.name for module in modules if module.tree.body and not ast.get_docstring(module.tree)
    ]


def left_undone(root: Path, tops: tuple[str, ...]) -> list[str]:
    """Lines that promise work for later, in code, scripts, styles and templates."""
    found = []
    for top in tops:
        start = root / top
        for path in [start] if start.is_file() else sorted(start.rglob("*")):
            if path.suffix in TEXT_SUFFIXES and "__pycache__" not in path.parts:
                lines = path.read_text(encoding="utf-8").splitlines()
                found += [
                    f"{path.relative_to(root)}:{number}"
                    for number, line in enumerate(lines, 1)
                    if LEFT_UNDONE.search(line)
                ]
    return found


@pytest.fixture(scope="module")
def modules() -> list[Module]:
    found = read_tree(REPOSITORY, PRODUCT + BESIDE)
    assert len(found) > 20, "the source tree was not found, so nothing would be checked"
    return found


def test_no_name_says_nothing(modules: list[Module]) -> None:
    assert vague_names(modules) == []


def test_no_file_is_too_long(modules: list[Module]) -> None:
    assert long_files(modules) == []


def test_every_module_says_what_it_does(modules: list[Module]) -> None:
    assert undocumented(modules) == []


def test_nothing_is_left_undone() -> None:
    assert left_undone(REPOSITORY, PRODUCT + BESIDE) == []


def tree_of(root: Path, name: str, text: str) -> list[Module]:
    path = root / name
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return read_tree(root, PRODUCT)


@pytest.mark.parametrize(
    "name", ["certify/utils.py", "certify/core/irt.py", "rubrics/helper.py", "certify/web/misc.py"]
)
def test_vague_name_is_caught(tmp_path: Path, name: str) -> None:
    assert len(vague_names(tree_of(tmp_path, name, '"""A thing."""\n'))) == 1


def test_word_inside_a_longer_name_is_no_vague_name(tmp_path: Path) -> None:
    assert vague_names(tree_of(tmp_path, "certify/score_utility.py", '"""A thing."""\n')) == []


def test_long_file_is_caught(tmp_path: Path) -> None:
    modules = tree_of(tmp_path, "certify/long.py", "x = 1\n" * (LINE_LIMIT + 1))
    assert long_files(modules) == ["certify.long: 401 lines"]


def test_long_migration_is_let_through(tmp_path: Path) -> None:
    modules = tree_of(tmp_path, "migrations/versions/0001_create.py", "x = 1\n" * 500)
    assert long_files(modules) == []


def test_missing_docstring_is_caught(tmp_path: Path) -> None:
    assert undocumented(tree_of(tmp_path, "rubrics/rubric.py", "x = 1\n")) == ["rubrics.rubric"]


@pytest.mark.parametrize("word", PROMISES)
@pytest.mark.parametrize(
    ("name", "template"),
    [
        ("certify/exams.py", "def f():\n    pass  # {}: the rest\n"),
        ("certify/web/static/exam.js", "// {}\n"),
        ("certify/web/templates/exam.html", "<!-- {} -->\n"),
    ],
)
def test_promise_for_later_is_caught(tmp_path: Path, name: str, template: str, word: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.write_text(template.format(word), encoding="utf-8")
    assert len(left_undone(tmp_path, PRODUCT)) == 1
