"""Accounts: every change is recorded, and nobody locks himself out."""

from __future__ import annotations

from typing import Any

import pytest

from certify.errors import InvalidField, OwnAccountProtected
from certify.services.administering import (
    authenticate,
    change_person,
    get_person,
    list_audit_events,
    reset_password,
)
from certify.services.ports import AuditEvent, Person
from tests.examined import Examined


def change(examined: Examined, person: Person, actor: str, **changes: Any) -> Person:
    values: dict[str, Any] = {
        "display_name": person.display_name,
        "roles": person.roles,
        "experience_months": person.experience_months,
        "is_active": person.is_active,
    }
    return change_person(examined.context, person.id, actor=actor, **{**values, **changes})


def trail(examined: Examined, about: str = "", kind: str = "") -> list[AuditEvent]:
    return list(list_audit_events(examined.context, about=about, kind=kind).rows)


@pytest.mark.parametrize("known_as", ["id", "username"])
@pytest.mark.parametrize(
    "changes", [{"is_active": False}, {"roles": {"teacher"}}], ids=["closed", "without the role"]
)
def test_nobody_locks_himself_out(
    examined: Examined, known_as: str, changes: dict[str, Any]
) -> None:
    admin = examined.people["administrator"]
    with pytest.raises(OwnAccountProtected, match="admin is your own account"):
        change(examined, admin, getattr(admin, known_as), **changes)
    assert get_person(examined.context, admin.id) == admin


def test_own_name_and_further_roles_may_be_changed(examined: Examined) -> None:
    admin = examined.people["administrator"]
    roles = {"administrator", "auditor"}
    changed = change(examined, admin, admin.username, display_name="李主任", roles=roles)
    assert (changed.display_name, changed.roles) == ("李主任", roles)


def test_another_administrator_may_take_the_role(examined: Examined) -> None:
    admin = examined.people["administrator"]
    changed = change(examined, admin, "second", roles={"teacher"}, is_active=False)
    assert not changed.is_active


def test_the_trail_says_what_was_changed_from_what_to_what(examined: Examined) -> None:
    student = examined.people["student"]
    change(examined, student, "admin", roles={"student", "teacher"}, experience_months=20)
    newest = trail(examined, about="student", kind="person.change")[0]
    assert (newest.actor, newest.subject) == ("admin", "student")
    assert newest.detail == "roles: student -> student, teacher; experience_months: 18 -> 20"


def test_a_change_of_nothing_leaves_no_trace(examined: Examined) -> None:
    before = list_audit_events(examined.context).total
    change(examined, examined.people["student"], "admin")
    assert list_audit_events(examined.context).total == before


def test_the_trail_names_people_and_is_found_by_id_or_user_name(examined: Examined) -> None:
    student = examined.people["student"]
    by_name, by_id = trail(examined, about="student"), trail(examined, about=student.id)
    assert by_name == by_id
    assert {"person.add", "attempt.start"} <= {event.action for event in by_name}
    assert student.id not in {name for event in by_name for name in (event.actor, event.subject)}
    assert trail(examined, about="nobody") == []


def test_a_new_password_is_in_force_at_once_and_recorded_without_it(examined: Examined) -> None:
    student = examined.people["student"]
    reset_password(examined.context, student.id, "another-long-one", "admin")
    assert authenticate(examined.context, "student", "another-long-one") == student
    newest = trail(examined, about="student")[0]
    assert newest.action == "person.password"
    assert "another-long-one" not in repr(newest)


def test_a_short_password_is_refused(examined: Examined) -> None:
    with pytest.raises(InvalidField):
        reset_password(examined.context, examined.people["student"].id, "1234567", "admin")
