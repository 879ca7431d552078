"""Abilities in lock-step against the estimators that see all responses at once."""

import numpy as np
import pytest

from certify.psychometrics.ability import eap
from certify.psychometrics.estimating.multidimensional_eap import eap as multidimensional_eap
from certify.psychometrics.estimating.multidimensional_map import maximum_a_posteriori
from certify.psychometrics.irt import probability
from certify.psychometrics.item_parameters import ItemParameters
from certify.psychometrics.selecting.multidimensional_selection import LoadedItems
from certify.psychometrics.simulating.tracking import AbilityMethod, LockStepAbilities
from certify.psychometrics.simulation import CorrelatedEap, GridEap, TrackedMap
from tests.unit.certify.psychometrics.simulating.simulated_exams import (
    GRID,
    PRIOR,
    bank,
    examinees,
    flat_bank,
    flat_examinees,
)


def answered(method: AbilityMethod, responses: np.ndarray, given: np.ndarray) -> LockStepAbilities:
    abilities = method.start(len(given), given.shape[1])
    for position in range(given.shape[1]):
        abilities.record(given[:, position], responses[:, position])
    return abilities


def sheets(
    items: ItemParameters, theta: np.ndarray, length: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Different items for everybody, their responses, and the same as a sparse matrix."""
    source = np.random.default_rng(5)
    order = source.random((len(theta), len(items))).argsort(axis=1)[:, :length]
    chance = np.take_along_axis(probability(theta, items), order, axis=1)
    responses = (source.random(chance.shape) < chance).astype(np.intp)
    matrix = np.full((len(theta), len(items)), np.nan)
    np.put_along_axis(matrix, order, responses.astype(float), axis=1)
    return order, responses, matrix


def test_grid_eap_is_the_eap_of_all_responses() -> None:
    items = flat_bank()
    given, responses, matrix = sheets(items, flat_examinees(50).theta[:, 0], 25)
    abilities = answered(GridEap(items, GRID), responses, given)
    expected = eap(matrix, items, GRID)
    np.testing.assert_allclose(abilities.theta[:, 0], expected.theta, atol=1e-10)
    np.testing.assert_allclose(np.sqrt(abilities.covariance[:, 0, 0]), expected.se, atol=1e-10)


def test_graded_items_are_followed_too() -> None:
    items = ItemParameters.graded([1.2, 0.8, 1.5], [[-1.0, 0.5], [-0.5, 0.7], [0.0, 1.0]])
    given = np.array([[0, 1, 2], [2, 0, 1]])
    responses = np.array([[2, 0, 1], [1, 2, 2]])
    matrix = np.full((2, 3), np.nan)
    np.put_along_axis(matrix, given, responses.astype(float), axis=1)
    abilities = answered(GridEap(items, GRID), responses, given)
    np.testing.assert_allclose(abilities.theta[:, 0], eap(matrix, items, GRID).theta, atol=1e-10)


def test_propagated_eap_stays_close_and_ends_at_the_converged_estimate() -> None:
    of = bank()
    given, responses, matrix = sheets(of.items, examinees(60).theta, 30)
    abilities = answered(CorrelatedEap(of.items, PRIOR), responses, given)
    expected = multidimensional_eap(matrix, of.items, PRIOR, points=121)
    assert np.abs(abilities.theta - expected.theta).max() < 0.03
    theta, covariance = abilities.estimate(np.ones(60, dtype=bool))
    # expectation propagation is off the exact posterior mean by .003, see multidimensional_eap
    np.testing.assert_allclose(theta, expected.theta, atol=5e-3)
    np.testing.assert_allclose(covariance, expected.covariance, atol=1e-2)


def test_tracked_modes_are_the_posterior_modes() -> None:
    of = bank()
    given, responses, matrix = sheets(of.items, examinees(40).theta, 20)
    abilities = answered(TrackedMap(LoadedItems.of(of.items), PRIOR), responses, given)
    expected = maximum_a_posteriori(matrix, of.items, PRIOR)
    np.testing.assert_allclose(abilities.theta, expected.theta, atol=1e-4)


@pytest.mark.parametrize("kind", ["grid", "propagated", "modes"])
def test_those_who_go_on_are_not_changed_by_those_who_stop(kind: str) -> None:
    of = bank()
    items = flat_bank() if kind == "grid" else of.items
    people = flat_examinees(30).theta[:, 0] if kind == "grid" else examinees(30).theta
    given, responses, _ = sheets(items, people, 12)
    method: AbilityMethod = {
        "grid": lambda: GridEap(items, GRID),
        "propagated": lambda: CorrelatedEap(items, PRIOR),
        "modes": lambda: TrackedMap(LoadedItems.of(items), PRIOR),
    }[kind]()
    whole = answered(method, responses, given)
    goes_on = np.arange(30) % 3 != 0
    parts = answered(method, responses[:, :6], given[:, :6])
    if kind == "modes":  # room for the second half
        parts = method.start(30, 12)
        for position in range(6):
            parts.record(given[:, position], responses[:, position])
    parts.keep(goes_on)
    for position in range(6, 12):
        parts.record(given[goes_on, position], responses[goes_on, position])
    np.testing.assert_allclose(parts.theta, whole.theta[goes_on], atol=1e-6)


def test_items_of_several_dimensions_are_refused_on_one_grid() -> None:
    with pytest.raises(ValueError, match="one dimension, found 3"):
        GridEap(bank().items, GRID)


def test_a_prior_of_other_dimensions_is_refused() -> None:
    with pytest.raises(ValueError, match="prior of 1 dimensions, found 3"):
        CorrelatedEap(flat_bank(), PRIOR)
