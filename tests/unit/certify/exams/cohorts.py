"""A bank that experts judged, its true parameters, and a cohort that sits exams on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from certify.exams.adaptive import AdaptiveExam
from certify.exams.attempt import Attempt
from certify.exams.commands import Transition
from certify.exams.pool import ItemPool, build_pool
from certify.psychometrics.provisional import COMMON_SLOPE
from question_bank.item import Item, ProvisionalDifficulty
from question_bank.validation import chance_level
from tests.factories import (
    AT,
    CORRELATION,
    DIMENSIONS,
    LEVEL_CUTS,
    make_exam,
    make_items,
    make_terms,
    sit,
)

FloatArray = NDArray[np.float64]
EXPERT_ERROR_SD = 1.0
"""Worse than the priors assume, so that the gain is clear in a small cohort."""


@dataclass(frozen=True)
class Cohort:
    """`theta`, shape (persons, dims); the attempts are in the order of its rows."""

    exam: AdaptiveExam
    truth: ItemPool
    theta: FloatArray
    attempts: tuple[Attempt, ...]

    @property
    def composite(self) -> FloatArray:
        """What the exam is to find, shape (persons,)."""
        shares = [float(self.exam.blueprint.shares.get(code, 0)) for code in DIMENSIONS]
        return np.asarray(self.theta @ np.array(shares))


def judged_items(per_dimension: int, seed: int) -> tuple[list[Item], FloatArray]:
    """Items as experts see them, and how hard they really are, in the order of the items.

    The experts' view is the truth with an error; they tell it as the share that just-qualified
    people get right.
    """
    rng = np.random.default_rng(seed)
    items, truth = [], []
    for item in make_items(per_dimension, calibrate=False):
        b = rng.normal(0.2, 0.9)
        seen = b + rng.normal(0.0, EXPERT_ERROR_SD)
        level = min(LEVEL_CUTS, key=lambda code: abs(LEVEL_CUTS[code] - seen))
        chance = float(chance_level(item))
        core = 1.0 / (1.0 + np.exp(-COMMON_SLOPE * (LEVEL_CUTS[level] - seen)))
        share = Decimal(f"{chance + (1.0 - chance) * min(max(core, 0.02), 0.98):.3f}")
        items.append(replace(item, level=level, difficulty=ProvisionalDifficulty(share, "panel")))
        truth.append(b)
    order = sorted(range(len(items)), key=lambda index: items[index].id)
    return [items[index] for index in order], np.array(truth)[order]


def true_pool(pool: ItemPool, b: FloatArray, seed: int) -> ItemPool:
    """The same items as they really are: slopes differ, too."""
    slopes = np.exp(np.random.default_rng(seed).normal(np.log(COMMON_SLOPE), 0.3, len(b)))
    return replace(pool, parameters=replace(pool.parameters, a=slopes, b=b))


def sit_all(
    persons: int, per_dimension: int, seed: int, *, mean: float = 0.2, **blueprint: object
) -> Cohort:
    """Everybody sits the adaptive exam of the experts' pool and answers as the truth says."""
    items, b = judged_items(per_dimension, seed)
    pool = build_pool(items, DIMENSIONS, LEVEL_CUTS, CORRELATION)
    truth = true_pool(pool, b, seed + 2)
    exam = make_exam(pool, **{"min_items": 30, "max_items": 30, "best_of": 10, **blueprint})
    rng = np.random.default_rng(seed + 1)
    spread = CORRELATION * np.ones((6, 6)) + (1.0 - CORRELATION) * np.eye(6)
    theta = rng.multivariate_normal(np.full(6, mean), spread, size=persons)
    attempts = tuple(_sat(number, row, exam, truth, rng) for number, row in enumerate(theta))
    return Cohort(exam, truth, theta, attempts)


def _sat(
    number: int,
    theta: Sequence[float] | FloatArray,
    exam: AdaptiveExam,
    truth: ItemPool,
    rng: np.random.Generator,
) -> Attempt:
    def answers_rightly(item: Item) -> bool:
        index = truth.index_of[item.id]
        a, b, c = (
            float(column[index])
            for column in (truth.parameters.a, truth.parameters.b, truth.parameters.c)
        )
        core = 1.0 / (1.0 + np.exp(-a * (theta[truth.dimension_index[index]] - b)))
        return bool(rng.random() < c + (1.0 - c) * core)

    transition = Transition(Attempt(f"attempt-{number:04d}", f"candidate-{number:04d}"), AT)
    transition.start(make_terms(seed=f"{number:032x}"))
    return sit(transition, exam, answers_rightly).attempt
