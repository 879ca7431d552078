"""People, passwords and roles."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import replace

from certify.errors import InvalidField, NotFound, UsernameTaken, WrongCredentials
from certify.services.context import ServiceContext
from certify.services.ports import ROLES, AuditEvent, Page, Person, UnitOfWork

USERNAME = re.compile(r"[\w.@-]{2,64}")
SHORTEST_PASSWORD = 8
LONGEST_NAME = 60
MOST_MONTHS = 720


def authenticate(context: ServiceContext, username: str, password: str) -> Person:
    """The person of these credentials. Raises WrongCredentials without saying which part."""
    with context.database.reading() as work:
        found = work.people.find(username.strip())
    # an unknown name costs the same time as a wrong password
    person, password_hash = found or (None, context.hasher.hash("no such person"))
    if not context.hasher.verify(password_hash, password) or person is None:
        raise WrongCredentials()
    if not person.is_active:
        raise WrongCredentials()
    return person


def find_person(context: ServiceContext, person_id: str) -> Person | None:
    """The person of this id, or None."""
    with context.database.reading() as work:
        return work.people.get(person_id)


def get_person(context: ServiceContext, person_id: str) -> Person:
    """The person of this id. Raises NotFound."""
    person = find_person(context, person_id)
    if person is None:
        raise NotFound(kind="Person", identifier=person_id)
    return person


def list_people(
    context: ServiceContext, *, text: str = "", role: str = "", number: int = 1, size: int = 50
) -> Page:
    """People whose name contains `text` and who have `role`, ordered by user name."""
    with context.database.reading() as work:
        return work.people.page(text=text, role=role, number=number, size=size)


def add_person(
    context: ServiceContext,
    *,
    username: str,
    display_name: str,
    password: str,
    roles: Iterable[str],
    experience_months: int = 0,
    actor: str = "system",
) -> Person:
    """Create an account. Raises InvalidField or UsernameTaken."""
    person = Person(
        id=context.new_id(),
        username=username.strip(),
        display_name=display_name.strip(),
        roles=frozenset(roles),
        experience_months=experience_months,
        is_active=True,
        created_at=context.clock(),
    )
    _check_person(person)
    _check_password(password)
    password_hash = context.hasher.hash(password)
    with context.database.writing() as work:
        if work.people.find(person.username):
            raise UsernameTaken(username=person.username)
        work.people.add(person, password_hash)
        _note(work, context.clock(), actor, "person.add", person.username)
        work.commit()
    return person


def change_person(
    context: ServiceContext,
    person_id: str,
    *,
    display_name: str,
    roles: Iterable[str],
    experience_months: int,
    is_active: bool,
    actor: str,
) -> Person:
    """Change an account. Raises NotFound or InvalidField."""
    with context.database.writing() as work:
        person = work.people.get(person_id)
        if person is None:
            raise NotFound(kind="Person", identifier=person_id)
        changed = replace(
            person,
            display_name=display_name.strip(),
            roles=frozenset(roles),
            experience_months=experience_months,
            is_active=is_active,
        )
        _check_person(changed)
        work.people.update(changed)
        _note(work, context.clock(), actor, "person.change", person.username)
        work.commit()
    return changed


def reset_password(context: ServiceContext, person_id: str, password: str, actor: str) -> None:
    """Give an account another password. Raises NotFound or InvalidField."""
    _check_password(password)
    password_hash = context.hasher.hash(password)
    with context.database.writing() as work:
        person = work.people.get(person_id)
        if person is None:
            raise NotFound(kind="Person", identifier=person_id)
        work.people.set_password_hash(person_id, password_hash)
        _note(work, context.clock(), actor, "person.password", person.username)
        work.commit()


def list_audit_events(context: ServiceContext, *, number: int = 1, size: int = 50) -> Page:
    """The audit trail, newest first."""
    with context.database.reading() as work:
        return work.audit.page(number=number, size=size)


def _note(work: UnitOfWork, at: dt.datetime, actor: str, action: str, subject: str) -> None:
    work.audit.add(AuditEvent(at, actor, action, subject, ""))


def _check_person(person: Person) -> None:
    if not USERNAME.fullmatch(person.username):
        raise InvalidField(
            field="username",
            expected="2 to 64 letters, digits or . _ @ -",
            found=repr(person.username[:70]),
        )
    if not 0 < len(person.display_name) <= LONGEST_NAME or not person.display_name.isprintable():
        raise InvalidField(
            field="display_name",
            expected=f"a name of 1 to {LONGEST_NAME} characters",
            found=repr(person.display_name[:70]),
        )
    unknown = person.roles - set(ROLES)
    if unknown or not person.roles:
        raise InvalidField(
            field="roles",
            expected=f"at least one of {', '.join(ROLES)}",
            found=", ".join(sorted(unknown)) or "none",
        )
    if not 0 <= person.experience_months <= MOST_MONTHS:
        raise InvalidField(
            field="experience_months",
            expected=f"0 to {MOST_MONTHS}",
            found=person.experience_months,
        )


def _check_password(password: str) -> None:
    if len(password) < SHORTEST_PASSWORD:
        raise InvalidField(
            field="password",
            expected=f"at least {SHORTEST_PASSWORD} characters",
            found=f"{len(password)} characters",
        )
