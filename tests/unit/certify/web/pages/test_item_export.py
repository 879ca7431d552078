"""Export: every format, of chosen items or a whole list; what a format cannot say comes first."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certify.services.banking import get_item
from certify.web.exchange_words import WRITTEN
from question_bank.exchange.formats import read_items
from tests.examined import Examined
from tests.unit.certify.web.pages.visiting import make_app, visitor, words_of


@pytest.fixture
def app(examined: Examined) -> Flask:
    return make_app(examined)


@pytest.fixture
def client(app: Flask, examined: Examined) -> FlaskClient:
    return visitor(app, examined.people["teacher"])


def test_each_format_says_in_a_line_what_it_holds(app: Flask, examined: Examined) -> None:
    page = visitor(app, examined.people["teacher"], language="zh").get("/items/export?node=01").text
    for word in ("QTI 3.0包", "Excel工作簿", "只有单选题和答案"):
        assert word in page


@pytest.mark.parametrize("code", sorted(WRITTEN))
def test_a_file_of_each_format_comes_back(client: FlaskClient, code: str, tmp_path: Path) -> None:
    address = "/items/export?item=01-001"
    answer = client.post(address, data={"form": code, "anyway": "1"})
    assert answer.status_code == 200
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename=items-2027")
    path = tmp_path / disposition.partition("filename=")[2]
    path.write_bytes(answer.data)
    found, _problems = read_items(path)
    assert len(found) == 1


def test_what_a_format_cannot_say_is_shown_before_the_file(client: FlaskClient) -> None:
    page = client.post("/items/export?node=01", data={"form": "aiken"})
    words = words_of(page.text)
    assert page.mimetype == "text/html"
    assert "Aiken text cannot say everything" in words
    assert "Take the file anyway" in words


def test_chosen_items_are_written_as_chosen(
    client: FlaskClient, examined: Examined, tmp_path: Path
) -> None:
    answer = client.post("/items/export?item=02-001&item=01-001", data={"form": "yaml"})
    path = tmp_path / "items.yaml"
    path.write_bytes(answer.data)
    found, problems = read_items(path)
    assert problems == ()
    wanted = [get_item(examined.context, item_id).item for item_id in ("02-001", "01-001")]
    assert sorted(found, key=lambda item: item.id, reverse=True) == wanted


@pytest.mark.parametrize(
    ("address", "form"), [("/items/export?text=zzzz", "yaml"), ("/items/export", "word")]
)
def test_nothing_to_write_and_no_format_are_refused(
    client: FlaskClient, address: str, form: str
) -> None:
    answer = client.post(address, data={"form": form})
    assert answer.status_code == 422
    assert 'id="form-error"' in answer.text


def test_an_item_that_is_not_there_is_not_found(client: FlaskClient) -> None:
    assert client.post("/items/export?item=99-999", data={"form": "yaml"}).status_code == 404


def test_only_teachers_export(app: Flask, examined: Examined) -> None:
    assert visitor(app).get("/items/export").status_code == 303
    for role in ("student", "auditor", "centre", "administrator"):
        stranger = visitor(app, examined.people[role])
        assert stranger.get("/items/export").status_code == 403
        assert stranger.post("/items/export", data={"form": "yaml"}).status_code == 403


def test_gaps_are_told_in_the_words_of_the_page(app: Flask, examined: Examined) -> None:
    client = visitor(app, examined.people["teacher"], language="zh")
    page = client.post("/items/export?node=01", data={"form": "aiken"}).text
    for word in ("部分写入", "未写入", "数值题", "知识点"):
        assert word in page
    assert "expected_seconds" not in page
    assert "numeric题" not in page
