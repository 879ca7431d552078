"""Drift between windows: robust z by hand, displacement by likelihood, purified links."""

import math

import numpy as np
import pytest

from certify.psychometrics import irt
from certify.psychometrics.diagnosing.drift import (
    displacement,
    parameter_drift,
    robust_z,
    stable_link,
)
from certify.psychometrics.item_parameters import ItemParameters
from certify.psychometrics.linking import Linking, stocking_lord
from certify.psychometrics.parametrisation import rescaled

SAME_SCALE = Linking(1.0, 0.0, 5, float("nan"), True)
BANK = ItemParameters.concatenate(
    [
        ItemParameters.of([1.2, 0.9, 1.5], [-0.8, 0.0, 0.7], [0.0, 0.2, 0.15]),
        ItemParameters.graded([1.1], [[-0.9, 0.8]]),
        ItemParameters.partial_credit([0.8], [[0.3, -0.2]]),
    ]
)


def simulated(items: ItemParameters, persons: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    theta = rng.normal(size=persons)
    p = irt.category_probabilities(theta, items)
    draw = rng.random((persons, len(items), 1))
    return (draw > p.cumsum(axis=-1)).sum(axis=-1).astype(float), theta


def test_robust_z_by_hand() -> None:
    before = np.zeros(5)
    after = np.array([0.0, 0.1, 0.2, 0.3, 2.0])
    found = robust_z(before, after)
    # median .2, quartiles .1 and .3
    assert found.z.tolist() == pytest.approx((after - 0.2) / (0.74 * 0.2))
    assert found.is_stable.tolist() == [True, True, True, True, False]
    assert math.isnan(found.correlation)


def test_robust_z_ignores_a_common_shift() -> None:
    rng = np.random.default_rng(1)
    before = rng.normal(size=12)
    after = before + rng.normal(0, 0.1, 12)
    one, other = robust_z(before, after), robust_z(before, after + 5.0)
    np.testing.assert_allclose(one.z, other.z)
    assert one.correlation == pytest.approx(np.corrcoef(before, after)[0, 1])
    assert one.sd_ratio == pytest.approx(after.std() / before.std())


def test_robust_z_cannot_be_had_for_few_or_equal_differences() -> None:
    assert np.isnan(robust_z([1, 2, 3], [1, 2, 4]).z).all()
    assert np.isnan(robust_z([1, 2, 3, 4], [2, 3, 4, 5]).z).all()
    with pytest.raises(ValueError, match="item 1: expected a finite parameter"):
        robust_z([0.0, np.nan, 1.0, 2.0], [0.0, 1.0, 1.0, 2.0])
    with pytest.raises(ValueError, match="before and after for each item"):
        robust_z([0.0, 1.0], [0.0])


def test_displacement_maximises_the_likelihood_of_each_item() -> None:
    responses, theta = simulated(BANK, 400, 2)
    responses[::9, 3] = np.nan
    found = displacement(responses, BANK, theta)
    for item in range(5):
        alone = BANK.take([item])
        seen = ~np.isnan(responses[:, item])

        def log_likelihood(
            shift: float, alone: ItemParameters = alone, item: int = item, seen: np.ndarray = seen
        ) -> float:
            moved = irt.log_category_probabilities(theta[seen], rescaled(alone, 1.0, shift))
            chosen = responses[seen, item].astype(int)
            return float(moved[np.arange(seen.sum()), 0, chosen].sum())

        best = log_likelihood(float(found.shift[item]))
        for step in (-0.02, 0.02):
            assert log_likelihood(float(found.shift[item]) + step) < best


def test_displacement_and_its_standard_error_are_right_on_average() -> None:
    shifts, errors = [], []
    for seed in range(60):
        responses, theta = simulated(BANK, 300, 100 + seed)
        found = displacement(responses, BANK, theta)
        shifts.append(found.shift)
        errors.append(found.se)
    np.testing.assert_allclose(np.mean(shifts, axis=0), 0.0, atol=0.1)
    np.testing.assert_allclose(np.std(shifts, axis=0), np.mean(errors, axis=0), rtol=0.35)


def test_a_leaked_item_is_displaced_downwards() -> None:
    easier = ItemParameters.concatenate(
        [BANK.take([0, 1]), rescaled(BANK.take([2]), 1.0, -0.8), BANK.take([3, 4])]
    )
    responses, theta = simulated(easier, 2000, 3)
    found = displacement(responses, BANK, theta)
    assert found.shift[2] == pytest.approx(-0.8, abs=4 * found.se[2])
    assert found.adjusted_p[2] < 1e-6
    assert (found.adjusted_p[[0, 1, 3, 4]] > 0.01).all()


def test_displacement_cannot_be_had_for_few_or_extreme_responses() -> None:
    responses, theta = simulated(BANK, 100, 4)
    responses[:, 0] = 1
    responses[:85, 1] = np.nan
    found = displacement(responses, BANK, theta)
    assert np.isnan(found.shift[:2]).all()
    assert found.reasons[0] == "all responses are the lowest or all the highest category"
    assert found.reasons[1] == "fewer than 20 responses"
    assert found.reasons[2] == ""


def test_displacement_of_items_of_several_dimensions() -> None:
    items = ItemParameters.of([1.0, 1.2], [0.0, 0.3], dimension=[0, 1])
    rng = np.random.default_rng(5)
    theta = rng.normal(size=(500, 2))
    responses = (rng.random((500, 2)) < irt.probability(theta, items)).astype(float)
    found = displacement(responses, items, theta)
    alone = displacement(responses[:, [1]], items.take([1]).on_one_dimension(), theta[:, 1])
    assert found.shift[1] == pytest.approx(alone.shift[0])


def test_parameter_drift_by_hand() -> None:
    before = ItemParameters.of([1.0, 1.0], [0.0, 0.5])
    after = ItemParameters.of([1.0, 1.2], [0.3, 0.5])
    errors = ([0.1, 0.1], [0.06, 0.06])
    found = parameter_drift(before, after, SAME_SCALE, before_se=errors, after_se=errors)
    assert found.location_change.tolist() == pytest.approx([0.3, 0.0])
    assert found.location_z[0] == pytest.approx(0.3 / (0.06 * math.sqrt(2)))
    assert found.slope_ratio.tolist() == pytest.approx([1.0, 1.2])
    assert found.slope_z[1] == pytest.approx(math.log(1.2) / math.hypot(0.1, 0.1 / 1.2))
    assert found.location_p[1] == pytest.approx(1.0)
    assert found.rmsd[0] > found.rmsd[1] > 0


def test_parameter_drift_works_on_the_first_scale() -> None:
    before = ItemParameters.of([1.0, 1.3], [-0.2, 0.5])
    after = rescaled(before, 0.5, 1.0)
    link = stocking_lord(after, before)
    found = parameter_drift(
        before, after, link, before_se=([0.1] * 2, [0.1] * 2), after_se=([0.2] * 2, [0.05] * 2)
    )
    np.testing.assert_allclose(found.location_change, 0.0, atol=1e-7)
    np.testing.assert_allclose(found.rmsd, 0.0, atol=1e-7)
    with pytest.raises(ValueError, match="2 location standard errors"):
        parameter_drift(
            before, after, link, before_se=([0.1] * 2, [0.1]), after_se=([0.2] * 2, [0.05] * 2)
        )


def test_stable_link_leaves_drifted_items_out() -> None:
    rng = np.random.default_rng(6)
    base = ItemParameters.of(rng.uniform(0.8, 1.6, 20), rng.normal(size=20))
    shift = rng.normal(0, 0.03, 20)
    shift[[4, 11, 15]] = -0.9
    new = rescaled(ItemParameters.of(base.a, base.b + shift), 1 / 1.2, -0.5 / 1.2)
    found = stable_link(new, base)
    assert not found.is_anchor[[4, 11, 15]].any()
    plain = stocking_lord(new, base)
    assert abs(found.linking.intercept - 0.5) < 0.03 < abs(plain.intercept - 0.5)
    assert found.linking.common_items == found.is_anchor.sum()


def test_stable_link_keeps_a_least_number_of_anchors() -> None:
    rng = np.random.default_rng(7)
    base = ItemParameters.of(np.ones(8), rng.normal(size=8))
    new = ItemParameters.of(np.ones(8), base.b + rng.standard_cauchy(8))
    assert stable_link(new, base, least_anchors=6).is_anchor.sum() >= 6
