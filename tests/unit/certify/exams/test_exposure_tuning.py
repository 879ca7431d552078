"""Tuning: the same content gives the same plan, and exams that follow it keep its maximum."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from certify.exams import exposure_tuning
from certify.exams.adaptive import AdaptiveExam
from certify.exams.exposure_plan import ExposurePlan
from certify.exams.exposure_tuning import PLAY, reachable_maxima, tune_plan
from tests.factories import begin, make_exam, make_items, make_pool, simulated_candidate, sit
from tests.unit.certify.exams.cases import hostile_pool, pool_with_cases

CUTS = (-0.8, 0.3, 1.3)
FEW = 1000
EXAM = make_exam(make_pool(make_items(60)), min_items=20, max_exposure=0.25)


@pytest.fixture(autouse=True)
def few_examinees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exposure_tuning, "EXAMINEES", FEW)
    monkeypatch.setattr(exposure_tuning, "_TUNED", {})


def anew(exam: AdaptiveExam) -> ExposurePlan:
    """Tuned again, not remembered."""
    exposure_tuning._TUNED.clear()
    return tune_plan(exam, CUTS)


def test_the_same_content_gives_the_same_digest() -> None:
    plan = anew(EXAM)
    same = make_exam(make_pool(list(reversed(make_items(60)))), min_items=20, max_exposure=0.25)
    assert anew(same).digest == plan.digest
    assert plan.item_ids == tuple(item.id for item in EXAM.pool.items)
    assert plan.probabilities.shape == (4, len(EXAM.pool.items))
    assert ((plan.probabilities >= 0) & (plan.probabilities <= 1)).all()


def test_it_is_tuned_once_a_process() -> None:
    assert tune_plan(EXAM, CUTS) is tune_plan(EXAM, CUTS)


@pytest.mark.parametrize(
    "other",
    [
        make_exam(EXAM.pool, min_items=20, max_exposure=0.3),
        make_exam(EXAM.pool, min_items=20, max_exposure=0.25, applied_cut=0.4),
        make_exam(
            make_pool([replace(i, expected_seconds=61) for i in make_items(60)]),
            min_items=20,
            max_exposure=0.25,
        ),
        make_exam(hostile_pool(), min_items=20, max_exposure=0.25),
    ],
    ids=["maximum", "cut", "time", "enemies"],
)
def test_whatever_it_depends_on_asks_for_another_plan(other: AdaptiveExam) -> None:
    assert exposure_tuning._fingerprint(other, CUTS) != exposure_tuning._fingerprint(EXAM, CUTS)


def test_the_maximum_is_what_the_bank_can_keep() -> None:
    maxima = reachable_maxima(EXAM)
    # S: 30 % of 20 items out of 60 is .1 each, so .25 can be kept
    assert maxima.tolist() == [0.25] * 6
    thin = reachable_maxima(make_exam(make_pool(make_items(12)), max_exposure=0.25))
    # S: 6 of 12 items, so .5 each if they were even
    assert thin[1] == pytest.approx(min(1.0, 0.5 * PLAY))
    assert thin[3] == 0.25


def test_exams_that_follow_the_plan_stay_near_its_maximum() -> None:
    plan = anew(EXAM)
    exam = AdaptiveExam(EXAM.pool, EXAM.blueprint, plan)
    free = AdaptiveExam(EXAM.pool, EXAM.blueprint)
    people = 150
    highest = []
    for one in (exam, free):
        seen: Counter[str] = Counter()
        for number in range(people):
            theta = 0.3 + 0.8 * np.sin(number)
            candidate = simulated_candidate(theta, one.pool, number)
            attempt = sit(begin(seed=f"seed {number}"), one, candidate).attempt
            seen.update(served.item_id for served in attempt.served)
        highest.append(max(seen.values()) / people)
    # .25 with a standard deviation of .035; the highest of hundreds of items lies some above
    assert plan.maximum == 0.25
    assert highest[0] <= 0.38
    assert highest[1] > highest[0] + 0.1


def test_items_of_a_case_draw_together_and_are_no_likelier() -> None:
    pool = pool_with_cases(60)
    plan = anew(make_exam(pool, min_items=20, max_exposure=0.25))
    for mates in pool.stimulus_mates.values():
        assert len(set(plan.draw_with[list(mates)].tolist())) == 1
        columns = plan.probabilities[:, list(mates)]
        assert (columns == columns[:, :1]).all()


def test_items_that_cannot_be_used_are_not_eligible() -> None:
    exam = make_exam(EXAM.pool, level="novice", min_items=20, max_exposure=0.25)
    plan = anew(exam)
    assert (plan.probabilities[:, ~exam.rules.usable] == 0).all()
    assert (plan.probabilities[:, exam.rules.usable] > 0).any()


def test_a_programme_of_one_dimension_has_a_plan() -> None:
    exam = make_exam(EXAM.pool, shares={"T": Fraction(1)}, min_items=16, max_items=20)
    plan = anew(exam)
    is_t = np.array([item.dimension == "T" for item in exam.pool.items])
    assert (plan.probabilities[:, ~is_t] == 0).all()
