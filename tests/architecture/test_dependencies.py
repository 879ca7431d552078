"""What the product imports stands in setup.cfg, so that a fresh machine gets all of it.

A package that happens to lie in the developer's environment hides a missing line there until the
first installation elsewhere fails.
"""

from __future__ import annotations

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
