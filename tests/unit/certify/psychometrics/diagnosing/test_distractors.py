"""Option tables, curves, and alarms for a wrong key."""

from itertools import pairwise

import numpy as np
import pytest

from certify.psychometrics.diagnosing.distractors import key_alarms, option_curves, option_table

KEY = np.arange(12) % 4


def sat(persons: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    theta = rng.normal(size=persons)
    right = rng.random((persons, 12)) < 1 / (
        1 + np.exp(-1.3 * (theta[:, None] - np.linspace(-1, 1, 12)))
    )
    wrong = (KEY + rng.choice([1, 2, 3], p=[0.6, 0.3, 0.1], size=(persons, 12))) % 4
    return np.where(right, KEY, wrong)


def test_table_in_plain_numpy() -> None:
    choices = sat(200, 1)
    choices[:10, 3] = -1
    found = option_table(choices, KEY)
    rest = (choices == KEY).sum(axis=1) - (choices[:, 3] == KEY[3])
    for option in range(4):
        picked = choices[:, 3] == option
        assert found.count[3, option] == picked.sum()
        assert found.share[3, option] == pytest.approx(picked.mean())
        assert found.rest_mean[3, option] == pytest.approx(rest[picked].mean())
        expected = np.corrcoef(picked, rest)[0, 1]
        assert found.point_biserial[3, option] == pytest.approx(expected)
    assert found.omitted[3] == pytest.approx(0.05)
    total = found.upper[3].sum()
    assert total <= 1.0
    assert found.upper[3, KEY[3]] > found.lower[3, KEY[3]]


def test_shares_of_extreme_groups_sum_to_one_without_omissions() -> None:
    found = option_table(sat(100, 2), KEY)
    np.testing.assert_allclose(found.upper.sum(axis=1), 1.0)
    np.testing.assert_allclose(found.lower.sum(axis=1), 1.0)


def test_curves_rise_for_the_key_and_average_to_the_share() -> None:
    choices = sat(1000, 3)
    curves, table = option_curves(choices, KEY), option_table(choices, KEY)
    np.testing.assert_allclose(curves.share.mean(axis=1), table.share)
    np.testing.assert_allclose(curves.share.sum(axis=2), 1.0)
    keyed = curves.share[np.arange(12), :, KEY]
    assert (keyed[:, -1] > keyed[:, 0]).all()
    assert (np.diff(curves.rest_score, axis=1) > 0).all()


def test_curves_do_not_depend_on_the_order_of_persons() -> None:
    choices = sat(90, 4)
    other = choices[np.random.default_rng(5).permutation(90)]
    np.testing.assert_allclose(
        option_curves(choices, KEY).share, option_curves(other, KEY).share, atol=1e-12
    )


@pytest.mark.parametrize("seed", range(5))
def test_a_wrong_key_raises_the_alarm_with_the_right_option(seed: int) -> None:
    choices = sat(200, 10 + seed)
    key = KEY.copy()
    key[7] = (KEY[7] + 1) % 4
    alarms = key_alarms(choices, key)
    assert [(alarm.item, alarm.option) for alarm in alarms] == [(7, KEY[7])]
    assert alarms[0].option_correlation > alarms[0].key_correlation
    assert alarms[0].key == key[7]


def test_right_keys_raise_no_alarm() -> None:
    assert sum(len(key_alarms(sat(150, 20 + seed), KEY)) for seed in range(10)) == 0


def test_key_that_nobody_chose_raises_the_alarm() -> None:
    choices = sat(300, 6)
    choices[choices[:, 2] == 3, 2] = KEY[2]
    key = KEY.copy()
    key[2] = 3
    alarms = key_alarms(choices, key)
    assert (alarms[0].item, alarms[0].option) == (2, KEY[2])
    assert np.isnan(alarms[0].key_correlation)


def test_surest_alarm_comes_first() -> None:
    choices = sat(400, 7)
    key = KEY.copy()
    key[[2, 9]] = (KEY[[2, 9]] + 2) % 4
    alarms = key_alarms(choices, key)
    assert len(alarms) >= 2
    assert all(one.z >= other.z for one, other in pairwise(alarms))


def test_below_twenty_persons_nothing_is_stated() -> None:
    few = sat(19, 8)
    table = option_table(few, KEY)
    assert np.isnan(table.share).all()
    assert np.isnan(table.omitted).all()
    assert table.count.sum() == 19 * 12
    assert np.isnan(option_curves(few, KEY).share).all()
    assert key_alarms(few, KEY) == ()


def test_option_that_nobody_chose_has_no_correlation_and_no_mean() -> None:
    table = option_table(sat(50, 9), KEY, options=5)
    assert (table.count[:, 4] == 0).all()
    assert np.isnan(table.point_biserial[:, 4]).all()
    assert np.isnan(table.rest_mean[:, 4]).all()
    assert (table.share[:, 4] == 0).all()


def test_item_solved_by_all_has_no_correlation() -> None:
    choices = sat(50, 10)
    choices[:, 0] = KEY[0]
    assert np.isnan(option_table(choices, KEY).point_biserial[0]).all()


def test_faults_are_named() -> None:
    choices = sat(30, 11)
    choices[4, 5] = -2
    with pytest.raises(ValueError, match="person 4, item 5: expected an option from 0 to 3, or -1"):
        option_table(choices, KEY)
    with pytest.raises(ValueError, match="item 0: expected a key from 0 to 3"):
        option_table(sat(30, 11), np.full(12, 4))
