"""A whole session's figures without a database: copiers beside each other, misfits, who is near."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from certify.exams.conduct import Conduct, ItemConduct
from certify.exams.exam_session import SessionSeat
from certify.exams.pool import ItemPool
from certify.services.integrity_evidence import EndedExam, find_evidence, neighbours
from certify.services.integrity_findings import IntegrityFindings, Signal
from certify.services.ports import SeatEntry
from question_bank.item import Item, ItemType
from tests.factories import AT, make_items, make_pool, simulated_candidate

PERSONS = 120
COPIED = 40


def entry(number: int, room: str = "一", seat: str = "") -> SeatEntry:
    place = SessionSeat("s", f"c{number}", f"N{number:03d}", room, seat or str(number), 0, "", "")
    return SeatEntry(place, f"user{number}", f"考生{number}", None, None)


def exam_of(number: int, items: list[ItemConduct]) -> EndedExam:
    return EndedExam(entry(number), f"a{number}", Conduct(tuple(items), 1), ())


def answered(position: int, item: Item, response: Any, correct: bool) -> ItemConduct:
    return ItemConduct(
        position, item.id, 45.0, AT + dt.timedelta(seconds=45), correct, response, ()
    )


def sat(pool: ItemPool, theta: float, seed: int) -> list[ItemConduct]:
    """A fixed form of all items; wrong answers are drawn among the distractors."""
    is_right, random = simulated_candidate(theta, pool, seed), np.random.default_rng(seed)
    found = []
    for position, item in enumerate(pool.items, start=1):
        if is_right(item):
            found.append(answered(position, item, ["b"], True))
        elif item.type is ItemType.SINGLE:
            found.append(answered(position, item, [str(random.choice(list("acd")))], False))
        else:
            found.append(answered(position, item, {"value": str(random.integers(20, 90))}, False))
    return found


def computed(exams: list[EndedExam], pool: ItemPool) -> IntegrityFindings:
    return find_evidence(exams, pool, 0, lambda *_: None)


@pytest.fixture(scope="module")
def pool() -> ItemPool:
    return make_pool(make_items(10))


@pytest.fixture(scope="module")
def honest(pool: ItemPool) -> list[EndedExam]:
    abilities = np.random.default_rng(1).normal(-0.5, 1, PERSONS)
    return [exam_of(n, sat(pool, float(abilities[n]), 100 + n)) for n in range(PERSONS)]


def test_honest_candidates_carry_no_signal(honest: list[EndedExam], pool: ItemPool) -> None:
    found = computed(honest, pool)
    assert found.tests > 4000 and found.near_tests > 50
    assert [pair for pair in found.pairs if pair.is_marked] == []
    assert found.marked(Signal.FIT) <= 2
    assert found.marked(Signal.RAPID) == found.marked(Signal.AWAY) == 0
    assert not found.is_provisional


def test_a_copier_is_found_with_the_neighbour(honest: list[EndedExam], pool: ItemPool) -> None:
    copied = honest[7].conduct.items[:COPIED]
    copier = replace(honest[8].conduct, items=(*copied, *honest[8].conduct.items[COPIED:]))
    exams = [*honest[:8], replace(honest[8], conduct=copier), *honest[9:]]
    found = computed(exams, pool)
    (pair,) = [one for one in found.pairs if one.is_marked]
    assert {pair.first, pair.second} == {"c7", "c8"}
    assert pair.is_near and pair.same_room
    assert pair.common == 60 and pair.identical > pair.expected
    assert {one.candidate_id for one in found.candidates[:2]} == {"c7", "c8"}
    assert found.pairs_of("c7") == (pair,) and found.pairs_of("c9") == ()


def test_who_solves_the_hard_items_only_does_not_fit(
    honest: list[EndedExam], pool: ItemPool
) -> None:
    hard = set(np.argsort(pool.parameters.b)[30:].tolist())
    items = [
        answered(n + 1, item, ["b"], True) if n in hard else answered(n + 1, item, ["a"], False)
        for n, item in enumerate(pool.items)
        if item.type is ItemType.SINGLE
    ]
    found = computed([*honest, exam_of(500, items)], pool)
    odd = found.candidate("c500")
    assert odd is not None and Signal.FIT in odd.signals
    assert odd.fit is not None and odd.fit < -4


def test_provisional_parameters_mark_nobody(honest: list[EndedExam]) -> None:
    guessed = make_pool(make_items(10, calibrate=False))
    found = computed(honest, guessed)
    assert found.is_provisional and found.marked(Signal.FIT) == 0
    assert any(one.fit is not None for one in found.candidates)


def test_an_item_the_release_does_not_have_is_left_out(pool: ItemPool) -> None:
    strange = replace(sat(pool, 0.0, 1)[0], item_id="99-999")
    found = computed([exam_of(1, [strange])], pool)
    assert found.thresholds == {}
    assert found.candidates[0].judged == 0


def test_neighbours_have_consecutive_numbers_in_one_room() -> None:
    entries = [
        entry(0, "一", "1"), entry(1, "一", "02"), entry(2, "二", "3"), entry(3, "一", "A4"),
        entry(4, "一", "A5号"), entry(5, "一", "B6"), entry(6, "一", "窗边"), entry(7, "一", "4"),
    ]  # fmt: skip
    assert neighbours(entries) == [(0, 1), (3, 4)]
