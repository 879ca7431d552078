"""Exposure control in lock-step: eligibility per region, randomesque choice, Sympson-Hetter.

All three may be combined. What is eligible is drawn before the first item, from the counts of the
examinees before (`eligibility`); a randomesque draw takes one of the best few; Sympson-Hetter
offers the best item and administers it with its probability (`exposure`). What is learned comes
back with the results: `EligibilityCounts`, and how often each item was selected.
"""

from dataclasses import dataclass

import numpy as np

from certify.psychometrics.exposure import ExposureParameters
from certify.psychometrics.item_parameters import FloatArray
from certify.psychometrics.selecting.eligibility import EligibilityCounts, regions
from certify.psychometrics.simulating.candidates import NONE, Candidates
from certify.psychometrics.simulating.tracking import BoolArray, IndexArray


@dataclass(frozen=True)
class RegionEligibility:
    """At most `maximum` of the candidates of each region see an item: a number, or (n_items,).

    Regions lie between the `cuts` of the composite. `counts` to begin with, e.g. of earlier
    simulations; none: everything is eligible at first.
    """

    maximum: float | FloatArray
    cuts: tuple[float, ...]
    counts: EligibilityCounts | None = None

    def start(self, n_items: int) -> EligibilityCounts:
        """The counts to begin with."""
        return self.counts or EligibilityCounts.none(len(self.cuts) + 1, n_items)


@dataclass(frozen=True)
class ExposurePolicy:
    """One of the `best_of` best items at random; eligible ones; those that pass their draw."""

    best_of: int = 1
    eligibility: RegionEligibility | None = None
    sympson_hetter: ExposureParameters | None = None

    def __post_init__(self) -> None:
        """Refuse a choice among no items."""
        if self.best_of < 1:
            raise ValueError(f"expected one or more items to choose from, found {self.best_of}")


class ExposureState:
    """Of one batch: `eligible`, (persons, regions, n_items + 1), the region and draws of each."""

    def __init__(
        self,
        policy: ExposurePolicy,
        counts: EligibilityCounts | None,
        n_persons: int,
        n_items: int,
        source: np.random.Generator,
    ) -> None:
        self._policy, self._source = policy, source
        self.selected = np.zeros(n_items, dtype=np.int64)
        self.eligible: BoolArray | None = None
        if policy.eligibility is not None and counts is not None:
            # one draw per item for all regions: a candidate whose estimate wanders through several
            # has no second chance to get it; single precision halves the work
            probability = counts.probabilities(policy.eligibility.maximum).astype(np.float32)
            draws = source.random((n_persons, 1, n_items), dtype=np.float32)
            none = np.zeros((n_persons, len(probability), 1), dtype=bool)
            self.eligible = np.concatenate([draws < probability, none], axis=2)

    def keep(self, is_active: BoolArray) -> None:
        """Go on with these persons alone."""
        if self.eligible is not None:
            self.eligible = self.eligible[is_active]

    def region(self, composite: FloatArray) -> IndexArray:
        """Where the estimates are; 0 without regions."""
        rule = self._policy.eligibility
        if rule is None:
            return np.zeros(len(composite), dtype=np.intp)
        return regions(composite, rule.cuts)

    def available(self, free: BoolArray, composite: FloatArray) -> BoolArray:
        """The free items that are eligible where the estimate is."""
        if self.eligible is None:
            return free
        person = np.arange(len(free))
        return np.asarray(self.eligible[person, self.region(composite)] & free)

    def pick(
        self,
        candidates: Candidates,
        category: IndexArray,
        available: BoolArray,
        free: BoolArray,
    ) -> IndexArray:
        """The item of each person; NONE where the category has none left.

        Items that Sympson-Hetter refuses are no longer `free`.
        """
        control = self._policy.sympson_hetter
        if control is not None:
            return self._sift(control, candidates, category, available.copy(), free)
        if self._policy.best_of == 1:
            place = np.zeros(len(category), dtype=np.intp)
        else:
            draws = self._source.random(len(category))
            place = (draws * self._policy.best_of).astype(np.intp)
        return candidates.pick(category, place, available)

    def _sift(
        self,
        control: ExposureParameters,
        candidates: Candidates,
        category: IndexArray,
        available: BoolArray,
        free: BoolArray,
    ) -> IndexArray:
        """Offer the best, then the next best, until one passes; items refused stay refused.

        Where none passes, the one of the largest probability among those offered.
        """
        chosen = np.full(len(category), NONE, dtype=np.intp)
        fallback, highest = chosen.copy(), np.full(len(category), -1.0)
        zero = np.zeros(len(category), dtype=np.intp)
        is_open = np.ones(len(category), dtype=bool)
        while is_open.any():
            offered = candidates.pick(category, zero, available)
            is_open &= offered != NONE
            rows = np.flatnonzero(is_open)
            items = offered[rows]
            np.add.at(self.selected, items, 1)
            k = control.k[items]
            is_better = k > highest[rows]
            fallback[rows[is_better]] = items[is_better]
            highest[rows] = np.maximum(highest[rows], k)
            passes = self._source.random(len(rows)) < k
            chosen[rows[passes]] = items[passes]
            available[rows, items] = free[rows, items] = False
            is_open[rows[passes]] = False
        return np.where(chosen == NONE, fallback, chosen)
