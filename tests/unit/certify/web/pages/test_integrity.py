"""Integrity reports through their pages: computed, read, noted, kept as tables, refused."""

from __future__ import annotations

import csv
import io
from random import Random

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certify.exams.exam_session import ExamSession
from certify.services.admitting import enter_session, start_sitting
from certify.services.delivering import hand_in
from certify.services.integrity_reports import view_report
from certify.services.page_logging import ToldEvent, log_origin, log_page_events
from certify.services.rostering import import_roster
from certify.services.scheduling import create_session, open_session
from certify.services.simulating import SimulatedCandidate
from certify.web.pages import integrity
from tests.examined import Examined
from tests.integration.services.session_days import HERE, make_draft
from tests.integration.services.sitting import answer_once
from tests.unit.certify.web.pages.visiting import make_app, visitor, words_of

ROSTER = """准考证号,姓名,用户名,考场,座位,加时(分钟)
202611200101,林晓雨,student,第一考场,1,
202611200102,=王小明,,第一考场,2,
"""
NEVER = "Evidence, never a verdict"


@pytest.fixture
def app(examined: Examined) -> Flask:
    return make_app(examined)


@pytest.fixture
def centre(app: Flask, examined: Examined) -> FlaskClient:
    return visitor(app, examined.people["centre"])


@pytest.fixture
def session(examined: Examined) -> ExamSession:
    """A session with two exams that are over, the first by somebody in a hurry."""
    context, by = examined.context, examined.people["centre"]
    planned = create_session(context, make_draft(context, by), by)
    import_roster(context, planned.id, ROSTER.encode(), "roster.csv", by=by)
    opened = open_session(context, planned.id, by)
    for number, who in enumerate(candidates(examined, opened)):
        sit(examined, opened, who, seconds=40.0 if number else 1.0)
    return opened


def candidates(examined: Examined, session: ExamSession) -> list[str]:
    with examined.context.database.reading() as work:
        return [seat.candidate_id for seat in work.sessions.seats(session.id)]


def sit(examined: Examined, session: ExamSession, who: str, seconds: float) -> None:
    context, clock = examined.context, examined.clock
    clock.now = session.starts_at
    enter_session(context, who, session.id, HERE, code=session.code_of("第一考场"))
    attempt_id = start_sitting(context, who, session.id, HERE)
    for _ in range(8):
        clock.advance(seconds=seconds)
        answer_once(context, who, attempt_id, SimulatedCandidate(0.0, Random(1)))
    if seconds < 2:
        log_page_events(context, who, attempt_id, [ToldEvent("k", "away", 5.0, 2.0)])
        log_origin(context, who, attempt_id, "abcdef0123456789")
    hand_in(context, who, attempt_id)


def computed(client: FlaskClient, session: ExamSession) -> str:
    """The words of a report that was just computed."""
    done = client.post(f"/integrity/{session.id}")
    assert done.status_code == 303
    return words_of(client.get(done.location).text)


def table_of(client: FlaskClient, address: str) -> list[list[str]]:
    answer = client.get(address)
    assert answer.status_code == 200 and answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_a_report_is_computed_and_read(
    centre: FlaskClient, session: ExamSession, examined: Examined
) -> None:
    page = centre.get(f"/sessions/{session.id}")
    assert f"/integrity/{session.id}" in page.text
    empty = words_of(centre.get(f"/integrity/{session.id}").text)
    assert NEVER in empty and "2 exams of this session are over" in empty
    text = computed(centre, session)
    for words in (NEVER, "The report was computed", "Rapid answers", "林晓雨", "Cannot prove:"):
        assert words in text
    assert "No pair stands out" in text
    narrowed = words_of(centre.get(f"/integrity/{session.id}?signal=rapid").text)
    assert "林晓雨" in narrowed and "王小明" not in narrowed
    assert "王小明" in words_of(centre.get(f"/integrity/{session.id}?signal=nonsense&page=99").text)


def test_the_evidence_of_one_candidate_is_shown_with_its_course(
    centre: FlaskClient, session: ExamSession, examined: Examined
) -> None:
    computed(centre, session)
    first, second = candidates(examined, session)
    page = centre.get(f"/integrity/{session.id}/candidates/{first}")
    text = words_of(page.text)
    for words in (NEVER, "8 of 8 rapid, effort 0%", "The course of the exam", "New browser"):
        assert words in text
    assert page.text.count('class="timeline-bar timeline-rapid"') == 8 + 1
    assert 'class="timeline-bar timeline-away"' in page.text
    quiet = words_of(centre.get(f"/integrity/{session.id}/candidates/{second}").text)
    assert "The pages of this exam told nothing unusual" in quiet


def test_a_note_is_kept_and_shown(
    centre: FlaskClient, session: ExamSession, examined: Examined
) -> None:
    computed(centre, session)
    address = f"/integrity/{session.id}/candidates/{candidates(examined, session)[0]}"
    refused = centre.post(address, data={"outcome": "guilty", "text": "x"})
    assert refused.status_code == 422 and "Choose what you came to" in words_of(refused.text)
    refused = centre.post(address, data={"outcome": "referred", "text": " "})
    assert refused.status_code == 422 and "Enter your reasons" in words_of(refused.text)
    kept = centre.post(address, data={"outcome": "referred", "text": "看了录像<b>"})
    assert kept.status_code == 303
    page = centre.get(address).text
    assert "看了录像&lt;b&gt;" in page and "Referred" in words_of(page)
    assert "Referred" in words_of(centre.get(f"/integrity/{session.id}").text)


def test_tables_to_keep_hold_everything_and_no_formula(
    centre: FlaskClient, session: ExamSession
) -> None:
    assert len(table_of(centre, f"/integrity/{session.id}/candidates.csv")) == 1
    computed(centre, session)
    head, *rows = table_of(centre, f"/integrity/{session.id}/candidates.csv")
    assert len(rows) == 2 and {len(row) for row in rows} == {len(head)}
    by_name = {row[1]: dict(zip(head, row, strict=True)) for row in rows}
    assert by_name["'=王小明"]["Rapid answers"] == "0"
    assert by_name["林晓雨"]["Times away"] == "1"
    assert len(table_of(centre, f"/integrity/{session.id}/pairs.csv")) == 1


def test_a_long_computation_tells_how_far_it_is(
    centre: FlaskClient, session: ExamSession, monkeypatch: pytest.MonkeyPatch, examined: Examined
) -> None:
    monkeypatch.setattr(integrity, "STREAMED_FROM", 1)
    answer = centre.post(f"/integrity/{session.id}")
    assert answer.status_code == 200
    assert "Reading the exams: 2 of 2" in words_of(answer.text)
    assert "Comparing the answers: 2 of 2" in words_of(answer.text)
    assert f'content="0; url=/integrity/{session.id}"' in answer.text
    assert view_report(examined.context, session.id, examined.people["centre"]).report


@pytest.mark.parametrize("role", ["centre", "auditor", "administrator"])
def test_whoever_inspects_finds_the_sessions(
    app: Flask, examined: Examined, session: ExamSession, role: str
) -> None:
    client = visitor(app, examined.people[role])
    assert f'href="/integrity/{session.id}"' in client.get("/integrity").text
    assert client.get(f"/integrity/{session.id}").status_code == 200


def test_an_auditor_is_led_to_the_reports(app: Flask, examined: Examined) -> None:
    client = visitor(app, examined.people["auditor"])
    assert 'href="/integrity"' in client.get("/audit").text
    assert "There is no session yet" in words_of(client.get("/integrity").text)


@pytest.mark.parametrize("role", ["student", "teacher"])
def test_others_are_refused(app: Flask, examined: Examined, role: str) -> None:
    client = visitor(app, examined.people[role])
    assert client.get("/integrity").status_code == 403
    assert client.post("/integrity/x").status_code == 403
    assert client.post("/integrity/x/candidates/y").status_code == 403


def test_strangers_sign_in_and_unknown_things_are_not_found(
    app: Flask, centre: FlaskClient, session: ExamSession
) -> None:
    assert visitor(app).get(f"/integrity/{session.id}").status_code == 303
    assert centre.get("/integrity/unknown").status_code == 404
    assert centre.get(f"/integrity/{session.id}/candidates/unknown").status_code == 404
    assert centre.get("/integrity/unknown/pairs.csv").status_code == 404
    assert centre.put(f"/integrity/{session.id}").status_code == 405


def test_the_report_is_whole_in_chinese(
    app: Flask, examined: Examined, session: ExamSession
) -> None:
    client = visitor(app, examined.people["centre"], "zh")
    done = client.post(f"/integrity/{session.id}")
    text = words_of(client.get(done.location).text)
    assert "只是线索，不是结论" in text and NEVER not in text
