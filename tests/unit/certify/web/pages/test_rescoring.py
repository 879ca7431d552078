"""Calibrations through their pages: asked for, watched, compared, accepted or rejected."""

from __future__ import annotations

import csv
import datetime as dt
import io
import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certify.exams.exam_session import ExamSession
from certify.services.acting import acting
from certify.services.calibrating_sessions import request_calibration, work_on
from certify.services.context import ServiceContext
from certify.services.ports import Person
from certify.services.preparing import prepare_bank, prepare_demo_people
from certify.services.scheduling import get_session, list_sessions
from certify.web.app import create_app
from certify.web.settings import WebSettings
from tests.fakes import FakeClock, context_at, make_installation
from tests.integration.services.calibrated_days import sat_session
from tests.unit.certify.web.pages.visiting import SECRET_KEY, visitor, words_of

People = dict[str, Person]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dt.datetime]:
    """A folder with an installation whose session waits for its calibration, and its time."""
    folder = tmp_path_factory.mktemp("calibrated")
    installation, clock = make_installation(folder), FakeClock(dt.datetime.now(dt.UTC))
    prepared = context_at(installation, clock)
    prepare_bank(prepared)
    people = {next(iter(person.roles)): person for person in prepare_demo_people(prepared)}
    sat_session(prepared, people["centre"], clock, candidates=40)
    installation.database.close()
    return folder, clock.now


@pytest.fixture
def context(template: tuple[Path, dt.datetime], tmp_path: Path) -> Iterator[ServiceContext]:
    shutil.copytree(template[0], tmp_path, dirs_exist_ok=True)
    installation = make_installation(tmp_path)
    yield context_at(installation, FakeClock(template[1]))
    installation.database.close()


@pytest.fixture
def people(context: ServiceContext) -> People:
    return {next(iter(person.roles)): person for person in prepare_demo_people(context)}


@pytest.fixture
def app(context: ServiceContext) -> Flask:
    made = create_app(context, WebSettings(secret_key=SECRET_KEY, environment="test"))
    made.config["WTF_CSRF_ENABLED"] = False
    return made


@pytest.fixture
def root(app: Flask, people: People) -> FlaskClient:
    return visitor(app, people["administrator"])


@pytest.fixture
def session(context: ServiceContext, people: People) -> ExamSession:
    (found,) = list_sessions(context, people["administrator"]).rows
    return found


@pytest.fixture
def ready(context: ServiceContext, people: People, session: ExamSession) -> str:
    """A calibration that waits for its decision."""
    actor = acting(people["administrator"])
    run_id = request_calibration(context, [session.id], least_responses=10, actor=actor)
    assert work_on(context, run_id)
    return run_id


def test_a_session_is_calibrated_from_its_room(
    app: Flask, root: FlaskClient, people: People, session: ExamSession
) -> None:
    page = root.get(f"/sessions/{session.id}").text
    assert f"/calibrations/sessions/{session.id}" in page
    assert "/release" not in page
    room = f"/calibrations/sessions/{session.id}"
    assert "Least responses per item" in words_of(root.get(room).text)
    for typed in ("", "x", "3", "100000"):
        refused = root.post(room, data={"least_responses": typed})
        assert refused.status_code == 422 and "from 10 to 1000" in words_of(refused.text)
    asked = root.post(room, data={"least_responses": "10"})
    assert asked.status_code == 303
    # the page is sent at once, tells its steps, and leads on to the result
    streamed = root.get(asked.location)
    told = words_of(streamed.text)
    assert "Stop after this step" in told and "pass 1" in told and "40 of 40 exams" in told
    assert 'http-equiv="refresh"' in streamed.text
    shown = words_of(root.get(asked.location).text)
    for words in (
        "Results before and after the calibration",
        "Levels before and after",
        "Items that moved most",
        "Classification accuracy",
        "Kept: too few responses",
        "Exams with another level",
        "Digest of the responses",
    ):
        assert words in shown, words
    assert "circle" in root.get(asked.location).text
    again = root.post(room, data={"least_responses": "10"})
    assert again.status_code == 409
    assert "To be decided" in words_of(root.get(room).text)


def test_accepting_needs_a_confirmation_and_shows_the_results(
    app: Flask, root: FlaskClient, context: ServiceContext, people: People, ready: str
) -> None:
    candidate = visitor_of(app, context, "candidate-0000")
    result = "/attempts/attempt-0000/result"
    assert "Your result is being checked" in words_of(candidate.get(result).text)
    address = f"/calibrations/{ready}"
    assert root.post(f"{address}/accept").status_code == 422
    assert "Your result is being checked" in words_of(candidate.get(result).text)
    accepted = root.post(f"{address}/accept", data={"confirm": "yes"}, follow_redirects=True)
    assert "The new results count and are released" in words_of(accepted.text)
    shown = candidate.get(result).text
    assert "scored again under the calibration" in words_of(shown)
    assert "Decisions that would come out again" in words_of(shown)
    assert "will be scored again after calibration" not in words_of(shown)
    found = candidate.get("/api/v1/attempts/attempt-0000/result").json
    assert found is not None and found["calibration_digest"] in shown
    # a second click changes nothing
    again = root.post(f"{address}/accept", data={"confirm": "yes"}, follow_redirects=True)
    assert again.status_code == 200
    trail = words_of(visitor(app, people["auditor"]).get("/audit/trail").text)
    assert "Calibration accepted" in trail and "Results released" in trail


def visitor_of(app: Flask, context: ServiceContext, person_id: str) -> FlaskClient:
    with context.database.reading() as work:
        person = work.people.get(person_id)
    assert person is not None
    return visitor(app, person)


def test_a_rejected_calibration_says_why(
    root: FlaskClient, session: ExamSession, ready: str
) -> None:
    address = f"/calibrations/{ready}"
    bare = root.post(f"{address}/reject", data={"reason": " "})
    assert bare.status_code == 422 and "Enter a reason" in words_of(bare.text)
    done = root.post(f"{address}/reject", data={"reason": "作答太少"}, follow_redirects=True)
    assert "作答太少" in done.text and "the results stay held" in words_of(done.text)
    late = root.post(f"{address}/accept", data={"confirm": "yes"}, follow_redirects=True)
    assert "does not stand where this step needs it" in words_of(late.text)
    room = f"/calibrations/sessions/{session.id}"
    assert root.post(f"{room}/abandon", data={"reason": ""}).status_code == 422
    given_up = root.post(f"{room}/abandon", data={"reason": "人数不足"}, follow_redirects=True)
    assert "can be released now" in words_of(given_up.text)
    assert "Release the results" in words_of(given_up.text)
    assert root.post(f"{room}/abandon", data={"reason": "x"}).status_code == 409


def test_a_stopped_calibration_goes_on(
    root: FlaskClient, context: ServiceContext, people: People, session: ExamSession
) -> None:
    actor = acting(people["administrator"])
    run_id = request_calibration(context, [session.id], least_responses=10, actor=actor)
    address = f"/calibrations/{run_id}"
    assert root.post(f"{address}/stop").status_code == 303
    assert "The work was stopped" in words_of(root.get(address).text)
    root.post(f"{address}/resume")
    with context.database.writing() as work:
        now = context.clock()
        assert work.calibrations.claim(run_id, "other", now, now + dt.timedelta(minutes=1))
        work.commit()
    # somebody else works on it: the page looks again by itself
    watched = root.get(address).text
    assert 'content="5"' in watched and "exams collected" in words_of(watched)


def test_the_tables_and_the_record_can_be_kept(root: FlaskClient, ready: str) -> None:
    address = f"/calibrations/{ready}"
    items = list(csv.reader(io.StringIO(root.get(f"{address}/items.csv").text.lstrip("\ufeff"))))
    assert items[0][0] == "Item" and len(items) > 100
    exams = list(csv.reader(io.StringIO(root.get(f"{address}/exams.csv").text.lstrip("\ufeff"))))
    assert len(exams) == 41
    record = root.get(f"{address}/record.json")
    assert sha256(record.data).hexdigest() in record.headers["Content-Disposition"]


@pytest.mark.parametrize("role", ["student", "teacher", "auditor", "centre"])
def test_other_roles_find_no_calibrations(
    app: Flask, people: People, session: ExamSession, ready: str, role: str
) -> None:
    client = visitor(app, people[role])
    one = f"/calibrations/{ready}"
    for path in (one, f"{one}/items.csv", f"{one}/exams.csv", f"{one}/record.json"):
        assert client.get(path).status_code == 403
    assert client.get(f"/calibrations/sessions/{session.id}").status_code == 403
    for path in ("stop", "resume", "accept", "reject"):
        assert client.post(f"{one}/{path}", data={"confirm": "yes"}).status_code == 403
    for path in ("", "/abandon"):
        assert client.post(f"/calibrations/sessions/{session.id}{path}").status_code == 403
    if role == "centre":
        page = words_of(client.get(f"/sessions/{session.id}").text)
        assert "The results wait for the calibration" in page
        assert "Calibrate and score again" not in page
        refused = client.post(f"/sessions/{session.id}/release", follow_redirects=True)
        assert "released with its calibration" in words_of(refused.text)


def test_unknown_ids_and_strangers_find_nothing(app: Flask, root: FlaskClient) -> None:
    for path in ("unknown", "sessions/unknown", "unknown/items.csv", "unknown/exams.csv"):
        assert root.get(f"/calibrations/{path}").status_code == 404
    for path in ("stop", "resume", "reject"):
        assert root.post(f"/calibrations/unknown/{path}", data={"reason": "x"}).status_code == 404
    assert root.post("/calibrations/unknown/accept", data={"confirm": "yes"}).status_code == 404
    asked = root.post("/calibrations/sessions/unknown", data={"least_responses": "30"})
    assert asked.status_code == 404
    assert root.get("/calibrations/unknown/stop").status_code in (404, 405)
    assert visitor(app).get("/calibrations/unknown").status_code in (302, 303, 401)


def test_a_session_is_planned_to_be_calibrated(
    root: FlaskClient, context: ServiceContext, people: People
) -> None:
    form = root.get("/sessions/new").text
    assert 'value="calibrate"' in form
    begin = context.clock().astimezone(dt.timezone(dt.timedelta(hours=8)))
    made = root.post(
        "/sessions/new",
        data={
            "title": "第三场",
            "centre_id": people["centre"].id,
            "exam": "estorm-comprehensive",
            "levels": ["novice"],
            "starts_at": (begin + dt.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"),
            "ends_at": (begin + dt.timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M"),
            "late_minutes": "15",
            "rooms": "第一考场 30",
            "result_mode": "calibrate",
        },
    )
    assert made.status_code == 303
    session_id = made.location.rsplit("/", 1)[1]
    session = get_session(context, session_id, people["administrator"])
    assert session.result_mode.value == "calibrate" and session.holds_results
    assert "Held, calibrated, scored again" in words_of(root.get(made.location).text)
    empty = words_of(root.get(f"/calibrations/sessions/{session_id}").text)
    assert "There is nothing to calibrate" in empty
