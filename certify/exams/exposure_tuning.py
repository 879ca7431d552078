"""Tuning an exposure plan: simulated exams of one blueprint, of the largest length, from its items.

The simulation follows the rules of `adaptive` in lock-step; the plan it ends in is what attempts
use. A thin dimension's items cannot be seen by few: their maximum is what the bank allows.
"""

import hashlib
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from certify.exams.adaptive import AdaptiveExam
from certify.exams.content_rules import HURRY
from certify.exams.exposure_plan import PRECISION, ExposurePlan
from certify.exams.pool import ItemPool
from certify.psychometrics.estimating.multidimensional import MultivariatePrior
from certify.psychometrics.irt import FloatArray
from certify.psychometrics.selecting.eligibility import EligibilityCounts
from certify.psychometrics.simulating.populations import conditioned_on_composite, draw_examinees
from certify.psychometrics.simulation import (
    ContentPlan,
    CorrelatedEap,
    ExamDesign,
    ExposurePolicy,
    PosteriorD,
    RegionEligibility,
    tuned_eligibility,
)

IndexArray = NDArray[np.intp]
EXAMINEES = 4000
SPREAD = 1.2
"""Standard deviation of the composite around the cut applied for: every region is visited."""
SEED = 20260101
PLAY = 1.5
"""A thin dimension's maximum is this many times the exposure of its items if all were equal."""


def tune_plan(exam: AdaptiveExam, cuts: tuple[float, ...]) -> ExposurePlan:
    """The plan of one exam; the same items and blueprint give the same plan, tuned once a process.

    Takes a second or two for a bank of 800 items.
    """
    place = _fingerprint(exam, cuts)
    if place not in _TUNED:
        _TUNED[place] = _tune(exam, cuts)
    return _TUNED[place]


_TUNED: dict[str, ExposurePlan] = {}


def _fingerprint(exam: AdaptiveExam, cuts: tuple[float, ...]) -> str:
    """A hash of everything that the plan depends on."""
    pool = exam.pool
    numbers = pool.parameters
    parts = (numbers.a, numbers.b, numbers.c, pool.expected_seconds, pool.dimension_index)
    whole = hashlib.sha256(repr((exam.blueprint, cuts)).encode())
    for part in (*parts, pool.level_ranks, pool.prior.covariance):
        whole.update(np.ascontiguousarray(part).tobytes())
    for item in pool.items:
        stimulus = item.stimulus.id if item.stimulus else ""
        whole.update(repr((item.id, item.node, stimulus, item.enemies)).encode())
    return whole.hexdigest()


def _tune(exam: AdaptiveExam, cuts: tuple[float, ...]) -> ExposurePlan:
    pool = exam.pool
    usable = np.flatnonzero(exam.rules.usable)
    maxima = reachable_maxima(exam)
    probabilities = np.zeros((len(cuts) + 1, len(pool.items)))
    counts = _tuned(exam, cuts, usable, maxima[pool.dimension_index[usable]])
    probabilities[:, usable] = counts.probabilities(maxima[pool.dimension_index[usable]])
    rates = np.zeros_like(probabilities)
    rates[:, usable] = counts.exposure_rates()
    draw_with = np.arange(len(pool.items), dtype=np.intp)
    for mates in pool.stimulus_mates.values():
        members = list(mates)
        draw_with[members] = members[0]
        highest = maxima[pool.dimension_index[members[0]]]
        probabilities[:, members] = _of_case(probabilities, rates, members, highest)
    return ExposurePlan(
        item_ids=tuple(item.id for item in pool.items),
        cuts=cuts,
        probabilities=np.round(probabilities, PRECISION),
        draw_with=draw_with,
        maximum=float(maxima[exam.rules.shares > 0].max()),
    )


def _of_case(
    probabilities: FloatArray, rates: FloatArray, members: list[int], maximum: float
) -> FloatArray:
    """One probability per region for all items of a case, shape (regions, 1).

    Any of them brings the others along, so together they are chosen as often as all of them were
    alone, at most.
    """
    together = np.maximum(rates[:, members].sum(axis=1), maximum)
    lowest = probabilities[:, members].min(axis=1)
    return np.asarray((lowest * maximum / together)[:, None])


def reachable_maxima(exam: AdaptiveExam) -> FloatArray:
    """Of each dimension: the blueprint's maximum, or more where it has too few items for it."""
    pool, blueprint = exam.pool, exam.blueprint
    own = pool.dimension_index[exam.rules.usable]
    counts = np.bincount(own, minlength=len(pool.dimensions))
    equal = exam.rules.shares * blueprint.max_items / np.maximum(counts, 1)
    return np.clip(np.ceil(100 * PLAY * equal) / 100, blueprint.max_exposure, 1.0)


def _tuned(
    exam: AdaptiveExam, cuts: tuple[float, ...], usable: IndexArray, maxima: FloatArray
) -> EligibilityCounts:
    pool, blueprint, rules = exam.pool, exam.blueprint, exam.rules
    # a programme may ask for some dimensions alone; the others are known by the prior only
    asked, own = np.unique(pool.dimension_index[usable], return_inverse=True)
    items = replace(pool.parameters.take(usable), dimension=own, n_dimensions=len(asked))
    prior = MultivariatePrior.of(pool.prior.covariance[np.ix_(asked, asked)])
    shares = rules.shares[asked]
    place = {int(index): at for at, index in enumerate(usable)}
    content = ContentPlan(
        own,
        rules.bounds_of(shares),
        is_by_value=True,
        # one set of elements can be capped; types shift what is chosen most
        elements=rules.type_index[usable],
        most_per_element=rules.most_per_type[: int(rules.type_index[usable].max()) + 1],
        enemies=[
            [place[pool.index_of[one]] for one in pair] for pair in _enemy_pairs(pool, usable)
        ],
    )
    design = ExamDesign(
        CorrelatedEap(items, prior),
        PosteriorD.of(items, pool.time_factor[usable], variance_power=HURRY),
        min(blueprint.max_items, len(usable)),
        len(usable),
        shares,
        content=content,
        exposure=ExposurePolicy(blueprint.best_of, RegionEligibility(maxima, cuts)),
    )
    group = conditioned_on_composite(prior, shares, blueprint.applied_cut, SPREAD)
    people = draw_examinees(group, EXAMINEES, np.random.default_rng(SEED))
    return tuned_eligibility(design, items, people, SEED)


def _enemy_pairs(pool: ItemPool, usable: IndexArray) -> set[tuple[str, str]]:
    ids = {pool.items[index].id for index in usable}
    return {
        (min(one, other), max(one, other))
        for one in ids
        for other in pool.enemies_of.get(one, ())
        if other in ids
    }
