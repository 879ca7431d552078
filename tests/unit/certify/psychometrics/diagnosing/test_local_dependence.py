"""Q3 and LD X2: plain recomputation, dependence that is there, and pairs without enough persons."""

import numpy as np
import pytest

from certify.psychometrics import irt
from certify.psychometrics.ability import AbilityGrid
from certify.psychometrics.diagnosing.local_dependence import adjusted_q3, pair_dependence, q3
from certify.psychometrics.item_parameters import ItemParameters

ITEMS = ItemParameters.of([1.0, 1.3, 0.8], [-0.4, 0.1, 0.6])
MIXED = ItemParameters.concatenate([ITEMS.take([0]), ItemParameters.graded([1.1], [[-0.7, 0.9]])])


def simulated(persons: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    theta = rng.normal(size=persons)
    p = irt.probability(theta, ITEMS)
    return (rng.random(p.shape) < p).astype(float), theta


def test_q3_is_the_correlation_of_residuals() -> None:
    responses, theta = simulated(60, 1)
    expected = np.corrcoef(responses - irt.expected_score(theta, ITEMS), rowvar=False)
    np.testing.assert_allclose(q3(responses, ITEMS, theta), expected)


def test_q3_uses_the_persons_common_to_a_pair() -> None:
    responses, theta = simulated(80, 2)
    responses[:20, 0] = np.nan
    responses[70:, 2] = np.nan
    both = slice(20, 70)
    residual = responses[both] - irt.expected_score(theta[both], ITEMS)
    found = q3(responses, ITEMS, theta)
    assert found[0, 2] == pytest.approx(np.corrcoef(residual[:, 0], residual[:, 2])[0, 1])


def test_q3_of_copied_items_stands_out_after_adjustment() -> None:
    responses, theta = simulated(500, 3)
    responses[:, 2] = responses[:, 1]
    found = adjusted_q3(q3(responses, ITEMS, theta))
    assert found[1, 2] > 0.2
    assert np.isnan(np.diagonal(found)).all()
    assert np.nanmean(found) == pytest.approx(0.0, abs=1e-12)


def test_q3_needs_twenty_common_persons() -> None:
    responses, theta = simulated(40, 4)
    responses[:21, 0] = np.nan
    found = q3(responses, ITEMS, theta)
    assert np.isnan([found[0, 0], found[0, 1], found[0, 2]]).all()
    assert np.isfinite(found[1, 2])


def test_pair_dependence_of_mixed_items_in_plain_python() -> None:
    rng = np.random.default_rng(5)
    responses = np.column_stack([rng.integers(0, 2, 200), rng.integers(0, 3, 200)]).astype(float)
    grid = AbilityGrid.normal(count=21)
    x2 = observed_covariance = expected_covariance = 0.0
    p = irt.category_probabilities(grid.points, MIXED)
    means = [0.0] * 4
    for i in range(2):
        for j in range(3):
            observed = ((responses[:, 0] == i) & (responses[:, 1] == j)).sum()
            expected = 200 * sum(grid.weights * p[:, 0, i] * p[:, 1, j])
            x2 += (observed - expected) ** 2 / expected
            for at, value in enumerate((observed, expected)):
                means[2 * at] += i * value / 200
                means[2 * at + 1] += j * value / 200
            observed_covariance += i * j * observed / 200
            expected_covariance += i * j * expected / 200
    observed_covariance -= means[0] * means[1]
    expected_covariance -= means[2] * means[3]
    found = pair_dependence(responses, MIXED, grid)
    assert found.x2[0, 1] == pytest.approx(x2)
    assert found.x2[1, 0] == found.x2[0, 1]
    assert found.df[0, 1] == 2
    size = (x2 / 200) ** 0.5
    assert found.residual[0, 1] == pytest.approx(
        np.copysign(size, observed_covariance - expected_covariance)
    )


def test_pair_with_too_few_persons_has_no_dependence() -> None:
    responses, _ = simulated(40, 6)
    responses[:21, 0] = np.nan
    found = pair_dependence(responses, ITEMS)
    assert np.isnan([found.x2[0, 1], found.p_value[0, 1], found.df[0, 1]]).all()
    assert np.isfinite(found.p_value[1, 2])


def test_several_dimensions_are_refused_for_the_marginal_statistic() -> None:
    items = ItemParameters.of([1.0, 1.0], [0.0, 0.0], dimension=[0, 1])
    with pytest.raises(ValueError, match="one dimension"):
        pair_dependence(np.zeros((30, 2)), items)
