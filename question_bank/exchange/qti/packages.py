"""What stands in a package: which files are items, in which order, and what the tests say."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from question_bank.exchange.problems import Problem
from question_bank.exchange.qti.problem_kinds import NO_ITEM_FILE, TEST_LEFT_OUT
from question_bank.exchange.qti.sources import found_name
from question_bank.qti.tree import Node

_TEST_PARTS = frozenset(
    {
        *("qti-time-limits", "qti-outcome-processing", "qti-branch-rule", "qti-pre-condition"),
        *("qti-selection", "qti-ordering", "qti-weight", "qti-test-feedback", "qti-rubric-block"),
        *("qti-item-session-control", "qti-template-default", "qti-adaptive-selection"),
    }
)


@dataclass(slots=True)
class Contents:
    """The parsed files of a package by name and kind."""

    items: dict[str, Node] = field(default_factory=dict)
    tests: dict[str, Node] = field(default_factory=dict)
    stimuli: dict[str, Node] = field(default_factory=dict)
    sections: dict[str, Node] = field(default_factory=dict)
    version_one: dict[str, Node] = field(default_factory=dict)
    manifests: dict[str, Node] = field(default_factory=dict)
    other: dict[str, str] = field(default_factory=dict)


def ordered_items(
    contents: Contents, names: frozenset[str]
) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """The names of the item files: as tests ask for them, then as the manifest lists them, then
    the rest; and the references that lead to no file."""
    order: dict[str, None] = {}
    problems: list[Problem] = []
    missing: set[str] = set()
    for file, address in (*_test_references(contents), *_manifest_references(contents)):
        name = found_name(address, file, names)
        if name in contents.items:
            order.setdefault(name)
        elif name is None and address and address not in missing:
            missing.add(address)
            problems.append(NO_ITEM_FILE.at(file, name=address))
    for name in contents.items:
        order.setdefault(name)
    return tuple(order), tuple(problems)


def _test_references(contents: Contents) -> Iterator[tuple[str, str]]:
    for holders in (contents.tests, contents.sections):
        for file, root in holders.items():
            for node in root.walk():
                if node.name == "qti-assessment-item-ref":
                    yield file, node.get("href").strip()


def _manifest_references(contents: Contents) -> Iterator[tuple[str, str]]:
    for file, root in contents.manifests.items():
        for node in root.walk():
            if node.name == "resource" and "item" in node.get("type").lower():
                yield file, node.get("href").strip()


def test_problems(contents: Contents) -> Iterator[Problem]:
    """What each test says beyond the order of its items."""
    for file, root in contents.tests.items():
        nodes = list(root.walk())
        parts = sorted({node.name for node in nodes if node.name in _TEST_PARTS})
        count = sum(node.name == "qti-assessment-item-ref" for node in nodes)
        title = root.get("title") or root.get("identifier") or file
        yield TEST_LEFT_OUT.at(file, title=title, count=count, parts=", ".join(parts) or "-")
