"""The figures of an item on its page: refused, doubted, shown; every drawing with its table."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certify.services.authoring import save_item
from certify.services.banking import get_item, search_items
from certify.services.ports import ItemFilter
from question_bank.exchange.native import item_to_mapping
from question_bank.item import Item
from question_bank.practice import load_practice_ids
from tests.authors import WRITER
from tests.examined import Examined
from tests.factories import right_response, wrong_response
from tests.respondents import add_respondents
from tests.unit.certify.web.pages.visiting import make_app, visitor, words_of

ITEM = "01-001"


@pytest.fixture
def app(examined: Examined) -> Flask:
    return make_app(examined)


@pytest.fixture
def client(app: Flask, examined: Examined) -> FlaskClient:
    return visitor(app, examined.people["teacher"])


def able_are_right(item: Item) -> Any:
    def reply(number: int) -> tuple[float, Any]:
        theta = -2.0 + 0.5 * (number % 9)
        return theta, right_response(item) if theta > 0 else wrong_response(item)

    return reply


def met_by(examined: Examined, count: int, item_id: str = ITEM) -> None:
    item = get_item(examined.context, item_id).item
    add_respondents(examined.context, item, count, able_are_right(item))


def statistics(client: FlaskClient, item_id: str = ITEM) -> str:
    return client.get(f"/items/{item_id}/statistics").text


def test_too_few_responses_give_no_figures(client: FlaskClient, examined: Examined) -> None:
    met_by(examined, 19)
    page = statistics(client)
    assert "19 people have answered this item; figures are shown from 20 on" in words_of(page)
    assert "curve-chart" not in page


def test_few_responses_are_shown_with_a_warning(client: FlaskClient, examined: Examined) -> None:
    met_by(examined, 99)
    words = words_of(statistics(client))
    assert "Few responses: figures are uncertain" in words
    assert "Share right (p) 0.44" in words


def test_the_figures_stand_with_their_interval_and_their_limits(
    client: FlaskClient, examined: Examined
) -> None:
    met_by(examined, 180)
    page = statistics(client)
    words = words_of(page)
    assert "uncertain" not in words
    assert "95 % interval 0.37 to 0.52" in words
    assert "in adaptive exams everybody meets other items" in words
    # four lines and their table, five groups of 36 people
    assert page.count("<polyline") == 4
    assert words.count(" 36 ") == 5
    assert "Later half" in words


def test_typed_answers_have_one_curve(client: FlaskClient, examined: Examined) -> None:
    found = search_items(examined.context, ItemFilter(type="numeric"), size=1)
    item_id = found.rows[0].item_id
    met_by(examined, 45, item_id)
    page = statistics(client, item_id)
    assert "Frequent answers" in page
    assert page.count("<polyline") == 1


def test_an_unknown_item_is_not_found(client: FlaskClient) -> None:
    assert client.get("/items/99-999/statistics").status_code == 404


def test_every_type_has_its_page(client: FlaskClient, examined: Examined) -> None:
    for item_type in ("multiple", "true_false", "fill_in", "order", "match"):
        found = search_items(examined.context, ItemFilter(type=item_type))
        # items for practice are in no exam
        item_id = next(r.item_id for r in found.rows if r.item_id not in load_practice_ids())
        met_by(examined, 27, item_id)
        assert "First responses" in statistics(client, item_id), item_type


def test_responses_to_an_older_wording_are_counted_apart(
    client: FlaskClient, examined: Examined
) -> None:
    met_by(examined, 25)
    data = item_to_mapping(get_item(examined.context, ITEM).item)
    save_item(examined.context, {**data, "stem": "改了？"}, based_on=1, actor=WRITER)
    words = words_of(statistics(client))
    assert "Not enough responses yet" in words
    assert "25 responses to an older wording are not counted" in words
