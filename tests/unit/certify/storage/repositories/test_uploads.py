"""Uploads: kept with their files until the import, forgotten afterwards."""

from __future__ import annotations

from dataclasses import replace

from certify.services.ports import StoredUpload, UploadedFile
from certify.storage.database import SqlDatabase
from tests.unit.certify.storage.records import AT, later

UPLOAD = StoredUpload("a" * 32, "ann", AT, {"form": "workbook"})
FILES = (UploadedFile("题库.xlsx", b"PK\x00"), UploadedFile("a.gift", b""))


def test_an_upload_keeps_its_files_in_order(database: SqlDatabase) -> None:
    with database.writing() as work:
        work.uploads.add(UPLOAD, FILES)
        work.commit()
    with database.reading() as work:
        assert work.uploads.get(UPLOAD.id) == UPLOAD
        assert work.uploads.files(UPLOAD.id) == FILES
        assert work.uploads.get("b" * 32) is None


def test_the_report_stays_when_the_files_go(database: SqlDatabase) -> None:
    with database.writing() as work:
        work.uploads.add(UPLOAD, FILES)
        work.uploads.set_report(UPLOAD.id, {"new": ["x-1"]})
        work.uploads.drop_files(UPLOAD.id)
        work.commit()
    with database.reading() as work:
        assert work.uploads.get(UPLOAD.id) == replace(UPLOAD, report={"new": ["x-1"]})
        assert work.uploads.files(UPLOAD.id) == ()


def test_old_uploads_go_with_their_files(database: SqlDatabase) -> None:
    newer = replace(UPLOAD, id="b" * 32, created_at=later(9))
    with database.writing() as work:
        work.uploads.add(UPLOAD, FILES)
        work.uploads.add(newer, FILES)
        assert work.uploads.of_author("ann") == (newer, UPLOAD)
        assert work.uploads.delete_before(later(5)) == 1
        assert work.uploads.of_author("ann") == (newer,)
        assert work.uploads.files(UPLOAD.id) == ()
        work.uploads.delete(newer.id)
        work.commit()
    with database.reading() as work:
        assert work.uploads.of_author("ann") == ()
