"""Designed error pages: advice for people, problem+json for programs, tracebacks for nobody."""

from __future__ import annotations

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient

from certify.web.auth import public

STATUSES = (400, 401, 403, 404, 405, 409, 413, 429, 500)


@pytest.mark.parametrize("status", STATUSES)
def test_every_problem_has_a_designed_page(app: Flask, client: FlaskClient, status: int) -> None:
    app.add_url_rule("/fails", view_func=public(lambda: abort(status)))
    response = client.get("/fails?lang=en")
    assert response.status_code == status
    assert "problem-status" in response.text
    assert "Go to the home page" in response.text


def test_an_unknown_address_is_explained_in_chinese_first(client: FlaskClient) -> None:
    response = client.get("/no/such/page")
    assert response.status_code == 404
    assert "找不到页面" in response.text


def test_an_exception_shows_its_number_and_no_traceback(app: Flask, client: FlaskClient) -> None:
    def fail() -> str:
        raise RuntimeError("password of the database")

    app.add_url_rule("/fails", view_func=public(fail))
    response = client.get("/fails")
    assert response.status_code == 500
    assert response.headers["X-Request-ID"] in response.text
    assert "Traceback" not in response.text
    assert "password of the database" not in response.text


def test_a_wrong_method_names_the_right_ones(client: FlaskClient) -> None:
    response = client.get("/language")
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


def test_a_program_gets_problem_json(client: FlaskClient) -> None:
    response = client.get("/api/v1/nothing?lang=en")
    assert response.status_code == 404
    assert response.content_type == "application/problem+json"
    document = response.get_json(force=True)
    assert document["status"] == 404
    assert document["title"] == "Page not found"


def test_an_upload_that_is_too_large_is_refused(app: Flask, client: FlaskClient) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 100
    response = client.post("/language", data={"language": "x" * 200})
    assert response.status_code == 413
    assert "文件太大" in response.text


def test_a_form_without_its_token_is_refused_with_advice(client: FlaskClient) -> None:
    response = client.post("/language?lang=en", data={"language": "en"})
    assert response.status_code == 400
    assert "This page was open for too long" in response.text
