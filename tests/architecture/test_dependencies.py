"""What the product imports stands in setup.cfg, so that a fresh machine gets all of it.

A package that happens to lie in the developer's environment hides a missing line there until the
first installation elsewhere fails.
"""

from __future__ import annotations

import ast
import configparser
import re
import sys
from importlib.metadata import packages_distributions

import pytest

from tests.architecture.source_tree import PRODUCT, REPOSITORY, imports_of, read_tree

#: Packages that a declared library promises to bring and shows in its own interface.
COMES_WITH = {
    "babel": "flask-babel",
    "itsdangerous": "flask",
    "jinja2": "flask",
    "markupsafe": "flask",
    "webargs": "flask-smorest",
    "werkzeug": "flask",
}
#: What only the browser tests need: the command that passes the tests does without it.
OF_THE_BROWSER = frozenset({"playwright", "axe_playwright_python"})
#: Imported only where the configuration asks for it: the extra that brings it.
OF_AN_EXTRA = {"distributed": "scale"}


def normal_name(distribution: str) -> str:
    """PEP 503: the spelling in which two names of one distribution are equal."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def declared(requirements: str) -> set[str]:
    """The distributions of one setup.cfg list, in their normal spelling."""
    names = (re.match(r"[A-Za-z0-9._-]+", line.strip()) for line in requirements.splitlines())
    return {normal_name(name.group()) for name in names if name}


def imported_packages() -> dict[str, str]:
    """Top-level package outside the project and the standard library -> the first place of it."""
    own = {name.removesuffix(".py") for name in PRODUCT}
    found: dict[str, str] = {}
    for module in read_tree(REPOSITORY, PRODUCT):
        for imported in imports_of(module):
            top = imported.module.split(".")[0]
            if top not in own and top not in sys.stdlib_module_names:
                found.setdefault(top, f"{module.name}:{imported.line}")
    return found


@pytest.fixture(scope="module")
def setup_cfg() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(REPOSITORY / "setup.cfg", encoding="utf-8")
    return parser


@pytest.mark.parametrize(("package", "place"), sorted(imported_packages().items()))
def test_every_import_is_declared(
    package: str, place: str, setup_cfg: configparser.ConfigParser
) -> None:
    required = declared(setup_cfg["options"]["install_requires"])
    if extra := OF_AN_EXTRA.get(package):
        required = declared(setup_cfg["options.extras_require"][extra])
        assert normal_name(package) in required
        return
    distributions = {COMES_WITH[package]} if package in COMES_WITH else set()
    distributions |= {normal_name(name) for name in packages_distributions().get(package, [])}
    assert distributions, f"{place} imports {package}, which is not installed"
    assert distributions & required, f"{place} imports {package}: add it to setup.cfg"


def outright_imports(tree: ast.Module) -> set[str]:
    """Top-level packages that a module imports whenever it is read."""
    found: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").split(".")[0])
    return found


def test_tests_are_collected_without_a_browser() -> None:
    """`pytest.importorskip` says why a file is left out; an import would break the whole run."""
    assert outright_imports(ast.parse("import playwright.sync_api")) & OF_THE_BROWSER
    outright = [
        module.name
        for module in read_tree(REPOSITORY, ("tests",))
        if outright_imports(module.tree) & OF_THE_BROWSER
    ]
    assert outright == []
