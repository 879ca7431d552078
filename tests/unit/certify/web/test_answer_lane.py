"""The lane takes the answers that the application would take, says the same, refuses nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from flask.testing import FlaskClient

from certify.services import delivering
from certify.web import answer_lane, auth, exam_place
from certify.web.answer_lane import AnswerLane
from tests.unit.certify.web.api.house import API, House, Visitor, build_house, fresh_attempt
from tests.unit.certify.web.api.test_attempts import answer, some_response

OF_ONE_ANSWER = {"X-Request-ID", "Content-Length", "Date"}
"""Headers that differ from one answer to the next."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return build_house(tmp_path_factory.mktemp("lane"))


@pytest.fixture
def behind(house: House, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of requests that the lane passed on."""
    lane = house.app.wsgi_app
    assert isinstance(lane, AnswerLane)
    passed_on: list[str] = []
    application = lane._behind

    def note(environ: Any, start_response: Callable[..., Any]) -> Iterable[bytes]:
        passed_on.append(environ["PATH_INFO"])
        return application(environ, start_response)

    monkeypatch.setattr(lane, "_behind", note)
    return passed_on


@pytest.fixture
def student(house: House) -> Visitor:
    return house.visitor("student")


@pytest.fixture
def attempt(house: House, student: Visitor) -> dict[str, Any]:
    """A running attempt that this browser looked at: let in, with the pass."""
    attempt = fresh_attempt(student, house)
    shown: dict[str, Any] = student.get(f"/attempts/{attempt['id']}").json
    return shown


@pytest.fixture
def place(attempt: dict[str, Any], behind: list[str]) -> str:
    behind.clear()
    return f"/attempts/{attempt['id']}/responses/1"


def put(student: Visitor, place: str, body: Any, **headers: str) -> Any:
    return student.client.put(API + place, json=body, headers={**student.headers, **headers})


def test_an_answer_in_order_goes_by_the_lane(
    student: Visitor, attempt: dict[str, Any], place: str, behind: list[str]
) -> None:
    body = answer(1, response=some_response(attempt["item"]), final=True)
    saved = put(student, place, body)
    assert (saved.status_code, saved.json["position"], saved.json["state"]) == (200, 2, "running")
    assert behind == []
    shown = student.get(f"/attempts/{attempt['id']}").json
    assert shown["item"]["position"] == 2


def test_both_ways_say_the_same(
    student: Visitor, attempt: dict[str, Any], place: str, behind: list[str]
) -> None:
    response = some_response(attempt["item"])
    by_lane = put(student, place, answer(1, response=response))
    assert behind == []
    # without the token in the header, but in the query, nothing is as usual: the same answer again
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(answer_lane.AnswerLane, "_saved", lambda *_: None)
        by_application = put(student, place, answer(1, response=response))
    assert len(behind) == 1
    assert by_lane.status_code == by_application.status_code == 200
    times = [reply.json.pop("remaining_seconds") for reply in (by_lane, by_application)]
    assert times[0] >= times[1] > 0
    told = [
        {name: value for name, value in reply.headers.items() if name not in OF_ONE_ANSWER}
        for reply in (by_lane, by_application)
    ]
    assert told[0] == told[1]
    first, second = (json.loads(reply.data) for reply in (by_lane, by_application))
    first.pop("remaining_seconds"), second.pop("remaining_seconds")
    assert first == second


def test_what_is_refused_is_refused_by_the_application(
    student: Visitor, attempt: dict[str, Any], place: str, behind: list[str]
) -> None:
    response = some_response(attempt["item"])
    for body, status in (
        (answer(1, response=response, idempotency_key=""), 422),
        (answer(1, response=["no such option"]), 422),
        ({}, 422),
        ([], 422),
        (answer(1, response=["\ud800"]), 422),
    ):
        assert put(student, place, body).status_code == status
    wrong = place.replace("/1", "/2")
    assert put(student, wrong, answer(2, response=response)).json["code"] == "wrong-position"
    assert len(behind) == 6


def test_a_body_that_is_no_json_reaches_the_application_whole(
    student: Visitor, place: str, behind: list[str]
) -> None:
    for content, content_type, status in (
        (b"{", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"x=1", "application/x-www-form-urlencoded", 415),
        (b" " * 300_000, "application/json", 413),
    ):
        reply = student.client.put(
            API + place, data=content, content_type=content_type, headers=student.headers
        )
        assert reply.status_code == status
    assert len(behind) == 4


def test_a_token_against_forgery_is_asked_for(
    student: Visitor, attempt: dict[str, Any], place: str, house: House, behind: list[str]
) -> None:
    body = answer(1, response=some_response(attempt["item"]))
    foreign = house.visitor("student2").token
    behind.clear()
    for token in ("", "x", foreign):
        assert put(student, place, body, **{"X-CSRFToken": token}).status_code == 400
    assert len(behind) == 3


def test_nobody_answers_in_another_ones_exam(
    house: House, attempt: dict[str, Any], place: str, behind: list[str]
) -> None:
    body = answer(1, response=some_response(attempt["item"]))
    other, stranger = house.visitor("student2"), house.visitor()
    behind.clear()
    assert put(other, place, body).status_code == 404
    assert put(stranger, place, body).status_code == 401
    assert len(behind) == 2


def test_an_altered_cookie_is_none(
    student: Visitor, attempt: dict[str, Any], place: str, house: House, behind: list[str]
) -> None:
    body = answer(1, response=some_response(attempt["item"]))
    forger: FlaskClient = house.app.test_client()
    forger.set_cookie("certify_session", "eyJleGFtX3Bhc3MiOlsiYSIsImIiLCJjIl19.forged.signature")
    assert forger.put(API + place, json=body, headers=student.headers).status_code == 401
    assert len(behind) == 1


def test_another_address_is_looked_at_anew(
    student: Visitor, attempt: dict[str, Any], place: str, behind: list[str]
) -> None:
    body = answer(1, response=some_response(attempt["item"]))
    reply = student.client.put(
        API + place,
        json=body,
        headers=student.headers,
        environ_overrides={"REMOTE_ADDR": "127.0.0.77"},
    )
    assert reply.status_code == 200
    assert len(behind) == 1


@pytest.mark.parametrize(
    ("module", "name", "value"),
    [(exam_place, "PASSED_FOR_SECONDS", -1.0), (auth, "RENEWAL_INTERVAL", auth.LOGIN_LIFETIME * 0)],
)
def test_after_a_while_the_application_looks_again(
    module: Any,
    name: str,
    value: Any,
    student: Visitor,
    attempt: dict[str, Any],
    place: str,
    behind: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, name, value)
    body = answer(1, response=some_response(attempt["item"]))
    assert put(student, place, body).status_code == 200
    assert len(behind) == 1


def test_over_https_the_page_must_be_of_this_site(
    student: Visitor, attempt: dict[str, Any], place: str, behind: list[str]
) -> None:
    body = answer(1, response=some_response(attempt["item"]))
    for referrer, status in (("https://localhost/attempts/x", 200), ("https://evil.test/", 400)):
        reply = student.client.put(
            API + place,
            json=body,
            headers={**student.headers, "Referer": referrer},
            base_url="https://localhost",
        )
        assert reply.status_code == status
    assert len(behind) == 1


def test_a_fault_leaves_nothing_behind(
    student: Visitor, attempt: dict[str, Any], place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("made up")

    body = answer(1, response=some_response(attempt["item"]), final=True)
    with monkeypatch.context() as patch:
        patch.setattr(delivering, "_score", fail)
        assert put(student, place, body).status_code == 500
    assert student.get(f"/attempts/{attempt['id']}").json["revision"] == 0
