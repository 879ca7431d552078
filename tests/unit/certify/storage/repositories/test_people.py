"""People: round trips, one person a user name, searching."""

from __future__ import annotations

from dataclasses import replace

import pytest

from certify.errors import NotFound, UsernameTaken
from certify.services.ports import Person
from certify.storage.database import SqlDatabase
from tests.unit.certify.storage.records import add_people, make_person


def store(database: SqlDatabase, *people: Person) -> None:
    with database.writing() as work:
        for person in people:
            work.people.add(person, f"hash of {person.id}")
        work.commit()


def usernames(database: SqlDatabase, text: str = "", role: str = "") -> list[str]:
    with database.reading() as work:
        page = work.people.page(text=text, role=role, number=1, size=50)
    assert page.total == len(page.rows)
    return [person.username for person in page.rows]


def test_person_comes_back_as_stored(database: SqlDatabase) -> None:
    person = make_person(roles=frozenset({"teacher", "auditor"}), is_active=False)
    store(database, person)
    with database.reading() as work:
        assert work.people.get("p1") == person
        assert work.people.find("user-p1") == (person, "hash of p1")


def test_person_without_roles_comes_back(database: SqlDatabase) -> None:
    store(database, make_person(roles=frozenset()))
    with database.reading() as work:
        assert work.people.get("p1") == make_person(roles=frozenset())


def test_unknown_person_is_none(database: SqlDatabase) -> None:
    with database.reading() as work:
        assert work.people.get("p1") is None
        assert work.people.find("user-p1") is None


@pytest.mark.parametrize("other", ["zhang", "ZHANG", "zHaNg", "ｚｈａｎｇ"])
def test_username_is_one_whatever_its_letters_look_like(database: SqlDatabase, other: str) -> None:
    store(database, make_person(username="Zhang"))
    with database.writing() as work:
        found = work.people.find(other)
        assert found is not None
        assert found[0].username == "Zhang"
        with pytest.raises(UsernameTaken):
            work.people.add(make_person("p2", username=other), "hash")


def test_change_replaces_roles_and_keeps_the_password(database: SqlDatabase) -> None:
    store(database, make_person())
    changed = replace(
        make_person(), display_name="李四", roles=frozenset({"centre"}), experience_months=24
    )
    with database.writing() as work:
        work.people.update(changed)
        work.commit()
    with database.reading() as work:
        assert work.people.find("user-p1") == (changed, "hash of p1")


def test_renaming_to_a_taken_name_is_refused_and_the_unit_goes_on(database: SqlDatabase) -> None:
    add_people(database, "p1", "p2")
    with database.writing() as work:
        with pytest.raises(UsernameTaken):
            work.people.update(make_person("p2", username="USER-P1"))
        work.people.set_password_hash("p2", "new")
        work.commit()
    with database.reading() as work:
        assert work.people.find("user-p2") == (make_person("p2"), "new")


def test_changing_an_unknown_person_is_refused(database: SqlDatabase) -> None:
    with database.writing() as work:
        with pytest.raises(NotFound):
            work.people.update(make_person())
        with pytest.raises(NotFound):
            work.people.set_password_hash("p1", "hash")


def test_people_are_listed_by_username_and_filtered(database: SqlDatabase) -> None:
    store(
        database,
        make_person("p1", username="bob", display_name="王_五"),
        make_person("p2", username="Alice", display_name="100% 陈", roles=frozenset({"teacher"})),
        make_person("p3", username="carl", roles=frozenset({"teacher", "student"})),
        make_person("p4", username="a-1", display_name="Anna"),
    )
    assert usernames(database) == ["a-1", "Alice", "bob", "carl"]
    assert usernames(database, role="teacher") == ["Alice", "carl"]
    assert usernames(database, text="A", role="teacher") == ["Alice", "carl"]
    assert usernames(database, text="ANNA") == ["a-1"]
    assert usernames(database, text="陈") == ["Alice"]
    assert usernames(database, text="%") == ["Alice"]
    assert usernames(database, text="_") == ["bob"]
    assert usernames(database, text="/") == []


def test_pages_beyond_the_end_are_empty(database: SqlDatabase) -> None:
    add_people(database, "p1", "p2", "p3")
    with database.reading() as work:
        second = work.people.page(text="", role="", number=2, size=2)
        beyond = work.people.page(text="", role="", number=10**30, size=2)
        before = work.people.page(text="", role="", number=0, size=2)
    assert [person.id for person in second.rows] == ["p3"]
    assert (second.total, second.number, second.count) == (3, 2, 2)
    assert beyond.rows == ()
    assert beyond.total == 3
    assert [person.id for person in before.rows] == ["p1", "p2"]
    assert before.number == 1
