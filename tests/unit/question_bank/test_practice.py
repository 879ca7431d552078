"""Items for practice: which they are, and what they leave to the exams."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from question_bank.practice import load_practice_ids
from question_bank.shipped import load_shipped_items

ITEMS = {item.id: item for item in load_shipped_items()}
CHOSEN = [ITEMS[item_id] for item_id in sorted(load_practice_ids() & ITEMS.keys())]


def test_every_listed_item_is_shipped_and_listed_once_under_its_node() -> None:
    assert load_practice_ids() <= ITEMS.keys()
    assert {item.node for item in CHOSEN} == {item.node for item in ITEMS.values()}


def test_a_node_has_three_items_for_practice_and_a_scarce_one_two() -> None:
    counts = Counter((item.dimension, item.node) for item in CHOSEN)
    assert {count for (dimension, _), count in counts.items() if dimension == "O"} == {2}
    assert {count for (dimension, _), count in counts.items() if dimension != "O"} == {3}


def test_every_item_explains_its_key() -> None:
    assert [item.id for item in CHOSEN if not item.explanation.text] == []


def test_no_material_is_shared_with_an_item_of_the_exams() -> None:
    assert [item.id for item in CHOSEN if item.stimulus] == []


def test_every_point_keeps_an_item_for_the_exams() -> None:
    left = {(item.node, item.point) for item in ITEMS.values() if item not in CHOSEN}
    assert [item.id for item in CHOSEN if (item.node, item.point) not in left] == []


def test_items_for_practice_are_no_enemies_of_one_another() -> None:
    enemies = defaultdict(set)
    for item in ITEMS.values():
        for enemy in item.enemies:
            enemies[item.id].add(enemy)
            enemies[enemy].add(item.id)
    ids = {item.id for item in CHOSEN}
    assert [item_id for item_id in ids if enemies[item_id] & ids] == []


@pytest.mark.parametrize("dimension", ["e", "O", "R"])
def test_scarce_items_stay_with_the_exams(dimension: str) -> None:
    novice = [i for i in CHOSEN if (i.dimension, i.level) == (dimension, "novice")]
    assert novice == []
