"""Calibration on a scale that something else holds: other groups, or items known before."""

from __future__ import annotations

import numpy as np
import pytest

from certify.psychometrics.calibration import Calibration, FixedItems
from certify.psychometrics.item_parameters import ItemParameters
from tests.unit.certify.psychometrics.calibration_data import (
    abilities,
    answered,
    answered_categories,
    bank,
)

ITEMS = bank(15, 11)
GROUP = np.repeat([0, 1], [1200, 1500])
THETA = np.concatenate([abilities(1200, 12), abilities(1500, 13, mean=0.6, sd=1.3)])
RESPONSES = answered(THETA, ITEMS, 14)


def test_the_second_group_has_its_mean_and_spread() -> None:
    fit = Calibration().fit(RESPONSES, groups=GROUP)
    assert fit.population_.means[0, 0] == 0.0
    assert fit.population_.sds[0, 0] == 1.0
    error = fit.population_se_
    assert fit.population_.means[1, 0] == pytest.approx(0.6, abs=3 * error.means[1, 0])
    assert fit.population_.sds[1, 0] == pytest.approx(1.3, abs=3 * error.sds[1, 0])
    assert np.isnan(error.means[0, 0])
    assert 0.02 < error.means[1, 0] < 0.1


def test_the_grid_reaches_a_group_far_out() -> None:
    far = answered(
        np.concatenate([abilities(800, 1), abilities(800, 2, mean=2.0, sd=1.5)]), ITEMS, 3
    )
    fit = Calibration().fit(far, groups=np.repeat([0, 1], 800))
    assert fit.report_.grid.upper > 9.0
    wide = Calibration(points=401, bounds=(-14.0, 14.0)).fit(far, groups=np.repeat([0, 1], 800))
    assert fit.log_likelihood_ == pytest.approx(wide.log_likelihood_, abs=0.01)
    assert fit.population_.means[1, 0] == pytest.approx(wide.population_.means[1, 0], abs=1e-4)


def test_groups_may_come_in_any_order_of_persons() -> None:
    order = np.random.default_rng(5).permutation(len(GROUP))
    mixed = Calibration().fit(RESPONSES[order], groups=GROUP[order])
    assert mixed.params_.a == pytest.approx(Calibration().fit(RESPONSES, groups=GROUP).params_.a)


def test_forms_linked_by_items_in_both_share_one_scale() -> None:
    forms = RESPONSES.astype(float)
    forms[:1200, 10:] = np.nan
    forms[1200:, :5] = np.nan
    fit = Calibration().fit(forms, groups=GROUP)
    assert fit.population_.means[1, 0] == pytest.approx(0.6, abs=0.2)
    assert np.abs((fit.params_.b - ITEMS.b) / fit.se_.b).max() < 4


def test_a_group_without_persons_is_refused() -> None:
    with pytest.raises(ValueError, match="persons with answers in group 1, found 0"):
        Calibration().fit(RESPONSES, groups=2 * GROUP)


@pytest.mark.parametrize("groups", [[0, 1], np.full(2700, -1), np.full(2700, 0.5)])
def test_groups_that_do_not_fit_the_rows_are_refused(groups: object) -> None:
    with pytest.raises(ValueError, match=r"an index 0, 1, \.\.\. for each row"):
        Calibration().fit(RESPONSES, groups=groups)  # type: ignore[arg-type]


def test_pretest_items_come_out_on_the_scale_of_the_fixed_ones() -> None:
    known = FixedItems(np.arange(10), ITEMS.take(np.arange(10)))
    fit = Calibration().fit(RESPONSES[1200:], fixed=known)
    assert (fit.params_.a[:10] == ITEMS.a[:10]).all()
    assert np.isnan(fit.se_.a[:10]).all()
    assert fit.population_.means[0, 0] == pytest.approx(0.6, abs=0.15)
    assert fit.population_.sds[0, 0] == pytest.approx(1.3, abs=0.15)
    assert np.abs((fit.params_.b[10:] - ITEMS.b[10:]) / fit.se_.b[10:]).max() < 4
    assert fit.report_.n_parameters == 12


def test_one_fixed_item_is_enough_and_columns_may_stand_anywhere() -> None:
    known = FixedItems([7, 2], ITEMS.take([7, 2]))
    fit = Calibration().fit(RESPONSES[1200:], fixed=known)
    assert fit.params_.a[[7, 2]] == pytest.approx(ITEMS.a[[7, 2]])
    assert fit.converged_


def test_a_fixed_item_with_guessing_keeps_it() -> None:
    items = bank(12, 21, lower=0.2)
    responses = answered(abilities(2000, 22), items, 23)
    known = FixedItems(range(8), items.take(np.arange(8)))
    fit = Calibration(["2pl"] * 8 + ["3pl"] * 4).fit(responses, fixed=known)
    assert fit.params_.c[:8] == pytest.approx(np.full(8, 0.2))


def test_fixed_graded_items_carry_a_dichotomous_pretest() -> None:
    graded = ItemParameters.graded([1.5, 1.2, 0.9], [[-1, 0, 1], [-0.5, 0.7], [-1.5, 0.2, 1.4]])
    items = ItemParameters.concatenate([graded, bank(4, 31)])
    responses = answered_categories(abilities(3000, 32, mean=-0.5), items, 33)
    fit = Calibration("2pl").fit(responses, fixed=FixedItems([0, 1, 2], graded))
    assert fit.population_.means[0, 0] == pytest.approx(-0.5, abs=0.15)
    assert np.abs((fit.params_.b[3:] - items.b[3:]) / fit.se_.b[3:]).max() < 4


def test_the_population_can_be_held_although_items_are_fixed() -> None:
    known = FixedItems(np.arange(10), ITEMS.take(np.arange(10)))
    held = Calibration(population="standard").fit(RESPONSES[:1200], fixed=known)
    assert held.population_.means[0, 0] == 0.0
    assert held.population_.sds[0, 0] == 1.0
    assert held.report_.n_parameters == 10
    rasch = Calibration("rasch", population="standard").fit(RESPONSES)
    assert rasch.population_.sds[0, 0] == 1.0
    assert (rasch.params_.a == 1.0).all()


def test_fixed_columns_that_do_not_exist_or_repeat_are_refused() -> None:
    with pytest.raises(ValueError, match="expected fixed columns 0 to 14"):
        Calibration().fit(RESPONSES, fixed=FixedItems([20], ITEMS.take([0])))
    with pytest.raises(ValueError, match="a different column for each of 2 fixed items"):
        Calibration().fit(RESPONSES, fixed=FixedItems([1, 1], ITEMS.take([0, 1])))
