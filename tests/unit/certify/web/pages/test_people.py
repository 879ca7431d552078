"""Administrators keep accounts; nobody else does, and nobody locks himself out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certify.services.administering import authenticate, find_person, list_people
from certify.services.ports import Person
from tests.examined import Examined
from tests.unit.certify.web.pages.visiting import make_app, visitor, words_of

NEW = {
    "username": "wang",
    "display_name": "王芳",
    "roles": ["teacher", "centre"],
    "experience_months": "36",
    "password": "long enough",
    "password_again": "long enough",
}


@pytest.fixture
def app(examined: Examined) -> Flask:
    return make_app(examined)


@pytest.fixture
def admin(examined: Examined) -> Person:
    return examined.people["administrator"]


@pytest.fixture
def client(app: Flask, admin: Person) -> FlaskClient:
    return visitor(app, admin)


def address(person: Person) -> str:
    return f"/people/{person.id}"


def form_of(person: Person, **changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "display_name": person.display_name,
        "roles": sorted(person.roles),
        "experience_months": str(person.experience_months),
        "is_active": "yes" if person.is_active else "no",
    }
    return {**values, **changes}


@pytest.mark.parametrize(("language", "heading"), [("zh", "人员"), ("en", "People")])
def test_everybody_is_listed(
    app: Flask, examined: Examined, admin: Person, language: str, heading: str
) -> None:
    words = words_of(visitor(app, admin, language).get("/people").text)
    assert heading in words
    for person in examined.people.values():
        assert person.username in words
        assert person.display_name in words


def test_strangers_are_sent_to_the_login(app: Flask) -> None:
    page = visitor(app).get("/people")
    assert (page.status_code, page.location) == (303, "/login?next=/people")


@pytest.mark.parametrize("role", ["student", "teacher", "auditor", "centre"])
def test_other_roles_are_refused(app: Flask, examined: Examined, role: str) -> None:
    client = visitor(app, examined.people[role])
    own = examined.people[role]
    assert client.get("/people").status_code == 403
    assert client.get(address(own)).status_code == 403
    assert client.post("/people/new", data=NEW).status_code == 403
    raised = form_of(own, roles=["administrator"])
    assert client.post(address(own), data=raised).status_code == 403


def test_people_are_searched_by_name_and_role(client: FlaskClient) -> None:
    def found(**conditions: str) -> str:
        page = client.get("/people", query_string=conditions).text
        return words_of(page[page.index("</form>") :])

    assert "student" in found(text="晓雨")
    assert "teacher" not in found(text="晓雨")
    assert "周明" in found(role="teacher")
    assert "林晓雨" not in found(role="teacher")
    assert "Nobody was found" in found(text="nobody of this name")
    assert "林晓雨" in found(role="no such role")


def test_a_long_list_has_pages_that_keep_the_filter(
    client: FlaskClient, examined: Examined
) -> None:
    student = examined.people["student"]
    with examined.context.database.writing() as work:
        for number in range(31):
            pupil = replace(student, id=f"p{number}", username=f"pupil{number:02d}")
            work.people.add(pupil, "no hash")
        work.commit()
    page = client.get("/people?text=pupil&role=student").text
    assert "/people?text=pupil&amp;role=student&amp;page=2" in page
    assert "pupil30" not in page
    assert "pupil30" in client.get("/people?text=pupil&page=2").text
    for odd in ("0", "-1", "x", "99999999999999"):
        assert client.get(f"/people?page={odd}").status_code == 200


def test_a_person_is_added_and_can_sign_in(client: FlaskClient, examined: Examined) -> None:
    answer = client.post("/people/new", data=NEW)
    assert answer.status_code == 303
    person = authenticate(examined.context, "wang", "long enough")
    assert (person.display_name, person.experience_months) == ("王芳", 36)
    assert person.roles == {"teacher", "centre"}
    page = words_of(client.get(answer.location).text)
    assert "The account “wang” was created." in page
    assert "Account created" in page


def test_all_faults_of_a_form_are_told_at_once_and_the_input_is_kept(client: FlaskClient) -> None:
    broken = {
        "username": "a b",
        "display_name": "",
        "experience_months": "three",
        "password": "tiny-pw",
        "password_again": "other",
    }
    page = client.post("/people/new", data=broken)
    words = words_of(page.text)
    assert page.status_code == 422
    for named in (
        "Enter a user name of 2 to 64",
        "Enter the name as it shall be printed",
        "Choose at least one role",
        "Enter whole months from 0 to 720",
        "Enter at least 8 characters",
        "The two passwords differ",
    ):
        assert words.count(named) == 2, named
    assert 'value="a b"' in page.text
    assert 'value="three"' in page.text
    assert "tiny-pw" not in page.text


def test_a_taken_user_name_is_told(client: FlaskClient, examined: Examined) -> None:
    page = client.post("/people/new", data={**NEW, "username": "STUDENT"})
    assert page.status_code == 422
    assert "STUDENT is taken" in words_of(page.text)
    assert list_people(examined.context, text="王芳").total == 0


def test_an_account_is_changed_and_the_trail_says_so(
    client: FlaskClient, examined: Examined
) -> None:
    student = examined.people["student"]
    changes = form_of(student, roles=["student", "teacher"], experience_months="20")
    assert client.post(address(student), data=changes).status_code == 303
    changed = find_person(examined.context, student.id)
    assert changed is not None
    assert (changed.roles, changed.experience_months) == ({"student", "teacher"}, 20)
    words = words_of(client.get(address(student)).text)
    assert "The account was saved." in words
    assert "Roles: Student → Student, Teacher; Months of experience: 18 → 20" in words


def test_a_closed_account_is_signed_out_at_once(
    app: Flask, client: FlaskClient, examined: Examined
) -> None:
    teacher = examined.people["teacher"]
    elsewhere = visitor(app, teacher)
    assert elsewhere.get("/people").status_code == 403
    assert client.post(address(teacher), data=form_of(teacher, is_active="no")).status_code == 303
    assert elsewhere.get("/people").location.startswith("/login")


@pytest.mark.parametrize("changes", [{"is_active": "no"}, {"roles": ["teacher"]}])
def test_nobody_locks_himself_out(
    client: FlaskClient, examined: Examined, admin: Person, changes: dict[str, object]
) -> None:
    page = client.post(address(admin), data=form_of(admin, **changes))
    assert page.status_code == 422
    assert "admin is your own account" in words_of(page.text)
    assert find_person(examined.context, admin.id) == admin


def test_bad_changes_keep_the_input(client: FlaskClient, examined: Examined) -> None:
    student = examined.people["student"]
    page = client.post(address(student), data=form_of(student, display_name="", roles=[]))
    assert page.status_code == 422
    assert "Choose at least one role" in words_of(page.text)
    assert find_person(examined.context, student.id) == student


def test_a_password_is_reset(client: FlaskClient, examined: Examined) -> None:
    student = examined.people["student"]
    form = {"password": "quite another", "password_again": "quite another"}
    assert client.post(f"{address(student)}/password", data=form).status_code == 303
    assert authenticate(examined.context, "student", "quite another") == student
    assert "“student” has a new password." in words_of(client.get(address(student)).text)


def test_a_reset_password_signs_the_person_out_and_not_the_administrator(
    app: Flask, client: FlaskClient, examined: Examined, admin: Person
) -> None:
    student = examined.people["student"]
    signed_in = visitor(app, student)
    assert signed_in.get("/exams").status_code == 200
    form = {"password": "quite another", "password_again": "quite another"}
    client.post(f"{address(student)}/password", data=form)
    assert signed_in.get("/exams").location.startswith("/login")
    elsewhere = visitor(app, admin)
    assert client.post(f"{address(admin)}/password", data=form).status_code == 303
    assert client.get("/people").status_code == 200
    assert elsewhere.get("/people").location.startswith("/login")


@pytest.mark.parametrize(
    ("first", "second", "named"),
    [
        ("tiny-pw", "tiny-pw", "Enter at least 8 characters"),
        ("long enough", "long enouhg", "The two passwords differ"),
        ("x" * 1025, "x" * 1025, "Enter at most 1024 characters"),
    ],
)
def test_an_unfit_password_is_refused(
    client: FlaskClient, examined: Examined, first: str, second: str, named: str
) -> None:
    form = {"password": first, "password_again": second}
    page = client.post(f"{address(examined.people['student'])}/password", data=form)
    assert page.status_code == 422
    assert named in words_of(page.text)
    assert first not in page.text


def test_unknown_people_are_not_found(client: FlaskClient, examined: Examined) -> None:
    student = examined.people["student"]
    assert client.get("/people/nobody").status_code == 404
    assert client.post("/people/nobody", data=form_of(student)).status_code == 404
    form = {"password": "long enough", "password_again": "long enough"}
    assert client.post("/people/nobody/password", data=form).status_code == 404


def test_forms_need_their_token(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert client.post("/people/new", data=NEW).status_code == 400
