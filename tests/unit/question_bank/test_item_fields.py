"""Items taken apart into fields, and put together again as they were."""

from __future__ import annotations

import pytest

from question_bank.exchange.native import item_from_mapping
from question_bank.item import Item
from question_bank.item_fields import fields_of, mapping_of
from question_bank.shipped import load_shipped_items
from question_bank.skills import load_skill_model
from tests.factories import make_item


def test_every_shipped_item_survives_its_fields() -> None:
    model = load_skill_model()
    for item in load_shipped_items():
        assert item_from_mapping(mapping_of(item.id, fields_of(item)), model, item.id) == item


@pytest.mark.parametrize("item_type", ["single", "multiple"])
def test_the_key_of_a_choice_is_one_field(item_type: str) -> None:
    item = make_item(item_type=item_type)
    fields = fields_of(item)
    assert fields["answer"] == sorted(item.answer_key.correct)  # type: ignore[union-attr]
    assert "options.a.correct" not in fields
    assert fields["options.a.text"] == item.options[0].text


def test_a_choice_without_a_key_stays_without() -> None:
    item: Item = make_item(answer_key=None)
    again = item_from_mapping(mapping_of(item.id, fields_of(item)), load_skill_model(), "item")
    assert again.answer_key is None
