"""The result page, the list of results, and the certificate's file."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certify.services.administering import add_person
from certify.services.issuing import revoke_credential
from certify.services.ports import Person
from tests.examined import Examined
from tests.integration.services.sitting import sit_exam
from tests.unit.certify.web.pages.visiting import make_app, visitor, words_of

PROVISIONAL = (
    "题目参数为专家暂定值，尚未经考生数据校准；本结果为暂定，校准后重新评分。"
    "下列概率可能偏高，暂不作为授证依据。"
)


@pytest.fixture
def app(examined: Examined) -> Flask:
    return make_app(examined)


@pytest.fixture
def client(app: Flask, examined: Examined) -> FlaskClient:
    return visitor(app, examined.people["student"])


def result_page(client: FlaskClient, attempt_id: str) -> str:
    answer = client.get(f"/attempts/{attempt_id}/result")
    assert answer.status_code == 200
    return answer.text


def test_the_level_is_said_in_one_sentence_with_its_certainty(
    client: FlaskClient, examined: Examined
) -> None:
    words = words_of(result_page(client, examined.attempt_id))
    assert "You have reached the level “Proficient”." in words
    assert "the probability is" in words
    assert "provisional" in words


def test_the_sentence_about_parameters_stands_word_for_word(app: Flask, examined: Examined) -> None:
    client = visitor(app, examined.people["student"], language="zh")
    page = result_page(client, examined.attempt_id)
    assert PROVISIONAL in page
    assert "您达到了“成熟”等级。" in page


def test_profile_ladder_reasons_steps_and_record_are_there(
    client: FlaskClient, examined: Examined
) -> None:
    page = result_page(client, examined.attempt_id)
    assert page.count('class="step step-plain"') == 3
    assert page.count('<li class="ladder-rung') == 4
    assert 'class="radar-drawing"' in page
    assert 'class="convergence"' in page
    words = words_of(page)
    for sentence in ("above the cut of “Proficient”", "Why the exam ended", "at least 50%"):
        assert sentence in words
    assert "Digest of the bank release" in words


def test_the_certificate_is_offered_and_downloads_as_issued(
    client: FlaskClient, examined: Examined
) -> None:
    page = result_page(client, examined.attempt_id)
    address = f"/certificates/{examined.credential_id}.pdf"
    assert address in page
    assert f"/v/{examined.credential_id}" in page
    answer = client.get(address)
    assert answer.content_type == "application/pdf"
    assert answer.data == examined.stored.pdf
    assert "attachment" in answer.headers["Content-Disposition"]


def test_a_missing_certificate_is_issued_by_one_button_once(
    client: FlaskClient, examined: Examined, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("certify.services.concluding.issue_if_awarded", lambda *_: None)
        student = examined.people["student"]
        attempt_id = sit_exam(examined.context, student.id, level="novice", theta=2.0)
        place = f"/attempts/{attempt_id}/certificate"
        assert f'action="{place}"' in result_page(client, attempt_id)
        assert "not issued yet" in client.get("/results").text
    for _ in range(2):
        assert client.post(place).status_code == 303
    page = result_page(client, attempt_id)
    assert "Your certificate is ready." in page
    assert len(set(re.findall(r"/certificates/(\w+).pdf", page))) == 1


def test_a_revoked_certificate_is_marked_with_its_reason(
    client: FlaskClient, examined: Examined
) -> None:
    revoke_credential(
        examined.context, examined.credential_id, reason="wrong name", actor="administrator"
    )
    words = words_of(result_page(client, examined.attempt_id))
    assert "This certificate has been revoked" in words
    assert "wrong name" in words


def test_who_reached_no_level_reads_what_is_there_and_what_is_missing(
    app: Flask, examined: Examined
) -> None:
    # not the student, whose good exam of before would count as evidence
    beginner = add_person(
        examined.context,
        username="beginner",
        display_name="周可",
        password="correct horse",
        roles={"student"},
    )
    client = visitor(app, beginner)
    attempt_id = sit_exam(examined.context, beginner.id, level="proficient", theta=-3.0)
    words = words_of(result_page(client, attempt_id))
    assert "You have not reached a level this time." in words
    assert "What is still missing" in words
    assert "See the exam for “Novice”" in words
    assert "No certificate belongs to this result." in words
    answer = client.post(f"/attempts/{attempt_id}/certificate", follow_redirects=True)
    assert "No certificate belongs to this result." in words_of(answer.text)


def test_an_exam_handed_in_at_once_is_not_judged(client: FlaskClient) -> None:
    location = client.post("/exams/estorm-comprehensive/novice", data={"confirm": "yes"}).location
    assert "too early for a level" in words_of(client.get(f"{location}/hand-in").text)
    result = client.post(f"{location}/hand-in", follow_redirects=True)
    words = words_of(result.text)
    assert "Too few items were answered to decide on a level." in words
    assert "0 items were answered; a decision needs at least 24." in words
    assert "your level" not in words
    assert "is still below" not in words


def test_missing_experience_is_named_as_the_reason(client: FlaskClient, examined: Examined) -> None:
    student = examined.people["student"]
    attempt_id = sit_exam(examined.context, student.id, level="elite", theta=4.0)
    words = words_of(result_page(client, attempt_id))
    assert "60 months of work experience are asked, your record shows 18 months" in words
    assert "the certificate is for “Proficient”" in words


def test_a_running_exam_has_no_result_yet(client: FlaskClient) -> None:
    location = client.post("/exams/estorm-comprehensive/novice", data={"confirm": "yes"}).location
    assert client.get(f"{location}/result").location == location
    assert client.post(f"{location}/certificate").status_code == 303


def test_results_are_listed_with_their_certificates(app: Flask, examined: Examined) -> None:
    client = visitor(app, examined.people["student"], language="zh")
    page = client.get("/results").text
    assert f"/attempts/{examined.attempt_id}/result" in page
    assert f"/certificates/{examined.credential_id}.pdf" in page


def test_an_empty_list_says_where_to_begin(app: Flask, examined: Examined) -> None:
    other = newcomer(examined)
    page = visitor(app, other).get("/results").text
    assert "No results yet" in page
    assert 'href="/exams"' in page


def test_certificates_of_others_are_not_found(app: Flask, examined: Examined) -> None:
    address = f"/certificates/{examined.credential_id}.pdf"
    assert visitor(app, newcomer(examined)).get(address).status_code == 404
    assert visitor(app).get(address).status_code == 303
    assert visitor(app, examined.people["teacher"]).get(address).status_code == 403


@pytest.mark.parametrize("identifier", ["0" * 20, "abc", "😀"])
def test_unknown_certificates_are_not_found(client: FlaskClient, identifier: str) -> None:
    assert client.get(f"/certificates/{identifier}.pdf").status_code == 404


def newcomer(examined: Examined) -> Person:
    return add_person(
        examined.context,
        username="newcomer",
        display_name="周可",
        password="correct horse",
        roles={"student"},
    )
