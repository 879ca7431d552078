"""Reports on simulated exams: figures counted by hand, and violations that are found."""

from dataclasses import replace

import numpy as np
import pytest

from certify.psychometrics.simulating.populations import (
    BankPlan,
    conditioned_on_composite,
    draw_bank,
    draw_examinees,
)
from certify.psychometrics.simulating.report import (
    Decisions,
    Estimates,
    Exposure,
    blueprint_violations,
)
from certify.psychometrics.simulation import simulate
from tests.unit.certify.psychometrics.simulating.simulated_exams import (
    PRIOR,
    WEIGHTS,
    bank,
    design,
    examinees,
)


def test_accuracy_claimed_and_actual() -> None:
    decisions = Decisions(np.array([0.9, 0.8, 0.6, 0.7]), np.array([True, True, False, True]))
    assert decisions.accuracy == 0.75
    assert decisions.overclaim == pytest.approx(0.0)
    assert decisions.among(np.array([True, False, True, False])).accuracy == 0.5


def test_placement_takes_the_likeliest_level() -> None:
    made = bank()
    exams = simulate(design(made), made.items, examinees(200), 1)
    estimates = Estimates.of(exams)
    placed = estimates.placement((-0.6, 0.4))
    truth = np.searchsorted((-0.6, 0.4), estimates.true_composite, side="right")
    level = np.searchsorted((-0.6, 0.4), estimates.composite, side="right")
    assert placed.accuracy == pytest.approx((level == truth).mean(), abs=0.02)
    assert (placed.claimed >= 1 / 3).all()
    inflated = Estimates.of(replace(exams, design=replace(exams.design, se_factor=1.2)))
    np.testing.assert_allclose(inflated.composite_se, 1.2 * estimates.composite_se)


def test_exposure_within_regions_counts_their_examinees_alone() -> None:
    made = bank()
    exams = simulate(design(made), made.items, examinees(300), 1)
    region = (np.arange(300) >= 250).astype(np.intp)
    exposure = Exposure.of(exams, region, at_least=100)
    rates = exams.administered[:250].mean(axis=0)
    assert exposure.region_highest[0] == rates.max()
    assert np.isnan(exposure.region_highest[1])
    assert exposure.region_size.tolist() == [250, 50]


def test_every_kind_of_violation_is_found() -> None:
    made = bank()
    exams = simulate(design(made), made.items, examinees(3), 1)
    assert blueprint_violations(exams) == 0
    pair = made.enemies[0]
    enemies, crowd = exams.items.copy(), exams.items.copy()
    enemies[0, :2] = pair
    enemies[0, 2:] = -1
    crowd[1, :5] = np.flatnonzero(made.elements == made.elements[0])[:5]
    assert blueprint_violations(replace(exams, items=enemies)) >= 1
    assert blueprint_violations(replace(exams, items=crowd)) == 1


def test_applicants_have_the_composite_they_should_and_are_otherwise_like_everybody() -> None:
    population = conditioned_on_composite(PRIOR, WEIGHTS, 0.7, 0.5)
    people = draw_examinees(population, 40_000, np.random.default_rng(1), pace_sd=0.3)
    composite = people.theta @ WEIGHTS
    assert composite.mean() == pytest.approx(0.7, abs=0.01)
    assert composite.std() == pytest.approx(0.5, abs=0.01)
    # what the composite leaves open has the same spread as in the whole population
    everybody = draw_examinees(PRIOR, 40_000, np.random.default_rng(2)).theta
    towards = PRIOR.covariance @ WEIGHTS
    expected = np.sqrt(1.0 - towards[0] ** 2 / (WEIGHTS @ towards))
    for theta in (people.theta, everybody):
        slope = np.cov(theta[:, 0], theta @ WEIGHTS)
        rest = theta[:, 0] - slope[0, 1] / slope[1, 1] * (theta @ WEIGHTS)
        assert rest.std() == pytest.approx(expected, abs=0.01)
    assert np.log(people.pace).std() == pytest.approx(0.3, abs=0.01)


def test_a_bank_keeps_to_its_plan() -> None:
    plan = BankPlan(dimension_shares=(0.5, 0.3, 0.2), elements=(4, 3, 2), enemy_share=0.2)
    made = draw_bank(plan, 1000, np.random.default_rng(1))
    assert np.bincount(made.items.dimension).tolist() == [500, 300, 200]
    assert (made.items.c > 0).mean() == pytest.approx(0.6, abs=0.05)
    assert sum(len(pair) for pair in made.enemies) == 200
    assert all(made.elements[one] == made.elements[two] for one, two in made.enemies)
    assert all(len(set(made.items.dimension[made.elements == code])) == 1 for code in range(9))
