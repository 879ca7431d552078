"""Releases: content by digest, newest first, never changed."""

from __future__ import annotations

from certify.storage.database import SqlDatabase
from tests.unit.certify.storage.records import AT, add_attempts, begin, later, make_release

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


def test_a_release_is_found_by_the_beginning_of_its_digest(database: SqlDatabase) -> None:
    with database.writing() as work:
        for digest in ("abc1", "abc2", "a%c3"):
            work.releases.add(make_release(digest), b"")
        work.commit()
    with database.reading() as work:
        assert work.releases.get("abc1") == make_release("abc1")
        assert work.releases.get("abc") is None
        assert [one.digest for one in work.releases.beginning("abc")] == ["abc2", "abc1"]
        assert [one.digest for one in work.releases.beginning("a%")] == ["a%c3"]


def test_a_release_with_attempts_stays(database: SqlDatabase) -> None:
    add_attempts(database, begin())
    with database.writing() as work:
        assert work.releases.attempts(make_release().digest) == 1
        assert not work.releases.delete(make_release().digest)
        assert not work.releases.delete("none")
        work.commit()
    with database.reading() as work:
        assert work.releases.newest() == make_release()


def test_a_release_nobody_used_is_deleted_with_what_it_held(database: SqlDatabase) -> None:
    with database.writing() as work:
        work.releases.add(make_release("a"), CONTENT, [("01-001", 1, "operational")])
        work.releases.add(make_release("b"), CONTENT, [("01-001", 1, "pretest")])
        assert work.releases.delete("b")
        work.commit()
    with database.reading() as work:
        assert work.releases.newest() == make_release("a")
        assert work.releases.content("b") is None


def test_items_of_an_older_release_are_free_once_nobody_needs_it(database: SqlDatabase) -> None:
    with database.writing() as work:
        work.releases.add(make_release("a" * 64), CONTENT, [("01-001", 1, "operational")])
        work.releases.add(make_release("b" * 64), CONTENT, [("01-002", 1, "pretest")])
        work.commit()
    with database.reading() as work:
        assert work.releases.items_in_use(AT) == {"01-002"}


def test_items_of_a_release_on_which_somebody_sits_are_in_use(database: SqlDatabase) -> None:
    with database.writing() as work:
        work.releases.add(make_release(), CONTENT, [("01-001", 1, "operational")])
        work.commit()
    add_attempts(database, begin())
    with database.writing() as work:
        work.releases.add(make_release("b" * 64), CONTENT, [("01-002", 1, "operational")])
        work.commit()
    with database.reading() as work:
        assert work.releases.items_in_use(AT) == {"01-001", "01-002"}
