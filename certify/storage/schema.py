"""Schema versions: bring a database up, take it down, say where it stands.

The scripts are found as the installed package `migrations`, whatever the working directory.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.resources import as_file, files
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from certify.storage.address import parse_address
from certify.storage.engine import make_engine, reporting_outage, writing_engine

SCRIPTS_PACKAGE = "migrations"
MIGRATION_LOCK = 0x63657274
"""PostgreSQL's advisory lock of migrations: the bytes of "cert"."""


class BrokenReferences(Exception):
    """A migration left rows that refer to nothing; it was rolled back."""


def upgrade(address: str, revision: str = "head") -> None:
    """Bring a database to a revision in one transaction. Does nothing where it is there.

    Two processes may call it at once: the second waits and finds the work done. Raises
    InvalidSetting or DatabaseUnreachable.
    """
    with _migrating(address) as (config, connection):
        _lock(connection)
        command.upgrade(config, revision)


def downgrade(address: str, revision: str) -> None:
    """Take a database back to a revision, `base` for an empty one, in one transaction.

    What the removed tables held is lost. Raises InvalidSetting or DatabaseUnreachable.
    """
    with _migrating(address) as (config, connection):
        _lock(connection)
        command.downgrade(config, revision)


def current(address: str) -> str | None:
    """The revision a database is at, None for an empty one.

    Raises InvalidSetting or DatabaseUnreachable.
    """
    with _migrating(address) as (_, connection):
        return revision_of(connection)


def draft(address: str, message: str, scripts: Path) -> Path:
    """Write the next script below `scripts` from how the tables differ from a database at head.

    For developers; the draft is to be read and shortened by hand.
    """
    with _migrating(address, scripts) as (config, _):
        number = len(list(ScriptDirectory.from_config(config).walk_revisions())) + 1
        written = command.revision(config, message, autogenerate=True, rev_id=f"{number:04d}")
    if written is None or isinstance(written, list):
        raise TypeError(f"expected one script, found {written!r}")
    return Path(written.path)


def revision_of(connection: Connection) -> str | None:
    """The revision of the database behind a connection."""
    return MigrationContext.configure(connection).get_current_revision()


def head_revision() -> str:
    """The revision that the code expects."""
    with as_file(files(SCRIPTS_PACKAGE)) as scripts:
        head = ScriptDirectory.from_config(_config(scripts)).get_current_head()
    if head is None:
        raise LookupError(f"package {SCRIPTS_PACKAGE}: expected a head revision, found none")
    return head


@contextmanager
def _migrating(address: str, scripts: Path | None = None) -> Iterator[tuple[Config, Connection]]:
    """A transaction that is committed at the end, and alembic's settings bound to it."""
    url = parse_address(address)
    # SQLite rebuilds tables to alter them, which enforced foreign keys would forbid
    engine = writing_engine(make_engine(url, enforce_foreign_keys=False))
    with ExitStack() as stack:
        stack.callback(engine.dispose)
        with reporting_outage(url, connecting=True):
            connection = stack.enter_context(engine.connect())
            connection.begin()
        stack.enter_context(reporting_outage(url))
        config = _config(scripts or stack.enter_context(as_file(files(SCRIPTS_PACKAGE))))
        config.attributes["connection"] = connection
        yield config, connection
        _check_references(connection)
        connection.commit()


def _config(scripts: Path) -> Config:
    config = Config()
    # alembic interpolates: a percent sign in the path is written twice
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    # without it alembic warns that a blank in the path would split it
    config.set_main_option("path_separator", "os")
    return config


def _lock(connection: Connection) -> None:
    """One migration at a time; SQLite's transaction has the lock already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})


def _check_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise BrokenReferences(f"table {broken[0]}: row {broken[1]} refers to no {broken[2]}")
