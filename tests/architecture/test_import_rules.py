"""The import table holds: each room imports only what the architecture lets it know.

The table is in `import_table`; here it is applied to the product, and the check itself is shown to
catch each kind of breach on a small made-up tree.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.import_table import ROOMS, Room, room_of, within
from tests.architecture.source_tree import (
    PRODUCT,
    REPOSITORY,
    Import,
    Module,
    imports_of,
    read_tree,
)

OUR_TOPS = tuple(top.removesuffix(".py") for top in PRODUCT)


def breaches(modules: list[Module]) -> list[str]:
    """One line for each import that the table does not allow."""
    return [
        f"{module.path.name}:{imported.line}: {module.name} imports {_shown(imported)}: {reason}"
        for module in modules
        for imported in imports_of(module)
        for reason in _reasons(module, imported)
    ]


def homeless(modules: list[Module]) -> list[str]:
    """Modules that stand in no room of the table."""
    return [module.name for module in modules if room_of(module.name) is None]


def _shown(imported: Import) -> str:
    return f"{imported.module}:{imported.name}" if imported.name else imported.module


def _reasons(module: Module, imported: Import) -> Iterator[str]:
    room = room_of(module.name)
    if room is None:
        return
    top = imported.module.partition(".")[0]
    if top in OUR_TOPS:
        if not _ours_allowed(room, imported):
            yield f"{room.prefix} may not know it"
    elif top not in sys.stdlib_module_names and top not in room.libraries:
        yield f"the library is not in the table for {room.prefix}"


def _ours_allowed(room: Room, imported: Import) -> bool:
    # `from package import name` may name a module; the finer name decides which room is meant.
    full = f"{imported.module}.{imported.name}" if imported.name else imported.module
    own = room_of(full)
    if own is not None and own.prefix == room.prefix:
        return True
    if any(within(full, prefix) for prefix in room.may_import):
        return True
    return imported.name[:1].isupper() and any(
        within(imported.module, prefix) for prefix in room.types_only
    )


def test_product_imports_only_what_the_table_allows() -> None:
    modules = read_tree(REPOSITORY, PRODUCT)
    assert len(modules) > 20, "the source tree was not found, so nothing would be checked"
    assert homeless(modules) == []
    assert breaches(modules) == []


def test_every_prefix_in_the_table_is_a_room_of_the_product() -> None:
    prefixes = {room.prefix for room in ROOMS}
    named = {prefix for room in ROOMS for prefix in room.may_import}
    assert all(prefix.partition(".")[0] in OUR_TOPS for prefix in prefixes | named)
    assert len(prefixes) == len(ROOMS)


def test_table_lets_no_two_rooms_know_each_other() -> None:
    opens = {room.prefix: room.may_import + room.types_only for room in ROOMS}
    for room, others in opens.items():
        for other in others:
            back = opens.get(other, ())
            assert not any(within(room, prefix) for prefix in back), f"{room} <-> {other}"


def write_tree(root: Path, files: dict[str, str]) -> list[Module]:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return read_tree(root, [top for top in PRODUCT if (root / top).exists()])


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("question_bank/item.py", "from rubrics.rubric import Rubric"),
        ("rubrics/rating.py", "import question_bank"),
        ("certificates/credential.py", "from certify.exams.transcript import Transcript"),
        ("certificates/signing.py", "import sqlalchemy"),
        ("question_bank/item.py", "from certify.clock import now"),
        ("certify/psychometrics/irt.py", "import pandas"),
        ("certify/psychometrics/irt.py", "from question_bank.item import Item"),
        ("certify/exams/attempt.py", "from certify.clock import Clock"),
        ("certify/exams/attempt.py", "import flask"),
        ("certify/grading/batch.py", "from certify.services.ports import Store"),
        ("certify/services/issuing.py", "from sqlalchemy import select"),
        ("certify/services/issuing.py", "from certify.storage.database import engine"),
        ("certify/storage/rows.py", "from certify.services.issuing import issue_credential"),
        ("certify/storage/rows.py", "from certify.services import issuing"),
        ("certify/storage/rows.py", "from flask import current_app"),
        ("certify/jobs/worker.py", "from certify.storage import database"),
        ("certify/web/app.py", "from certify.storage import database"),
        ("certify/web/app.py", "from question_bank.validation import validate_item"),
        ("certify/web/app.py", "from question_bank import item"),
        ("certify/web/app.py", "import certify.exams.attempt"),
        ("certify/cli/main.py", "from certify.web.app import create_app"),
        ("certify/cli/main.py", "from flask import Flask"),
        ("certify/services/issuing.py", "import click"),
        ("certify/services/grading.py", "import dask"),
        ("certify/errors.py", "from certify.exams.errors import ExamError"),
        ("wsgi.py", "from certify.web.app import create_app"),
        ("migrations/env.py", "from certify.services.ports import Store"),
    ],
)
def test_forbidden_import_is_caught(tmp_path: Path, file: str, line: str) -> None:
    found = breaches(write_tree(tmp_path, {file: f"{line}\n"}))
    assert len(found) == 1


def test_module_outside_every_room_is_caught(tmp_path: Path) -> None:
    modules = write_tree(
        tmp_path, {"certify/__init__.py": "", "certify/undeclared/thing.py": "", "wsgi.py": ""}
    )
    assert homeless(modules) == ["certify.undeclared.thing"]


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("certify/storage/rows.py", "from certify.services.ports import Store, find"),
        ("certify/storage/rows.py", "from certify.services.issuing import IssuedCredential"),
        ("certify/storage/rows.py", "from certify.exams.attempt import Attempt"),
        ("certify/web/app.py", "from certify.services.issuing import issue_credential"),
        ("certify/web/app.py", "from certify.services import issuing"),
        ("certify/web/app.py", "from question_bank.errors import QuestionBankError"),
        ("certify/web/pages/__init__.py", "from . import exams"),
        ("certify/web/pages/exams.py", "from ..app import create_app"),
        ("certify/psychometrics/irt.py", "import numpy as np"),
        ("certify/cli/main.py", "from certify.bootstrap import build"),
        ("certify/exams/form.py", "from question_bank.item import Item"),
        ("question_bank/item.py", "from dataclasses import dataclass"),
        ("wsgi.py", "from certify.bootstrap import build"),
    ],
)
def test_allowed_import_passes(tmp_path: Path, file: str, line: str) -> None:
    assert breaches(write_tree(tmp_path, {file: f"{line}\n"})) == []


@pytest.mark.parametrize(
    "text",
    [
        "def load():\n    from rubrics.rubric import Rubric\n    return Rubric\n",
        "if TYPE_CHECKING:\n    from rubrics.rubric import Rubric\n",
        "import importlib\nrubric = importlib.import_module('rubrics.rubric')\n",
        "rubric = __import__('rubrics')\n",
        "from ..rubrics import rubric\n",
    ],
    ids=["in a function", "for types only", "import_module", "dunder import", "relative"],
)
def test_hidden_import_is_caught(tmp_path: Path, text: str) -> None:
    nested = "question_bank/item.py"
    found = breaches(write_tree(tmp_path, {nested: text}))
    assert len(found) == 1
    assert "question_bank may not know it" in found[0]
