"""Exam sessions through their pages: planned, filled, opened, invigilated, sat, released."""

from __future__ import annotations

import base64
import datetime as dt
import io
import json
import re
from hashlib import sha256

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certify.exams.exam_session import ExamSession, ResultMode
from certify.services.administering import add_person
from certify.services.delivering import start_attempt
from certify.services.invigilating import BoardAction, act_on_exams
from certify.services.ports import Person
from certify.services.scheduling import get_session
from certify.web.exam_place import CONFIG_KEY_HEADER
from tests.examined import Examined
from tests.integration.services.session_days import ROSTER, make_draft, open_filled
from tests.unit.certify.web.pages.visiting import make_app, visitor, words_of

KEY = "ab" * 32


@pytest.fixture
def app(examined: Examined) -> Flask:
    return make_app(examined)


@pytest.fixture
def centre(app: Flask, examined: Examined) -> FlaskClient:
    return visitor(app, examined.people["centre"])


@pytest.fixture
def student(app: Flask, examined: Examined) -> FlaskClient:
    return visitor(app, examined.people["student"])


@pytest.fixture
def opened(examined: Examined) -> ExamSession:
    return open_filled(examined.context, examined.people["centre"])


def fields(examined: Examined, **changes: object) -> dict[str, object]:
    begin = examined.clock.now.astimezone(dt.timezone(dt.timedelta(hours=8)))
    return {
        "title": "十一月第一场",
        "exam": "estorm-comprehensive",
        "levels": ["novice", "proficient"],
        "starts_at": (begin + dt.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"),
        "ends_at": (begin + dt.timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M"),
        "late_minutes": "15",
        "rooms": "第一考场 30\n第二考场，20座",
        "result_mode": "held",
        **changes,
    }


def upload(client: FlaskClient, session_id: str, content: bytes, mode: str) -> str:
    page = client.post(
        f"/sessions/{session_id}/candidates",
        data={"roster": (io.BytesIO(content), "名单.csv"), "mode": mode},
        content_type="multipart/form-data",
    )
    assert page.status_code == 200
    return page.text


def enter_and_start(client: FlaskClient, examined: Examined, session: ExamSession) -> str:
    """Walk in at the beginning; the attempt's id."""
    examined.clock.now = session.starts_at
    entered = client.post(f"/lobby/{session.id}/enter", data={"code": session.code_of("第一考场")})
    assert entered.status_code == 303
    started = client.post(f"/lobby/{session.id}/start", data={"confirm": "yes"})
    assert started.status_code == 303, words_of(started.text)
    return started.location.rsplit("/", 1)[1]


def test_a_session_is_planned_filled_and_opened(examined: Examined, centre: FlaskClient) -> None:
    assert "No session is planned" in words_of(centre.get("/sessions").text)
    made = centre.post("/sessions/new", data=fields(examined))
    assert made.status_code == 303
    session_id = made.location.rsplit("/", 1)[1]
    page = words_of(centre.get(f"/sessions/{session_id}").text)
    assert "In preparation" in page and "第二考场" in page
    session = get_session(examined.context, session_id, examined.people["centre"])
    assert [room.seats for room in session.rooms] == [30, 20]
    assert session.code_of("第一考场") != session.code_of("第二考场")

    refused = centre.post(f"/sessions/{session_id}/open", follow_redirects=True)
    assert "Import the candidates first" in words_of(refused.text)
    checked = upload(centre, session_id, ROSTER.encode("gb18030"), "check")
    assert "nothing was changed" in words_of(checked) and "New accounts: 2" in words_of(checked)
    done = upload(centre, session_id, ROSTER.encode("gb18030"), "import")
    assert "𬎆·买买提" in done
    listed = re.search('name="list" value="([^"]+)"', done)
    assert listed is not None
    handed = centre.post(f"/sessions/{session_id}/passwords.csv", data={"list": listed[1]})
    assert handed.data == base64.b64decode(listed[1]) and handed.data.startswith(b"\xef\xbb\xbf")
    again = upload(centre, session_id, ROSTER.encode("gb18030"), "import")
    assert "As before: 3" in words_of(again) and 'name="list"' not in again
    tickets = centre.get(f"/sessions/{session_id}/tickets.pdf")
    assert tickets.data.startswith(b"%PDF") and tickets.mimetype == "application/pdf"

    opened = centre.post(f"/sessions/{session_id}/open", follow_redirects=True)
    assert "The session is open" in words_of(opened.text)
    late = centre.post(f"/sessions/{session_id}/edit", data=fields(examined))
    assert late.status_code == 422


def test_a_form_with_faults_says_each_of_them(examined: Examined, centre: FlaskClient) -> None:
    faulty = fields(
        examined,
        title="",
        levels=[],
        ends_at="",
        late_minutes="x",
        rooms="第一考场",
        networks="10.1.0.0/99",
        config_keys="short",
    )
    page = centre.post("/sessions/new", data=faulty)
    text = words_of(page.text)
    assert page.status_code == 422
    for sentence in (
        "Enter a title",
        "at least one level",
        "an end after the beginning",
        "minutes from 0 to 240",
        "Enter each room once",
        "networks such as",
        "64 hexadecimal digits",
    ):
        assert sentence in text
    assert "第一考场" in page.text


def test_unreadable_rosters_are_refused_in_words(centre: FlaskClient, opened: ExamSession) -> None:
    for content in (b"", b"%PDF-1.7", "姓名,考场\n张三,一\n".encode(), b"PK\x03\x04 broken"):
        page = centre.post(
            f"/sessions/{opened.id}/candidates",
            data={"roster": (io.BytesIO(content), "roster.csv"), "mode": "import"},
            content_type="multipart/form-data",
        )
        assert page.status_code == 422


def test_a_candidate_enters_waits_starts_and_sees_messages(
    examined: Examined, centre: FlaskClient, student: FlaskClient, opened: ExamSession
) -> None:
    card = words_of(student.get("/exams").text)
    assert opened.title in card and "The doors are not open yet" in card
    lobby = f"/lobby/{opened.id}"
    assert student.get(f"{lobby}/state").json == {"phase": "early"}
    examined.clock.now = opened.entry_from
    assert "System check" in words_of(student.get(lobby).text)
    wrong = student.post(f"{lobby}/enter", data={"code": "ZZZZZZ"})
    assert wrong.status_code == 422 and "does not fit your room" in words_of(wrong.text)
    student.post(f"{lobby}/enter", data={"code": opened.code_of("第一考场")})
    assert student.get(f"{lobby}/state").json == {"phase": "wait"}
    early = student.post(f"{lobby}/start", data={"confirm": "yes"})
    assert early.status_code == 422 and "has not begun" in words_of(early.text)
    # admitted only: neither a running exam nor a past one
    assert student.get("/exams").status_code == 200
    assert student.get("/results").status_code == 200

    examined.clock.now = opened.starts_at
    unread = student.post(f"{lobby}/start")
    assert unread.status_code == 422
    started = student.post(f"{lobby}/start", data={"confirm": "yes"})
    attempt_id = started.location.rsplit("/", 1)[1]
    assert "data-exam" in student.get(f"/attempts/{attempt_id}").text
    centre.post(f"/sessions/{opened.id}/messages", data={"text": "请检查网线", "room": "第一考场"})
    centre.post(
        f"/sessions/{opened.id}/messages",
        data={"text": "此人换座", "kind": "incident", "room": "第一考场"},
    )
    pulse = student.get(f"/attempts/{attempt_id}/pulse").json
    assert pulse is not None and pulse["state"] == "running"
    assert [message["text"] for message in pulse["messages"]] == ["请检查网线"]
    assert set(pulse) == {"state", "remaining_seconds", "messages", "ask_again_seconds"}


def test_a_paused_exam_waits_and_goes_on(
    examined: Examined, centre: FlaskClient, student: FlaskClient, opened: ExamSession
) -> None:
    attempt_id = enter_and_start(student, examined, opened)
    board = f"/sessions/{opened.id}/board"
    paused = centre.post(
        board,
        data={"whom": "all", "action": "pause", "reason": "断电", "room": "第一考场"},
        follow_redirects=True,
    )
    assert "1 exam was changed" in words_of(paused.text)
    assert "The exam is paused" in words_of(student.get(f"/attempts/{attempt_id}").text)
    led_back = student.get(f"/attempts/{attempt_id}/result")
    assert led_back.location == f"/attempts/{attempt_id}"
    saved = student.put(
        f"/api/v1/attempts/{attempt_id}/responses/1",
        json={
            "response": ["a"],
            "revision": 1,
            "final": False,
            "client": 1,
            "idempotency_key": "key-of-16-letters",
        },
    )
    assert saved.status_code == 409
    student_id = examined.people["student"].id
    centre.post(board, data={"candidate": student_id, "action": "resume", "room": ""})
    assert "data-exam" in student.get(f"/attempts/{attempt_id}").text
    nobody = centre.post(board, data={"action": "pause", "reason": "x"}, follow_redirects=True)
    assert "Choose candidates" in words_of(nobody.text)
    bare = centre.post(board, data={"whom": "all", "action": "end"}, follow_redirects=True)
    assert "Enter a reason" in words_of(bare.text)


def test_the_stream_sends_one_event_and_only_what_is_new(
    examined: Examined, centre: FlaskClient, student: FlaskClient, opened: ExamSession
) -> None:
    address = f"/sessions/{opened.id}/board/stream"
    first = centre.get(address)
    assert first.mimetype == "text/event-stream" and first.headers["Cache-Control"] == "no-store"
    number = re.search("^id: (.+)$", first.text, re.M)
    assert first.text.startswith("retry: ") and number is not None
    same = centre.get(address, headers={"Last-Event-ID": number[1]})
    assert "data:" not in same.text and "retry: " in same.text
    enter_and_start(student, examined, opened)
    news = centre.get(address, headers={"Last-Event-ID": number[1]})
    data = re.search("^data: (.+)$", news.text, re.M)
    assert data is not None and "In the exam" in json.loads(data[1])["html"]


def test_the_board_says_nothing_about_items(
    examined: Examined, centre: FlaskClient, student: FlaskClient, opened: ExamSession
) -> None:
    attempt_id = enter_and_start(student, examined, opened)
    with examined.context.database.reading() as work:
        attempt = work.attempts.get(attempt_id)
        assert attempt is not None and attempt.current is not None
        release = examined.context.shelf.release(
            work, opened.release_digest, examined.context.skill_model
        )
    item = release.by_id[attempt.current.item_id]
    page = centre.get(f"/sessions/{opened.id}/board?room=*").text
    stream = centre.get(f"/sessions/{opened.id}/board/stream?room=*").text
    for secret in (item.id, item.stem[:30], attempt_id, "theta", "correct"):
        assert secret not in page and secret not in stream


def test_held_results_are_shown_to_nobody_before_their_release(
    examined: Examined, student: FlaskClient, centre: FlaskClient
) -> None:
    keeper = examined.people["centre"]
    session = open_filled(examined.context, keeper, result_mode=ResultMode.HELD)
    attempt_id = enter_and_start(student, examined, session)
    act_on_exams(examined.context, session.id, keeper, BoardAction.END, reason="x")
    held = student.get(f"/attempts/{attempt_id}/result")
    assert held.status_code == 200 and "Your result is being checked" in words_of(held.text)
    assert student.get(f"/api/v1/attempts/{attempt_id}/result").status_code == 409
    assert student.post(f"/api/v1/attempts/{attempt_id}/certificate").status_code == 409
    assert student.post(f"/attempts/{attempt_id}/certificate").status_code == 303
    listed = student.get("/api/v1/attempts").json
    assert listed is not None
    ours = next(entry for entry in listed["attempts"] if entry["id"] == attempt_id)
    assert ours["placed_level"] is None and ours["credential_id"] is None
    centre.post(f"/sessions/{session.id}/release")
    shown = student.get(f"/attempts/{attempt_id}/result")
    assert "Your result is being checked" not in words_of(shown.text)


def test_an_exam_is_gone_on_with_at_its_place_only(
    app: Flask, examined: Examined, student: FlaskClient
) -> None:
    session = open_filled(examined.context, examined.people["centre"], networks=("10.1.0.0/16",))
    examined.clock.now = session.starts_at
    code = {"code": session.code_of("第一考场")}
    outside = student.post(f"/lobby/{session.id}/enter", data=code)
    assert outside.status_code == 422 and "exam's network" in words_of(outside.text)
    inside = {"environ_base": {"REMOTE_ADDR": "10.1.2.3"}}
    student.post(f"/lobby/{session.id}/enter", data=code, **inside)
    started = student.post(f"/lobby/{session.id}/start", data={"confirm": "yes"}, **inside)
    attempt_id = started.location.rsplit("/", 1)[1]
    assert "data-exam" in student.get(f"/attempts/{attempt_id}", **inside).text
    for method, address in (
        ("GET", f"/attempts/{attempt_id}"),
        ("POST", f"/attempts/{attempt_id}"),
        ("GET", f"/api/v1/attempts/{attempt_id}"),
        ("PUT", f"/api/v1/attempts/{attempt_id}/responses/1"),
    ):
        refused = student.open(address, method=method, json={} if method == "PUT" else None)
        assert refused.status_code == 403, (method, address)
    elsewhere = visitor(app, examined.people["student"])
    assert elsewhere.get(f"/attempts/{attempt_id}").status_code == 403


def test_only_safe_exam_browser_of_the_session_is_let_in(
    app: Flask, examined: Examined, student: FlaskClient
) -> None:
    session = open_filled(examined.context, examined.people["centre"], config_keys=(KEY,))
    examined.clock.now = session.starts_at

    def browser(path: str, key: str = KEY) -> dict[str, str]:
        return {CONFIG_KEY_HEADER: sha256(f"http://localhost{path}{key}".encode()).hexdigest()}

    code = {"code": session.code_of("第一考场")}
    enter, start = f"/lobby/{session.id}/enter", f"/lobby/{session.id}/start"
    assert "needs Safe Exam Browser" in words_of(student.post(enter, data=code).text)
    other = student.post(enter, data=code, headers=browser(enter, "cd" * 32))
    assert "another configuration" in words_of(other.text)
    assert student.post(enter, data=code, headers=browser(enter)).status_code == 303
    started = student.post(start, data={"confirm": "yes"}, headers=browser(start))
    page = started.location
    assert student.get(page, headers=browser(page)).status_code == 200
    # another browser of the same person has passed nowhere
    assert visitor(app, examined.people["student"]).get(page).status_code == 403


@pytest.mark.parametrize("role", ["student", "teacher", "auditor"])
def test_other_roles_find_no_sessions(
    app: Flask, examined: Examined, opened: ExamSession, role: str
) -> None:
    client = visitor(app, examined.people[role])
    for path in ("", "/new", f"/{opened.id}", f"/{opened.id}/board", f"/{opened.id}/candidates"):
        assert client.get(f"/sessions{path}").status_code == 403


def test_a_foreign_centre_finds_nothing(
    app: Flask, examined: Examined, opened: ExamSession
) -> None:
    stranger = add_person(
        examined.context,
        username="yuan",
        display_name="远山考点",
        password="not a demo",
        roles=["centre"],
    )
    client = visitor(app, stranger)
    one = f"/sessions/{opened.id}"
    for path in ("", "/edit", "/board", "/board/stream", "/candidates", "/tickets.pdf"):
        assert client.get(one + path).status_code == 404, path
    for path in ("/edit", "/open", "/close", "/release", "/candidates", "/passwords.csv"):
        assert client.post(one + path).status_code == 404, path
    act = {"whom": "all", "action": "end", "reason": "x"}
    assert client.post(f"{one}/board", data=act).status_code == 404
    assert client.post(f"{one}/messages", data={"text": "x"}).status_code == 404
    assert opened.title not in client.get("/sessions").text


def test_a_stranger_finds_no_lobby_and_no_pulse(
    app: Flask, examined: Examined, student: FlaskClient, opened: ExamSession
) -> None:
    attempt_id = enter_and_start(student, examined, opened)
    stranger: Person = add_person(
        examined.context, username="fremd", display_name="路人", password="long enough",
        roles=["student"],
    )  # fmt: skip
    client = visitor(app, stranger)
    code = {"code": opened.code_of("第一考场")}
    assert client.get(f"/lobby/{opened.id}").status_code == 404
    assert client.get(f"/lobby/{opened.id}/state").status_code == 404
    assert client.post(f"/lobby/{opened.id}/enter", data=code).status_code == 404
    assert client.post(f"/lobby/{opened.id}/start", data={"confirm": "yes"}).status_code == 404
    assert client.get(f"/attempts/{attempt_id}/pulse").status_code == 404
    assert client.post(f"/attempts/{attempt_id}/next-part").status_code == 404
    assert opened.title not in client.get("/exams").text


def test_an_exam_outside_of_sessions_has_a_pulse_too(
    examined: Examined, student: FlaskClient
) -> None:
    attempt_id = start_attempt(
        examined.context, examined.people["student"].id, "estorm-comprehensive", "novice"
    )
    pulse = student.get(f"/attempts/{attempt_id}/pulse").get_json()
    assert (pulse["state"], pulse["messages"]) == ("running", [])


def test_an_administrator_plans_for_a_centre(app: Flask, examined: Examined) -> None:
    client = visitor(app, examined.people["administrator"])
    none = client.post("/sessions/new", data=fields(examined))
    assert "Choose the test centre" in words_of(none.text)
    centre_id = examined.people["centre"].id
    made = client.post("/sessions/new", data=fields(examined, centre_id=centre_id))
    assert "明德考点" in words_of(client.get(made.location).text)


def test_rooms_of_a_stored_draft_come_back_into_the_form(
    examined: Examined, centre: FlaskClient
) -> None:
    made = centre.post("/sessions/new", data=fields(examined))
    page = centre.get(f"{made.location}/edit").text
    draft = make_draft(examined.context, examined.people["centre"])
    assert "第一考场 30" in page and draft.title in page
