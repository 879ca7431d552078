"""What an exam page tells about its window, and where an exam is asked for from."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certify.exams.exam_session import ExamSession
from certify.services.delivering import start_attempt
from certify.services.ports import PageEvent
from tests.examined import Examined
from tests.integration.services.session_days import PROGRAMME, open_filled
from tests.unit.certify.web.pages.visiting import make_app, visitor, words_of

EVENT = {"key": "k1", "kind": "away", "ago_seconds": 9.5, "seconds": 4}


@pytest.fixture
def app(examined: Examined) -> Flask:
    return make_app(examined)


@pytest.fixture
def student(app: Flask, examined: Examined) -> FlaskClient:
    return visitor(app, examined.people["student"])


@pytest.fixture
def session(examined: Examined) -> ExamSession:
    return open_filled(examined.context, examined.people["centre"])


@pytest.fixture
def attempt_id(student: FlaskClient, examined: Examined, session: ExamSession) -> str:
    """A running exam of the session."""
    examined.clock.now = session.starts_at
    student.post(f"/lobby/{session.id}/enter", data={"code": session.code_of("第一考场")})
    started = student.post(f"/lobby/{session.id}/start", data={"confirm": "yes"})
    examined.clock.advance(seconds=60)
    return str(started.location.rsplit("/", 1)[1])


def stored(examined: Examined, attempt_id: str) -> tuple[PageEvent, ...]:
    with examined.context.database.reading() as work:
        return work.integrity.page_events([attempt_id]).get(attempt_id, ())


def tell(client: FlaskClient, attempt_id: str, body: Any) -> Any:
    return client.put(f"/attempts/{attempt_id}/page-log", json=body)


def test_candidates_are_told_what_is_recorded_before_they_enter(
    student: FlaskClient, examined: Examined, session: ExamSession
) -> None:
    examined.clock.now = session.starts_at
    text = words_of(student.get(f"/lobby/{session.id}").text)
    for words in ("What is recorded beside your answers", "this window was left", "180 days"):
        assert words in text


def test_a_page_tells_and_repeats(
    student: FlaskClient, examined: Examined, attempt_id: str
) -> None:
    assert tell(student, attempt_id, {"events": [EVENT]}).json == {"wanted": True}
    assert tell(student, attempt_id, {"events": [EVENT]}).json == {"wanted": True}
    (event,) = stored(examined, attempt_id)
    assert (event.kind, event.seconds) == ("away", 4.0)
    assert (examined.clock.now - event.at).total_seconds() == 9.5


def test_an_exam_outside_of_sessions_wants_nothing(
    student: FlaskClient, examined: Examined
) -> None:
    who = examined.people["student"].id
    attempt_id = start_attempt(examined.context, who, PROGRAMME, "novice")
    assert tell(student, attempt_id, {"events": [EVENT]}).json == {"wanted": False}
    assert student.get(f"/attempts/{attempt_id}/pulse").status_code == 200
    assert stored(examined, attempt_id) == ()


@pytest.mark.parametrize(
    "body",
    [
        None, [], {}, {"events": [{}]}, {"events": [{**EVENT, "kind": "origin"}]},
        {"events": [{**EVENT, "seconds": 1e300}]},
    ],
)  # fmt: skip
def test_nonsense_is_refused(
    student: FlaskClient, examined: Examined, attempt_id: str, body: Any
) -> None:
    assert tell(student, attempt_id, body).status_code == 422
    assert stored(examined, attempt_id) == ()


def test_too_much_at_once_is_refused(student: FlaskClient, attempt_id: str) -> None:
    assert tell(student, attempt_id, {"events": ["x" * 20_000]}).status_code == 413


def test_nobody_else_tells(
    app: Flask, examined: Examined, attempt_id: str, student: FlaskClient
) -> None:
    assert tell(visitor(app), attempt_id, {"events": [EVENT]}).status_code == 303
    teacher = visitor(app, examined.people["teacher"])
    assert tell(teacher, attempt_id, {"events": [EVENT]}).status_code == 403
    assert tell(student, "unknown", {"events": [EVENT]}).status_code == 404
    assert student.get(f"/attempts/{attempt_id}/page-log").status_code == 405
    assert stored(examined, attempt_id) == ()


def test_another_browser_or_network_is_noted_once(
    app: Flask, examined: Examined, attempt_id: str, student: FlaskClient
) -> None:
    pulse = f"/attempts/{attempt_id}/pulse"
    other = visitor(app, examined.people["student"])
    for client, agent in ((student, "one"), (student, "one"), (other, "two"), (student, "one")):
        assert client.get(pulse, headers={"User-Agent": agent}).status_code == 200
    student.get(pulse, headers={"User-Agent": "one"}, environ_base={"REMOTE_ADDR": "10.0.0.9"})
    student.get(pulse, headers={"User-Agent": "one"})
    origins = [event.detail for event in stored(examined, attempt_id)]
    assert len(origins) == len(set(origins)) == 3
    assert not any("10.0.0.9" in origin or "one" in origin for origin in origins)
