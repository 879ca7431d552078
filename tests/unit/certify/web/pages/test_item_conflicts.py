"""Two teachers edit one item at once: nothing is lost, and contradictions are chosen from."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certify.services.banking import get_item, list_stored_versions, list_versions
from tests.examined import Examined
from tests.unit.certify.web.pages.form_fields import edit_form, fields_of
from tests.unit.certify.web.pages.visiting import make_app, visitor, words_of


@pytest.fixture
def app(examined: Examined) -> Flask:
    return make_app(examined)


@pytest.fixture
def client(app: Flask, examined: Examined) -> FlaskClient:
    return visitor(app, examined.people["teacher"])


def test_somebody_elses_change_is_put_together_with_ones_own(
    client: FlaskClient, examined: Examined
) -> None:
    mine = edit_form(client, stem="我的题干？")
    client.post("/items/01-001/edit", data=edit_form(client, takeaway="对方的要点。"))
    answer = client.post("/items/01-001/edit", data=mine)
    assert answer.status_code == 409
    words = words_of(answer.text)
    assert "Somebody else saved this item meanwhile" in words
    assert "Nothing contradicts" in words
    assert len(list_versions(examined.context, "01-001")) == 2
    # the form now starts from the newest version and holds both changes
    again = client.post("/items/01-001/edit", data=fields_of(answer.text))
    assert again.status_code == 303
    newest = get_item(examined.context, "01-001")
    assert (newest.version, newest.item.stem) == (3, "我的题干？")
    assert newest.item.explanation.takeaway == "对方的要点。"


@pytest.mark.parametrize(("side", "stem"), [("mine", "我的题干？"), ("theirs", "对方的题干？")])
def test_where_both_changed_the_same_one_side_is_chosen(
    client: FlaskClient, examined: Examined, side: str, stem: str
) -> None:
    mine = edit_form(client, stem="我的题干？", takeaway="我的要点。")
    client.post("/items/01-001/edit", data=edit_form(client, stem="对方的题干？"))
    conflict = client.post("/items/01-001/edit", data=mine).text
    assert "对方的题干？" in conflict
    chosen = fields_of(conflict, within="conflict_data", **{"side stem": side, "intent": "merge"})
    merged = client.post("/items/01-001/edit", data=chosen)
    assert merged.status_code == 200
    saved = client.post("/items/01-001/edit", data=fields_of(merged.text))
    assert saved.status_code == 303
    newest = get_item(examined.context, "01-001").item
    assert (newest.stem, newest.explanation.takeaway) == (stem, "我的要点。")


@pytest.mark.parametrize("data", ["", "{", "[]", "null"])
def test_a_damaged_conflict_is_a_bad_request(client: FlaskClient, data: str) -> None:
    sent = edit_form(client, intent="merge", conflict_data=data, conflict_base="1")
    assert client.post("/items/01-001/edit", data=sent).status_code == 400


def test_the_base_both_sides_and_what_was_taken_are_shown(
    client: FlaskClient, examined: Examined
) -> None:
    before = get_item(examined.context, "01-001").item.stem
    mine = edit_form(client, stem=f"请问：{before}", source="我的来源", note="为了更清楚")
    theirs = edit_form(client, stem=f"{before}（单选）", takeaway="对方的要点。")
    client.post("/items/01-001/edit", data=theirs)
    page = client.post("/items/01-001/edit", data=mine).text
    words = words_of(page)
    assert f"Before, in version 1 {before}" in words
    assert "added: 请问：" in words
    assert "added: （单选）" in words
    assert "Taken from you Source" in words
    assert "Taken from version 2 Takeaway" in words
    # what was said about the change is not lost either
    assert page.count('name="note" value="为了更清楚"') == 1
    assert fields_of(page)["note"] == "为了更清楚"


def test_the_chosen_sides_are_saved_at_once(client: FlaskClient, examined: Examined) -> None:
    mine = edit_form(client, stem="我的题干？", takeaway="我的要点。", note="改题干")
    client.post("/items/01-001/edit", data=edit_form(client, stem="对方的题干？", source="对方"))
    conflict = client.post("/items/01-001/edit", data=mine).text
    chosen = fields_of(
        conflict, within="conflict_data", **{"side stem": "theirs", "intent": "merge-save"}
    )
    assert client.post("/items/01-001/edit", data=chosen).status_code == 303
    newest = list_stored_versions(examined.context, "01-001")[0]
    item = get_item(examined.context, "01-001").item
    assert (newest.version, newest.note) == (3, "改题干")
    assert (item.stem, item.source, item.explanation.takeaway) == (
        "对方的题干？",
        "对方",
        "我的要点。",
    )


def test_a_third_save_during_the_merge_is_a_conflict_again(
    client: FlaskClient, examined: Examined
) -> None:
    mine = edit_form(client, stem="我的题干？")
    client.post("/items/01-001/edit", data=edit_form(client, stem="对方的题干？"))
    merged = fields_of(client.post("/items/01-001/edit", data=mine).text)
    client.post("/items/01-001/edit", data=edit_form(client, stem="第三人的题干？"))
    again = client.post("/items/01-001/edit", data=merged)
    assert again.status_code == 409
    assert "第三人的题干？" in again.text
    assert "我的题干？" in again.text
