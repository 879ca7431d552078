"""One transaction on one connection, and the repositories that speak through it."""

from __future__ import annotations

from threading import Lock
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine
from sqlalchemy.engine import URL

from certify.errors import DatabaseUnreachable
from certify.storage.address import masked
from certify.storage.engine import LOCK_TIMEOUT_MS, is_outage, reporting_outage, unreachable
from certify.storage.repositories.attempts import SqlAttempts
from certify.storage.repositories.audit import SqlAudit
from certify.storage.repositories.batches import SqlBatches
from certify.storage.repositories.calibrations import SqlCalibrations
from certify.storage.repositories.comments import SqlComments
from certify.storage.repositories.credentials import SqlCredentials
from certify.storage.repositories.exposure_plans import SqlExposurePlans
from certify.storage.repositories.files import SqlFiles
from certify.storage.repositories.integrity import SqlIntegrity
from certify.storage.repositories.items import SqlItems
from certify.storage.repositories.papers import SqlBlueprints, SqlForms
from certify.storage.repositories.people import SqlPeople
from certify.storage.repositories.practice import SqlPractice
from certify.storage.repositories.releases import SqlReleases
from certify.storage.repositories.results import SqlResults
from certify.storage.repositories.sessions import SqlSessions
from certify.storage.repositories.uploads import SqlUploads
from certify.storage.repositories.working_copies import SqlWorkingCopies

LOCKED = "another transaction of this process has been writing for too long"


class UnitClosed(Exception):
    """A unit of work was used before it was entered or after its commit: an error in our code."""


class SqlUnitOfWork:
    """Implements `certify.services.ports.UnitOfWork`; `commit` ends it.

    The transaction begins with the first thing that is asked or written, not before: what is
    computed until then holds up nobody. `turn` is held from there to the end.
    """

    def __init__(self, url: URL, engine: Engine, turn: Lock | None = None) -> None:
        self._url = url
        self._engine = engine
        self._turn = turn
        self._is_entered = False
        self._open: Connection | None = None

    @property
    def people(self) -> SqlPeople:
        return SqlPeople(self._connection)

    @property
    def items(self) -> SqlItems:
        return SqlItems(self._connection)

    @property
    def releases(self) -> SqlReleases:
        return SqlReleases(self._connection)

    @property
    def comments(self) -> SqlComments:
        return SqlComments(self._connection)

    @property
    def files(self) -> SqlFiles:
        return SqlFiles(self._connection)

    @property
    def working_copies(self) -> SqlWorkingCopies:
        return SqlWorkingCopies(self._connection)

    @property
    def uploads(self) -> SqlUploads:
        return SqlUploads(self._connection)

    @property
    def attempts(self) -> SqlAttempts:
        return SqlAttempts(self._connection)

    @property
    def exposure_plans(self) -> SqlExposurePlans:
        return SqlExposurePlans(self._connection)

    @property
    def results(self) -> SqlResults:
        return SqlResults(self._connection)

    @property
    def calibrations(self) -> SqlCalibrations:
        return SqlCalibrations(self._connection)

    @property
    def credentials(self) -> SqlCredentials:
        return SqlCredentials(self._connection)

    @property
    def batches(self) -> SqlBatches:
        return SqlBatches(self._connection)

    @property
    def blueprints(self) -> SqlBlueprints:
        return SqlBlueprints(self._connection)

    @property
    def forms(self) -> SqlForms:
        return SqlForms(self._connection)

    @property
    def sessions(self) -> SqlSessions:
        return SqlSessions(self._connection)

    @property
    def practice(self) -> SqlPractice:
        return SqlPractice(self._connection)

    @property
    def integrity(self) -> SqlIntegrity:
        return SqlIntegrity(self._connection)

    @property
    def audit(self) -> SqlAudit:
        return SqlAudit(self._connection)

    def commit(self) -> None:
        """Make everything last. Raises DatabaseUnreachable; then nothing was acknowledged."""
        connection = self._connection
        with reporting_outage(self._url):
            connection.commit()
        # whatever came after would be rolled back unseen, so it is refused
        self._close()

    def __enter__(self) -> Self:
        if self._is_entered:
            raise UnitClosed("a unit of work cannot be entered twice")
        self._is_entered = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()
        if isinstance(error, Exception) and is_outage(error):
            raise unreachable(self._url, error) from error

    @property
    def _connection(self) -> Connection:
        if self._open is None:
            if not self._is_entered:
                raise UnitClosed("use a unit of work inside `with`, and not after its commit")
            self._open = self._begin()
        return self._open

    def _begin(self) -> Connection:
        """A connection in a new transaction, for a writer once it is its turn."""
        if self._turn is not None and not self._turn.acquire(timeout=LOCK_TIMEOUT_MS / 1000):
            raise DatabaseUnreachable(url=masked(self._url), reason=LOCKED)
        try:
            with reporting_outage(self._url, connecting=True):
                connection = self._engine.connect()
                try:
                    connection.begin()
                except BaseException:
                    connection.close()
                    raise
        except BaseException:
            self._end_turn()
            raise
        return connection

    def _close(self) -> None:
        """Roll back what was not committed and give the connection back."""
        self._is_entered = False
        connection, self._open = self._open, None
        if connection is not None:
            try:
                connection.close()
            finally:
                self._end_turn()

    def _end_turn(self) -> None:
        if self._turn is not None:
            self._turn.release()
