"""Results and certificates: to their candidate, and to strangers only what is public."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from tests.unit.certify.web.api.house import House, Visitor, fresh_attempt, sit_exam
from tests.unit.certify.web.api.test_attempts import names_in


@pytest.fixture
def credential_id(student: Visitor, awarded_attempt: str) -> str:
    return str(student.post(f"/attempts/{awarded_attempt}/certificate").json["credential_id"])


def test_a_result_states_level_numbers_and_reasons(student: Visitor, awarded_attempt: str) -> None:
    result = student.get(f"/attempts/{awarded_attempt}/result").json
    assert result["awarded_level"] == result["placed_level"] == "novice"
    assert result["probability"] >= result["threshold"]
    assert sum(result["posterior"].values()) == pytest.approx(1)
    assert [entry["code"] for entry in result["dimensions"]] == ["e", "S", "T", "O", "R", "M"]
    assert result["reasons"][0]["code"] == "threshold_reached"
    assert result["reasons"][0]["required"] == result["threshold"]
    assert result["parameter_status"] == "provisional"
    assert "provisional" in result["provisional_notice"]
    assert len(result["transcript_sha256"]) == 64
    assert result["end_reason"]
    assert {"item_id", "correct", "steps"}.isdisjoint(names_in(result))


def test_a_running_attempt_has_no_result(house: House, other_student: Visitor) -> None:
    attempt = fresh_attempt(other_student, house)
    for method, tail in (("GET", "result"), ("POST", "certificate")):
        refused = other_student.send(method, f"/attempts/{attempt['id']}/{tail}")
        assert (refused.status_code, refused.json["code"]) == (409, "result-not-ready")


def test_the_deadline_needs_no_background_job(
    house: House, other_student: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = fresh_attempt(other_student, house)
    later = replace(house.context, clock=lambda: datetime.now(UTC) + timedelta(hours=3))
    monkeypatch.setitem(house.app.extensions, "certify", later)
    assert other_student.get(f"/attempts/{attempt['id']}").json["state"] == "closed"
    result = other_student.get(f"/attempts/{attempt['id']}/result")
    assert result.status_code == 200, result.text
    assert result.json["end_reason"] == "time"


def test_no_level_means_no_certificate(house: House, other_student: Visitor) -> None:
    attempt_id = sit_exam(other_student, house, ability=-4.0)
    result = other_student.get(f"/attempts/{attempt_id}/result").json
    assert (result["awarded_level"], result["credential_id"]) == ("none", None)
    refused = other_student.post(f"/attempts/{attempt_id}/certificate")
    assert (refused.status_code, refused.json["code"]) == (422, "nothing-to-certify")


def test_a_certificate_is_issued_once(
    student: Visitor, awarded_attempt: str, credential_id: str
) -> None:
    again = student.post(f"/attempts/{awarded_attempt}/certificate")
    assert again.json == {"credential_id": credential_id}


def test_the_holder_gets_the_pdf(student: Visitor, credential_id: str) -> None:
    answer = student.get(f"/certificates/{credential_id}.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert credential_id in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_strangers_see_public_facts_and_a_masked_name(
    stranger: Visitor, credential_id: str
) -> None:
    answer = stranger.get(f"/certificates/{credential_id}")
    assert answer.json["status"] == "valid"
    assert answer.json["masked_name"] == "林**"
    assert "林晓雨" not in answer.get_data(as_text=True)
    assert answer.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("typed", ["0" * 20, "0" * 19 + "1", "abc", "%00", "..%2f", "x" * 64])
def test_unknown_numbers_all_look_alike(stranger: Visitor, typed: str) -> None:
    answer = stranger.get(f"/certificates/{typed}")
    assert (answer.status_code, answer.json["code"]) == (404, "not-found")
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_a_name_is_confirmed_and_never_told(stranger: Visitor, credential_id: str) -> None:
    place = f"/certificates/{credential_id}/name-check"
    assert stranger.post(place, {"name": " 林 晓雨"}).json == {"matches": True}
    assert stranger.post(place, {"name": "林晓云"}).json == {"matches": False}
    unknown = stranger.post("/certificates/unknown/name-check", {"name": "林晓雨"})
    assert unknown.json == {"matches": False}


def test_a_file_is_checked_by_name(student: Visitor, stranger: Visitor, credential_id: str) -> None:
    pdf = student.get(f"/certificates/{credential_id}.pdf").data
    report = stranger.upload("/certificates/verify", file=(pdf, "certificate.pdf")).json
    assert report["status"] == "valid"
    assert {"name", "result", "reason", "clause"} == set(report["checks"][0])
    changed = pdf.replace(b"/Title", b"/Titel", 1)
    report = stranger.upload("/certificates/verify", file=(changed, "certificate.pdf")).json
    assert report["status"] != "valid"


def test_a_file_that_is_no_pdf_is_refused(stranger: Visitor) -> None:
    refused = stranger.upload("/certificates/verify", file=(b"GIF89a", "certificate.pdf"))
    assert (refused.status_code, refused.json["code"]) == (422, "unreadable-certificate")


def test_a_file_that_is_too_large_is_refused(stranger: Visitor) -> None:
    large = b"%PDF-1.7" + bytes(8 * 1024 * 1024)
    refused = stranger.upload("/certificates/verify", file=(large, "certificate.pdf"))
    assert (refused.status_code, refused.json["code"]) == (413, "too-large")


def test_an_upload_beyond_all_bounds_is_refused(house: House, stranger: Visitor) -> None:
    app: Flask = house.app
    largest = app.config["MAX_CONTENT_LENGTH"]
    app.config["MAX_CONTENT_LENGTH"] = 1000
    try:
        refused = stranger.upload("/certificates/verify", file=(bytes(2000), "certificate.pdf"))
    finally:
        app.config["MAX_CONTENT_LENGTH"] = largest
    assert (refused.status_code, refused.json["code"]) == (413, "too-large")
