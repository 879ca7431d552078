"""The list of exams, the rules before one, and the start."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certify.services.announcing import outline_exam
from certify.services.attempt_history import list_attempts
from certify.services.delivering import start_attempt
from tests.examined import Examined
from tests.unit.certify.web.pages.visiting import make_app, visitor, words_of

NOVICE = "/exams/estorm-comprehensive/novice"
PROVISIONAL = "题目参数为专家暂定值，尚未经考生数据校准；本结果为暂定，校准后重新评分。"


@pytest.fixture
def app(examined: Examined) -> Flask:
    return make_app(examined)


@pytest.fixture
def client(app: Flask, examined: Examined) -> FlaskClient:
    return visitor(app, examined.people["student"])


def attempts_of(examined: Examined) -> int:
    return len(list_attempts(examined.context, examined.people["student"].id))


@pytest.mark.parametrize("path", ["/exams", NOVICE])
def test_only_students_enter(app: Flask, examined: Examined, path: str) -> None:
    assert visitor(app).get(path).status_code == 303
    assert visitor(app, examined.people["teacher"]).get(path).status_code == 403


def test_levels_are_listed_with_what_they_ask(client: FlaskClient) -> None:
    words = words_of(client.get("/exams").text)
    assert "24 to 60 items" in words
    assert "60 minutes" in words
    assert "60 months or more" in words
    assert "not the official format" in words
    assert "Past attempts" in words


def test_the_list_speaks_chinese(app: Flask, examined: Examined) -> None:
    page = visitor(app, examined.people["student"], language="zh").get("/exams").text
    assert "24至60题" in page
    assert "历次考试" in page


def test_a_running_exam_can_be_continued_from_the_list(
    client: FlaskClient, examined: Examined
) -> None:
    student = examined.people["student"]
    attempt_id = start_attempt(examined.context, student.id, "estorm-comprehensive", "novice")
    examined.clock.advance(minutes=5)
    page = client.get("/exams").text
    assert f'href="/attempts/{attempt_id}"' in page
    assert "55 minutes left" in words_of(page)
    assert f'href="/attempts/{attempt_id}"' in client.get(NOVICE).text


def test_an_exam_whose_time_ran_out_stands_among_the_past_ones(
    client: FlaskClient, examined: Examined
) -> None:
    student = examined.people["student"]
    attempt_id = start_attempt(examined.context, student.id, "estorm-comprehensive", "novice")
    examined.clock.advance(minutes=61)
    page = client.get("/exams").text
    assert f"/attempts/{attempt_id}/result" in page
    assert "time was up" in page


def test_the_rules_say_that_parameters_are_provisional(app: Flask, examined: Examined) -> None:
    page = visitor(app, examined.people["student"], language="zh").get(NOVICE).text
    assert PROVISIONAL in page
    assert "开始考试" in page


def test_missing_experience_is_said_before_the_start(client: FlaskClient) -> None:
    words = words_of(client.get("/exams/estorm-comprehensive/elite").text)
    assert "less work experience" in words
    assert "18 months on record" in words


@pytest.mark.parametrize(
    "path", ["/exams/nothing/novice", "/exams/estorm-comprehensive/none", "/exams/trade-special/x"]
)
def test_unknown_exams_are_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.post(path, data={"confirm": "yes"}).status_code == 404


def test_nothing_begins_without_confirmation(client: FlaskClient, examined: Examined) -> None:
    before = attempts_of(examined)
    answer = client.post(NOVICE)
    assert answer.status_code == 422
    assert "Confirm that you have read the rules" in answer.text
    assert attempts_of(examined) == before


def test_starting_twice_leads_to_one_attempt(client: FlaskClient, examined: Examined) -> None:
    before = attempts_of(examined)
    first = client.post(NOVICE, data={"confirm": "yes"})
    second = client.post(NOVICE, data={"confirm": "yes"})
    assert first.status_code == 303
    assert first.location == second.location
    assert attempts_of(examined) == before + 1


def test_starting_needs_a_token(examined: Examined) -> None:
    app = make_app(examined)
    app.config["WTF_CSRF_ENABLED"] = True
    client = visitor(app, examined.people["student"])
    assert client.post(NOVICE, data={"confirm": "yes"}).status_code == 400


@pytest.mark.parametrize("confirm", [False, True])
def test_a_bank_that_is_too_small_begins_nothing(examined: Examined, confirm: bool) -> None:
    programme = examined.context.programmes["estorm-comprehensive"]
    rule = replace(programme.exam("novice"), min_items=900, max_items=1200)
    greedy = replace(programme, exams={**programme.exams, "novice": rule})
    versions = {**examined.context.programme_versions, (greedy.code, greedy.version): greedy}
    examined.context = replace(examined.context, programme_versions=versions)
    before = attempts_of(examined)
    client = visitor(make_app(examined), examined.people["student"])
    answer = client.post(NOVICE, data={"confirm": "yes"}) if confirm else client.get(NOVICE)
    assert answer.status_code == 503
    assert "Nothing was begun" in words_of(answer.text)
    assert attempts_of(examined) == before


def test_an_outline_names_only_an_attempt_that_still_runs(examined: Examined) -> None:
    context, student = examined.context, examined.people["student"]
    attempt_id = start_attempt(context, student.id, "estorm-comprehensive", "novice")
    outline = outline_exam(context, student.id, "estorm-comprehensive", "novice")
    assert outline.running_attempt == attempt_id
    assert outline.is_provisional
    examined.clock.advance(minutes=61)
    outline = outline_exam(context, student.id, "estorm-comprehensive", "novice")
    assert outline.running_attempt is None
