"""No module reaches itself through imports, wherever in the file the import is written.

An import inside a function or under TYPE_CHECKING hides a circle from Python, not from a reader, so
it counts here.
"""

from __future__ import annotations

from pathlib import Path

from tests.architecture.source_tree import PRODUCT, REPOSITORY, import_graph, read_tree

Graph = dict[str, set[str]]


def circles(graph: Graph) -> list[list[str]]:
    """Groups of modules that import one another: strongly connected components (Tarjan, 1972)."""
    search = _ComponentSearch(graph)
    for node in sorted(graph):
        if node not in search.index:
            search.visit(node)
    return sorted(
        sorted(group) for group in search.components if len(group) > 1 or _loops(group[0], graph)
    )


def _loops(node: str, graph: Graph) -> bool:
    return node in graph.get(node, set())


class _ComponentSearch:
    """State of one run of Tarjan's algorithm."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.index: dict[str, int] = {}
        self.low: dict[str, int] = {}
        self.stack: list[str] = []
        self.components: list[list[str]] = []

    def visit(self, node: str) -> None:
        self.index[node] = self.low[node] = len(self.index)
        self.stack.append(node)
        for target in sorted(self.graph.get(node, set())):
            if target not in self.index:
                self.visit(target)
                self.low[node] = min(self.low[node], self.low[target])
            elif target in self.stack:
                self.low[node] = min(self.low[node], self.index[target])
        if self.low[node] == self.index[node]:
            start = self.stack.index(node)
            self.components.append(self.stack[start:])
            del self.stack[start:]


def test_product_has_no_import_circles() -> None:
    graph = import_graph(read_tree(REPOSITORY, PRODUCT))
    assert any(graph.values()), "no import was found, so nothing would be checked"
    assert circles(graph) == []


def test_circle_of_three_is_found_and_its_onlooker_is_not() -> None:
    graph: Graph = {"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}, "e": set()}
    assert circles(graph) == [["a", "b", "c"]]


def test_two_separate_circles_are_both_found() -> None:
    graph: Graph = {"a": {"b"}, "b": {"a", "c"}, "c": {"d"}, "d": {"c"}}
    assert circles(graph) == [["a", "b"], ["c", "d"]]


def test_diamond_is_no_circle() -> None:
    assert circles({"a": {"b", "c"}, "b": {"d"}, "c": {"d"}, "d": set()}) == []


def test_circle_through_a_function_and_a_relative_import_is_found(tmp_path: Path) -> None:
    room = tmp_path / "rubrics"
    room.mkdir()
    (room / "__init__.py").write_text("", encoding="utf-8")
    (room / "rubric.py").write_text("from rubrics.rating import Rating\n", encoding="utf-8")
    (room / "rating.py").write_text(
        "def rubric():\n    from . import rubric\n    return rubric\n", encoding="utf-8"
    )
    assert circles(import_graph(read_tree(tmp_path, ["rubrics"]))) == [
        ["rubrics.rating", "rubrics.rubric"]
    ]


def test_package_that_imports_its_own_module_back_is_found(tmp_path: Path) -> None:
    room = tmp_path / "rubrics"
    room.mkdir()
    (room / "__init__.py").write_text("from rubrics.rubric import Rubric\n", encoding="utf-8")
    (room / "rubric.py").write_text("from rubrics import Rubric\n", encoding="utf-8")
    assert circles(import_graph(read_tree(tmp_path, ["rubrics"]))) == [
        ["rubrics", "rubrics.rubric"]
    ]
