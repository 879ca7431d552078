"""Our own items as QTI: same points, elements in the order of the schema."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import given, settings

from question_bank.exchange.qti.native_markup import native_item_node
from question_bank.item import Item
from question_bank.qti.processing import process
from question_bank.qti.tree import to_text
from question_bank.response_processing import score
from tests.unit.question_bank.exchange.qti.random_items import ANSWERED, ESSAY, as_responses

DECLARATIONS = ("qti-response-declaration", "qti-outcome-declaration")
ORDER = (*DECLARATIONS, "qti-item-body", "qti-response-processing", "qti-modal-feedback")


@settings(max_examples=400, deadline=None)
@given(ANSWERED)
def test_the_file_gives_the_points_that_our_own_rule_gives(answered: tuple[Item, Any]) -> None:
    item, raw = answered
    found = process(to_text(native_item_node(item)), as_responses(item, raw))
    ours = score(item, {"RESPONSE": raw})
    assert (found.points, found.max_points) == (ours.points, ours.max_points)
    assert not found.needs_marking


@settings(max_examples=50, deadline=None)
@given(ANSWERED)
def test_elements_stand_in_the_order_of_the_schema(answered: tuple[Item, Any]) -> None:
    places = [ORDER.index(node.name) for node in native_item_node(answered[0]).elements]
    assert places == sorted(places)


def test_an_essay_is_left_to_people() -> None:
    found = process(to_text(native_item_node(ESSAY)), {"RESPONSE": "尊敬的客户"})
    assert found.needs_marking
    assert found.max_points == Fraction(1)
