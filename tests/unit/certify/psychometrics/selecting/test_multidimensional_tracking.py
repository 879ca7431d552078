"""Abilities followed step by step end where scoring all responses at once does."""

from __future__ import annotations

import numpy as np
import pytest

from certify.psychometrics.estimating.multidimensional import MultivariatePrior
from certify.psychometrics.estimating.multidimensional_map import maximum_a_posteriori
from certify.psychometrics.item_parameters import FloatArray, ItemParameters
from certify.psychometrics.selecting.multidimensional_selection import LoadedItems
from certify.psychometrics.selecting.multidimensional_tracking import (
    TrackedAbilities,
    TrackedAbility,
    inverse_symmetric,
)

N, DIMS, ROUNDS = 40, 3, 25
PRIOR = MultivariatePrior.of(0.6 + 0.4 * np.eye(DIMS), [0.2, -0.1, 0.0])


def bank(lower: float, upper: float) -> ItemParameters:
    source = np.random.default_rng(8)
    return ItemParameters.of(
        source.lognormal(0.3, 0.3, N),
        source.normal(size=N),
        lower,
        upper,
        dimension=np.arange(N) % DIMS,
    )


def random_exams(persons: int) -> tuple[FloatArray, FloatArray]:
    """Items in random order and random responses: patterns that fit no ability well."""
    source = np.random.default_rng(4)
    order = np.array([source.permutation(N)[:ROUNDS] for _ in range(persons)])
    return order, source.integers(0, 2, (persons, ROUNDS)).astype(np.float64)


def response_row(order: FloatArray, responses: FloatArray) -> FloatArray:
    row = np.full(N, np.nan)
    row[order] = responses
    return row


@pytest.mark.parametrize(("lower", "upper"), [(0.0, 1.0), (0.2, 1.0), (0.2, 0.95)])
def test_one_person_is_followed_to_the_mode(lower: float, upper: float) -> None:
    items = bank(lower, upper)
    order, responses = random_exams(6)
    for person in range(6):
        tracked = TrackedAbility(LoadedItems.of(items), PRIOR, ROUNDS)
        for item, response in zip(order[person], responses[person], strict=True):
            tracked.record(int(item), int(response))
        expected = maximum_a_posteriori(
            [response_row(order[person], responses[person])], items, PRIOR
        )
        assert tracked.theta == pytest.approx(expected.theta[0], abs=1e-7)


@pytest.mark.parametrize(("lower", "upper"), [(0.0, 1.0), (0.2, 1.0), (0.2, 0.95)])
def test_lock_step_gives_the_same_as_one_by_one(lower: float, upper: float) -> None:
    items = LoadedItems.of(bank(lower, upper))
    order, responses = random_exams(12)
    together = TrackedAbilities(items, PRIOR, 12, ROUNDS)
    alone = [TrackedAbility(items, PRIOR, ROUNDS) for _ in range(12)]
    for at in range(ROUNDS):
        together.record(order[:, at], responses[:, at])
        for person, one in enumerate(alone):
            one.record(int(order[person, at]), int(responses[person, at]))
        assert together.theta == pytest.approx(np.array([one.theta for one in alone]), abs=1e-7)
        covariance = np.array([one.covariance for one in alone])
        assert together.covariance == pytest.approx(covariance, abs=1e-5)
    assert together.administered.sum(axis=1).tolist() == [ROUNDS] * 12


def test_persons_who_finished_stay_where_they_are() -> None:
    items = LoadedItems.of(bank(0.0, 1.0))
    order, responses = random_exams(4)
    tracked = TrackedAbilities(items, PRIOR, 4, 3)
    tracked.record(order[:, 0], responses[:, 0])
    finished = tracked.theta[[0, 2]].copy()
    going = np.array([1, 3])
    tracked.record(order[going, 1], responses[going, 1], going)
    assert (tracked.theta[[0, 2]] == finished).all()
    alone = TrackedAbility(items, PRIOR, 3)
    for at in range(2):
        alone.record(int(order[3, at]), int(responses[3, at]))
    assert tracked.theta[3] == pytest.approx(alone.theta, abs=1e-7)
    assert tracked.administered.sum(axis=1).tolist() == [1, 2, 1, 2]


def test_covariance_is_the_inverse_of_expected_information_and_prior_precision() -> None:
    items = LoadedItems.of(bank(0.2, 1.0))
    tracked = TrackedAbility(items, PRIOR, 5)
    for item in range(5):
        tracked.record(item, item % 2)
    weight = items.information_weights(tracked.theta)[:5]
    information = (items.slopes[:5].T * weight) @ items.slopes[:5]
    expected = np.linalg.inv(information + PRIOR.precision)
    assert tracked.covariance == pytest.approx(expected, rel=1e-4)


def test_before_the_first_response_there_is_the_prior() -> None:
    tracked = TrackedAbility(LoadedItems.of(bank(0.0, 1.0)), PRIOR, 5)
    assert tracked.theta.tolist() == PRIOR.mean.tolist()
    assert tracked.covariance.tolist() == PRIOR.covariance.tolist()


def test_the_prior_is_not_changed_by_those_who_start_from_it() -> None:
    tracked = TrackedAbility(LoadedItems.of(bank(0.0, 1.0)), PRIOR, 5)
    tracked.record(0, 1)
    assert PRIOR.mean.tolist() == [0.2, -0.1, 0.0]


def test_sweeping_inverts() -> None:
    source = np.random.default_rng(0)
    half = source.normal(size=(50, 6, 6))
    matrices = half @ half.transpose(0, 2, 1) + 0.1 * np.eye(6)
    found = np.moveaxis(inverse_symmetric(np.moveaxis(matrices, 0, -1)), -1, 0)
    assert found == pytest.approx(np.linalg.inv(matrices))
