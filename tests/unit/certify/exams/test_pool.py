"""Items as arrays: parameters, order, enemies in both directions."""

from __future__ import annotations

from decimal import Decimal

import pytest

from certify.psychometrics.irt import probability
from certify.psychometrics.provisional import (
    COMMON_SLOPE,
    DIFFICULTY_ERROR_SD,
    SE_INFLATION,
    attenuated_slope,
)
from question_bank.item import ProvisionalDifficulty
from tests.factories import calibrated, make_item, make_items, make_pool


def test_items_are_ordered_by_id_and_their_rows_with_them() -> None:
    easy = make_item("01-002", calibration=calibrated(a=0.8, b=-1.0), expected_seconds=30)
    hard = make_item(
        "01-001", calibration=calibrated(1.5, 1.0, 0.2), expected_seconds=90, level="elite"
    )
    pool = make_pool([easy, hard])
    assert [item.id for item in pool.items] == ["01-001", "01-002"]
    assert pool.index_of == {"01-001": 0, "01-002": 1}
    assert pool.parameters.a.tolist() == [1.5, 0.8]
    assert pool.parameters.b.tolist() == [1.0, -1.0]
    assert pool.parameters.c.tolist() == [0.2, 0.0]
    assert pool.expected_seconds.tolist() == [90, 30]
    assert pool.level_ranks.tolist() == [2, 0]


def test_dimensions_are_numbered_in_the_models_order() -> None:
    pool = make_pool(make_items(1))
    letters = [pool.dimensions[number] for number in pool.dimension_index]
    assert letters == [item.dimension for item in pool.items]


@pytest.mark.parametrize(("level", "cut"), [("novice", -0.8), ("proficient", 0.3), ("elite", 1.3)])
@pytest.mark.parametrize(
    ("item_type", "share", "chance"),
    [("single", "0.70", 0.25), ("numeric", "0.60", 0.0), ("multiple", "0.40", 0.04)],
)
def test_provisional_item_is_anchored_on_the_cut_of_its_level(
    level: str, cut: float, item_type: str, share: str, chance: float
) -> None:
    guess = ProvisionalDifficulty(Decimal(share), "placeholder")
    pool = make_pool([make_item(item_type=item_type, level=level, difficulty=guess)])
    slope = attenuated_slope(COMMON_SLOPE, DIFFICULTY_ERROR_SD)
    assert pool.parameters.a.tolist() == [slope]
    assert pool.parameters.c.tolist() == [chance]
    # the attenuated curve is flatter, so the share holds at the cut only for the full slope
    difficulty = pool.parameters.b[0]
    full = make_pool([make_item(calibration=calibrated(COMMON_SLOPE, difficulty, chance))])
    item = full.parameters.on_one_dimension()
    assert probability(cut, item)[0] == pytest.approx(float(share))


def test_only_what_was_given_makes_a_standard_error_provisional() -> None:
    fitted = make_item("01-001", calibration=calibrated())
    assert not make_pool([fitted]).is_provisional
    assert make_pool([fitted]).se_factor([0]) == 1.0
    mixed = make_pool([fitted, make_item("01-002")])
    assert mixed.is_provisional
    assert mixed.se_factor([0]) == 1.0
    assert mixed.se_factor([0, 1]) == SE_INFLATION
    assert mixed.se_factor([]) == 1.0


def test_a_pool_may_be_empty() -> None:
    assert len(make_pool([]).parameters) == 0


def test_naming_an_enemy_on_one_side_is_enough() -> None:
    """Also of an item that the release no longer has: a retake may have met it before."""
    pool = make_pool(
        [
            make_item("01-001", enemies=("01-002", "01-999")),
            make_item("01-002"),
            make_item("01-003"),
        ]
    )
    assert pool.enemies_of == {
        "01-001": {"01-002", "01-999"},
        "01-002": {"01-001"},
        "01-003": frozenset(),
        "01-999": {"01-001"},
    }


def test_items_that_people_mark_stay_out_of_the_pool() -> None:
    pool = make_pool([make_item(), make_item("01-002", "essay")])
    assert [item.id for item in pool.items] == ["01-001"]
