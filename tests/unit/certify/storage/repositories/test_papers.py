"""Blueprints by version, forms by digest; both stay as they were stored."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from certify.services.ports import StoredBlueprint, StoredForm
from certify.storage.database import SqlDatabase
from tests.unit.certify.storage.records import later, make_release

BLUEPRINT = StoredBlueprint("b1", 1, "期中", "novice", {"rules": [{"n": 1}]}, "teacher", later(0))
FORM = StoredForm(
    digest="f" * 64,
    title="期中",
    letter="A",
    level="novice",
    item_count=24,
    blueprint_id="b1",
    blueprint_version=1,
    release_digest=make_release().digest,
    author="teacher",
    created_at=later(1),
)


def fill(database: SqlDatabase) -> None:
    with database.writing() as work:
        work.releases.add(make_release(), b"")
        assert work.blueprints.add(BLUEPRINT)
        assert work.forms.add(FORM, b"content")
        work.commit()


def test_versions_of_a_blueprint_stay_and_the_newest_is_listed(database: SqlDatabase) -> None:
    fill(database)
    second = replace(BLUEPRINT, version=2, title="期中二", created_at=later(5))
    other = replace(BLUEPRINT, id="b2", created_at=later(2))
    with database.writing() as work:
        assert work.blueprints.add(second)
        assert not work.blueprints.add(replace(second, title="迟到"))
        assert work.blueprints.add(other)
        work.commit()
    with database.reading() as work:
        assert work.blueprints.newest("b1") == second
        assert work.blueprints.get("b1", 1) == BLUEPRINT
        assert work.blueprints.get("b1", 9) is None
        assert work.blueprints.newest("none") is None
        page = work.blueprints.page(number=1, size=10)
    assert page.rows == (second, other)


def test_a_form_comes_back_as_stored_and_the_same_digest_changes_nothing(
    database: SqlDatabase,
) -> None:
    fill(database)
    with database.writing() as work:
        assert not work.forms.add(replace(FORM, title="另一份"), b"other")
        assert work.forms.add(replace(FORM, digest="e" * 64, letter="B"), b"")
        work.commit()
    with database.reading() as work:
        assert work.forms.get(FORM.digest) == FORM
        assert work.forms.content(FORM.digest) == b"content"
        assert work.forms.get("none") is None
        assert work.forms.content("none") is None
        assert work.forms.of_release(FORM.release_digest) == 2
        listed = work.forms.page(blueprint_id="b1", number=1, size=10)
        assert [form.letter for form in listed.rows] == ["A", "B"]
        assert work.forms.page(blueprint_id="b2", number=1, size=10).total == 0
        assert work.forms.page(blueprint_id="", number=1, size=10).total == 2


def test_a_form_of_an_unknown_blueprint_is_refused(database: SqlDatabase) -> None:
    fill(database)
    with pytest.raises(IntegrityError), database.writing() as work:
        work.forms.add(replace(FORM, digest="0" * 64, blueprint_version=7), b"")


def test_a_release_that_papers_were_made_from_stays(database: SqlDatabase) -> None:
    fill(database)
    with database.writing() as work:
        assert not work.releases.delete(FORM.release_digest)
        work.commit()
    with database.reading() as work:
        assert work.releases.get(FORM.release_digest) is not None
