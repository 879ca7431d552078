"""Many items at once: chosen by boxes or by the whole list, each told what became of it."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certify.services.banking import get_item, search_items
from certify.services.ports import ItemFilter
from question_bank.exchange.native import item_to_mapping
from question_bank.item import ItemStatus
from tests.authors import bring
from tests.examined import Examined
from tests.unit.certify.web.pages.visiting import make_app, visitor, words_of


@pytest.fixture
def app(examined: Examined) -> Flask:
    return make_app(examined)


@pytest.fixture
def client(app: Flask, examined: Examined) -> FlaskClient:
    return visitor(app, examined.people["teacher"])


def draft(examined: Examined, item_id: str) -> None:
    newest = get_item(examined.context, item_id)
    data = {**item_to_mapping(newest.item), "source": "另一处"}
    bring(examined.context, data, ItemStatus.DRAFT, based_on=newest.version)


def test_choosing_leads_to_a_form_that_names_the_items(client: FlaskClient) -> None:
    page = client.post(
        "/items/bulk", data={"action": "tag", "item": ["01-001", "01-002"], "query": "node=01"}
    )
    assert page.status_code == 200
    words = words_of(page.text)
    assert "2 items are chosen." in words
    assert 'value="01-001 01-002"' in page.text
    assert 'href="/items?node=01"' in page.text


def test_choosing_nothing_leads_back_to_the_list(client: FlaskClient) -> None:
    answer = client.post("/items/bulk", data={"action": "tag", "query": "node=01"})
    assert (answer.status_code, answer.location) == (303, "/items?node=01")
    assert "Choose at least one item first." in client.get(answer.location).text


def test_the_whole_list_can_be_chosen(client: FlaskClient, examined: Examined) -> None:
    total = search_items(examined.context, ItemFilter(node="01")).total
    page = client.post("/items/bulk", data={"action": "retire", "all": "1", "query": "node=01"})
    assert f"{total} items are chosen." in words_of(page.text)


def test_tags_are_set_and_each_item_becomes_a_draft(
    client: FlaskClient, examined: Examined
) -> None:
    page = client.post(
        "/items/bulk/apply",
        data={"action": "tag", "items": "01-001 02-001", "node": "T3", "chapter": "03.1"},
    )
    assert "Done with 2 items" in words_of(page.text)
    for item_id in ("01-001", "02-001"):
        version = get_item(examined.context, item_id)
        assert (version.item.node, version.item.chapter) == ("T3", "03.1")
        assert version.status is ItemStatus.DRAFT


def test_a_hyphen_takes_a_tag_away(client: FlaskClient, examined: Examined) -> None:
    for chapter, kept in (("03.1", "03.1"), ("", "03.1"), ("-", "")):
        fields = {"action": "tag", "items": "01-001", "chapter": chapter, "level": "novice"}
        assert client.post("/items/bulk/apply", data=fields).status_code == 200
        assert get_item(examined.context, "01-001").item.chapter == kept


def test_no_tag_at_all_is_refused_in_the_form(client: FlaskClient) -> None:
    answer = client.post("/items/bulk/apply", data={"action": "tag", "items": "01-001"})
    assert answer.status_code == 422
    assert "Fill in at least one tag" in answer.text


def test_a_step_is_taken_where_it_can_be_and_the_rest_is_listed(
    client: FlaskClient, examined: Examined
) -> None:
    draft(examined, "01-001")
    page = client.post(
        "/items/bulk/apply", data={"action": "submit", "items": "01-001 01-002 99-999"}
    )
    words = words_of(page.text)
    assert "Done with 1 item" in words
    assert "2 items stay as they were" in words
    assert get_item(examined.context, "01-001").status is ItemStatus.IN_REVIEW
    assert get_item(examined.context, "01-002").status is ItemStatus.OPERATIONAL


def test_sending_back_asks_for_a_reason(client: FlaskClient) -> None:
    fields = {"action": "send_back", "items": "01-001", "note": " "}
    answer = client.post("/items/bulk/apply", data=fields)
    assert answer.status_code == 422
    assert 'id="note-error"' in answer.text


def test_an_export_of_the_chosen_leads_to_its_page(client: FlaskClient) -> None:
    answer = client.post("/items/bulk", data={"action": "export", "item": ["01-001", "01-002"]})
    assert answer.location == "/items/export?item=01-001&item=01-002"
    answer = client.post(
        "/items/bulk", data={"action": "export", "all": "1", "query": "level=elite&sort=id"}
    )
    assert answer.location == "/items/export?level=elite"


@pytest.mark.parametrize("path", ["/items/bulk", "/items/bulk/apply"])
def test_an_action_that_does_not_exist_is_refused(client: FlaskClient, path: str) -> None:
    fields = {"action": "burn", "item": "01-001", "items": "01-001"}
    assert client.post(path, data=fields).status_code == 400
    assert client.get(path).status_code in (404, 405)


@pytest.mark.parametrize("path", ["/items/bulk", "/items/bulk/apply"])
def test_only_teachers_change_many(app: Flask, examined: Examined, path: str) -> None:
    fields = {"action": "retire", "item": "01-001", "items": "01-001"}
    assert visitor(app).post(path, data=fields).status_code == 303
    for role in ("student", "auditor", "centre", "administrator"):
        assert visitor(app, examined.people[role]).post(path, data=fields).status_code == 403
    assert get_item(examined.context, "01-001").version == 1
