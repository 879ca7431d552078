"""People and their password hashes. Judges no password."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from certify.errors import NotFound, UsernameTaken
from certify.services.ports import Page, Person
from certify.storage.repositories.inserting import insert_unless_taken
from certify.storage.repositories.paging import fetch_page
from certify.storage.rows.people import person as people
from certify.storage.rows.people import person_role as roles


def fold_username(username: str) -> str:
    """What makes user names the same: neither case nor width of letters counts (Unicode NFKC)."""
    return unicodedata.normalize("NFKC", username).casefold()


class SqlPeople:
    """Implements `PeopleRepository`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, person: Person, password_hash: str) -> None:
        """Raises UsernameTaken, whatever the case of the letters."""
        values = {**_values(person), "created_at": person.created_at}
        added = insert_unless_taken(
            self._connection,
            people,
            {**values, "id": person.id, "password_hash": password_hash},
            unique=[people.c.username_folded],
        )
        if not added:
            raise UsernameTaken(username=person.username)
        self._add_roles(person)

    def get(self, person_id: str) -> Person | None:
        """The person of this id, or None."""
        found = self.login(person_id)
        return found[0] if found else None

    def login(self, person_id: str) -> tuple[Person, str] | None:
        """The person of this id with the password hash."""
        found = self._fetch(select(people).where(people.c.id == person_id))
        return found[0] if found else None

    def find(self, username: str) -> tuple[Person, str] | None:
        """The person of this user name in any case, with the password hash."""
        folded = people.c.username_folded == fold_username(username)
        found = self._fetch(select(people).where(folded))
        return found[0] if found else None

    def update(self, person: Person) -> None:
        """Change all but id, creation and password. Raises NotFound or UsernameTaken."""
        statement = update(people).where(people.c.id == person.id).values(**_values(person))
        try:
            # the savepoint keeps the transaction usable where the name is taken
            with self._connection.begin_nested():
                changed = self._connection.execute(statement).rowcount
        except IntegrityError:
            raise UsernameTaken(username=person.username) from None
        if not changed:
            raise NotFound(kind="Person", identifier=person.id)
        self._connection.execute(delete(roles).where(roles.c.person_id == person.id))
        self._add_roles(person)

    def set_password_hash(self, person_id: str, password_hash: str) -> None:
        """Raises NotFound."""
        statement = (
            update(people).where(people.c.id == person_id).values(password_hash=password_hash)
        )
        if not self._connection.execute(statement).rowcount:
            raise NotFound(kind="Person", identifier=person_id)

    def page(self, *, text: str, role: str, number: int, size: int) -> Page:
        """People with `text` in either name and with `role`, by user name; empty means any."""
        statement = select(people)
        if text:
            statement = statement.where(
                or_(
                    people.c.username_folded.contains(fold_username(text), autoescape=True),
                    people.c.display_name.icontains(text, autoescape=True),
                )
            )
        if role:
            holders = select(roles.c.person_id).where(roles.c.role == role)
            statement = statement.where(people.c.id.in_(holders))
        return fetch_page(
            self._connection,
            statement,
            order=[people.c.username_folded],
            number=number,
            size=size,
            read=lambda rows: [person for person, _ in self._read(rows)],
        )

    def _add_roles(self, person: Person) -> None:
        if person.roles:
            rows = [{"person_id": person.id, "role": role} for role in sorted(person.roles)]
            self._connection.execute(insert(roles), rows)

    def _fetch(self, statement: Select[Any]) -> list[tuple[Person, str]]:
        return self._read(self._connection.execute(statement).all())

    def _read(self, rows: Sequence[Row[Any]]) -> list[tuple[Person, str]]:
        roles_of = self._roles_of([row.id for row in rows])
        return [
            (
                Person(
                    id=row.id,
                    username=row.username,
                    display_name=row.display_name,
                    roles=frozenset(roles_of[row.id]),
                    experience_months=row.experience_months,
                    is_active=row.is_active,
                    created_at=row.created_at,
                ),
                row.password_hash,
            )
            for row in rows
        ]

    def _roles_of(self, person_ids: Iterable[str]) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        wanted = list(person_ids)
        if wanted:
            statement = select(roles).where(roles.c.person_id.in_(wanted))
            for row in self._connection.execute(statement):
                found[row.person_id].add(row.role)
        return found


def _values(person: Person) -> dict[str, Any]:
    return {
        "username": person.username,
        "username_folded": fold_username(person.username),
        "display_name": person.display_name,
        "experience_months": person.experience_months,
        "is_active": person.is_active,
    }
