"""Opens connections: how each database is set up, and which faults mean that it is not there.

Knows no table. A transaction is of one of two kinds, `READING` and `WRITING`.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from certify.errors import DatabaseUnreachable
from certify.storage.address import masked, without_password

READING = "reading"
WRITING = "writing"
KIND = "certify_transaction"

LOCK_TIMEOUT_MS = 30_000
"""How long to wait for a lock before giving up, on both databases."""
CONNECT_TIMEOUT_SECONDS = 10
RESTING_SINCE = "certify_resting_since"
REST_SECONDS = 1.0
POOL_SIZE = 10
POOL_OVERFLOW = 20


def make_engine(url: URL, *, enforce_foreign_keys: bool = True) -> Engine:
    """An engine that has not connected yet. Raises DatabaseUnreachable without the driver."""
    is_sqlite = url.get_backend_name() == "sqlite"
    options: dict[str, Any] = {}
    if not is_sqlite and "connect_timeout" not in url.query:
        options["connect_args"] = {"connect_timeout": CONNECT_TIMEOUT_SECONDS}
    try:
        engine = create_engine(
            url,
            pool_size=POOL_SIZE,
            max_overflow=POOL_OVERFLOW,
            # NaN is no JSON, and PostgreSQL would refuse it later and less clearly
            json_serializer=partial(json.dumps, allow_nan=False),
            **options,
        )
    except ModuleNotFoundError as error:
        reason = f"driver {error.name} is not installed: pip install 'certify[postgres]'"
        raise DatabaseUnreachable(url=masked(url), reason=reason) from None
    if is_sqlite:
        event.listen(engine, "connect", partial(_set_up_sqlite, enforce_foreign_keys))
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _set_up_postgresql)
        event.listen(engine, "checkin", _note_rest)
        event.listen(engine, "checkout", partial(_check_rested, engine.dialect))
    return engine


def reading_engine(engine: Engine) -> Engine:
    """The same connections for transactions that see one snapshot and cannot write."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**{KIND: READING})
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def writing_engine(engine: Engine) -> Engine:
    """The same connections for transactions that write.

    SQLite locks at the beginning. PostgreSQL locks by row; every statement after a lock sees what
    its former holder committed, which REPEATABLE READ would hide.
    """
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**{KIND: WRITING})
    return engine.execution_options(isolation_level="READ COMMITTED")


@contextmanager
def reporting_outage(url: URL, *, connecting: bool = False) -> Iterator[None]:
    """Turn errors that mean "the database is not there" into DatabaseUnreachable.

    While `connecting` every error of the driver does.
    """
    try:
        yield
    except (DBAPIError, PoolExhausted) as error:
        if connecting or is_outage(error):
            raise unreachable(url, error) from error
        raise


def is_outage(error: BaseException) -> bool:
    """Whether the database failed, rather than the statement sent to it."""
    if isinstance(error, PoolExhausted):
        return True
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    # SQLite calls a missing table operational too; its own name for any wrong SQL is SQLITE_ERROR
    return getattr(error.orig, "sqlite_errorname", "") != "SQLITE_ERROR"


def unreachable(url: URL, error: Exception) -> DatabaseUnreachable:
    """The one line that says so."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return DatabaseUnreachable(url=masked(url), reason=without_password(url, str(cause)))


def _set_up_sqlite(enforce_foreign_keys: bool, connection: Any, record: object) -> None:
    """Run once per connection.

    FULL and not NORMAL: in WAL mode NORMAL survives the death of the process, but a power cut
    takes the last commits with it, and they may hold acknowledged answers.
    """
    # the driver must not begin transactions by itself: _begin_sqlite does
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {LOCK_TIMEOUT_MS}")
    # asked first: setting it needs a moment without any other connection
    if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute(f"PRAGMA foreign_keys = {'ON' if enforce_foreign_keys else 'OFF'}")
    cursor.close()


def _set_up_postgresql(connection: Any, record: object) -> None:
    """Run once per connection. A setting of the session, as poolers refuse start-up options."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {LOCK_TIMEOUT_MS}")
    # psycopg begins a transaction with the first statement; a rollback would undo the setting
    connection.commit()


def _note_rest(connection: Any, record: Any) -> None:
    record.info[RESTING_SINCE] = time.monotonic()


def _check_rested(dialect: Dialect, connection: Any, record: Any, proxy: object) -> None:
    """Ask a connection that rested for a while whether its server is still there.

    Asked each time it would cost an answer as much as a statement.
    """
    since = record.info.get(RESTING_SINCE)
    if since is None or time.monotonic() - since < REST_SECONDS:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        raise DisconnectionError() from error


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes the lock before it reads, so that two writers queue and never deadlock."""
    writes = connection.get_execution_options().get(KIND, WRITING) == WRITING
    connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN DEFERRED")
