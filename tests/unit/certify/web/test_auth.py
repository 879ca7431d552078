"""Login sessions: how they begin, renew and end, and where a login may lead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certify.errors import WrongCredentials
from certify.services.ports import Person
from certify.web import auth
from certify.web.app import create_app
from certify.web.extensions import limiter
from certify.web.settings import WebSettings
from tests.unit.certify.web.conftest import SECRET_KEY

PERSON = Person(
    id="p1",
    username="li.na",
    display_name="李娜",
    roles=frozenset({"teacher"}),
    experience_months=0,
    is_active=True,
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
)


@dataclass
class Accounts:
    """Stands in for the use cases of `administering`, with one person."""

    person: Person = PERSON
    stamp: str = "of the password"

    def authenticate(self, context: object, username: str, password: str) -> Person:
        if (username, password) != (self.person.username, "right"):
            raise WrongCredentials()
        return self.person

    def find_login(self, context: object, person_id: str) -> tuple[Person, str] | None:
        return (self.person, self.stamp) if person_id == self.person.id else None


@pytest.fixture
def accounts(monkeypatch: pytest.MonkeyPatch) -> Accounts:
    accounts = Accounts()
    monkeypatch.setattr(auth, "authenticate", accounts.authenticate)
    monkeypatch.setattr(auth, "find_login", accounts.find_login)
    return accounts


@pytest.fixture
def app(accounts: Accounts, settings: WebSettings) -> Flask:
    """An application with a page for teachers and a page without a mark."""
    app = create_app(object(), settings)
    app.add_url_rule("/room", "room", auth.require_roles("teacher")(lambda: "welcome"))
    app.add_url_rule("/desk", "desk", auth.require_roles("centre")(lambda: "welcome"))
    app.add_url_rule("/forgotten", "forgotten", lambda: "welcome")
    return app


def sign_in(client: FlaskClient, password: str = "right", **more: Any) -> Any:
    token = client.get("/api/v1/csrf-token").get_json()["csrf_token"]
    return client.post(
        "/api/v1/login",
        json={"username": "li.na", "password": password, **more},
        headers={"X-CSRFToken": token},
    )


def session_cookie(answer: Any) -> Any:
    for header in answer.headers.getlist("Set-Cookie"):
        cookie = SimpleCookie(header)
        if "certify_session" in cookie:
            return cookie["certify_session"]
    return None


def test_a_stranger_is_led_to_the_login_page_and_back(client: FlaskClient) -> None:
    answer = client.get("/room?page=2&text=点击")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/login?next=/room%3Fpage%3D2")


def test_a_form_sent_by_a_stranger_leads_to_the_login_page_only(
    app: Flask, client: FlaskClient
) -> None:
    app.add_url_rule(
        "/save", "save", auth.require_roles("teacher")(lambda: "saved"), methods=["POST"]
    )
    assert client.post("/save").headers["Location"] == "/login"


def test_a_role_opens_its_room_and_no_other(client: FlaskClient) -> None:
    assert sign_in(client).status_code == 200
    assert client.get("/room").text == "welcome"
    assert client.get("/desk").status_code == 403


def test_an_address_without_a_mark_stays_closed(client: FlaskClient) -> None:
    sign_in(client)
    assert client.get("/forgotten").status_code == 403


def test_a_role_that_does_not_exist_cannot_be_required() -> None:
    for roles in ((), ("root",)):
        with pytest.raises(ValueError, match="expected roles"):
            auth.require_roles(*roles)


def test_an_inactive_person_is_out_at_once(client: FlaskClient, accounts: Accounts) -> None:
    sign_in(client)
    accounts.person = replace(PERSON, is_active=False)
    assert client.get("/room").status_code == 303


def test_a_new_password_ends_the_logins_of_the_old_one(
    client: FlaskClient, accounts: Accounts
) -> None:
    sign_in(client)
    accounts.stamp = "of the new password"
    assert client.get("/room").status_code == 303
    assert sign_in(client).status_code == 200
    assert client.get("/room").text == "welcome"


def test_nothing_of_the_session_before_outlives_the_login(client: FlaskClient) -> None:
    with client.session_transaction() as before:
        before["planted"] = "by somebody else"
    token = client.get("/api/v1/csrf-token").get_json()["csrf_token"]
    sign_in(client)
    with client.session_transaction() as after:
        assert "planted" not in after
    stale = client.post("/api/v1/logout", headers={"X-CSRFToken": token})
    assert stale.status_code == 400


def test_signing_out_ends_the_session(client: FlaskClient) -> None:
    token = sign_in(client).get_json()["csrf_token"]
    assert client.post("/api/v1/logout", headers={"X-CSRFToken": token}).status_code == 204
    assert client.get("/room").status_code == 303


def test_the_cookie_is_for_this_site_alone(client: FlaskClient) -> None:
    cookie = session_cookie(sign_in(client))
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["expires"]


def test_a_login_outlasts_an_exam_and_rolls_on(client: FlaskClient) -> None:
    sign_in(client)
    assert timedelta(hours=12) <= auth.LOGIN_LIFETIME
    assert session_cookie(client.get("/room")) is None
    with client.session_transaction() as session:
        session[auth.RENEWED_AT] -= auth.RENEWAL_INTERVAL.total_seconds() + 1
    with client.get("/static/css/base.css") as static:
        assert session_cookie(static) is None
    assert session_cookie(client.get("/room")) is not None


@pytest.mark.parametrize(
    ("username", "password"),
    [("", "right"), ("li.na\x00", "right"), ("x" * 65, "right"), ("li.na", "x" * 1025)],
)
def test_implausible_credentials_are_not_even_looked_up(
    app: Flask, monkeypatch: pytest.MonkeyPatch, username: str, password: str
) -> None:
    monkeypatch.setattr(auth, "authenticate", lambda *arguments: PERSON)
    with app.test_request_context("/login", method="POST"), pytest.raises(WrongCredentials):
        auth.log_in(username, password)


@pytest.fixture
def limited_client(accounts: Accounts) -> Iterator[FlaskClient]:
    """A client of an application that counts."""
    before = limiter.enabled
    app = create_app(object(), WebSettings(secret_key=SECRET_KEY, environment="development"))
    limiter.reset()
    yield app.test_client()
    limiter.reset()
    # one object counts for all applications of this process
    limiter.enabled = before


def test_guessing_is_stopped_per_name_and_address(limited_client: FlaskClient) -> None:
    statuses = [sign_in(limited_client, "wrong").status_code for _ in range(11)]
    assert statuses == [401] * 10 + [429]
    refused = sign_in(limited_client)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    # the neighbour at the same address, and the same person elsewhere, are not locked out
    assert sign_in(limited_client, "wrong", username="neighbour").status_code == 401
    limited_client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert sign_in(limited_client).status_code == 200


def test_other_spellings_of_a_name_are_counted_together(limited_client: FlaskClient) -> None:
    for name in ("li.na", "LI.NA", " li.na", "ＬＩ.na") * 3:
        last = sign_in(limited_client, "wrong", username=name)
    assert last.status_code == 429


def test_signing_in_correctly_is_not_counted(limited_client: FlaskClient) -> None:
    assert {sign_in(limited_client).status_code for _ in range(12)} == {200}


@pytest.mark.parametrize("offered", ["/", "/exams", "/items?page=2#top", "/%2e%2e/"])
def test_a_way_on_this_site_is_followed(offered: str) -> None:
    assert auth.local_address(offered) == offered


@pytest.mark.parametrize(
    "offered",
    [
        "",
        "exams",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/\tevil",
        "/\n/evil.example",
        "//[",
    ],
)
def test_a_way_to_elsewhere_is_not_followed(offered: str) -> None:
    assert auth.local_address(offered) == "/"
