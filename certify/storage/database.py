"""The database behind the use cases: opens units of work and says whether it is migrated."""

from threading import Lock

from sqlalchemy import Engine
from sqlalchemy.engine import URL

from certify.errors import DatabaseNotMigrated
from certify.storage import schema
from certify.storage.address import masked, parse_address
from certify.storage.engine import make_engine, reading_engine, reporting_outage, writing_engine
from certify.storage.unit_of_work import SqlUnitOfWork


class SqlDatabase:
    """Implements `certify.services.ports.Database`. Threads may share it, forked processes not.

    Units of work raise DatabaseUnreachable where no connection can be had or one breaks.
    """

    def __init__(self, url: URL, engine: Engine) -> None:
        self._url = url
        self._engine = engine
        self._reading = reading_engine(engine)
        self._writing = writing_engine(engine)
        # SQLite lets one write at a time; its own waiting sleeps in growing steps, and unfairly
        self._turn = Lock() if engine.dialect.name == "sqlite" else None

    def reading(self) -> SqlUnitOfWork:
        """A unit of work on one snapshot; writing in it fails."""
        return SqlUnitOfWork(self._url, self._reading)

    def writing(self) -> SqlUnitOfWork:
        """A unit of work that may write. On SQLite one at a time; the others wait."""
        return SqlUnitOfWork(self._url, self._writing, self._turn)

    def schema_version(self) -> str | None:
        """The revision the database is at, None for an empty one. Raises DatabaseUnreachable."""
        with (
            reporting_outage(self._url, connecting=True),
            self._reading.connect() as connection,
        ):
            return schema.revision_of(connection)

    def check_migrated(self) -> None:
        """Raises DatabaseNotMigrated unless the schema is the one of the code."""
        expected, found = schema.head_revision(), self.schema_version()
        if found != expected:
            raise DatabaseNotMigrated(
                url=masked(self._url), expected=expected, found=found or "none"
            )

    def close(self) -> None:
        """Close all idle connections."""
        self._engine.dispose()


def open_database(address: str) -> SqlDatabase:
    """The database of a URL. Raises InvalidSetting, or DatabaseUnreachable without its driver.

    Nothing is connected yet: a server that does not answer shows in the first unit of work.
    """
    url = parse_address(address)
    return SqlDatabase(url, make_engine(url))
