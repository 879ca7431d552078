"""How often items are seen: rates, overlap, and the Sympson-Hetter control.

Sympson & Hetter (1985), Proceedings of the 27th annual meeting of the Military Testing Association,
973-977: a selected item is administered only with its probability k, tuned by simulated rounds so
that no item is seen by more than the maximum. Overlap: Chen, Ankenmann & Spray (2003), Journal of
Educational Measurement 40:129-145. Eligibility per region of ability is in `eligibility`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from certify.psychometrics.item_parameters import FloatArray

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ExposureParameters:
    """`k`, shape (n_items,): probability that an item is administered once it is selected."""

    k: FloatArray
    maximum: float

    @classmethod
    def start(cls, n_items: int, maximum: float) -> "ExposureParameters":
        """k = 1 throughout. Raises ValueError unless 0 < maximum <= 1."""
        if not 0 < maximum <= 1:
            raise ValueError(f"expected a maximum exposure above 0 and up to 1, found {maximum}")
        return cls(np.ones(n_items), maximum)

    def tuned(self, selection_rates: FloatArray, length: int) -> "ExposureParameters":
        """After a round of simulated exams: k = maximum / P(selected), at most 1.

        `selection_rates`: share of the examinees for whom the item was selected, administered or
        not. The `length` items of the largest k are set to 1, so that every exam can be filled.
        Repeat until the largest exposure rate stays at the maximum.
        """
        k = np.ones_like(self.k)
        np.divide(self.maximum, selection_rates, out=k, where=selection_rates > self.maximum)
        k[np.argsort(-k, kind="stable")[:length]] = 1.0
        return ExposureParameters(k, self.maximum)

    def sift(self, order: NDArray[np.intp], uniforms: FloatArray) -> tuple[int, NDArray[np.intp]]:
        """The item to administer, and all items selected on the way to it.

        `order`: candidates by falling value; `uniforms`: as many draws in [0, 1). The first item
        that passes its draw is administered; those before it are selected, set aside, and not to
        be offered again in this exam. When none passes, it is the first one of the largest k.
        Raises ValueError without candidates.
        """
        if not len(order):
            raise ValueError("expected at least one candidate item, found none")
        passes = uniforms < self.k[order]
        at = int(np.argmax(passes) if passes.any() else np.argmax(self.k[order]))
        last = at if passes.any() else len(order) - 1
        return int(order[at]), order[: last + 1]


def exposure_rates(administered: BoolArray) -> FloatArray:
    """Share of the examinees who got each item; `administered`, shape (persons, n_items)."""
    return np.asarray(administered.mean(axis=0))


def overlap_rate(administered: BoolArray) -> float:
    """Mean share of items that two examinees have in common, over all pairs.

    The number of common items of a pair over the mean length. Raises ValueError for fewer than
    two examinees.
    """
    persons = len(administered)
    if persons < 2:
        raise ValueError(f"expected at least two examinees, found {persons}")
    seen = administered.sum(axis=0, dtype=np.float64)
    pairs = persons * (persons - 1) / 2
    return float((seen * (seen - 1) / 2).sum() / pairs / (seen.sum() / persons))
