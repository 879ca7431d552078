"""Files by digest: stored once, kept while any version names them."""

from __future__ import annotations

from certify.services.ports import ItemEntry, StoredFile
from certify.storage.database import SqlDatabase
from tests.unit.certify.storage.records import AT, later, make_item


def make_file(digest: str = "f" * 64) -> StoredFile:
    return StoredFile(digest, "image/png", 3, "ann", AT)


def test_a_file_comes_back_as_stored(database: SqlDatabase) -> None:
    with database.writing() as work:
        assert work.files.add(make_file(), b"\x89PN")
        assert not work.files.add(make_file(), b"other")
        work.commit()
    with database.reading() as work:
        assert work.files.get("f" * 64) == make_file()
        assert work.files.content("f" * 64) == b"\x89PN"
        assert work.files.get("none") is None
        assert work.files.content("none") is None
        assert work.files.known(["f" * 64, "none"]) == {"f" * 64}
        assert work.files.known([]) == frozenset()


def test_a_file_that_any_version_names_is_never_deleted(database: SqlDatabase) -> None:
    with database.writing() as work:
        for digest in ("old", "named"):
            work.files.add(make_file(digest), b"x")
        entry = ItemEntry(files=("named", "named", "missing"))
        assert work.items.add_version(make_item("a"), previous=0, entry=entry)
        # the newest version names it no more; the older one still does
        assert work.items.add_version(make_item("a", version=2), previous=1)
        assert work.files.delete_unused(AT) == 0
        assert work.files.delete_unused(later(1)) == 1
        work.commit()
    with database.reading() as work:
        assert work.files.known(["old", "named"]) == {"named"}
