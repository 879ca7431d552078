"""Releases: content by digest, newest first, never changed."""

from __future__ import annotations

from certify.storage.database import SqlDatabase
from tests.unit.certify.storage.records import later, make_release

CONTENT = bytes(range(256)) * 1000


def test_release_comes_back_as_stored(database: SqlDatabase) -> None:
    with database.writing() as work:
        work.releases.add(make_release(), CONTENT)
        work.commit()
    with database.reading() as work:
        assert work.releases.newest() == make_release()
        content = work.releases.content(make_release().digest)
    assert content == CONTENT
    assert type(content) is bytes


def test_without_release_there_is_none(database: SqlDatabase) -> None:
    with database.reading() as work:
        assert work.releases.newest() is None
        assert work.releases.list() == ()
        assert work.releases.content("none") is None


def test_newest_is_the_one_stored_last(database: SqlDatabase) -> None:
    stored = [make_release(digest, created_at=later(-ord(digest))) for digest in "abc"]
    with database.writing() as work:
        for release in stored:
            work.releases.add(release, b"")
        work.commit()
    with database.reading() as work:
        assert work.releases.newest() == stored[-1]
        assert work.releases.list() == tuple(reversed(stored))


def test_same_digest_again_changes_nothing(database: SqlDatabase) -> None:
    with database.writing() as work:
        work.releases.add(make_release(), CONTENT)
        work.releases.add(make_release(title="another"), b"other")
        work.commit()
    with database.reading() as work:
        assert work.releases.list() == (make_release(),)
        assert work.releases.content(make_release().digest) == CONTENT
