"""Credentials: one an attempt, revoked once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from certify.services.ports import CredentialFilter, Page, StoredCredential
from certify.storage.database import SqlDatabase
from tests.unit.certify.storage.records import (
    add_attempts,
    append,
    begin,
    entry_of,
    go_on,
    later,
    make_credential,
    make_person,
)


def prepare(database: SqlDatabase) -> None:
    add_attempts(database, begin("a1"), begin("a2", "p2"))
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


def find(database: SqlDatabase, number: int = 1, size: int = 9, **conditions: Any) -> Page:
    with database.reading() as work:
        return work.credentials.page(CredentialFilter(**conditions), number=number, size=size)


def ids(page: Page) -> list[str]:
    return [row.credential_id for row in page.rows]


def prepare_three(database: SqlDatabase) -> None:
    """C-1 and C-3 of 张三 (user-p1), C-2 of 李四 (user-p2), a day apart; C-3 is revoked."""
    prepare(database)
    ending, third = go_on(database, "a1", later(100)), begin("a3")
    ending.hand_in()
    assert append(database, ending)
    with database.writing() as work:
        work.people.update(make_person("p2", display_name="李四"))
        assert work.attempts.create(entry_of(third), third.events)
        for number, attempt in ((2, "a2"), (3, "a3")):
            credential = make_credential(
                f"C-{number}",
                attempt_id=attempt,
                holder_id="p2" if number == 2 else "p1",
                issued_at=later(86400 * number),
            )
            assert work.credentials.add(credential)
        assert work.credentials.revoke("C-3", later(300000), "身份有误")
        work.commit()


def test_credentials_are_listed_in_pages_the_last_first(database: SqlDatabase) -> None:
    prepare_three(database)
    assert ids(find(database)) == ["C-3", "C-2", "C-1"]
    second = find(database, number=2, size=2)
    assert (ids(second), second.total, second.count) == (["C-1"], 3, 2)
    row = second.rows[0]
    assert (row.holder_name, row.username, row.document) == ("张三", "user-p1", b"{}")
    assert (row.attempt_id, row.issued_at, row.revoked_at) == ("a1", later(200), None)


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"text": "c-2"}, ["C-2"]),
        ({"text": "李"}, ["C-2"]),
        ({"text": "USER-P1"}, ["C-3", "C-1"]),
        ({"text": "%"}, []),
        ({"issued_from": later(86400 * 2)}, ["C-3", "C-2"]),
        ({"issued_before": later(86400 * 2)}, ["C-1"]),
        ({"status": "revoked"}, ["C-3"]),
        ({"status": "standing"}, ["C-2", "C-1"]),
        ({"status": "standing", "text": "张"}, ["C-1"]),
    ],
)
def test_credentials_are_found_by_id_holder_date_and_status(
    database: SqlDatabase, conditions: dict[str, Any], expected: list[str]
) -> None:
    prepare_three(database)
    assert ids(find(database, **conditions)) == expected


def test_credential_is_found_by_the_hash_of_its_file(database: SqlDatabase) -> None:
    prepare(database)
    with database.reading() as work:
        assert work.credentials.of_file(make_credential().pdf_sha256) == "C-1"
        assert work.credentials.of_file("0" * 64) is None
