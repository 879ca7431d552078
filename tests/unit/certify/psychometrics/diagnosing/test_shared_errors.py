"""Identical errors: by hand, honest groups of any kind, copiers, few common items, bad input."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certify.psychometrics.diagnosing.shared_errors import (
    LARGEST_P,
    RIGHT,
    SURELY_ABOVE,
    UNSEEN,
    match_chances,
    shared_errors,
)
from certify.psychometrics.diagnosing.similarity import compound_binomial_upper_tail

OPTIONS = 3
SHARES = np.array([0.5, 0.3, 0.2])


def sat(persons: int, items: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Honest answers of four options, and abilities; the able avoid the first distractor."""
    rng = np.random.default_rng(seed)
    theta = rng.normal(size=persons)
    right = 1 / (1 + np.exp(-(theta[:, None] - rng.normal(size=items))))
    shares = np.where(theta[:, None] > 0, SHARES[::-1], SHARES)
    drawn = (rng.random((persons, items, 1)) > shares.cumsum(axis=1)[:, None, :]).sum(axis=2)
    wrong = np.minimum(drawn, OPTIONS - 1)
    return np.where(rng.random((persons, items)) < right, RIGHT, wrong), theta


def test_chance_of_a_match_by_hand() -> None:
    # one group only, as everybody is in it by the shares of all: 2 of 3 chose 0, 1 chose 1
    answers = np.array([[0], [0], [1], [RIGHT], [UNSEEN]])
    everybody = np.ones(5, dtype=np.intp)
    found = match_chances(answers, everybody, np.array([3]))
    overall = np.array([2 + 1 / 3, 1 + 1 / 3, 1 / 3]) / 4
    own = (np.array([2, 1, 0]) + overall) / 4
    assert found[1, 1, 0] == pytest.approx((own**2).sum())
    assert found[0, 1, 0] == pytest.approx((overall * own).sum())


def test_answers_that_are_typed_count_those_that_were_given() -> None:
    answers = np.array([[4], [0]])
    found = match_chances(answers, np.zeros(2, dtype=np.intp), np.array([0]))
    overall = np.array([1.2, 0.2, 0.2, 0.2, 1.2]) / 3
    own = (np.array([1, 0, 0, 0, 1]) + overall) / 3
    assert found[0, 0, 0] == pytest.approx((own**2).sum())


def test_tail_of_a_pair_is_the_exact_one() -> None:
    answers, theta = sat(400, 40, 1)
    answers[1] = answers[0] = np.where(np.arange(40) < 20, answers[0] % OPTIONS, RIGHT)
    found = shared_errors(answers, theta, np.full(40, OPTIONS))
    assert (found.first[0], found.second[0]) == (0, 1)
    assert (found.common[0], found.both_wrong[0], found.identical[0]) == (40, 20, 20)
    rank = np.argsort(np.argsort(theta, kind="stable"), kind="stable")
    groups = rank * 3 // 400
    chances = match_chances(answers, groups, np.full(40, OPTIONS))[groups[0], groups[1], :20]
    assert found.expected[0] == pytest.approx(chances.sum(), rel=1e-5)
    assert found.p_value[0] == pytest.approx(compound_binomial_upper_tail([chances], [20])[0])
    assert found.adjusted_p[0] == pytest.approx(found.p_value[0] * found.tests)


@settings(deadline=None, max_examples=300)
@given(st.lists(st.floats(0.005, 0.995), min_size=5, max_size=40))
def test_pairs_that_are_not_worked_out_are_never_notable(chances: list[float]) -> None:
    p = np.array(chances)
    spread = max(float((p * (1 - p)).sum()), 1e-12) ** 0.5
    for identical in range(len(p) + 1):
        if identical - 0.5 - p.sum() < SURELY_ABOVE * spread:
            assert compound_binomial_upper_tail([p], [identical])[0] > LARGEST_P


@pytest.mark.parametrize("seed", range(4))
def test_honest_candidates_are_rarely_notable(seed: int) -> None:
    answers, theta = sat(300, 60, 10 + seed)
    found = shared_errors(answers, theta, np.full(60, OPTIONS))
    assert found.tests > 40_000
    # the nominal share of pairs below .001, of which dependence among pairs allows a little more
    assert len(found.p_value) / found.tests < 1.3 * LARGEST_P
    assert not (found.adjusted_p <= 0.05).any()


def test_honest_rooms_are_marked_no_more_often_than_the_stated_rate() -> None:
    sessions = 0
    for seed in range(60):
        answers, theta = sat(60, 50, 500 + seed)
        neighbours = [(row, row + 1) for row in range(59)]
        found = shared_errors(answers, theta, np.full(50, OPTIONS), neighbours=neighbours)
        sessions += bool((found.adjusted_p <= 0.01).any())
    # two families at one of a hundred each let 1.2 of sixty be expected
    assert sessions <= 4


def test_adaptive_exams_need_no_special_case() -> None:
    rng = np.random.default_rng(20)
    answers, theta = sat(400, 200, 21)
    # the able see harder items: what is seen depends on ability, as in an adaptive exam
    difficulty = np.linspace(-2, 2, 200)
    seen = rng.random(answers.shape) < 0.6 * np.exp(-((theta[:, None] - difficulty) ** 2))
    found = shared_errors(np.where(seen, answers, UNSEEN), theta, np.full(200, OPTIONS))
    assert found.tests > 5_000
    assert len(found.p_value) / found.tests < 1.3 * LARGEST_P
    assert not (found.adjusted_p <= 0.05).any()


@pytest.mark.parametrize(("share", "least"), [(0.6, 0.7), (0.9, 0.95)])
def test_copiers_are_found_and_nobody_else(share: float, least: float) -> None:
    rng = np.random.default_rng(30)
    answers, theta = sat(600, 60, 31)
    weak = np.argsort(theta)[60:260]
    pairs = rng.permutation(weak)[:40].reshape(20, 2)
    for source, copier in pairs:
        copied = rng.random(60) < share
        answers[copier, copied] = answers[source, copied]
    found = shared_errors(answers, theta, np.full(60, OPTIONS), neighbours=pairs)
    flagged = found.adjusted_p <= 0.01
    planted = {tuple(sorted(pair)) for pair in pairs.tolist()}
    named = set(zip(found.first[flagged].tolist(), found.second[flagged].tolist(), strict=True))
    assert len(named & planted) >= least * len(planted)
    assert len(named - planted) <= 1
    assert found.near_tests <= 20


@pytest.mark.parametrize("persons", [12, 40, 160])
def test_a_copied_paper_is_found_in_a_small_room_too(persons: int) -> None:
    answers, theta = sat(persons, 40, 70)
    answers[3] = answers[2] = np.where(np.arange(40) < 16, answers[2] % OPTIONS, RIGHT)
    found = shared_errors(
        answers, theta, np.full(40, OPTIONS), neighbours=[(n, n + 1) for n in range(persons - 1)]
    )
    marked = found.adjusted_p <= 0.05
    assert (found.first[marked].tolist(), found.second[marked].tolist()) == ([2], [3])


def test_neighbours_are_adjusted_among_themselves() -> None:
    answers, theta = sat(300, 60, 40)
    answers[5, :30] = answers[4, :30] = np.where(np.arange(30) < 12, 1, RIGHT)
    options = np.full(60, OPTIONS)
    alone = shared_errors(answers, theta, options)
    near = shared_errors(answers, theta, options, neighbours=[(4, 5), (8, 9)])
    assert near.tests + near.near_tests == alone.tests
    assert near.near_tests == 2
    at = np.flatnonzero((near.first == 4) & (near.second == 5))
    assert near.is_near[at].all()
    assert near.adjusted_p[at] == pytest.approx(2 * near.p_value[at])


def test_too_few_common_items_are_no_test() -> None:
    answers = np.full((2, 30), UNSEEN)
    answers[:, :9] = 0
    options = np.full(30, OPTIONS)
    assert shared_errors(answers, [0, 0], options).tests == 0
    assert shared_errors(answers, [0, 0], options, fewest_common=9).tests == 1
    answers[:, :20] = RIGHT
    answers[:, :4] = 0
    assert shared_errors(answers, [0, 0], options).tests == 0


def test_nobody_and_nothing_wrong_give_no_pairs() -> None:
    for table in (np.empty((0, 5)), np.full((30, 20), RIGHT)):
        found = shared_errors(table, np.zeros(len(table)), np.full(table.shape[1], OPTIONS))
        assert (len(found.first), found.tests, found.near_tests) == (0, 0, 0)


def test_progress_reaches_the_end() -> None:
    told: list[tuple[int, int]] = []
    answers, theta = sat(300, 12, 50)
    shared_errors(answers, theta, np.full(12, OPTIONS), progress=lambda *step: told.append(step))
    assert told == [(256, 300), (300, 300)]


def test_faults_are_named() -> None:
    answers, theta = sat(5, 12, 60)
    options = np.full(12, OPTIONS)
    with pytest.raises(ValueError, match="smallest -3"):
        shared_errors(np.full((5, 12), -3), theta, options)
    with pytest.raises(ValueError, match="finite theta for each of 5"):
        shared_errors(answers, np.full(5, np.nan), options)
    with pytest.raises(ValueError, match="wrong options of 12 items"):
        shared_errors(answers, theta, options[:3])
    with pytest.raises(ValueError, match="neighbours among rows 0 to 4"):
        shared_errors(answers, theta, options, neighbours=[(0, 5)])
