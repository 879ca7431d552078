"""A running installation for tests of the interface, and visitors who talk to it.

Built once per run: bank, release and people are expensive; a test makes its own attempts.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from certify.services.administering import add_person
from certify.services.context import ServiceContext
from certify.services.ports import Person
from certify.services.preparing import prepare_bank
from certify.services.simulating import SimulatedCandidate
from certify.web.app import create_app
from certify.web.settings import WebSettings
from tests.fakes import make_installation

SECRET_KEY = "for tests only, long enough for production too"
PASSWORD = "correct horse"
PROGRAMME, LEVEL = "estorm-comprehensive", "novice"
API = "/api/v1"
ROLE_OF = {
    "student": "student",
    "student2": "student",
    "teacher": "teacher",
    "auditor": "auditor",
    "centre": "centre",
    "centre2": "centre",
    "admin": "administrator",
}


@dataclass
class House:
    """The application, its use cases, and one person of every role (two of some)."""

    app: Flask
    context: ServiceContext
    people: dict[str, Person]

    def visitor(self, username: str = "") -> Visitor:
        """A browser of its own; signed in where a user name is given."""
        visitor = Visitor(self.app.test_client())
        if username:
            answer = visitor.post("/login", {"username": username, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
            visitor.token = answer.json["csrf_token"]
        return visitor


@dataclass
class Visitor:
    """Keeps the cookie and sends the CSRF token."""

    client: FlaskClient
    token: str = field(default="")

    def __post_init__(self) -> None:
        self.token = self.get("/csrf-token").json["csrf_token"]

    def get(self, path: str) -> TestResponse:
        return self.client.get(API + path)

    def post(self, path: str, body: Any = None) -> TestResponse:
        return self.send("POST", path, body)

    def put(self, path: str, body: Any = None) -> TestResponse:
        return self.send("PUT", path, body)

    def send(self, method: str, path: str, body: Any = None) -> TestResponse:
        return self.client.open(API + path, method=method, json=body, headers=self.headers)

    def upload(self, path: str, **files: tuple[bytes, str]) -> TestResponse:
        """Send files by form field: content and file name."""
        data = {name: (io.BytesIO(content), file) for name, (content, file) in files.items()}
        return self.client.post(API + path, data=data, headers=self.headers)

    @property
    def headers(self) -> dict[str, str]:
        return {"X-CSRFToken": self.token}


def build_house(folder: Path) -> House:
    """A migrated SQLite database with the shipped bank, and the application on it."""
    context = make_installation(folder).context
    prepare_bank(context)
    people = {
        username: add_person(
            context,
            username=username,
            display_name="林晓雨" if username == "student" else username,
            password=PASSWORD,
            roles={role},
            experience_months=60,
        )
        for username, role in ROLE_OF.items()
    }
    settings = WebSettings(secret_key=SECRET_KEY, environment="test", language="en")
    return House(create_app(context, settings), context, people)


def fresh_attempt(visitor: Visitor, house: House, programme: str = PROGRAMME) -> dict[str, Any]:
    """A new attempt; one that another test left running is handed in first."""
    attempt: dict[str, Any] = visitor.post(
        "/attempts", {"programme": programme, "level": LEVEL}
    ).json
    if attempt["revision"] or attempt["client"] or attempt["item"]["position"] > 1:
        visitor.post(f"/attempts/{attempt['id']}/hand-in")
        attempt = visitor.post("/attempts", {"programme": programme, "level": LEVEL}).json
    return attempt


def sit_exam(visitor: Visitor, house: House, ability: float) -> str:
    """Answer as a candidate of this ability until the exam ends; the attempt's id."""
    attempt = fresh_attempt(visitor, house)
    candidate = SimulatedCandidate(ability, Random(7))
    while attempt["state"] == "running":
        answer = {
            "response": candidate.answer_current_item(house.context, attempt["id"]),
            "final": True,
            "revision": attempt["revision"] + 1,
            "idempotency_key": f"key-{attempt['item']['position']:04d}",
        }
        place = f"/attempts/{attempt['id']}"
        saved = visitor.put(f"{place}/responses/{attempt['item']['position']}", answer)
        assert saved.status_code == 200, saved.text
        attempt = visitor.get(place).json
    return str(attempt["id"])
