"""Blueprints that contradict themselves, and pools that cannot give what a blueprint asks."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certify.exams.adaptive import AdaptiveExam
from certify.exams.attempt import EndReason
from certify.exams.blueprint import check_satisfiable, usable_per_dimension
from certify.exams.content_rules import SLACK
from certify.exams.errors import BlueprintNotSatisfiable, InvalidBlueprint
from question_bank.item import Item
from tests.factories import (
    NODE_OF,
    begin,
    calibrated,
    make_blueprint,
    make_item,
    make_items,
    make_pool,
    sit,
)

HALF = Fraction(1, 2)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"shares": {}}, "dimension shares that sum to 1"),
        ({"shares": {"S": HALF}}, "dimension shares that sum to 1"),
        ({"shares": {"S": Fraction(3, 2), "T": -HALF}}, "shares of 0 or more"),
        ({"min_items": 0}, r"0 < min_items <= max_items, found \(0, 20\)"),
        ({"min_items": 21}, r"0 < min_items <= max_items, found \(21, 20\)"),
        ({"limit_seconds": 0}, "a time limit above 0"),
        ({"stop_confidence": 0.5}, "stop_confidence"),
        ({"stop_confidence": 1.0}, "stop_confidence"),
        ({"stop_confidence": float("nan")}, "stop_confidence"),
        ({"best_of": 0}, "best_of of 1 or more"),
        ({"max_dimension_se": 0.0}, "max_dimension_se above 0"),
        ({"max_dimension_se": float("nan")}, "max_dimension_se above 0"),
        ({"pretest_items": -1}, r"0 <= pretest_items < min_items, found \(-1, 12\)"),
        ({"pretest_items": 12}, r"0 <= pretest_items < min_items, found \(12, 12\)"),
        ({"max_exposure": 0.0}, r"max_exposure in \(0, 1\]"),
        ({"max_exposure": 1.1}, r"max_exposure in \(0, 1\]"),
    ],
)
def test_contradiction_is_named(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidBlueprint, match=message) as caught:
        make_blueprint(**changes)
    assert "estorm-comprehensive/1/elite" in str(caught.value)


def test_most_is_the_share_rounded_up_and_least_rounded_down() -> None:
    blueprint = make_blueprint(
        shares={"S": Fraction(1, 3), "T": Fraction(2, 3)}, min_items=10, max_items=20
    )
    assert [blueprint.most_items(letter) for letter in "STe"] == [7, 14, 0]
    assert [blueprint.least_items(letter) for letter in "STe"] == [3, 6, 0]


def items_of(letter: str, count: int, *, level: str = "novice") -> list[Item]:
    node = NODE_OF[letter]
    return [
        make_item(
            f"{node}-{letter}{level[0]}{number:02d}",
            node=node,
            dimension=letter,
            level=level,
            calibration=calibrated(b=number / 10),
        )
        for number in range(count)
    ]


def even_blueprint(**changes: Any) -> Any:
    fields = {"shares": {"S": HALF, "T": HALF}, "level": "novice", "min_items": 8, "max_items": 8}
    return make_blueprint(**{**fields, **changes})


def test_pool_with_enough_of_each_dimension_satisfies() -> None:
    check_satisfiable(even_blueprint(), make_pool(items_of("S", 4) + items_of("T", 4)))


def test_dimension_that_lacks_items_is_named_with_both_numbers() -> None:
    pool = make_pool(items_of("S", 4) + items_of("T", 3))
    with pytest.raises(
        BlueprintNotSatisfiable,
        match=r"estorm-comprehensive/1/novice: dimension T needs 4 items, the bank release has 3",
    ):
        check_satisfiable(even_blueprint(), pool)


def test_items_above_the_level_do_not_count() -> None:
    pool = make_pool(items_of("S", 4) + items_of("T", 4, level="proficient"))
    with pytest.raises(BlueprintNotSatisfiable, match=r"dimension T needs 4 items.*has 0"):
        check_satisfiable(even_blueprint(), pool)
    check_satisfiable(even_blueprint(level="proficient"), pool)


def test_dimension_that_the_skill_model_does_not_know_lacks_items() -> None:
    blueprint = even_blueprint(shares={"S": HALF, "X": HALF})
    with pytest.raises(BlueprintNotSatisfiable, match=r"dimension X needs 4 items.*has 0"):
        check_satisfiable(blueprint, make_pool(items_of("S", 8)))


def hostile(items: list[Item], pairs: list[tuple[int, int]]) -> list[Item]:
    """The items with enemies by their numbers; one side of each pair names the other."""
    return [
        make_item(
            item.id,
            node=item.node,
            dimension=item.dimension,
            level=item.level,
            calibration=item.calibration,
            enemies=tuple(items[b].id for a, b in pairs if a == number),
        )
        for number, item in enumerate(items)
    ]


def test_of_two_enemies_one_counts() -> None:
    pool = make_pool(items_of("S", 4) + hostile(items_of("T", 4), [(3, 0)]))
    assert usable_per_dimension(even_blueprint(), pool)["T"] == 3
    with pytest.raises(BlueprintNotSatisfiable, match=r"dimension T needs 4 items.*has 3"):
        check_satisfiable(even_blueprint(), pool)


@pytest.mark.parametrize("hub", [0, 4])
def test_item_hostile_to_all_others_leaves_one_to_count_on(hub: int) -> None:
    """Served first, it shuts out the other four, whichever way the items are ordered."""
    pairs = [(hub, other) for other in range(5) if other != hub]
    pool = make_pool(items_of("S", 4) + hostile(items_of("T", 5), pairs))
    assert usable_per_dimension(even_blueprint(), pool)["T"] == 1


def test_enemies_of_two_dimensions_cannot_be_counted_on_in_either() -> None:
    pool = make_pool(hostile(items_of("S", 5) + items_of("T", 5), [(0, 5)]))
    usable = usable_per_dimension(even_blueprint(), pool)
    assert (usable["S"], usable["T"]) == (4, 4)


def test_enemy_above_the_level_or_outside_the_pool_takes_nothing_away() -> None:
    items = items_of("T", 4) + items_of("T", 1, level="elite")
    pool = make_pool([*hostile(items, [(0, 4), (4, 1)]), *items_of("S", 4)])
    assert usable_per_dimension(even_blueprint(), pool)["T"] == 4
    lone = make_item("T3-x", node="T3", dimension="T", enemies=("T3-none",))
    assert usable_per_dimension(even_blueprint(), make_pool([lone]))["T"] == 1


@settings(max_examples=100, deadline=None)
@given(
    pairs=st.lists(st.sampled_from(list(combinations(range(14), 2))), max_size=8),
    seed=st.integers(0, 10**6),
)
def test_pool_found_sufficient_never_runs_out(pairs: list[tuple[int, int]], seed: int) -> None:
    items = items_of("S", 7) + items_of("T", 7)
    pool, blueprint = make_pool(hostile(items, pairs)), even_blueprint()
    try:
        check_satisfiable(blueprint, pool)
    except BlueprintNotSatisfiable:
        return
    exam = AdaptiveExam(pool, blueprint)
    attempt = sit(begin(seed=str(seed)), exam, lambda item: True).attempt
    assert attempt.end_reason is EndReason.MAX_ITEMS
    served = [pool.by_id[entry.item_id].dimension for entry in attempt.served]
    assert abs(served.count("S") - served.count("T")) <= 2 * SLACK


def test_large_pool_satisfies_the_default_blueprint() -> None:
    check_satisfiable(make_blueprint(), make_pool(make_items(30)))
