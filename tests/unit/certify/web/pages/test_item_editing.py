"""Writing items: two steps, four types, drafts with findings, refusals, and edit conflicts."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from certify.services.banking import get_item, list_versions
from tests.examined import Examined
from tests.unit.certify.web.pages.visiting import make_app, visitor, words_of

TYPES = ("single", "multiple", "true_false", "numeric")


class _Fields(HTMLParser):
    """What a browser would send of the item form, untouched."""

    def __init__(self) -> None:
        super().__init__()
        self.values: list[tuple[str, str]] = []
        self.inside = False
        self.area = self.choice = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.inside = "data-item-form" in given
        if not self.inside:
            return
        name = given.get("name", "")
        if tag == "textarea":
            self.area = name
            self.values.append((name, ""))
        elif tag == "select":
            self.choice = name
        elif tag == "option" and "selected" in given:
            self.values.append((self.choice, given["value"]))
        elif tag == "input" and name and is_sent(given):
            self.values.append((name, given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        if tag == "textarea":
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.values[-1] = (self.area, self.values[-1][1] + data)


def is_sent(given: dict[str, str]) -> bool:
    return given.get("type") not in ("radio", "checkbox") or "checked" in given


def fields_of(page: str, **changes: Any) -> MultiDict[str, str]:
    parser = _Fields()
    parser.feed(page)
    sent = MultiDict(parser.values)
    sent["intent"] = "save"
    for name, value in changes.items():
        sent.setlist(name, value if isinstance(value, list) else [value])
    return sent


@pytest.fixture
def app(examined: Examined) -> Flask:
    return make_app(examined)


@pytest.fixture
def client(app: Flask, examined: Examined) -> FlaskClient:
    return visitor(app, examined.people["teacher"])


def edit_form(client: FlaskClient, item_id: str = "01-001", **changes: Any) -> MultiDict[str, str]:
    return fields_of(client.get(f"/items/{item_id}/edit").text, **changes)


def first_of(client: FlaskClient, item_type: str) -> str:
    listed = client.get(f"/items?type={item_type}").text
    return listed.split('class="row-link" href="/items/')[1].split('"')[0]


# --- the first step ------------------------------------------------------------------------


def test_the_first_step_asks_node_and_type(client: FlaskClient) -> None:
    page = client.get("/items/new")
    assert page.status_code == 200
    assert "Go on to the form" in page.text
    assert "Error:" not in page.text


def test_the_first_step_names_what_is_missing(client: FlaskClient) -> None:
    page = client.get("/items/new?step=form&node=99").text
    assert "Choose the skill that the item asks for" in page
    assert "Choose the type of the item" in page


@pytest.mark.parametrize(
    ("item_type", "field"),
    [
        ("single", 'type="radio" name="correct"'),
        ("multiple", 'type="checkbox" name="correct"'),
        ("true_false", 'name="truth"'),
        ("numeric", 'name="formula"'),
    ],
)
def test_the_form_has_the_fields_of_the_type(
    client: FlaskClient, item_type: str, field: str
) -> None:
    page = client.get(f"/items/new?node=09&type={item_type}").text
    assert field in page
    assert page.count('name="option_text"') == {"single": 4, "multiple": 5}.get(item_type, 0)


def test_only_levels_and_dimensions_of_the_node_are_offered(client: FlaskClient) -> None:
    page = client.get("/items/new?node=07&type=single").text
    assert 'value="elite"' in page
    assert 'value="novice"' not in page
    assert "S Store and goods" in page
    assert "M Marketing" not in page


def test_the_form_speaks_chinese(app: Flask, examined: Examined) -> None:
    client = visitor(app, examined.people["teacher"], language="zh")
    page = client.get("/items/new?node=01&type=numeric").text
    for word in ("题干", "允许误差", "典型错误答案", "预估难度", "保存为第1版", "预览"):
        assert word in page


# --- saving --------------------------------------------------------------------------------


def test_a_draft_with_findings_is_saved_and_they_are_shown(
    client: FlaskClient, examined: Examined
) -> None:
    sent = fields_of(
        client.get("/items/new?node=01&type=single").text, stem="新题？", level="novice"
    )
    answer = client.post("/items/new", data=sent)
    assert answer.status_code == 303
    page = words_of(client.get(answer.location).text)
    assert "findings are open" in page
    assert "No answer key; mark what is right" in page
    saved = get_item(examined.context, answer.location.rsplit("/", 1)[1])
    assert (saved.status, saved.version, saved.author) == ("draft", 1, "teacher")


def test_an_operational_item_with_errors_is_refused_at_its_fields(
    client: FlaskClient, examined: Examined
) -> None:
    sent = fields_of(
        client.get("/items/new?node=01&type=single").text,
        stem="新题？",
        level="novice",
        status="operational",
        difficulty="0.1",
    )
    answer = client.post("/items/new", data=sent)
    assert answer.status_code == 422
    assert 'href="#options"' in answer.text
    assert 'id="options-error"' in answer.text
    assert 'id="difficulty-error"' in answer.text
    assert "新题？" in answer.text
    assert 'value="operational" id="status-2" checked' in answer.text


@pytest.mark.parametrize("item_type", TYPES)
def test_an_unchanged_form_saves_the_same_item(
    client: FlaskClient, examined: Examined, item_type: str
) -> None:
    item_id = first_of(client, item_type)
    before = get_item(examined.context, item_id)
    answer = client.post(f"/items/{item_id}/edit", data=edit_form(client, item_id))
    assert answer.status_code == 303
    after = get_item(examined.context, item_id)
    assert after.version == before.version + 1
    assert after.item == before.item


def test_fields_that_cannot_be_read_are_refused_and_kept(
    client: FlaskClient, examined: Examined
) -> None:
    sent = edit_form(client, expected_seconds="soon", stem="改过的题干？", status="draft")
    answer = client.post("/items/01-001/edit", data=sent)
    assert answer.status_code == 422
    assert 'id="expected_seconds-error"' in answer.text
    assert 'value="soon"' in answer.text
    assert "改过的题干？" in answer.text
    assert len(list_versions(examined.context, "01-001")) == 1


def test_a_retired_item_is_kept_with_its_versions(client: FlaskClient, examined: Examined) -> None:
    client.post("/items/01-001/edit", data=edit_form(client, status="retired"))
    versions = list_versions(examined.context, "01-001")
    assert [version.status for version in versions] == ["retired", "operational"]


def test_somebody_elses_change_is_shown_beside_ones_own(
    client: FlaskClient, examined: Examined
) -> None:
    mine = edit_form(client, stem="我的题干？")
    client.post("/items/01-001/edit", data=edit_form(client, takeaway="对方的要点。"))
    answer = client.post("/items/01-001/edit", data=mine)
    assert answer.status_code == 409
    words = words_of(answer.text)
    assert "Both versions side by side" in words
    assert "对方的要点。" in words
    assert "我的题干？" in words
    assert len(list_versions(examined.context, "01-001")) == 2
    # the form now starts from the newest version: saving once more goes through
    again = client.post("/items/01-001/edit", data=fields_of(answer.text))
    assert again.status_code == 303
    newest = get_item(examined.context, "01-001")
    assert (newest.version, newest.item.stem) == (3, "我的题干？")


def test_the_type_of_a_stored_item_cannot_be_changed_by_the_form(
    client: FlaskClient, examined: Examined
) -> None:
    client.post("/items/01-001/edit", data=edit_form(client, type="numeric", node="05"))
    newest = get_item(examined.context, "01-001").item
    assert (newest.type, newest.node) == ("single", "01")


@pytest.mark.parametrize("changes", [{"node": "99"}, {"type": "riddle"}, {"node": "", "type": ""}])
def test_a_new_item_of_no_known_kind_is_a_bad_request(
    client: FlaskClient, changes: dict[str, str]
) -> None:
    sent = fields_of(client.get("/items/new?node=01&type=single").text, **changes)
    assert client.post("/items/new", data=sent).status_code == 400
    assert client.post("/items/preview", data=sent).status_code == 400


# --- the preview ---------------------------------------------------------------------------


def test_the_preview_button_saves_nothing_and_keeps_the_input(
    client: FlaskClient, examined: Examined
) -> None:
    sent = edit_form(client, stem="只看一看？", intent="preview")
    answer = client.post("/items/01-001/edit", data=sent)
    assert answer.status_code == 200
    assert answer.text.count("只看一看？") >= 2
    assert len(list_versions(examined.context, "01-001")) == 1


@pytest.mark.parametrize("item_type", TYPES)
def test_the_live_preview_is_a_fragment_with_findings(client: FlaskClient, item_type: str) -> None:
    page = client.get(f"/items/new?node=09&type={item_type}").text
    answer = client.post("/items/preview", data=fields_of(page, stem="**什么**？"))
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "<strong>什么</strong>" in answer.text
    assert "No answer key" in answer.text


def test_the_preview_shows_no_script_of_its_author(client: FlaskClient) -> None:
    page = client.get("/items/new?node=09&type=single").text
    sent = fields_of(page, stem="<img src=x onerror=alert(1)>？", option_text=["<b>甲</b>"] * 4)
    answer = client.post("/items/preview", data=sent)
    assert "<img" not in answer.text
    assert "<b>" not in answer.text


@pytest.mark.parametrize("path", ["/items/new", "/items/01-001/edit", "/items/preview"])
def test_only_teachers_write(app: Flask, examined: Examined, path: str) -> None:
    assert visitor(app).post(path).status_code == 303
    assert visitor(app, examined.people["student"]).post(path).status_code == 403
    assert len(list_versions(examined.context, "01-001")) == 1


def test_saving_needs_the_token_of_the_form(app: Flask, client: FlaskClient) -> None:
    sent = edit_form(client)
    app.config["WTF_CSRF_ENABLED"] = True
    token = sent.pop("csrf_token")
    assert client.post("/items/01-001/edit", data=sent).status_code == 400
    sent["csrf_token"] = token
    assert client.post("/items/01-001/edit", data=sent).status_code == 303
