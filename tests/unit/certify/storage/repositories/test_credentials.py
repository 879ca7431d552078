"""Credentials: one an attempt, revoked once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from certify.services.ports import StoredCredential
from certify.storage.database import SqlDatabase
from tests.unit.certify.storage.records import (
    add_attempts,
    later,
    make_attempt,
    make_credential,
)


def prepare(database: SqlDatabase) -> None:
    add_attempts(database, make_attempt("a1"), make_attempt("a2", candidate_id="p2"))
    with database.writing() as work:
        assert work.credentials.add(make_credential())
        work.commit()


def test_credential_comes_back_as_stored(database: SqlDatabase) -> None:
    prepare(database)
    with database.reading() as work:
        assert work.credentials.get("C-1") == make_credential()
        assert work.credentials.of_attempt("a1") == make_credential()
        assert work.credentials.of_attempts(["a1", "a2"]) == {"a1": "C-1"}
        assert work.credentials.of_attempts([]) == {}


def test_unknown_credential_is_none(database: SqlDatabase) -> None:
    with database.writing() as work:
        assert work.credentials.get("C-1") is None
        assert work.credentials.of_attempt("a1") is None
        assert not work.credentials.revoke("C-1", later(1), "none")


def test_second_credential_of_an_attempt_is_refused_and_the_unit_goes_on(
    database: SqlDatabase,
) -> None:
    prepare(database)
    with database.writing() as work:
        assert not work.credentials.add(make_credential("C-2"))
        assert work.credentials.of_attempt("a1") == make_credential("C-1")
        assert work.credentials.get("C-2") is None


@pytest.mark.parametrize(
    "other",
    [
        make_credential("C-1", attempt_id="a2", pdf_sha256="another"),
        make_credential("C-2", attempt_id="a2", pdf_sha256=make_credential().pdf_sha256),
        make_credential("C-2", attempt_id="unknown"),
        make_credential("C-2", attempt_id="a2", holder_id="nobody"),
    ],
    ids=["id taken", "same file", "unknown attempt", "unknown holder"],
)
def test_other_clashes_are_errors_and_no_second_credential(
    database: SqlDatabase, other: StoredCredential
) -> None:
    prepare(database)
    with database.writing() as work, pytest.raises(IntegrityError):
        work.credentials.add(other)


def test_credential_is_revoked_once(database: SqlDatabase) -> None:
    prepare(database)
    with database.writing() as work:
        assert work.credentials.revoke("C-1", later(300), "身份有误")
        assert not work.credentials.revoke("C-1", later(400), "again")
        work.commit()
    with database.reading() as work:
        assert work.credentials.get("C-1") == replace(
            make_credential(), revoked_at=later(300), revocation_reason="身份有误"
        )
