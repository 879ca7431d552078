"""One batch of examinees through a whole exam, step by step and all at once."""

import numpy as np

from certify.psychometrics.item_parameters import FloatArray, ItemParameters
from certify.psychometrics.selecting.eligibility import EligibilityCounts
from certify.psychometrics.simulating.candidates import NONE
from certify.psychometrics.simulating.content import ContentState
from certify.psychometrics.simulating.design import (
    EstimatesAt,
    ExamDesign,
    Examinees,
    SimulatedExams,
    administered_table,
    simulated_responses,
)
from certify.psychometrics.simulating.exposing import ExposureState
from certify.psychometrics.simulating.shadowing import ShadowPlan
from certify.psychometrics.simulating.tracking import BoolArray, IndexArray, composite
from certify.psychometrics.stopping import Progress


class ExamBatch:
    """Examinees who start together. `step` gives one item to everybody still at work.

    Two generators of its own: one for responses, drawn before the exam so that the same examinees
    meet the same luck under any design, and one for choices.
    """

    def __init__(
        self,
        design: ExamDesign,
        truth: ItemParameters,
        examinees: Examinees,
        seed: np.random.SeedSequence,
        eligibility: EligibilityCounts | None = None,
    ) -> None:
        luck, choice = (np.random.default_rng(part) for part in seed.spawn(2))
        n, longest = len(examinees), design.max_items
        self._design, self._truth, self._examinees = design, truth, examinees
        self._choice = choice
        self._uniforms = luck.random((n, longest))
        self._abilities = design.abilities.start(n, longest)
        self._content = ContentState(design.content, design.n_items, n)
        self._exposure = ExposureState(design.exposure, eligibility, n, design.n_items, choice)
        self._eligible_at_start = self._exposure.eligible
        self._counts = eligibility
        self._persons = np.arange(n)
        self._rule = design.rule
        self._allocate(n, longest, design.abilities.n_dimensions)

    def _allocate(self, n: int, longest: int, dims: int) -> None:
        self._length = 0
        self._items = np.full((n, longest), NONE, dtype=np.intp)
        self._responses = np.full((n, longest), -1, dtype=np.int8)
        self._lengths = np.zeros(n, dtype=np.int64)
        self._seconds, self._not_eligible = np.zeros(n), np.zeros(n, dtype=np.int64)
        self._theta, self._covariance = np.empty((n, dims)), np.empty((n, dims, dims))
        self._is_decided = np.zeros(n, dtype=bool)
        self._kept = {
            at: EstimatesAt(np.full((n, dims), np.nan), np.full((n, dims, dims), np.nan))
            for at in self._design.keep_at
        }

    @property
    def is_over(self) -> bool:
        """Whether everybody has finished."""
        return not len(self._persons)

    def step(self) -> None:
        """One item for everybody still at work; does nothing once all have finished."""
        if self.is_over:
            return
        at, _ = composite(self._abilities.theta, self._abilities.covariance, self._design.weights)
        items = self._choose(at)
        is_served = items != NONE
        if not is_served.all():
            self._finish(~is_served, np.zeros(len(items), dtype=bool))
            items = items[is_served]
            if not len(items):
                return
        persons, position = self._persons, self._length
        truth, theta = self._truth, self._examinees.theta[persons]
        answers = simulated_responses(truth, theta, items, self._uniforms[persons, position])
        self._items[persons, position] = items
        self._responses[persons, position] = answers
        self._lengths[persons] += 1
        if self._design.expected_seconds is not None:
            pace = self._examinees.pace[persons]
            self._seconds[persons] += self._design.expected_seconds[items] * pace
        self._length += 1
        self._abilities.record(items, answers)
        self._content.record(items)
        self._keep_estimates()
        self._stop()

    def _choose(self, at: FloatArray) -> IndexArray:
        """Eligible items of categories that may come next; else free ones; else any category."""
        candidates = self._design.criterion.candidates(self._abilities)
        if self._design.shadow is not None:
            return self._choose_by_shadow_tests(self._design.shadow, candidates.values(), at)
        content, free = self._content, self._content.free
        available = self._exposure.available(free, at)
        allowed = content.allowed(candidates.n_categories)
        by_value = content.is_by_value and candidates.n_categories > 1
        best = candidates.best(available) if by_value else None
        open_categories = allowed if best is None else allowed & (best > -np.inf)
        category = content.choose(open_categories, best)
        items = self._exposure.pick(candidates, category, available, free)
        # without an open category, the one chosen means nothing
        is_missing = (items == NONE) | ~open_categories.any(axis=1)
        if not is_missing.any():
            return items
        if available is not free:
            self._not_eligible[self._persons[is_missing]] += 1
        rest = free & is_missing[:, None]
        best = candidates.best(rest)
        has_item = best > -np.inf
        allowed &= has_item
        is_stuck = ~allowed.any(axis=1)
        allowed[is_stuck] = has_item[is_stuck]
        category = content.choose(allowed, best if by_value else None)
        retried = self._exposure.pick(candidates, category, rest, free)
        return np.where(is_missing, retried, items)

    def _choose_by_shadow_tests(
        self, plan: ShadowPlan, values: FloatArray, at: FloatArray
    ) -> IndexArray:
        administered = self._items[self._persons, : self._length]
        eligible = None
        if self._exposure.eligible is not None:
            eligible = self._exposure.available(self._content.free, at)[:, :-1]
        uniforms = self._choice.random(len(values))
        items, is_dropped = plan.choose(values, administered, eligible, uniforms)
        self._not_eligible[self._persons] += is_dropped
        return items

    def _keep_estimates(self) -> None:
        kept = self._kept.get(self._length)
        if kept is not None:
            everyone = np.ones(len(self._persons), dtype=bool)
            theta, covariance = self._abilities.estimate(everyone)
            kept.theta[self._persons] = theta
            kept.covariance[self._persons] = covariance

    def _stop(self) -> None:
        if self._design.stopping is None:
            if self._length == self._design.max_items:
                self._finish(np.ones(len(self._persons), bool), np.zeros(len(self._persons), bool))
            return
        theta, se = composite(
            self._abilities.theta, self._abilities.covariance, self._design.weights
        )
        factor = self._design.se_factor
        progress = Progress.of(
            self._lengths[self._persons],
            theta,
            se * factor,
            seconds=self._seconds[self._persons],
            dimension_se=self._abilities.dimension_se * factor,
        )
        is_decided = self._design.stopping.holds(progress)
        is_over = is_decided | (self._length == self._design.max_items)
        if is_over.any():
            self._finish(is_over, is_decided & (self._length < self._design.max_items))

    def _finish(self, is_over: BoolArray, is_decided: BoolArray) -> None:
        persons = self._persons[is_over]
        self._theta[persons], self._covariance[persons] = self._abilities.estimate(is_over)
        self._is_decided[persons] = is_decided[is_over]
        self._persons = self._persons[~is_over]
        if len(self._persons):
            self._abilities.keep(~is_over)
            self._content.keep(~is_over)
            self._exposure.keep(~is_over)

    def outcome(self) -> SimulatedExams:
        """The results. Raises RuntimeError while somebody is still at work."""
        if not self.is_over:
            raise RuntimeError(f"{len(self._persons)} examinees have not finished yet")
        return SimulatedExams(
            self._design,
            self._examinees.theta,
            self._items,
            self._responses,
            self._lengths,
            self._seconds,
            self._theta,
            self._covariance,
            self._is_decided,
            self._not_eligible,
            self._exposure.selected,
            self._kept,
            self._counts_after(),
        )

    def _counts_after(self) -> EligibilityCounts | None:
        """Eligibility counts with these examinees, each in the region where the exam ended."""
        if self._counts is None or self._eligible_at_start is None:
            return None
        at, _ = composite(self._theta, self._covariance, self._design.weights)
        region = self._exposure.region(at)
        person = np.arange(len(region))
        eligible = self._eligible_at_start[person, region, :-1]
        administered = administered_table(self._items, self._design.n_items)
        return self._counts.after(region, eligible, administered)
