"""A stopping rule beside those of `stopping`: a largest standard error for every dimension."""

from dataclasses import dataclass

import numpy as np

from certify.psychometrics.stopping import BoolArray, Progress, StoppingRule


@dataclass(frozen=True, slots=True)
class DimensionsPrecise(StoppingRule):
    """Each dimension's standard error is at most its entry of `largest_se`; inf: exempt."""

    largest_se: tuple[float, ...]

    def holds(self, progress: Progress) -> BoolArray:
        """All dimensions together."""
        return np.asarray((progress.dimension_se <= np.array(self.largest_se)).all(axis=-1))
