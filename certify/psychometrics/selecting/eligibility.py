"""Item eligibility: which items a candidate may get, so that no item is seen by too many.

Before an exam, each item is declared eligible or not at random, for every region of ability on its
own. The probability follows from the counts of the candidates so far,

    P(eligible) = min(1, r_max e / a),

with a the candidates who got the item and e those for whom it was eligible (van der Linden &
Veldkamp 2007, Journal of Educational and Behavioral Statistics 32:398-418, for tests that are
always feasible: where no test of eligible items exists the shadow assembler takes as few others as
possible). The ratio a / e lags behind when an item becomes more popular, as the second best do
once the best are rationed, and the rate then stays above r_max for long. So an item whose exposure
rate x is above r_max is eligible less often still, by the factor (r_max / x)^8; with it the rate
passes r_max by sampling error only. Where the regions are the levels, items of one level cannot
become known to most of its candidates. Candidates who start together draw from the same counts:
the first groups should be small.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics.item_parameters import FloatArray

BoolArray = NDArray[np.bool_]
CORRECTION = 8
"""Exponent of the correction of items above their maximum."""


@dataclass(frozen=True)
class EligibilityCounts:
    """Counts per region of ability: `candidates` (regions,), the rest (regions, n_items).

    `eligible`: candidates for whom the item was eligible; `administered`: who got it. They may be
    fractions when older candidates count less.
    """

    candidates: FloatArray
    eligible: FloatArray
    administered: FloatArray

    @classmethod
    def none(cls, n_regions: int, n_items: int) -> "EligibilityCounts":
        """Before the first candidate."""
        table = np.zeros((n_regions, n_items))
        return cls(np.zeros(n_regions), table, table.copy())

    def probabilities(self, maximum: float | FloatArray) -> FloatArray:
        """P(eligible) of each item in each region, shape (regions, n_items).

        `maximum`: one for all items, or shape (n_items,). An item that nobody got so far is
        eligible. Raises ValueError unless 0 < maximum <= 1.
        """
        if not (np.min(maximum) > 0 and np.max(maximum) <= 1):
            raise ValueError(f"expected a maximum exposure above 0 and up to 1, found {maximum}")
        is_given = self.administered > 0
        ratio, excess = np.ones_like(self.eligible), np.ones_like(self.eligible)
        np.divide(maximum * self.eligible, self.administered, out=ratio, where=is_given)
        allowed = maximum * self.candidates[:, None]
        np.divide(allowed, self.administered, out=excess, where=is_given)
        return np.asarray(np.minimum(ratio, 1.0) * np.minimum(excess, 1.0) ** CORRECTION)

    def draw(self, maximum: float | FloatArray, uniforms: FloatArray) -> BoolArray:
        """Eligible items of new candidates: `uniforms` of shape (..., regions, n_items) in [0, 1).

        One draw holds for the whole exam; the row of the region where the estimate is applies.
        """
        return np.asarray(uniforms < self.probabilities(maximum))

    def after(
        self,
        region: ArrayLike,
        eligible: BoolArray,
        administered: BoolArray,
        *,
        fading: float = 1.0,
    ) -> "EligibilityCounts":
        """The counts with more candidates: `region`, shape (persons,), where each one ended.

        `eligible` in that region and `administered`, shape (persons, n_items). `fading` below 1
        multiplies the counts so far once per call, so that changes in the population or the bank
        are followed. An item given without being eligible counts as
        eligible, too.
        """
        where = np.asarray(region, dtype=np.intp)
        member = (where[:, None] == np.arange(len(self.candidates))).astype(np.float64)
        given = administered.astype(np.float64)
        return EligibilityCounts(
            fading * self.candidates + member.sum(axis=0),
            fading * self.eligible + member.T @ np.maximum(eligible, given),
            fading * self.administered + member.T @ given,
        )

    def exposure_rates(self) -> FloatArray:
        """Share of the candidates of each region who got each item; 0 in an empty region."""
        per_region = np.maximum(self.candidates, np.finfo(np.float64).tiny)
        return np.asarray(self.administered / per_region[:, None])


def regions(theta: ArrayLike, cuts: ArrayLike) -> NDArray[np.intp]:
    """Region 0..n of abilities by rising cuts; a cut belongs to the region above it."""
    return np.asarray(np.searchsorted(np.asarray(cuts), np.asarray(theta), side="right"))
