"""Mean squares: recomputed in plain Python, with gaps, floors and faults."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certify.psychometrics.fit import item_fit, person_mean_squares
from certify.psychometrics.item_parameters import ItemParameters

MIXED = ItemParameters.concatenate(
    [
        ItemParameters.of([1.2, 0.8], [-0.5, 0.4], [0.2, 0.0]),
        ItemParameters.partial_credit([0.9], [[-1.0, 0.6]]),
    ]
)


def simulated(persons: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    theta = rng.normal(size=persons)
    responses = np.column_stack([rng.integers(0, top + 1, persons) for top in (1, 1, 2)])
    return responses.astype(float), theta


def probabilities(item: int, theta: float) -> list[float]:
    a, b, c = float(MIXED.a[item]), float(MIXED.b[item]), float(MIXED.c[item])
    if item < 2:
        right = c + (1 - c) / (1 + math.exp(-a * (theta - b)))
        return [1 - right, right]
    steps = [0.0, a * (theta + 1.0), a * (theta + 1.0) + a * (theta - 0.6)]
    total = sum(math.exp(step) for step in steps)
    return [math.exp(step) / total for step in steps]


def plain_mean_squares(cells: list[tuple[int, float, int]]) -> tuple[float, ...]:
    """Outfit, its z, infit, its z, zh of cells (item, theta, response), by the book."""
    squares = variances = z_squares = outfit_spread = infit_spread = gap = log_variance = 0.0
    for item, theta, response in cells:
        p = probabilities(item, theta)
        mean = sum(k * pk for k, pk in enumerate(p))
        w = sum((k - mean) ** 2 * pk for k, pk in enumerate(p))
        c = sum((k - mean) ** 4 * pk for k, pk in enumerate(p))
        squares += (response - mean) ** 2
        z_squares += (response - mean) ** 2 / w
        variances += w
        outfit_spread += c / w**2
        infit_spread += c - w**2
        logs = [math.log(pk) for pk in p]
        expected = sum(pk * log for pk, log in zip(p, logs, strict=True))
        gap += logs[response] - expected
        log_variance += sum(pk * (log - expected) ** 2 for pk, log in zip(p, logs, strict=True))
    n = len(cells)
    outfit, infit = z_squares / n, squares / variances
    result = []
    for value, spread in (
        (outfit, outfit_spread / n**2 - 1 / n),
        (infit, infit_spread / variances**2),
    ):
        q = min(math.sqrt(spread), 1.4142)
        result += [value, (value ** (1 / 3) - 1) * 3 / q + q / 3]
    return (*result, gap / math.sqrt(log_variance))


@pytest.mark.parametrize("seed", [1, 2])
def test_item_fit_of_a_mixed_bank_with_gaps(seed: int) -> None:
    responses, theta = simulated(30, seed)
    responses[::7, 1] = np.nan
    fit = item_fit(responses, MIXED, theta)
    for item in range(3):
        cells = [
            (item, float(t), int(x))
            for t, x in zip(theta, responses[:, item], strict=True)
            if not math.isnan(x)
        ]
        found = [fit.outfit, fit.outfit_z, fit.infit, fit.infit_z, fit.zh]
        assert [float(part[item]) for part in found] == pytest.approx(plain_mean_squares(cells))
        assert fit.count[item] == len(cells)


def test_person_fit_of_a_mixed_bank_with_gaps() -> None:
    responses, theta = simulated(5, 3)
    responses[2, 0] = np.nan
    fit = person_mean_squares(responses, MIXED, theta)
    for person in range(5):
        cells = [
            (item, float(theta[person]), int(responses[person, item]))
            for item in range(3)
            if not math.isnan(responses[person, item])
        ]
        found = [fit.outfit, fit.outfit_z, fit.infit, fit.infit_z, fit.zh]
        assert [float(part[person]) for part in found] == pytest.approx(plain_mean_squares(cells))


def test_item_with_too_few_responses_has_no_fit() -> None:
    responses, theta = simulated(25, 4)
    responses[:6, 0] = np.nan
    fit = item_fit(responses, MIXED, theta)
    assert np.isnan([fit.outfit[0], fit.infit_z[0], fit.zh[0]]).all()
    assert np.isfinite([fit.outfit[1], fit.infit_z[1], fit.zh[1]]).all()


def test_person_without_responses_has_no_fit() -> None:
    responses, theta = simulated(3, 5)
    responses[1] = np.nan
    fit = person_mean_squares(responses, MIXED, theta)
    assert np.isnan(fit.outfit).tolist() == [False, True, False]


def test_one_slip_on_a_sure_item_is_bounded_by_the_variance_floor() -> None:
    items = ItemParameters.of([2.0], [-6.0])
    responses = np.array([[0.0]] + [[1.0]] * 29)
    theta = np.full(30, 2.0)
    floored = item_fit(responses, items, theta).outfit[0]
    plain = item_fit(responses, items, theta, smallest_variance=0.0).outfit[0]
    assert plain > 1e5
    assert floored < 20.0


def test_infinite_ability_is_refused_with_the_person() -> None:
    responses, theta = simulated(4, 6)
    theta[2] = np.inf
    with pytest.raises(ValueError, match="person 2: expected a finite theta"):
        person_mean_squares(responses, MIXED, theta)


def test_wrong_number_of_abilities_is_refused() -> None:
    responses, theta = simulated(4, 7)
    with pytest.raises(ValueError, match="theta of shape"):
        person_mean_squares(responses, MIXED, theta[:3])


@settings(deadline=None)
@given(st.integers(0, 10_000))
def test_order_of_persons_does_not_matter(seed: int) -> None:
    responses, theta = simulated(22, seed)
    order = np.random.default_rng(seed).permutation(22)
    one, other = item_fit(responses, MIXED, theta), item_fit(responses[order], MIXED, theta[order])
    np.testing.assert_allclose(one.outfit, other.outfit)
    np.testing.assert_allclose(one.infit_z, other.infit_z, atol=1e-9)


def test_responses_of_the_model_have_mean_squares_of_one() -> None:
    rng = np.random.default_rng(8)
    items = ItemParameters.of(rng.uniform(0.7, 1.8, 10), rng.normal(size=10))
    theta = rng.normal(size=4000)
    p = 1 / (1 + np.exp(-items.a * (theta[:, None] - items.b)))
    fit = item_fit((rng.random(p.shape) < p).astype(float), items, theta)
    assert np.abs(fit.infit - 1).max() < 0.06
    assert np.abs(fit.infit_z).max() < 4
