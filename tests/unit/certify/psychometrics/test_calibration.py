"""What calibration finds, refuses, leaves out and reports, in one dimension."""

from __future__ import annotations

import json

import numpy as np
import pytest

from certify.psychometrics.calibration import Calibration
from certify.psychometrics.item_parameters import ItemParameters
from tests.unit.certify.psychometrics.calibration_data import (
    abilities,
    answered,
    answered_categories,
    bank,
)

ITEMS = bank(12, 1)
RESPONSES = answered(abilities(1500, 2), ITEMS, 3)


def test_fit_returns_the_calibration_itself_with_fitted_values() -> None:
    calibration = Calibration()
    assert calibration.fit(RESPONSES) is calibration
    assert calibration.converged_
    assert len(calibration.params_) == 12
    assert calibration.report_.log_likelihood == calibration.log_likelihood_
    assert calibration.report_.iterations == calibration.n_iter_
    assert calibration.report_.n_parameters == 24


def test_estimates_lie_within_their_errors_of_the_truth() -> None:
    fit = Calibration().fit(RESPONSES)
    z = (fit.params_.a - ITEMS.a) / fit.se_.a
    assert np.abs(z).max() < 3.5
    assert 0.5 < z.std() < 1.6
    assert np.abs((fit.params_.b - ITEMS.b) / fit.se_.b).max() < 3.5


def test_the_default_grid_gives_the_likelihood_of_a_much_finer_one() -> None:
    fine = Calibration(points=201, bounds=(-8.0, 8.0)).fit(RESPONSES)
    assert Calibration().fit(RESPONSES).log_likelihood_ == pytest.approx(
        fine.log_likelihood_, abs=1e-3
    )


def test_a_long_test_gets_a_finer_grid() -> None:
    items = ItemParameters.of(np.full(120, 2.5), np.linspace(-1, 1, 120))
    responses = answered(abilities(400, 5), items, 6)
    fit = Calibration(standard_errors=False).fit(responses)
    fine = Calibration(points=801, bounds=(-8.0, 8.0), standard_errors=False).fit(responses)
    assert fit.report_.grid.points > 61
    assert fit.log_likelihood_ == pytest.approx(fine.log_likelihood_, abs=0.01)


def test_no_step_beyond_the_slack_loses_likelihood() -> None:
    trace = np.array(Calibration("3pl").fit(RESPONSES).report_.trace)
    assert np.diff(trace).min() > -1e-2
    assert trace[-1] == pytest.approx(trace.max(), abs=1e-4)


@pytest.mark.parametrize("model", ["2pl", "rasch", "1pl", "3pl", "grm", "gpcm"])
def test_a_looser_tolerance_is_still_the_same_answer(model: str) -> None:
    usual = Calibration(model, standard_errors=False).fit(RESPONSES)
    strict = Calibration(model, tolerance=1e-8, standard_errors=False).fit(RESPONSES)
    assert usual.params_.a == pytest.approx(strict.params_.a, abs=1e-4)
    assert usual.params_.b == pytest.approx(strict.params_.b, abs=1e-4)


def test_two_categories_are_the_same_item_in_every_family() -> None:
    plain = Calibration("2pl").fit(RESPONSES)
    for model in ("grm", "gpcm"):
        other = Calibration(model).fit(RESPONSES)
        assert other.params_.a == pytest.approx(plain.params_.a, abs=1e-5)
        assert other.params_.thresholds[:, 0] == pytest.approx(plain.params_.b, abs=1e-5)
        assert other.se_.b == pytest.approx(plain.se_.b, abs=1e-5)


def test_a_common_slope_is_the_free_variance_of_the_rasch_model() -> None:
    common, rasch = Calibration("1pl").fit(RESPONSES), Calibration("rasch").fit(RESPONSES)
    assert np.ptp(common.params_.a) == 0.0
    assert common.params_.a[0] == pytest.approx(rasch.population_.sds[0, 0], abs=1e-4)
    assert common.log_likelihood_ == pytest.approx(rasch.log_likelihood_, abs=1e-4)
    assert common.se_.a[0] == pytest.approx(rasch.population_se_.sds[0, 0], abs=1e-4)
    assert common.report_.n_parameters == 13


def test_mixed_models_in_one_bank_are_recovered() -> None:
    graded = ItemParameters.graded([1.5, 1.1, 0.9], [[-1, 0, 1], [-0.5, 0.7], [-1.5, 0.2, 1.4]])
    partial = ItemParameters.partial_credit([1.2, 0.8], [[-0.6, 0.4], [0.3, -0.2, 0.9]])
    items = ItemParameters.concatenate([bank(10, 4), graded, partial])
    responses = answered_categories(abilities(6000, 5), items, 6)
    fit = Calibration(["2pl"] * 10 + ["grm"] * 3 + ["gpcm"] * 2).fit(responses)
    assert fit.params_.a == pytest.approx(items.a, abs=0.2)
    there = np.isfinite(items.thresholds)
    assert (np.isfinite(fit.params_.thresholds) == there).all()
    z = (fit.params_.thresholds - items.thresholds)[there] / fit.se_.thresholds[10:][there[10:]]
    assert np.abs(z).max() < 4


def test_four_parameters_are_found_with_many_persons() -> None:
    items = ItemParameters.of(np.full(15, 1.8), np.linspace(-1.5, 1.5, 15), 0.2, 0.95)
    fit = Calibration("4pl", standard_errors=False).fit(answered(abilities(8000, 8), items, 9))
    assert fit.params_.c[5:] == pytest.approx(np.full(10, 0.2), abs=0.1)
    assert fit.params_.d[:10] == pytest.approx(np.full(10, 0.95), abs=0.06)


def test_answers_missing_at_random_change_estimates_only_within_error() -> None:
    holes = RESPONSES.astype(float)
    holes[np.random.default_rng(7).random(holes.shape) < 0.2] = np.nan
    fit, full = Calibration().fit(holes), Calibration().fit(RESPONSES)
    assert np.abs((fit.params_.a - full.params_.a) / fit.se_.a).max() < 3
    assert (fit.se_.a > full.se_.a).mean() > 0.8


def test_an_item_that_half_the_persons_met_is_calibrated_on_them() -> None:
    holes = RESPONSES.astype(float)
    holes[::2, 3] = np.nan
    fit = Calibration().fit(holes)
    assert fit.params_.b[3] == pytest.approx(ITEMS.b[3], abs=4 * fit.se_.b[3])


def test_persons_without_any_answer_do_not_count() -> None:
    empty = np.vstack([RESPONSES.astype(float), np.full((5, 12), np.nan)])
    fit = Calibration().fit(empty)
    assert fit.report_.n_persons == 1500
    assert fit.log_likelihood_ == pytest.approx(Calibration().fit(RESPONSES).log_likelihood_)


def test_equal_persons_are_collapsed_and_all_counted() -> None:
    few = RESPONSES[:, :5]
    fit = Calibration().fit(few)
    assert fit.report_.n_patterns <= 32
    assert fit.report_.n_persons == 1500
    shuffled = few[np.random.default_rng(0).permutation(1500)]
    assert Calibration().fit(shuffled).params_.a == pytest.approx(fit.params_.a, abs=1e-5)


def test_useless_columns_are_left_out_and_named() -> None:
    bad = RESPONSES.astype(float)
    bad[:, 2] = np.nan
    bad[:, 5] = 1
    fit = Calibration().fit(bad)
    assert [one.item for one in fit.report_.excluded] == [2, 5]
    assert fit.report_.excluded[0].reason == "nobody answered it"
    assert fit.report_.excluded[1].reason == "all 1500 answers are 1"
    assert fit.items_.tolist() == [0, 1, 3, 4, 6, 7, 8, 9, 10, 11]
    assert len(fit.params_) == 10


def test_an_unused_category_between_used_ones_is_named() -> None:
    skipped = RESPONSES.copy()
    skipped[:, 0] = 2 * skipped[:, 0]
    fit = Calibration(["grm", *["2pl"] * 11]).fit(skipped)
    assert fit.report_.excluded[0].item == 0
    assert fit.report_.excluded[0].reason == "nobody is in category 1 of 0..2"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (2.0, "row 4, column 1: expected a response coded 0 to 1 or NaN, found 2"),
        (0.5, "row 4, column 1: expected a category 0 to 100 as a whole number"),
        (-1.0, "row 4, column 1: expected a category 0 to 100 as a whole number"),
        (np.inf, "row 4, column 1: expected a category 0 to 100 as a whole number"),
    ],
)
def test_a_bad_cell_is_named_by_row_and_column(value: float, message: str) -> None:
    bad = RESPONSES.astype(float)
    bad[4, 1] = value
    with pytest.raises(ValueError, match=message):
        Calibration().fit(bad)


def test_too_few_persons_are_refused() -> None:
    with pytest.raises(ValueError, match="expected at least 10 persons with answers, found 9"):
        Calibration().fit(RESPONSES[:9])
    with pytest.raises(ValueError, match="expected at least 10 persons with answers, found 0"):
        Calibration().fit(np.empty((0, 4)))


def test_too_few_usable_items_are_refused_with_the_reasons() -> None:
    bad = RESPONSES[:, :3].copy()
    bad[:, 0] = 1
    with pytest.raises(ValueError, match=r"at least 3 items .*found 2 \(column 0: all 1500 answ"):
        Calibration().fit(bad)
    assert Calibration("rasch").fit(bad).items_.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"model": "5pl"}, "item 0: expected a model out of rasch"),
        ({"model": ["2pl"] * 3}, "one model for each of 12 items, found 3"),
        ({"tolerance": 0.0}, "tolerance > 0"),
        ({"points": 3}, "at least 5 grid points"),
        ({"bounds": (2.0, 1.0)}, "rising grid bounds"),
        ({"block_size": 0}, "at least one person in a block"),
    ],
)
def test_impossible_settings_are_refused(settings: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Calibration(**settings).fit(RESPONSES)  # type: ignore[arg-type]


def test_a_wrongly_keyed_item_gets_a_negative_slope() -> None:
    turned = RESPONSES.copy()
    turned[:, 4] = 1 - turned[:, 4]
    fit, straight = Calibration().fit(turned), Calibration().fit(RESPONSES)
    assert fit.params_.a[4] == pytest.approx(-straight.params_.a[4], abs=1e-4)
    assert fit.params_.b[4] == pytest.approx(straight.params_.b[4], abs=1e-4)
    assert fit.log_likelihood_ == pytest.approx(straight.log_likelihood_, abs=1e-4)


def test_too_few_iterations_are_reported_and_do_not_raise() -> None:
    fit = Calibration(max_iter=2).fit(RESPONSES)
    assert not fit.converged_
    assert fit.report_.change > 1e-5


def test_an_estimate_on_its_bound_is_named_and_has_no_error() -> None:
    fit = Calibration("3pl").fit(RESPONSES)
    on_bound = list(fit.report_.at_bounds)
    assert on_bound
    assert np.isnan(fit.se_.c[on_bound]).all()
    assert np.isfinite(fit.se_.a).all()


def test_the_report_is_ready_for_json() -> None:
    found = json.loads(json.dumps(Calibration().fit(RESPONSES).report_.as_dict()))
    assert found["n_persons"] == 1500
    assert found["grid"] == {"lower": -6.0, "upper": 6.0, "points": 61}
    assert found["se_method"] == "louis"


def test_without_standard_errors_there_are_none() -> None:
    fit = Calibration(standard_errors=False).fit(RESPONSES)
    assert np.isnan(fit.se_.a).all()
    assert fit.report_.se_method is None
