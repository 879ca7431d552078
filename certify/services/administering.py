"""People, passwords and roles."""

import datetime as dt
import hashlib
import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from certify.errors import (
    InvalidField,
    NotFound,
    OwnAccountProtected,
    Phrase,
    UsernameTaken,
    WrongCredentials,
)
from certify.services.context import ServiceContext
from certify.services.ports import ROLES, AuditEvent, Page, PasswordHasher, Person, UnitOfWork

USERNAME = re.compile(r"[\w.@-]{2,64}")
SHORTEST_PASSWORD = 8
LONGEST_NAME = 60
MOST_MONTHS = 720
ADMINISTRATOR = "administrator"


def authenticate(context: ServiceContext, username: str, password: str) -> Person:
    """The person of these credentials. Raises WrongCredentials without saying which part."""
    with context.database.reading() as work:
        found = work.people.find(username.strip())
    # an unknown name costs the same time as a wrong password
    person, password_hash = found or (None, _decoy_hash(context.hasher))
    is_right = context.hasher.verify(password_hash, password)
    if not is_right or person is None or not person.is_active:
        raise WrongCredentials()
    return person


@cache
def _decoy_hash(hasher: PasswordHasher) -> str:
    """A hash that no password is compared with in earnest, made once per process."""
    return hasher.hash("nobody's password")


def find_login(context: ServiceContext, person_id: str) -> tuple[Person, str] | None:
    """The person of this id with a stamp that changes with the password, or None.

    A login session that keeps the stamp can tell that it began with another password.
    """
    with context.database.reading() as work:
        found = work.people.login(person_id)
    if found is None:
        return None
    person, password_hash = found
    return person, hashlib.sha256(f"login {password_hash}".encode()).hexdigest()


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
    _check_person(person, password)
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
    """Change an account. `actor` is an id or a user name.

    Raises NotFound, InvalidField, or OwnAccountProtected where one would lock oneself out.
    """
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
        _check_not_locked_out(person, changed, actor)
        detail = _difference(person, changed)
        if detail:
            work.people.update(changed)
            _note(work, context.clock(), actor, "person.change", person.username, detail)
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


def list_audit_events(
    context: ServiceContext, *, about: str = "", kind: str = "", number: int = 1, size: int = 50
) -> Page:
    """The audit trail, newest first, with user names in place of the ids of people.

    `about` is a person (id or user name) or another subject; `kind` an action or the part before
    its point.
    """
    with context.database.reading() as work:
        names = _names_of(work, about.strip())
        page = work.audit.page(number=number, size=size, about=names, action=kind)
        usernames = {
            identifier: person.username
            for identifier in {name for row in page.rows for name in (row.actor, row.subject)}
            if (person := work.people.get(identifier)) is not None
        }
    rows = tuple(
        replace(
            row,
            actor=usernames.get(row.actor, row.actor),
            subject=usernames.get(row.subject, row.subject),
        )
        for row in page.rows
    )
    return replace(page, rows=rows)


def _names_of(work: UnitOfWork, text: str) -> tuple[str, ...]:
    """Everything the trail may call this person or thing; empty for an empty text."""
    if not text:
        return ()
    found = work.people.find(text)
    person = found[0] if found else work.people.get(text)
    return (text, person.id, person.username) if person else (text,)


def _note(
    work: UnitOfWork, at: dt.datetime, actor: str, action: str, subject: str, detail: str = ""
) -> None:
    work.audit.add(AuditEvent(at, actor, action, subject, detail))


def _difference(before: Person, after: Person) -> str:
    """What was changed, from what to what; empty where nothing was."""
    changes = []
    for name in ("display_name", "roles", "experience_months", "is_active"):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            changes.append(f"{name}: {_shown(old)} -> {_shown(new)}")
    return "; ".join(changes)


def _shown(value: object) -> str:
    return ", ".join(sorted(value)) if isinstance(value, frozenset) else str(value)


def _check_not_locked_out(before: Person, after: Person, actor: str) -> None:
    if actor not in (before.id, before.username):
        return
    loses_role = ADMINISTRATOR in before.roles and ADMINISTRATOR not in after.roles
    if loses_role or not after.is_active:
        raise OwnAccountProtected(username=before.username)


def find_faults(
    *,
    username: str,
    display_name: str,
    roles: Iterable[str],
    experience_months: int,
    password: str | None = None,
) -> tuple[InvalidField, ...]:
    """Every field of an account that does not fit, so that one correction is enough."""
    chosen = frozenset(roles)
    faults = []
    if not USERNAME.fullmatch(username.strip()):
        faults.append(
            _unfit("username", Phrase("2 to 64 letters, digits or . _ @ -"), repr(username[:70]))
        )
    name = display_name.strip()
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        faults.append(
            _unfit(
                "display_name",
                Phrase("a name of 1 to {highest} characters", {"highest": LONGEST_NAME}),
                repr(name[:70]),
            )
        )
    unknown = chosen - set(ROLES)
    if unknown or not chosen:
        expected = Phrase("at least one of {choices}", {"choices": ", ".join(ROLES)})
        faults.append(_unfit("roles", expected, ", ".join(sorted(unknown)) or Phrase("none")))
    if not 0 <= experience_months <= MOST_MONTHS:
        faults.append(
            _unfit(
                "experience_months",
                Phrase("{lowest} to {highest}", {"lowest": 0, "highest": MOST_MONTHS}),
                experience_months,
            )
        )
    if password is not None and len(password) < SHORTEST_PASSWORD:
        faults.append(_short(password))
    return tuple(faults)


def _short(password: str) -> InvalidField:
    return _unfit(
        "password",
        Phrase("at least {lowest} characters", {"lowest": SHORTEST_PASSWORD}),
        Phrase("{count} characters", {"count": len(password)}),
    )


def _unfit(name: str, expected: Phrase, found: object) -> InvalidField:
    return InvalidField(field=name, expected=expected, found=found)


def _check_person(person: Person, password: str | None = None) -> None:
    for fault in find_faults(
        username=person.username,
        display_name=person.display_name,
        roles=person.roles,
        experience_months=person.experience_months,
        password=password,
    ):
        raise fault


def _check_password(password: str) -> None:
    if len(password) < SHORTEST_PASSWORD:
        raise _short(password)
