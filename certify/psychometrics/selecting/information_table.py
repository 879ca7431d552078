"""The most informative items of a large bank at any ability, exactly, without looking at all.

For each narrow interval of ability the table ranks the items by an upper bound of their
information in it. Going down the ranking, the search stops once the best value found is not below
the bound of the next item: what follows cannot be better. The bound: information changes by no
more than |d ln I / d theta| <= r |a| over the interval, with r = 1 for the 1PL and 2PL, 2 for the
3PL and 4PL, 3 for graded items, and the highest category for partial credit.

The bounds follow from ln I: for the 2PL d ln I / d theta = a (1 - 2L) with the logistic L; for the
4PL a (2 - 4L - P'/(a P) + P'/(a Q)) with 0 <= P'/(a P) <= 1 - L and 0 <= P'/(a Q) <= L; for
partial credit I' / I is a times the ratio of the third to the second central moment; for graded
items, with f_k = (ln P_k)', |f_k| <= a and I = sum P_k |f_k'|, I' = sum P_k f_k (f_k^2 + 2 f_k').
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics.irt import information
from certify.psychometrics.item_parameters import FloatArray, ItemModel, ItemParameters
from certify.psychometrics.selection import best_indices

WIDTH = 0.04
"""Width of an interval of ability."""
DEPTH = 256
"""Items ranked per interval; where they do not suffice, all items are looked at."""
FIRST_LOOK = 32
"""Items evaluated at first; usually the best is among them."""


@dataclass(frozen=True)
class InformationTable:
    """Ranking of a unidimensional bank; `weights` multiply the information, e.g. by time.

    `order` and `bound`, shape (intervals, depth): items by falling bound in each interval, of
    which the first begins at `start`.
    """

    items: ItemParameters
    weights: FloatArray
    start: float
    order: NDArray[np.intp]
    bound: FloatArray

    @classmethod
    def of(
        cls,
        items: ItemParameters,
        weights: ArrayLike = 1.0,
        *,
        lower: float = -5.0,
        upper: float = 5.0,
        depth: int = DEPTH,
    ) -> "InformationTable":
        """Rank the items between `lower` and `upper`; outside, searches look at all items.

        Raises ValueError for items of several dimensions or weights below 0.
        """
        if items.n_dimensions > 1:
            raise ValueError(f"expected items of one dimension, found {items.n_dimensions}")
        factor = np.broadcast_to(np.asarray(weights, dtype=np.float64), (len(items),)).copy()
        if not (factor >= 0).all():
            raise ValueError("expected weights of 0 or more")
        count = int(np.ceil((upper - lower) / WIDTH))
        width = min(depth, len(items))
        growth = factor * np.exp(_steepness(items) * WIDTH / 2)
        order, bound = np.empty((count, width), dtype=np.intp), np.empty((count, width))
        for interval in range(count):
            highest = growth * information(lower + (interval + 0.5) * WIDTH, items)
            top = np.argpartition(-highest, width - 1)[:width]
            order[interval] = top[np.lexsort((top, -highest[top]))]
            bound[interval] = highest[order[interval]]
        return cls(items, factor, lower, order, bound)

    def best(
        self, theta: float, is_available: NDArray[np.bool_], count: int = 1
    ) -> NDArray[np.intp]:
        """Up to `count` available items by falling information at `theta`, exactly as by a scan."""
        interval = int((theta - self.start) // WIDTH)
        width = self.order.shape[1]
        if 0 <= interval < len(self.order):
            order, bound = self.order[interval], self.bound[interval]
            look = max(FIRST_LOOK, 2 * count)
            while True:
                look = min(look, width)
                candidates = order[:look]
                candidates = candidates[is_available[candidates]]
                values = self._values(theta, candidates)
                if len(candidates) >= count:
                    # equal values go to the lower index, as in a scan
                    found = np.lexsort((candidates, -values))[:count]
                    is_proven = values[found[-1]] > bound[look - 1] or look == len(self.items)
                    if is_proven:
                        return np.asarray(candidates[found])
                if look == width:
                    break
                look *= 4
        everything = np.arange(len(self.items), dtype=np.intp)
        return best_indices(self._values(theta, everything), is_available, count)

    def _values(self, theta: float, chosen: NDArray[np.intp]) -> FloatArray:
        return np.asarray(information(theta, self.items.take(chosen)) * self.weights[chosen])


def _steepness(items: ItemParameters) -> FloatArray:
    """The largest |d ln I / d theta| that each item can have."""
    rate = np.where((items.c > 0) | (items.d < 1), 2.0, 1.0)
    rate[items.model == ItemModel.GRADED] = 3.0
    partial = items.model == ItemModel.PARTIAL_CREDIT
    rate[partial] = items.max_category[partial]
    return np.asarray(rate * np.abs(items.a))
