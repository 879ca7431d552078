"""The item bank's list and one item: who may see it, filters, pages, older versions."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certify.services.banking import get_item
from question_bank.exchange.native import item_to_mapping
from question_bank.item import ItemStatus
from question_bank.shipped import load_shipped_items
from tests.authors import bring
from tests.examined import Examined
from tests.unit.certify.web.pages.visiting import make_app, visitor, words_of

LAST_PAGE = -(-len(load_shipped_items()) // 50)


@pytest.fixture
def app(examined: Examined) -> Flask:
    return make_app(examined)


@pytest.fixture
def client(app: Flask, examined: Examined) -> FlaskClient:
    return visitor(app, examined.people["teacher"])


def save(examined: Examined, item_id: str, status: str = "operational", **changes: object) -> None:
    newest = get_item(examined.context, item_id)
    data = {**item_to_mapping(newest.item), **changes}
    bring(examined.context, data, ItemStatus(status), based_on=newest.version)


@pytest.mark.parametrize(
    "path",
    ["/items", "/items/01-001", "/items/new", "/items/01-001/edit", "/releases", "/releases/0"],
)
def test_only_teachers_enter(app: Flask, examined: Examined, path: str) -> None:
    assert visitor(app).get(path).status_code == 303
    for role in ("student", "auditor", "centre", "administrator"):
        assert visitor(app, examined.people[role]).get(path).status_code == 403


def test_the_list_shows_items_with_their_tags(client: FlaskClient) -> None:
    words = words_of(client.get("/items?node=01").text)
    assert "01-001" in words
    assert "Photo shooting and editing" in words
    assert "Operational" in words
    assert "02-001" not in words


def test_the_list_speaks_chinese(app: Flask, examined: Examined) -> None:
    page = visitor(app, examined.people["teacher"], language="zh").get("/items").text
    for word in ("新增试题", "单选题", "图片拍摄和编辑", "启用", "海外市场分析"):
        assert word in page


def test_the_list_is_filtered_by_text_type_and_state(
    client: FlaskClient, examined: Examined
) -> None:
    save(examined, "01-001", status="draft", stem="独一无二的题干？")
    assert "01-001" in client.get("/items?text=独一无二").text
    assert "01-001" in client.get("/items?status=draft").text
    assert "01-002" not in client.get("/items?status=draft").text
    assert "01-001" not in client.get("/items?type=numeric").text


def test_a_list_without_items_says_so(client: FlaskClient) -> None:
    page = client.get("/items?text=zzzz")
    assert page.status_code == 200
    assert "No item meets these conditions" in page.text


def test_conditions_that_mean_nothing_are_left_out(client: FlaskClient) -> None:
    page = client.get("/items?node=99&level=master&type=riddle&status=gone&dimension=X&text=%00")
    assert page.status_code == 200
    assert "01-001" in page.text


@pytest.mark.parametrize(
    ("asked", "led_to"), [("999", f"page={LAST_PAGE}"), ("0", "/items"), ("-3", "/items")]
)
def test_a_page_beyond_the_list_leads_to_the_nearest(
    client: FlaskClient, asked: str, led_to: str
) -> None:
    answer = client.get(f"/items?page={asked}")
    assert answer.status_code == 303
    assert answer.location.endswith(led_to)


def test_pages_keep_the_filter(client: FlaskClient) -> None:
    assert "status=operational&amp;page=2" in client.get("/items?status=operational").text


def test_an_item_shows_key_notes_and_the_honest_label(client: FlaskClient) -> None:
    words = words_of(client.get("/items/01-001").text)
    assert "As the candidate sees it" in words
    assert "Provisional difficulty (experts' judgement, not measured)" in words
    assert "No findings" in words
    assert "Supplied with the product" in words


def test_the_honest_label_stands_in_chinese(app: Flask, examined: Examined) -> None:
    page = visitor(app, examined.people["teacher"], language="zh").get("/items/01-001").text
    assert "预估难度（专家判断，未经实测）" in page


@pytest.mark.parametrize("item_type", ["single", "multiple", "true_false", "numeric"])
def test_every_type_shows_as_in_the_exam(
    client: FlaskClient, examined: Examined, item_type: str
) -> None:
    listed = client.get(f"/items?type={item_type}").text
    first = listed.split('class="row-link" href="')[1].split('"')[0]
    page = client.get(first).text
    assert 'class="exam-item' in page
    assert 'name="preview-answer"' in page


def test_findings_are_shown_with_severity_and_advice(
    client: FlaskClient, examined: Examined
) -> None:
    save(examined, "01-001", status="draft", source="", expected_seconds=5)
    words = words_of(client.get("/items/01-001").text)
    assert "Error Expected time 5 s; give 10 to 900 s" in words
    assert "Advice No source" in words


def test_an_older_version_can_still_be_seen(client: FlaskClient, examined: Examined) -> None:
    before = get_item(examined.context, "01-001").item.explanation.takeaway
    save(examined, "01-001", takeaway="另一个要点。")
    assert "另一个要点" in client.get("/items/01-001").text
    older = client.get("/items/01-001?version=1").text
    assert before in older
    assert "另一个要点" not in older
    assert "This is an older version" in older


@pytest.mark.parametrize("path", ["/items/99-999", "/items/01-001?version=7", "/items/99-999/edit"])
def test_what_does_not_exist_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_markup_in_a_stem_is_text(client: FlaskClient, examined: Examined) -> None:
    save(examined, "01-001", stem="<script>alert(1)</script>是什么？")
    for path in ("/items", "/items/01-001", "/items/01-001/edit"):
        assert "<script>alert" not in client.get(path).text
