"""omega and GBT: by hand, under the null, with a copier, and the error rate over all pairs."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certify.psychometrics.diagnosing.option_choice import option_probabilities
from certify.psychometrics.diagnosing.similarity import (
    compound_binomial_upper_tail,
    gbt_pairs,
    omega,
    omega_pairs,
)
from certify.psychometrics.item_parameters import ItemParameters
from certify.psychometrics.multiple_testing import ErrorRate

ITEMS = ItemParameters.of(np.ones(40), np.linspace(-1.5, 1.5, 40))
KEY = np.arange(40) % 4


def sat(persons: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Choices of honest persons, their abilities, and their true option probabilities."""
    rng = np.random.default_rng(seed)
    theta = rng.normal(size=persons)
    right = 1 / (1 + np.exp(-(theta[:, None] - ITEMS.b)))
    p = np.empty((persons, 40, 4))
    for shift, share in ((1, 0.6), (2, 0.3), (3, 0.1)):
        p[:, np.arange(40), (KEY + shift) % 4] = (1 - right) * share
    p[:, np.arange(40), KEY] = right
    choices = (rng.random((persons, 40, 1)) > p.cumsum(axis=2)).sum(axis=2)
    return choices, theta, p


def test_omega_of_one_pair_by_hand() -> None:
    choices = np.array([[0, 1, 2, -1], [0, 2, 2, 1]])
    p = np.array([[[0.7, 0.2, 0.1]] * 4, [[0.5, 0.3, 0.2]] * 4])
    # copier 0 against source 1 on three common items: matches on items 0 and 2
    chances = [0.7, 0.1, 0.1]
    spread = sum(q * (1 - q) for q in chances) ** 0.5
    found = omega(choices, p)
    assert found[0, 1] == pytest.approx((2 - sum(chances)) / spread)
    chances = [0.5, 0.3, 0.2]
    spread = sum(q * (1 - q) for q in chances) ** 0.5
    assert found[1, 0] == pytest.approx((2 - sum(chances)) / spread)
    assert np.isnan(np.diagonal(found)).all()


@settings(deadline=None, max_examples=30)
@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=6))
def test_compound_binomial_by_enumeration(chances: list[float]) -> None:
    for successes in range(len(chances) + 1):
        expected = sum(
            np.prod([p if hit else 1 - p for p, hit in zip(chances, hits, strict=True)])
            for hits in product((0, 1), repeat=len(chances))
            if sum(hits) >= successes
        )
        found = compound_binomial_upper_tail([chances], [successes])[0]
        assert found == pytest.approx(float(expected), abs=1e-12)


def test_tiny_tails_keep_their_digits() -> None:
    assert compound_binomial_upper_tail([[0.1] * 40], [40])[0] == pytest.approx(1e-40)


def test_omega_is_standard_normal_for_honest_persons() -> None:
    choices, _, p = sat(300, 1)
    found = omega(choices, p)
    assert np.nanmean(found) == pytest.approx(0.0, abs=0.03)
    assert np.nanstd(found) == pytest.approx(1.0, abs=0.03)


def test_gbt_p_values_are_at_most_uniform_for_honest_persons() -> None:
    choices, _, p = sat(200, 2)
    every = gbt_pairs(choices, p, alpha=1.0, control=ErrorRate.FALSE_DISCOVERY)
    assert every.tests == 200 * 199 // 2 == len(every.p_value)
    for level in (0.01, 0.05, 0.2):
        assert (every.p_value <= level).mean() < 1.15 * level


def test_a_copier_is_found_among_all_pairs_and_nobody_else() -> None:
    choices, theta, _ = sat(250, 3)
    weak, strong = int(np.argmin(theta)), int(np.argsort(theta)[60])
    choices[weak, :37] = choices[strong, :37]
    # abilities as they would be estimated: from the answers, copied ones among them
    raw = (choices == KEY).mean(axis=1)
    ability = np.clip(np.log((raw + 0.01) / (1.01 - raw)), -3, 3)
    p = option_probabilities(choices, KEY, ITEMS, ability)
    ordered, unordered = omega_pairs(choices, p), gbt_pairs(choices, p)
    assert {weak, strong} == {int(ordered.first[0]), int(ordered.second[0])}
    assert {weak, strong} == {int(unordered.first[0]), int(unordered.second[0])}
    assert ordered.tests == 250 * 249
    assert len(unordered.first) == 1
    assert unordered.matches[0] >= 37
    assert unordered.common[0] == 40
    assert unordered.adjusted_p[0] <= 0.01


def test_familywise_error_over_all_pairs_is_kept() -> None:
    alarms = 0
    for seed in range(25):
        choices, _, p = sat(60, 100 + seed)
        alarms += len(gbt_pairs(choices, p, alpha=0.05).first) > 0
    assert alarms <= 4


def test_pairs_without_common_items_are_no_tests() -> None:
    choices = np.array([[0, -1], [-1, 1], [0, 1]])
    p = np.full((3, 2, 2), 0.5)
    assert gbt_pairs(choices, p, alpha=1.0).tests == 2
    assert np.isnan(omega(choices, p)[0, 1])


def test_faults_are_named() -> None:
    choices, _, p = sat(5, 4)
    with pytest.raises(ValueError, match=r"shape \(persons, items, options\)"):
        omega(choices, p[:, :, 0])
    wrong = p.copy()
    wrong[2, 3, 0] += 0.5
    with pytest.raises(ValueError, match="person 2, item 3: expected option probabilities"):
        omega(choices, wrong)
    choices[1, 7] = 9
    with pytest.raises(ValueError, match="person 1, item 7: expected an option from 0 to 3"):
        omega(choices, p)


def test_option_probabilities_follow_the_model_and_the_shares_of_the_wrong() -> None:
    choices, theta, truth = sat(4000, 5)
    p = option_probabilities(choices, KEY, ITEMS, theta)
    np.testing.assert_allclose(p.sum(axis=2), 1.0)
    right = 1 / (1 + np.exp(-(theta[:, None] - ITEMS.b)))
    np.testing.assert_allclose(p[:, np.arange(40), KEY], right)
    assert np.abs(p - truth).mean() < 0.01
    assert (p > 0).all()


def test_option_nobody_chose_keeps_a_chance() -> None:
    items = ItemParameters.of([1.0], [0.0])
    p = option_probabilities(np.zeros((6, 1), dtype=int), [0], items, np.zeros(6), options=3)
    assert (p > 0).all()
    assert p[0, 0].tolist() == pytest.approx([0.5, 0.25, 0.25])


def test_faults_of_keys_and_abilities_are_named() -> None:
    choices, theta, _ = sat(30, 6)
    key = KEY.copy()
    key[4] = 7
    with pytest.raises(ValueError, match="item 4: expected a key from 0 to 3, found 7"):
        option_probabilities(choices, key, ITEMS, theta)
    with pytest.raises(ValueError, match="answer key of 40 items"):
        option_probabilities(choices, KEY[:3], ITEMS, theta)
    with pytest.raises(ValueError, match="finite theta for each of 30"):
        option_probabilities(choices, KEY, ITEMS, np.full(30, np.inf))
    with pytest.raises(ValueError, match="choices on 1 items, found 40"):
        option_probabilities(choices, KEY, ITEMS.take([0]), theta)
    with pytest.raises(ValueError, match="at least two options"):
        option_probabilities(np.zeros((3, 1)), [0], ITEMS.take([0]), np.zeros(3))
