"""Items that are tried out: where, which ones, and that they count for nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certify.exams.adaptive import AdaptiveExam, NextItem, next_step
from certify.exams.estimation import evidence_of
from certify.exams.pool import ItemPool, build_pool
from certify.exams.pretest import FIRST_POSITION, pretest_item_at, pretest_positions
from certify.exams.scoring import score_attempt
from question_bank.item import Item
from tests.factories import (
    CORRELATION,
    DIMENSIONS,
    LEVEL_CUTS,
    begin,
    make_blueprint,
    make_exam,
    make_item,
    make_items,
    serve,
    sit,
)

SEEDS = st.integers(0, 10**9).map(str)


def tried_out(count: int = 20, **changes: object) -> list[Item]:
    return [make_item(f"01-p{number:02d}", **changes) for number in range(count)]


def pool_with(pretest: list[Item]) -> ItemPool:
    return build_pool(make_items(30), DIMENSIONS, LEVEL_CUTS, CORRELATION, pretest)


POOL = pool_with(tried_out())


@given(seed=SEEDS, least=st.integers(6, 30), count=st.integers(0, 5))
def test_positions_lie_within_the_shortest_exam_after_its_first_items(
    seed: str, least: int, count: int
) -> None:
    blueprint = make_blueprint(min_items=least, max_items=40, pretest_items=count)
    positions = pretest_positions(seed, blueprint)
    assert len(positions) == count
    assert all(FIRST_POSITION <= position <= least + count for position in positions)


def test_every_position_is_drawn_about_equally_often() -> None:
    blueprint = make_blueprint(min_items=10, pretest_items=2)
    counts = dict.fromkeys(range(3, 13), 0)
    for number in range(2000):
        for position in pretest_positions(f"seed {number}", blueprint):
            counts[position] += 1
    # 400 expected, standard deviation 18
    assert all(320 < count < 480 for count in counts.values())


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS)
def test_a_whole_exam_has_them_where_they_were_drawn_and_scores_none(seed: str) -> None:
    exam = make_exam(POOL, pretest_items=4)
    attempt = sit(begin(seed=seed), exam, lambda item: len(item.id) % 2 == 0).attempt
    served = [entry for entry in attempt.served if entry.is_pretest]
    assert {entry.position for entry in served} == pretest_positions(seed, exam.blueprint)
    assert len({entry.item_id for entry in served}) == 4
    assert {entry.item_id for entry in served} <= {item.id for item in POOL.pretest_items}
    assert len(evidence_of(attempt, POOL).indices) == len(attempt.served) - 4 >= 12
    report = score_attempt(attempt, exam)
    assert (report.pretest_items, report.items) == (4, len(attempt.served) - 4)
    assert len(report.steps) == report.items


def test_answers_to_them_change_nothing_that_is_reported() -> None:
    exam = make_exam(POOL, pretest_items=4)

    def answers(pretest: bool) -> object:
        attempt = sit(begin(), exam, lambda item: pretest if "p" in item.id else True).attempt
        return replace(score_attempt(attempt, exam), answered=0)

    assert answers(True) == answers(False)


def test_without_items_to_try_out_every_position_is_scored() -> None:
    exam = make_exam(pool_with([]), pretest_items=4)
    attempt = sit(begin(), exam, lambda item: True).attempt
    assert not any(served.is_pretest for served in attempt.served)


def test_an_exam_without_seats_for_them_tries_nothing_out() -> None:
    attempt = sit(begin(), make_exam(POOL), lambda item: True).attempt
    assert not any(served.is_pretest for served in attempt.served)


def at_a_seat(pool: ItemPool, exam: AdaptiveExam, seed: str = "seed") -> Item | None:
    transition = begin(seed=seed)
    first = min(pretest_positions(seed, exam.blueprint))
    while len(transition.attempt.served) + 1 < first:
        step = next_step(transition.attempt, exam)
        assert isinstance(step, NextItem)
        serve(transition, step.item, is_pretest=step.is_pretest)
    return pretest_item_at(transition.attempt, pool, exam.blueprint)


@pytest.mark.parametrize(("level", "expected"), [("novice", 0), ("proficient", 1), ("elite", 2)])
def test_nothing_above_the_level_is_tried_out(level: str, expected: int) -> None:
    items = [make_item(f"01-{lv}", level=lv) for lv in ("novice", "proficient", "elite")]
    pool = pool_with(items)
    exam = make_exam(pool, level=level, pretest_items=3)
    found = [at_a_seat(pool, exam, str(number)) for number in range(40)]
    assert {item.level for item in found if item} == {item.level for item in items[: expected + 1]}


def test_enemies_of_what_was_served_are_not_tried_out() -> None:
    hostile = tried_out(1, enemies=tuple(item.id for item in make_items(30)))
    pool = pool_with(hostile)
    exam = make_exam(pool, pretest_items=1)
    assert at_a_seat(pool, exam) is None
    attempt = sit(begin(), exam, lambda item: True).attempt
    assert not any(served.is_pretest for served in attempt.served)


def test_which_ones_depends_on_the_seed() -> None:
    exam = make_exam(POOL, pretest_items=1)
    found = [at_a_seat(POOL, exam, str(number)) for number in range(200)]
    assert {item.id for item in found if item} == {item.id for item in POOL.pretest_items}
