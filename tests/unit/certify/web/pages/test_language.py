"""The language switch: Chinese first, remembered, and never a way to another site."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certify.web.auth import local_address
from certify.web.i18n import sentence_gap


def switch(client: FlaskClient, language: str, following: str = "/_style") -> object:
    page = client.get("/_style").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    form = {"csrf_token": token, "language": language, "next": following}
    return client.post("/language", data=form)


def test_chinese_comes_first_whatever_the_browser_asks_for(client: FlaskClient) -> None:
    page = client.get("/_style", headers={"Accept-Language": "en"})
    assert '<html lang="zh-CN">' in page.text


def test_the_switch_is_remembered(client: FlaskClient) -> None:
    response = switch(client, "en")
    assert response.status_code == 303  # type: ignore[attr-defined]
    assert '<html lang="en">' in client.get("/_style").text
    switch(client, "zh")
    assert '<html lang="zh-CN">' in client.get("/_style").text


def test_the_address_wins_and_is_remembered(client: FlaskClient) -> None:
    assert '<html lang="en">' in client.get("/_style?lang=en").text
    assert '<html lang="en">' in client.get("/_style").text


def test_the_switch_leads_back_without_the_language_in_the_address(client: FlaskClient) -> None:
    page = client.get("/_style?lang=en&theme=dark").text
    assert 'name="next" value="/_style?theme=dark"' in page


def test_an_unknown_language_is_refused(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    assert client.post("/language", data={"language": "xx"}).status_code == 400


@pytest.mark.parametrize(
    "offered",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "",
        "/\t/x",
    ],
)
def test_the_switch_never_leads_to_another_site(offered: str) -> None:
    assert local_address(offered) == "/"


def test_the_switch_leads_back_to_a_page_of_this_site() -> None:
    assert local_address("/exams?page=2") == "/exams?page=2"


def test_sentences_stand_apart_as_their_language_wants(app: Flask) -> None:
    with app.test_request_context("/?lang=en"):
        assert sentence_gap() == " "
    with app.test_request_context("/?lang=zh"):
        assert sentence_gap() == ""
