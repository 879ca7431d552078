"""Pictures and attachments of items, by the digest of their content."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Connection, delete, select

from certify.services.ports import StoredFile
from certify.storage.repositories.inserting import insert_unless_taken
from certify.storage.rows.bank import item_file as files
from certify.storage.rows.bank import item_version_file as named

_PORTION = 500


class SqlFiles:
    """Implements `FileRepository`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, file: StoredFile, content: bytes) -> bool:
        """Store it; False where it is there already."""
        values = {
            "digest": file.digest,
            "media_type": file.media_type,
            "size": file.size,
            "author": file.author,
            "added_at": file.added_at,
            "content": content,
        }
        return insert_unless_taken(self._connection, files, values, unique=[files.c.digest])

    def get(self, digest: str) -> StoredFile | None:
        """The file without its content, or None."""
        columns = [part for part in files.c if part.name != "content"]
        found = self._connection.execute(select(*columns).where(files.c.digest == digest)).first()
        return None if found is None else StoredFile(**found._mapping)

    def content(self, digest: str) -> bytes | None:
        """What hashes to the digest, or None."""
        return self._connection.scalar(select(files.c.content).where(files.c.digest == digest))

    def known(self, digests: Sequence[str]) -> frozenset[str]:
        """Those of the digests whose files are here."""
        found: set[str] = set()
        wanted = sorted(set(digests))
        for start in range(0, len(wanted), _PORTION):
            some = wanted[start : start + _PORTION]
            found |= set(
                self._connection.scalars(select(files.c.digest).where(files.c.digest.in_(some)))
            )
        return frozenset(found)

    def delete_unused(self, before: dt.datetime) -> int:
        """Remove files added before an instant that no version of any item names.

        A release holds versions only, so that what it shows is named by them.
        """
        is_named = select(named.c.digest).where(named.c.digest == files.c.digest).exists()
        statement = delete(files).where(files.c.added_at < before, ~is_named)
        return self._connection.execute(statement).rowcount
