"""Exposure plans: one for each exam of a release, found by digest as well."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from certify.services.ports import StoredPlan
from certify.storage.database import SqlDatabase
from tests.unit.certify.storage.records import AT, make_release


def make_plan(**changes: Any) -> StoredPlan:
    values: dict[str, Any] = {
        "digest": "p" * 64,
        "release_digest": "r1",
        "programme_code": "cbec",
        "programme_version": 1,
        "level": "novice",
        "created_at": AT,
        "content": b"{}\x00\xff",
    }
    return StoredPlan(**{**values, **changes})


def add(database: SqlDatabase, *plans: StoredPlan) -> list[bool]:
    with database.writing() as work:
        for digest in ("r1", "r2"):
            work.releases.add(make_release(digest), b"")
        added = [work.exposure_plans.add(plan) for plan in plans]
        work.commit()
    return added


def test_a_plan_comes_back_as_stored(database: SqlDatabase) -> None:
    assert add(database, make_plan()) == [True]
    with database.reading() as work:
        assert work.exposure_plans.digest_for("r1", "cbec", 1, "novice") == "p" * 64
        assert work.exposure_plans.content("p" * 64) == b"{}\x00\xff"
        assert work.exposure_plans.content("none") is None
        for place in (("r2", "cbec", 1, "novice"), ("r1", "other", 1, "novice")):
            assert work.exposure_plans.digest_for(*place) is None
        for version, level in ((2, "novice"), (1, "elite")):
            assert work.exposure_plans.digest_for("r1", "cbec", version, level) is None


def test_the_first_plan_of_an_exam_stays(database: SqlDatabase) -> None:
    other = make_plan(digest="q" * 64, content=b"other")
    assert add(database, make_plan(), other) == [True, False]
    with database.reading() as work:
        assert work.exposure_plans.digest_for("r1", "cbec", 1, "novice") == "p" * 64
        assert work.exposure_plans.content("q" * 64) is None


def test_two_exams_may_have_the_same_plan(database: SqlDatabase) -> None:
    """A release that differs in a word of a stem, or in what is tried out, is tuned alike."""
    assert add(database, make_plan(), make_plan(release_digest="r2")) == [True, True]
    with database.reading() as work:
        assert work.exposure_plans.digest_for("r2", "cbec", 1, "novice") == "p" * 64
        assert work.exposure_plans.content("p" * 64) == make_plan().content


def test_a_plan_of_an_unknown_release_is_refused(database: SqlDatabase) -> None:
    with database.writing() as work, pytest.raises(IntegrityError):
        work.exposure_plans.add(make_plan(release_digest="unknown"))


def test_a_release_that_is_deleted_takes_its_plans_along(database: SqlDatabase) -> None:
    add(database, make_plan(), make_plan(release_digest="r2"))
    with database.writing() as work:
        assert work.releases.delete("r2")
        work.commit()
    with database.reading() as work:
        assert work.exposure_plans.digest_for("r2", "cbec", 1, "novice") is None
        assert work.exposure_plans.digest_for("r1", "cbec", 1, "novice") == "p" * 64
