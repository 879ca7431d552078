"""Files that wait for their import, each upload with what was found in it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from certify.services.ports import StoredUpload, UploadedFile
from certify.storage.rows.uploads import bank_upload as uploads
from certify.storage.rows.uploads import bank_upload_file as files


class SqlUploads:
    """Implements `UploadRepository`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, upload: StoredUpload, files_sent: Sequence[UploadedFile]) -> None:
        """Store an upload with its files in the order they were sent."""
        self._connection.execute(
            insert(uploads).values(
                id=upload.id,
                author=upload.author,
                created_at=upload.created_at,
                settings=dict(upload.settings),
                report=None if upload.report is None else dict(upload.report),
            )
        )
        for place, one in enumerate(files_sent):
            # one at a time: a driver may copy all parameters of a statement at once
            values = {"place": place, "name": one.name, "content": one.content}
            self._connection.execute(insert(files).values(upload_id=upload.id, **values))

    def get(self, upload_id: str) -> StoredUpload | None:
        """The upload without the contents of its files, or None."""
        found = self._connection.execute(select(uploads).where(uploads.c.id == upload_id)).first()
        return None if found is None else StoredUpload(**found._mapping)

    def files(self, upload_id: str) -> tuple[UploadedFile, ...]:
        """In the order they were sent; none once they were dropped."""
        statement = (
            select(files.c.name, files.c.content)
            .where(files.c.upload_id == upload_id)
            .order_by(files.c.place)
        )
        return tuple(
            UploadedFile(row.name, row.content) for row in self._connection.execute(statement)
        )

    def set_report(self, upload_id: str, report: Mapping[str, Any]) -> None:
        """What was found in the files."""
        self._connection.execute(
            update(uploads).where(uploads.c.id == upload_id).values(report=dict(report))
        )

    def drop_files(self, upload_id: str) -> None:
        """Forget the contents."""
        self._connection.execute(delete(files).where(files.c.upload_id == upload_id))

    def of_author(self, author: str) -> tuple[StoredUpload, ...]:
        """What somebody sent, newest first."""
        statement = (
            select(uploads)
            .where(uploads.c.author == author)
            .order_by(uploads.c.created_at.desc(), uploads.c.id)
        )
        return tuple(StoredUpload(**row._mapping) for row in self._connection.execute(statement))

    def delete(self, upload_id: str) -> None:
        """Remove an upload with its files."""
        self.drop_files(upload_id)
        self._connection.execute(delete(uploads).where(uploads.c.id == upload_id))

    def delete_before(self, instant: dt.datetime) -> int:
        """Remove uploads that came before an instant; how many."""
        old = select(uploads.c.id).where(uploads.c.created_at < instant)
        self._connection.execute(delete(files).where(files.c.upload_id.in_(old)))
        return self._connection.execute(
            delete(uploads).where(uploads.c.created_at < instant)
        ).rowcount
