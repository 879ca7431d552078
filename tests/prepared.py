"""Databases with the shipped bank and its release: made once per run, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

from certify.services.preparing import prepare_bank
from tests.fakes import make_installation
from tests.postgres_servers import PostgresServer

DATABASE = "certify.db"


def prepare_sqlite(folder: Path) -> Path:
    """A prepared database file below a folder."""
    path = folder / DATABASE
    _prepare(folder, f"sqlite:///{path}")
    return path


def copy_sqlite(prepared: Path, folder: Path) -> str:
    """The URL of a copy."""
    copy = folder / DATABASE
    shutil.copyfile(prepared, copy)
    return f"sqlite:///{copy}"


@contextmanager
def prepared_postgres(server: PostgresServer, folder: Path) -> Iterator[str]:
    """The name of a prepared database that nobody is connected to."""
    with server.fresh_database() as url:
        _prepare(folder, url)
        name = make_url(url).database
        assert name is not None
        yield name


def _prepare(folder: Path, url: str) -> None:
    installation = make_installation(folder, url)
    prepare_bank(installation.context)
    installation.database.close()
