"""Whole simulated exams: determinism, constraints, exposure, and estimates that are right."""

from dataclasses import replace

import numpy as np
import pytest

from certify.psychometrics import simulation
from certify.psychometrics.irt import information
from certify.psychometrics.selecting.constraints import CategoryCounts, EnemyItems, TestLength
from certify.psychometrics.selecting.eligibility import EligibilityCounts
from certify.psychometrics.selecting.multidimensional_selection import LoadedItems
from certify.psychometrics.shadow import ShadowAssembler
from certify.psychometrics.simulating.lockstep import ExamBatch
from certify.psychometrics.simulating.report import Estimates, Exposure, blueprint_violations
from certify.psychometrics.simulation import (
    CompositeInformation,
    DimensionsPrecise,
    ExamDesign,
    ExpectedPosteriorVariance,
    ExposurePolicy,
    KullbackLeibler,
    RegionEligibility,
    ShadowPlan,
    SimulatedExams,
    TrackedMap,
    simulate,
    tuned_eligibility,
    tuned_sympson_hetter,
)
from certify.psychometrics.stopping import LengthReached, PreciseEnough, SideDecided, TimeUsed
from tests.unit.certify.psychometrics.simulating.simulated_exams import (
    GRID,
    PRIOR,
    WEIGHTS,
    bank,
    content,
    design,
    examinees,
    flat_bank,
    flat_design,
    flat_examinees,
)

CUTS = (-0.6, 0.4)


def guarded(of: simulation.ContentPlan | None = None) -> ExamDesign:
    """Content, eligibility per region, randomesque, and a stopping rule with all its parts."""
    made = bank()
    rule = LengthReached(8) & SideDecided(0.4, 0.9) & DimensionsPrecise((0.75, 0.75, 0.8))
    return replace(
        design(made),
        content=of or content(made, 20),
        exposure=ExposurePolicy(3, RegionEligibility(0.35, CUTS)),
        stopping=rule | TimeUsed(1500.0),
    )


def same(one: SimulatedExams, other: SimulatedExams) -> bool:
    return bool(
        np.array_equal(one.items, other.items)
        and np.array_equal(one.responses, other.responses)
        and np.array_equal(one.theta, other.theta)
    )


def test_the_same_seed_gives_the_same_exams_and_another_one_does_not() -> None:
    exams = [simulate(guarded(), bank().items, examinees(), seed) for seed in (7, 7, 8)]
    assert same(exams[0], exams[1])
    assert not same(exams[0], exams[2])


def test_a_thousand_interleaved_exams_never_mix() -> None:
    """Four batches of 250 stepped in turn end as each does alone."""
    made, plan = bank(), guarded()
    counts = RegionEligibility(0.35, CUTS).start(len(made.items))

    def batch(number: int) -> ExamBatch:
        people = examinees(250, seed=number)
        return ExamBatch(plan, made.items, people, np.random.SeedSequence(number), counts)

    together = [batch(number) for number in range(4)]
    while not all(one.is_over for one in together):
        for one in together:
            one.step()
    for number, one in enumerate(together):
        alone = batch(number)
        while not alone.is_over:
            alone.step()
        assert same(one.outcome(), alone.outcome())


@pytest.mark.parametrize("is_by_value", [False, True])
def test_constraints_are_never_broken(is_by_value: bool) -> None:
    made = bank()
    plan = content(made, 20, is_by_value=is_by_value)
    exams = simulate(guarded(plan), made.items, examinees(600), 1)
    assert blueprint_violations(exams) == 0
    assert all(len(set(row[row >= 0])) == (row >= 0).sum() for row in exams.items)
    unlimited = simulate(replace(guarded(), content=None), made.items, examinees(600), 1)
    assert blueprint_violations(replace(unlimited, design=exams.design)) > 100


def test_content_is_kept_where_only_one_category_is_eligible() -> None:
    """Eligibility gives way, the bounds of the categories do not."""
    made = bank()
    is_first = made.items.dimension == 0
    many = np.full((3, len(made.items)), 1e6)
    counts = EligibilityCounts(many[:, 0], many, np.where(is_first, 0.0, many))
    policy = ExposurePolicy(1, RegionEligibility(0.2, CUTS, counts))
    plan = content(made, 20, is_by_value=True)
    starved = replace(design(made), content=plan, exposure=policy)
    exams = simulate(starved, made.items, examinees(100), 1)
    assert blueprint_violations(exams) == 0
    np.testing.assert_array_equal(exams.n_not_eligible, (~is_first[exams.items]).sum(axis=1))


def test_exams_end_by_the_rule_the_longest_length_or_the_time() -> None:
    made = bank()
    people = replace(examinees(400), pace=np.repeat([1.0, 4.0], 200))
    exams = simulate(guarded(), made.items, people, 1)
    assert exams.length.max() <= 20
    late = exams.seconds >= 1500.0
    estimates = Estimates.of(exams)
    sure = estimates.applied_level(0.4).claimed > 0.89
    ended_early = exams.length < 20
    assert exams.length[~late].min() == 8
    assert (exams.is_decided == ended_early).all()
    assert (sure | late)[ended_early].all()
    assert late[200:].mean() > 0.5 > late[:200].mean()


def test_exposure_stays_at_its_maximum_within_every_region() -> None:
    made = bank(240)
    base = replace(
        design(made), exposure=ExposurePolicy(1, RegionEligibility(0.3, CUTS)), stopping=None
    )
    counts = tuned_eligibility(base, made.items, examinees(1500, seed=9), 2)
    rule = RegionEligibility(0.3, CUTS, counts)
    exams = simulate(
        replace(base, exposure=ExposurePolicy(1, rule)), made.items, examinees(2000), 3
    )
    region = np.searchsorted(CUTS, Estimates.of(exams).composite, side="right")
    exposure = Exposure.of(exams, region)
    # the largest of about 80 rationed items: three standard errors of a share among the region
    slack = 3.5 * np.sqrt(0.3 * 0.7 / exposure.region_size)
    assert (exposure.region_highest <= 0.3 + slack).all()
    free = simulate(replace(base, exposure=ExposurePolicy()), made.items, examinees(2000), 3)
    assert (Exposure.of(free, region).region_highest > 0.3 + slack).all()
    assert exposure.overlap < Exposure.of(free, region).overlap


def test_sympson_hetter_bounds_exposure_and_fills_every_exam() -> None:
    items, people = flat_bank(), flat_examinees(1000)
    plain = flat_design(items)
    tuned = tuned_sympson_hetter(plain, items, people, 0.3, 5, rounds=8)
    controlled = replace(plain, exposure=ExposurePolicy(sympson_hetter=tuned))
    exams = simulate(controlled, items, flat_examinees(1000, seed=11), 6)
    assert (exams.length == 15).all()
    assert exams.administered.mean(axis=0).max() <= 0.3 + 4 * np.sqrt(0.3 * 0.7 / 1000)
    assert simulate(plain, items, people, 6).administered.mean(axis=0).max() == 1.0


def test_randomesque_takes_all_of_the_best_few_for_the_first_item() -> None:
    items = flat_bank()
    exams = simulate(
        replace(flat_design(items), exposure=ExposurePolicy(best_of=4)),
        items,
        flat_examinees(400),
        1,
    )
    best = np.argsort(-information(0.0125, items))[:4]
    assert set(exams.items[:, 0]) == set(best)


def test_maximum_information_is_chosen_at_the_estimate() -> None:
    """The second item is the best one left at the estimate after the first."""
    items = flat_bank()
    exams = simulate(flat_design(items, 2), items, flat_examinees(50), 1)
    for first, second, response in zip(
        exams.items[:, 0], exams.items[:, 1], exams.responses[:, 0], strict=True
    ):
        abilities = flat_design(items).abilities.start(1, 1)
        abilities.record(np.array([first]), np.array([response], dtype=np.intp))
        worth = information(abilities.theta[0, 0], items)
        worth[first] = -1.0
        assert worth[second] >= 0.999 * worth.max()


def test_estimates_are_unbiased_over_the_population_and_as_exact_as_they_say() -> None:
    made = bank(300)
    exams = simulate(design(made), made.items, examinees(3000), 1)
    precision = Estimates.of(exams).precision()
    assert abs(precision.bias) < 0.02
    np.testing.assert_allclose(precision.rmse, precision.se, rtol=0.04)
    np.testing.assert_allclose(precision.dimension_rmse, precision.dimension_se, rtol=0.05)
    decisions = Estimates.of(exams).applied_level(0.4)
    assert abs(decisions.overclaim) < 0.02
    wrong = replace(made.items, a=made.items.a * 1.8)
    believing = replace(design(made), abilities=simulation.CorrelatedEap(wrong, PRIOR))
    overclaiming = Estimates.of(simulate(believing, made.items, examinees(3000), 1))
    assert overclaiming.applied_level(0.4).overclaim > 0.02


def test_adaptive_exams_beat_random_ones_under_every_criterion() -> None:
    items, people = flat_bank(200), flat_examinees(1200)

    def rmse(criterion: simulation.Criterion | None) -> float:
        plan = flat_design(items, 12)
        if criterion is not None:
            plan = replace(plan, criterion=criterion)
        else:
            plan = replace(plan, exposure=ExposurePolicy(best_of=200))
        return Estimates.of(simulate(plan, items, people, 1)).precision().rmse

    random = rmse(None)
    for criterion in (
        flat_design(items).criterion,
        KullbackLeibler.of(items, GRID.points),
        ExpectedPosteriorVariance.of(items, GRID.points),
    ):
        assert rmse(criterion) < 0.85 * random


def test_modes_and_composite_information_work_in_several_dimensions() -> None:
    made = bank()
    composite = replace(
        design(made),
        abilities=TrackedMap(LoadedItems.of(made.items), PRIOR),
        criterion=CompositeInformation.of(made.items, WEIGHTS, cuts=CUTS),
    )
    exams = simulate(composite, made.items, examinees(400), 1)
    assert blueprint_violations(exams) == 0
    assert Estimates.of(exams).precision().rmse < 0.5


def test_kept_estimates_are_those_of_a_shorter_exam() -> None:
    made = bank()
    longer = simulate(replace(design(made), keep_at=(10,)), made.items, examinees(100), 1)
    shorter = simulate(
        replace(design(made, 20), stopping=LengthReached(10)), made.items, examinees(100), 1
    )
    np.testing.assert_allclose(longer.kept[10].theta, shorter.theta, atol=1e-12)


def test_shadow_tests_keep_constraints_that_cross_the_categories() -> None:
    made = bank()
    crossing = np.arange(len(made.items)) % 5
    constraints = [
        TestLength(12, 12),
        CategoryCounts.of("dimension", made.items.dimension, [3, 3, 3], [6, 5, 5]),
        CategoryCounts.of("sub-skill", crossing, 2, 4),
        EnemyItems.of(made.enemies),
    ]
    anchor = information(np.zeros(3), made.items)
    plan = ShadowPlan(ShadowAssembler(len(made.items), constraints, anchor))
    shadowed = replace(design(made), max_items=12, content=None, shadow=plan)
    exams = simulate(shadowed, made.items, examinees(25), 1)
    assert (exams.length == 12).all()
    for row in exams.items[:, :12]:
        assert set(np.bincount(crossing[row], minlength=5)) <= {2, 3, 4}
        assert np.bincount(made.items.dimension[row]).min() >= 3


def test_an_exhausted_bank_ends_the_exam() -> None:
    made = bank(30)
    plan = content(made, 20, most_per_element=1)
    exams = simulate(replace(design(made), content=plan), made.items, examinees(20), 1)
    assert (exams.length == 9).all()
    assert (exams.items >= 0).sum() == 180


def test_designs_that_do_not_fit_are_refused() -> None:
    made = bank()
    with pytest.raises(ValueError, match="1 to 150 items, found 151"):
        replace(design(made), max_items=151)
    with pytest.raises(ValueError, match="3 weights, found 1"):
        replace(design(made), weights=np.ones(1))
    with pytest.raises(ValueError, match="bounds up to 30 items, found 20"):
        replace(design(made), max_items=30)
    with pytest.raises(ValueError, match="150 true items, found 120"):
        simulate(design(made), flat_bank(), flat_examinees(), 1)
    with pytest.raises(ValueError, match=r"shape \(200, 3\), found \(200, 1\)"):
        simulate(design(made), made.items, flat_examinees(), 1)
    with pytest.raises(ValueError, match="eligibility rule"):
        tuned_eligibility(design(made), made.items, examinees(), 1)


def test_precision_of_one_dimension_stops_an_exam() -> None:
    items = flat_bank()
    rule = PreciseEnough(se=0.4)
    exams = simulate(replace(flat_design(items, 40), stopping=rule), items, flat_examinees(), 1)
    se = np.sqrt(exams.covariance[:, 0, 0])
    assert (se[exams.is_decided] <= 0.4).all()
    assert exams.length.mean() < 20
