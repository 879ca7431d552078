"""Published bank releases; they are never changed."""

from typing import Any

from sqlalchemy import Connection, Row, Select, select

from certify.services.ports import StoredRelease
from certify.storage.repositories.inserting import insert_unless_taken
from certify.storage.rows.bank import bank_release as releases


class SqlReleases:
    """Implements `ReleaseRepository`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, release: StoredRelease, content: bytes) -> None:
        """Store a release. One with the same digest is the same release and stays."""
        values = {
            "digest": release.digest,
            "title": release.title,
            "item_count": release.item_count,
            "created_at": release.created_at,
            "author": release.author,
            "content": content,
        }
        insert_unless_taken(self._connection, releases, values, unique=[releases.c.digest])

    def content(self, digest: str) -> bytes | None:
        """What hashes to the digest, or None."""
        statement = select(releases.c.content).where(releases.c.digest == digest)
        return self._connection.scalar(statement)

    def newest(self) -> StoredRelease | None:
        """The release stored last, or None."""
        found = self._connection.execute(_newest_first().limit(1)).first()
        return None if found is None else _read(found)

    def list(self) -> tuple[StoredRelease, ...]:
        """All releases, newest first."""
        return tuple(map(_read, self._connection.execute(_newest_first())))


def _newest_first() -> Select[Any]:
    columns = (
        releases.c.digest,
        releases.c.title,
        releases.c.item_count,
        releases.c.created_at,
        releases.c.author,
    )
    return select(*columns).order_by(releases.c.sequence.desc())


def _read(row: Row[Any]) -> StoredRelease:
    return StoredRelease(**row._mapping)
