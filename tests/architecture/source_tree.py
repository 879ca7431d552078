"""Reads a source tree as facts about modules: their names, their lines and what they import.

Nothing is imported or run: a module is parsed, and imports inside functions count like those at
the top. The module knows no rule; the rules are in `import_table` and in the tests.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]

#: The packages and modules that are the product.
PRODUCT = ("certify", "question_bank", "rubrics", "certificates", "migrations", "wsgi.py")
#: Python that is kept in the same order, though no import rule holds for it.
BESIDE = ("tests", "benchmarks")


@dataclass(frozen=True, slots=True)
class Import:
    """One imported thing: `from module import name`, or `import module` with an empty name."""

    module: str
    name: str
    line: int


@dataclass(frozen=True, slots=True)
class Module:
    """One parsed Python file."""

    name: str
    path: Path
    is_package: bool
    tree: ast.Module
    line_count: int


def read_tree(root: Path, tops: Iterable[str]) -> list[Module]:
    """All modules below the given top-level packages (or `name.py` files) of a source root."""
    found: list[Module] = []
    for top in tops:
        start = root / top
        files = [start] if start.is_file() else sorted(start.rglob("*.py"))
        found += [read_module(path, root) for path in files if "__pycache__" not in path.parts]
    return found


def read_module(path: Path, root: Path) -> Module:
    """Parse one file; its dotted name follows from its place below the root."""
    parts = list(path.relative_to(root).with_suffix("").parts)
    is_package = parts[-1] == "__init__"
    if is_package:
        parts.pop()
    text = path.read_text(encoding="utf-8")
    return Module(
        name=".".join(parts),
        path=path,
        is_package=is_package,
        tree=ast.parse(text, filename=str(path)),
        line_count=len(text.splitlines()),
    )


def imports_of(module: Module) -> Iterator[Import]:
    """Every import: relative ones made absolute, dynamic ones where the name is a literal."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, "", node.lineno)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute_base(module, node)
            for alias in node.names:
                yield Import(base, alias.name, node.lineno)
        elif isinstance(node, ast.Call) and (target := _dynamic_target(node)):
            yield Import(target, "", node.lineno)


def _absolute_base(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    # One dot means the package that holds the module; a package's own __init__ is already it.
    up = node.level - 1 if module.is_package else node.level
    kept = parts[: len(parts) - up]
    return ".".join([*kept, *([node.module] if node.module else [])])


def _dynamic_target(node: ast.Call) -> str:
    """The literal argument of `import_module("x")` or `__import__("x")`, else an empty string."""
    called = node.func
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    if name not in {"import_module", "__import__"} or not node.args:
        return ""
    first = node.args[0]
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""


def import_graph(modules: Iterable[Module]) -> dict[str, set[str]]:
    """Which module of the tree imports which other module of the tree.

    `from package import name` points at `package.name` where that is a module, else at `package`.
    """
    listed = list(modules)
    names = {module.name for module in listed}
    graph: dict[str, set[str]] = {}
    for module in listed:
        targets = {_known_target(imported, names) for imported in imports_of(module)}
        graph[module.name] = {target for target in targets if target}
    return graph


def _known_target(imported: Import, names: set[str]) -> str:
    submodule = f"{imported.module}.{imported.name}"
    if imported.name and submodule in names:
        return submodule
    return imported.module if imported.module in names else ""
