"""Made-up responses: the right one earns every point, a wrong one never does."""

from __future__ import annotations

from random import Random

import pytest

from certify.services.responding import right_response, wrong_response
from question_bank.interactions import parse_response
from question_bank.item import Item, ItemType
from question_bank.response_processing import score
from question_bank.shipped import load_shipped_items
from tests.factories import make_item

SCORED = sorted(set(ItemType) - {ItemType.ESSAY, ItemType.COMPOSITE})


def is_right(item: Item, raw: object) -> bool:
    return score(item, parse_response(item, raw)).is_correct


@pytest.mark.parametrize("item_type", SCORED)
def test_the_right_response_earns_the_points_and_a_wrong_one_does_not(item_type: str) -> None:
    item = make_item(item_type=item_type)
    assert is_right(item, right_response(item))
    for seed in range(20):
        assert not is_right(item, wrong_response(item, Random(seed)))


def test_every_shipped_item_can_be_answered_rightly_and_wrongly() -> None:
    for item in load_shipped_items():
        assert is_right(item, right_response(item)), item.id
        assert not is_right(item, wrong_response(item, Random(1))), item.id


def test_an_essay_gets_a_text() -> None:
    item = make_item(item_type="essay")
    assert right_response(item) == {"text": "先说目标人群，再说卖点。"}
    assert parse_response(item, wrong_response(item, Random(1)))
