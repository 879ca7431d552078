"""Signing in and out: words for every failure, and never a way to another site."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certify.services.preparing import DEMO_PASSWORD
from tests.examined import Examined
from tests.unit.certify.web.pages.visiting import make_app, visitor, words_of


@pytest.fixture
def app(examined: Examined) -> Flask:
    return make_app(examined)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return visitor(app)


def sign_in(client: FlaskClient, password: str = DEMO_PASSWORD, **changes: str) -> tuple[int, str]:
    form = {"username": "student", "password": password, **changes}
    answer = client.post("/login", data=form)
    return answer.status_code, answer.location or words_of(answer.text)


@pytest.mark.parametrize(("language", "word"), [("zh", "用户名"), ("en", "User name")])
def test_the_form_speaks_both_languages(app: Flask, language: str, word: str) -> None:
    page = visitor(app, language=language).get("/login")
    assert page.status_code == 200
    assert word in page.text


def test_signing_in_leads_to_the_page_that_was_wanted(client: FlaskClient) -> None:
    refused = client.get("/exams")
    assert (refused.status_code, refused.location) == (303, "/login?next=/exams")
    assert 'name="next" value="/exams"' in client.get(refused.location).text
    assert sign_in(client, next="/exams") == (303, "/exams")
    assert client.get("/exams").status_code == 200


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil"])
def test_next_never_leads_to_another_site(client: FlaskClient, elsewhere: str) -> None:
    assert sign_in(client, next=elsewhere) == (303, "/")


def test_a_wrong_password_is_told_in_words_and_keeps_the_input(client: FlaskClient) -> None:
    answer = client.post(
        "/login", data={"username": "student", "password": "wrong one", "next": "/results"}
    )
    assert answer.status_code == 401
    assert "User name or password is wrong" in words_of(answer.text)
    assert 'value="student"' in answer.text
    assert 'value="/results"' in answer.text
    assert "wrong one" not in answer.text


def test_a_wrong_password_and_an_unknown_name_sound_the_same(client: FlaskClient) -> None:
    _, known = sign_in(client, password="wrong one")
    _, unknown = sign_in(client, username="nobody")
    assert known == unknown


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"username": " "}, "Enter your user name"),
        ({"password": ""}, "Enter your password"),
    ],
)
def test_missing_fields_are_named(client: FlaskClient, form: dict[str, str], message: str) -> None:
    status, words = sign_in(client, **form)
    assert status == 422
    assert message in words


@pytest.mark.parametrize("username", ["a" * 500, "stu\0dent", "stu\ud800dent"])
def test_odd_names_are_just_wrong(client: FlaskClient, username: str) -> None:
    status, _ = sign_in(client, username=username.encode("utf-8", "replace").decode())
    assert status == 401


def test_who_is_signed_in_is_not_asked_again(app: Flask, examined: Examined) -> None:
    answer = visitor(app, examined.people["student"]).get("/login?next=/results")
    assert (answer.status_code, answer.location) == (303, "/results")


def test_signing_out_closes_the_rooms(client: FlaskClient) -> None:
    sign_in(client)
    assert client.get("/results").status_code == 200
    assert client.post("/logout").status_code == 303
    assert "signed out" in words_of(client.get("/").text)
    assert client.get("/results").status_code == 303


def test_signing_out_needs_a_form_and_a_token(examined: Examined) -> None:
    app = make_app(examined)
    app.config["WTF_CSRF_ENABLED"] = True
    client = visitor(app, examined.people["student"])
    assert client.get("/logout").status_code == 405
    assert client.post("/logout").status_code == 400
    assert client.get("/results").status_code == 200
