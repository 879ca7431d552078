"""Published bank releases; they are never changed, and those in use stay."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, or_, select

from certify.services.ports import StoredRelease
from certify.storage.repositories.inserting import insert_unless_taken
from certify.storage.rows.bank import bank_release as releases
from certify.storage.rows.bank import release_item as held
from certify.storage.rows.exams import attempt as attempts
from certify.storage.rows.exams import exposure_plan as plans
from certify.storage.rows.papers import exam_form as papers
from certify.storage.rows.sessions import exam_session as sessions


class SqlReleases:
    """Implements `ReleaseRepository`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, release: StoredRelease, content: bytes, items: Sequence[tuple[str, int, str]] = ()
    ) -> None:
        """Store a release. One with the same digest is the same release and stays."""
        values = {
            "digest": release.digest,
            "title": release.title,
            "item_count": release.item_count,
            "created_at": release.created_at,
            "author": release.author,
            "content": content,
        }
        is_new = insert_unless_taken(self._connection, releases, values, unique=[releases.c.digest])
        if is_new and items:
            rows = [
                {"digest": release.digest, "item_id": item_id, "version": version, "status": status}
                for item_id, version, status in items
            ]
            self._connection.execute(insert(held), rows)

    def content(self, digest: str) -> bytes | None:
        """What hashes to the digest, or None."""
        statement = select(releases.c.content).where(releases.c.digest == digest)
        return self._connection.scalar(statement)

    def get(self, digest: str) -> StoredRelease | None:
        """The release of this digest, or None."""
        found = self._connection.execute(_newest_first().where(releases.c.digest == digest)).first()
        return None if found is None else _read(found)

    def beginning(self, digest: str) -> tuple[StoredRelease, ...]:
        """Releases whose digest begins so, newest first."""
        begins = releases.c.digest.startswith(digest, autoescape=True)
        return tuple(map(_read, self._connection.execute(_newest_first().where(begins))))

    def newest(self) -> StoredRelease | None:
        """The release stored last, or None."""
        found = self._connection.execute(_newest_first().limit(1)).first()
        return None if found is None else _read(found)

    def items_in_use(self, now: dt.datetime) -> frozenset[str]:
        """Ids of what the newest release holds, those on which attempts are open, and those of
        exam sessions that are not over."""
        newest = select(releases.c.digest).order_by(releases.c.sequence.desc()).limit(1)
        sat_on = select(attempts.c.release_digest).where(attempts.c.ended_at.is_(None))
        to_come = select(sessions.c.release_digest).where(sessions.c.ends_at > now)
        in_use = [held.c.digest.in_(one) for one in (newest, sat_on, to_come)]
        return frozenset(self._connection.scalars(select(held.c.item_id).where(or_(*in_use))))

    def list(self) -> tuple[StoredRelease, ...]:
        """All releases, newest first."""
        return tuple(map(_read, self._connection.execute(_newest_first())))

    def attempts(self, digest: str) -> int:
        """How many attempts run or ran on a release."""
        statement = select(func.count()).where(attempts.c.release_digest == digest)
        return self._connection.scalar(statement) or 0

    def delete(self, digest: str) -> bool:
        """Remove a release without attempts, papers or sessions; False where it has some, or is
        not there.

        An attempt that begins meanwhile refers to the release, which the database then keeps.
        """
        if self.attempts(digest) or self._papers(digest) or self._sessions(digest):
            return False
        self._connection.execute(delete(held).where(held.c.digest == digest))
        self._connection.execute(delete(plans).where(plans.c.release_digest == digest))
        gone = self._connection.execute(delete(releases).where(releases.c.digest == digest))
        return gone.rowcount == 1

    def _sessions(self, digest: str) -> int:
        statement = select(func.count()).where(sessions.c.release_digest == digest)
        return self._connection.scalar(statement) or 0

    def _papers(self, digest: str) -> int:
        statement = select(func.count()).where(papers.c.release_digest == digest)
        return self._connection.scalar(statement) or 0


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
