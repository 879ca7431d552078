"""Exposure control keeps its maximum, in total and within every region of ability."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certify.psychometrics.exposure import ExposureParameters, exposure_rates, overlap_rate
from certify.psychometrics.item_parameters import FloatArray
from certify.psychometrics.selecting.eligibility import EligibilityCounts, regions

CUTS = [-0.5, 0.5]


def run_with_eligibility(
    n_items: int, length: int, maximum: float, persons: int, seed: int
) -> EligibilityCounts:
    """Candidates one after another; each takes the best eligible items of their region."""
    source = np.random.default_rng(seed)
    location, worth = source.normal(size=n_items), source.lognormal(0.0, 1.0, n_items)
    counts = EligibilityCounts.none(3, n_items)
    for _ in range(persons):
        theta = source.normal()
        region = int(regions(theta, CUTS))
        eligible = counts.draw(maximum, source.random((3, n_items)))[region]
        values = worth / (1 + (theta - location) ** 2) + 1000.0 * eligible
        given_items = np.zeros(n_items, dtype=bool)
        given_items[np.argsort(-values)[:length]] = True
        counts = counts.after([region], eligible[None], given_items[None])
    return counts


@settings(max_examples=12, deadline=None)
@given(
    maximum=st.sampled_from([0.25, 0.35, 0.5]),
    length=st.integers(1, 6),
    seed=st.integers(0, 10**6),
)
def test_exposure_in_every_region_passes_its_maximum_by_sampling_error_only(
    maximum: float, length: int, seed: int
) -> None:
    # twice as many items as the maximum calls for
    counts = run_with_eligibility(int(2 * length / maximum) + 1, length, maximum, 900, seed)
    allowed = maximum + 4.0 * np.sqrt(maximum * (1 - maximum) / counts.candidates)
    assert (counts.exposure_rates() <= allowed[:, None]).all()


def test_every_item_is_eligible_until_it_was_given() -> None:
    counts = EligibilityCounts.none(2, 3)
    assert counts.probabilities(0.25).tolist() == [[1.0] * 3] * 2
    assert counts.draw(0.25, np.full((5, 2, 3), 0.999)).all()
    assert not counts.exposure_rates().any()


def test_probability_follows_the_counts_of_its_region_alone() -> None:
    counts = EligibilityCounts(
        np.array([10.0, 4.0]), np.array([[10.0, 8.0], [4.0, 4.0]]), np.array([[5.0, 2], [0, 4]])
    )
    # item 0 was given to half of the candidates, item 1 to all of them
    expected = np.array([[0.5 * 0.5**8, 1.0], [1.0, 0.25 * 0.25**8]])
    assert counts.probabilities(0.25) == pytest.approx(expected)
    assert counts.exposure_rates() == pytest.approx(np.array([[0.5, 0.2], [0.0, 1.0]]))


def test_many_candidates_at_once_are_counted_as_one_by_one() -> None:
    source = np.random.default_rng(0)
    eligible = source.random((20, 7)) < 0.8
    given_items = eligible & (source.random((20, 7)) < 0.5)
    region = source.integers(0, 3, 20)
    together = EligibilityCounts.none(3, 7).after(region, eligible, given_items)
    counts = EligibilityCounts.none(3, 7)
    for one in range(20):
        counts = counts.after(region[[one]], eligible[[one]], given_items[[one]])
    for name in ("candidates", "eligible", "administered"):
        assert getattr(together, name).tolist() == getattr(counts, name).tolist()


def test_item_given_against_its_eligibility_counts_as_eligible() -> None:
    none, one = np.zeros((1, 1), dtype=bool), np.ones((1, 1), dtype=bool)
    counts = EligibilityCounts.none(1, 1).after([0], none, one)
    assert counts.eligible.tolist() == [[1.0]]


def test_older_candidates_fade() -> None:
    one = np.ones((1, 1), dtype=bool)
    counts = EligibilityCounts.none(1, 1).after([0], one, one).after([0], one, ~one, fading=0.5)
    assert counts.candidates.tolist() == [1.5]
    assert counts.exposure_rates()[0, 0] == pytest.approx(0.5 / 1.5)


def test_cut_belongs_to_the_region_above() -> None:
    assert regions([-0.6, -0.5, 0.0, 0.5], CUTS).tolist() == [0, 1, 1, 2]


@pytest.mark.parametrize("maximum", [0.0, -0.1, 1.1])
def test_impossible_maximum_is_refused(maximum: float) -> None:
    with pytest.raises(ValueError, match="maximum exposure"):
        EligibilityCounts.none(1, 1).probabilities(maximum)
    with pytest.raises(ValueError, match="maximum exposure"):
        ExposureParameters.start(1, maximum)


def one_round(
    parameters: ExposureParameters, worth: FloatArray, length: int, seed: int
) -> tuple[FloatArray, FloatArray]:
    """Selection and exposure rates of 2,000 simulated examinees."""
    source = np.random.default_rng(seed)
    persons, n_items = 2000, len(worth)
    selected = np.zeros((persons, n_items), dtype=bool)
    administered = np.zeros_like(selected)
    for person in range(persons):
        order = np.argsort(-worth * source.lognormal(0.0, 0.3, n_items))
        for _ in range(length):
            item, on_the_way = parameters.sift(order, source.random(len(order)))
            selected[person, on_the_way] = True
            administered[person, item] = True
            order = order[~np.isin(order, on_the_way)]
    return exposure_rates(selected), exposure_rates(administered)


def test_tuning_by_sympson_and_hetter_reaches_the_maximum() -> None:
    worth = np.random.default_rng(5).lognormal(0.0, 0.5, 40)
    parameters = ExposureParameters.start(40, 0.3)
    selection, exposure = one_round(parameters, worth, 4, 0)
    assert exposure.max() > 0.45
    for seed in range(1, 8):
        parameters = parameters.tuned(selection, 4)
        selection, exposure = one_round(parameters, worth, 4, seed)
    assert exposure.max() <= 0.3 + 4 * np.sqrt(0.3 * 0.7 / 2000)


def test_items_that_fail_their_draw_are_set_aside() -> None:
    parameters = ExposureParameters(np.array([0.2, 0.9, 1.0]), 0.2)
    item, selected = parameters.sift(np.array([0, 1, 2]), np.array([0.5, 0.95, 0.99]))
    assert item == 2
    assert selected.tolist() == [0, 1, 2]
    item, selected = parameters.sift(np.array([0, 1, 2]), np.array([0.1, 0.0, 0.0]))
    assert (item, selected.tolist()) == (0, [0])


def test_when_every_item_fails_its_draw_one_is_still_given() -> None:
    parameters = ExposureParameters(np.array([0.2, 0.4]), 0.2)
    item, selected = parameters.sift(np.array([0, 1]), np.array([0.9, 0.9]))
    assert (item, selected.tolist()) == (1, [0, 1])


def test_enough_items_keep_full_probability_to_fill_an_exam() -> None:
    tuned = ExposureParameters.start(3, 0.2).tuned(np.array([0.9, 0.8, 0.7]), 2)
    assert np.count_nonzero(tuned.k == 1.0) == 2


def test_no_candidate_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one candidate"):
        ExposureParameters.start(3, 0.2).sift(np.empty(0, dtype=np.intp), np.empty(0))


def test_overlap_is_the_mean_share_in_common() -> None:
    tests = np.array([[1, 1, 0, 0], [1, 0, 1, 0], [0, 0, 1, 1]], dtype=bool)
    assert overlap_rate(tests) == pytest.approx((1 + 1 + 0) / 3 / 2)
    assert exposure_rates(tests) == pytest.approx([2 / 3, 1 / 3, 2 / 3, 1 / 3])


def test_overlap_of_a_single_examinee_is_refused() -> None:
    with pytest.raises(ValueError, match="at least two examinees"):
        overlap_rate(np.ones((1, 3), dtype=bool))
