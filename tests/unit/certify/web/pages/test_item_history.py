"""The versions of an item: who, when, how and why, and the differences of any two."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certify.services.advancing import advance_item
from certify.services.authoring import save_item
from certify.services.banking import get_item
from question_bank.exchange.native import item_to_mapping
from question_bank.lifecycle import ItemAction
from tests.authors import REVIEWER, WRITER
from tests.examined import Examined
from tests.unit.certify.web.pages.visiting import make_app, visitor, words_of

ITEM = "01-001"


@pytest.fixture
def app(examined: Examined) -> Flask:
    return make_app(examined)


@pytest.fixture
def client(app: Flask, examined: Examined) -> FlaskClient:
    return visitor(app, examined.people["teacher"])


@pytest.fixture
def item(examined: Examined) -> str:
    """Four versions: shipped, edited, sent to review with another level, sent back."""
    data = item_to_mapping(get_item(examined.context, ITEM).item)
    data["stem"] = "主图应当<先>看什么？"
    save_item(examined.context, data, based_on=1, actor=WRITER, note="更清楚")
    data = {**data, "level": "proficient", "expected_seconds": 90}
    save_item(examined.context, data, based_on=2, actor=WRITER, submit=True)
    advance_item(examined.context, ITEM, ItemAction.SEND_BACK, actor=REVIEWER, note="等级不对")
    return ITEM


def test_the_history_says_who_when_how_and_why(client: FlaskClient, item: str) -> None:
    words = words_of(client.get(f"/items/{item}/versions").text)
    for word in ("Version 4", "Sent back", "等级不对", "reviewer", "更清楚", "writer", "Edited"):
        assert word in words
    assert "Supplied with the product" in words
    assert "Expected time" in words


def test_the_newest_change_is_compared_at_first(client: FlaskClient, item: str) -> None:
    words = words_of(client.get(f"/items/{item}/versions").text)
    assert "2 fields differ between version 2 and version 3" in words
    assert "removed: Novice" in words
    assert "added: Proficient" in words


def test_any_two_versions_are_compared_word_by_word(client: FlaskClient, item: str) -> None:
    page = client.get(f"/items/{item}/versions?before=1&after=4").text
    assert "3 fields differ between version 1 and version 4" in words_of(page)
    assert "<del>" in page
    assert "<ins>" in page
    assert "&lt;" in page
    assert "<先>" not in page
    backwards = words_of(client.get(f"/items/{item}/versions?before=4&after=1").text)
    assert "added: Novice" in backwards


def test_versions_that_say_the_same_say_so(client: FlaskClient, item: str) -> None:
    words = words_of(client.get(f"/items/{item}/versions?before=3&after=4").text)
    assert "Version 3 and version 4 say the same" in words


def test_a_single_version_has_nothing_to_compare(client: FlaskClient) -> None:
    page = client.get("/items/01-002/versions").text
    assert "Differences of two versions" not in page


@pytest.mark.parametrize(
    "path", ["/items/99-999/versions", f"/items/{ITEM}/versions?before=1&after=9"]
)
def test_what_is_not_there_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404
