"""Rankings read from tables against a plain scan of all items."""

import numpy as np
import pytest

from certify.psychometrics.simulating import candidates as module
from certify.psychometrics.simulating.candidates import (
    NONE,
    RankedCandidates,
    Ranking,
    ValuedCandidates,
)
from tests.unit.certify.psychometrics.simulating.simulated_exams import bank


def scan(
    candidates: RankedCandidates, category: int, place: int, available: np.ndarray, person: int
) -> int:
    """The item at a place among the available ones of a category, by sorting all of them."""
    own = candidates.ranking.members[category]
    worth = candidates.ranking.worth[candidates.interval[person, category], own]
    order = [int(item) for item in own[np.argsort(-worth)] if available[person, item]]
    return order[min(place, len(order) - 1)] if order else NONE


@pytest.mark.parametrize("share_available", [0.9, 0.3, 0.02])
def test_best_and_pick_agree_with_a_scan(
    monkeypatch: pytest.MonkeyPatch, share_available: float
) -> None:
    monkeypatch.setattr(module, "FIRST_LOOK", 4)
    items = bank().items
    source = np.random.default_rng(6)
    ranking = Ranking.of(items, items.dimension, depth=16)
    ranked = RankedCandidates(ranking, ranking.interval(source.normal(size=(80, 3))), 1.0)
    available = source.random((80, len(items) + 1)) < share_available
    available[:, -1] = False
    best = ranked.best(available)
    category, place = source.integers(0, 3, 80), source.integers(0, 5, 80)
    chosen = ranked.pick(category, place, available)
    valued = ValuedCandidates(ranked.values(), ranking.members)
    np.testing.assert_array_equal(valued.best(available), best)
    for person in range(80):
        code = int(category[person])
        assert chosen[person] == scan(ranked, code, int(place[person]), available, person)
        top = scan(ranked, code, 0, available, person)
        interval = ranked.interval[person, code]
        worth = ranking.worth[interval, top] if top != NONE else -np.inf
        assert best[person, code] == worth


def test_valued_candidates_give_the_last_item_left() -> None:
    table = np.array([[3.0, 2.0, 1.0]])
    valued = ValuedCandidates(table, (np.arange(3),))
    available = np.array([[True, False, True, False]])
    zero = np.array([0])
    assert valued.pick(zero, np.array([0]), available) == [0]
    assert valued.pick(zero, np.array([5]), available) == [2]
    assert valued.pick(zero, zero, np.zeros((1, 4), dtype=bool)) == [NONE]
