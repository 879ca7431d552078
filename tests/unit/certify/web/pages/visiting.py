"""How tests visit pages: an application on prepared data, and people who are signed in."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from certify.services.administering import find_login
from certify.services.ports import Person
from certify.web.app import create_app
from certify.web.auth import LOGIN_STAMP
from certify.web.settings import WebSettings
from tests.examined import Examined

SECRET_KEY = "for tests only, long enough for production too"


def make_app(examined: Examined, environment: str = "test", **settings: object) -> Flask:
    """The application on the test's data. Forms need no token here; one test says they do."""
    chosen = WebSettings(secret_key=SECRET_KEY, environment=environment, **settings)  # type: ignore[arg-type]
    app = create_app(examined.context, chosen)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def visitor(app: Flask, person: Person | None = None, language: str = "en") -> FlaskClient:
    """A browser that reads English unless told otherwise, signed in as `person`."""
    client = app.test_client()
    client.set_cookie("certify_language", language)
    if person is not None:
        found = find_login(app.extensions["certify"], person.id)
        assert found is not None
        stamp = found[1]
        with client.session_transaction() as session:
            session["_user_id"] = person.id
            session["_fresh"] = True
            session[LOGIN_STAMP] = stamp
    return client


def answer_fields(item_type: str, response: Any) -> dict[str, Any]:
    """The fields of the exam page that say a raw response, as a browser without scripts fills."""
    if item_type == "order":
        return {f"place-{option}": place for place, option in enumerate(response, start=1)}
    if not isinstance(response, dict):
        return {"answer": response}
    ((name, given),) = response.items()
    field = {"blanks": "blank", "pairs": "pair"}.get(name)
    return {f"{field}-{part}": text for part, text in given.items()} if field else {"answer": given}


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.found.append(data)


def words_of(page: str) -> str:
    """The text of a page, blanks in runs made one."""
    parser = _Words()
    parser.feed(page)
    return " ".join(" ".join(parser.found).split())
