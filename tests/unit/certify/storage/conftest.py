"""A migrated database of each kind, and one on SQLite alone where the kind does not matter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from certify.storage import schema
from certify.storage.database import SqlDatabase, open_database


@pytest.fixture
def database(database_url: str) -> Iterator[SqlDatabase]:
    schema.upgrade(database_url)
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_database(tmp_path: Path) -> Iterator[SqlDatabase]:
    url = f"sqlite:///{tmp_path / 'certify.db'}"
    schema.upgrade(url)
    opened = open_database(url)
    yield opened
    opened.close()
