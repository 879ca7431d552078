"""Prior distributions of one ability, as log density and its derivatives, for modes.

On a grid (`ability.AbilityGrid`) a prior is a vector of weights instead. Jeffreys' prior depends on
the items a person was given and is therefore no object here, but a choice of
`ability_modes.maximum_a_posteriori`.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from certify.psychometrics.item_parameters import FloatArray


class AbilityPrior(Protocol):
    """What a prior must tell; all functions of theta work element by element."""

    def log_density(self, theta: FloatArray) -> FloatArray:
        """ln p(theta), up to a constant."""
        ...

    def derivatives(self, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
        """First and second derivative of `log_density`."""
        ...


@dataclass(frozen=True, slots=True)
class NormalPrior:
    """N(mean, sd^2). Raises ValueError unless sd > 0."""

    mean: float = 0.0
    sd: float = 1.0

    def __post_init__(self) -> None:
        """Refuse a distribution that is none."""
        if not (self.sd > 0 and np.isfinite(self.mean) and np.isfinite(self.sd)):
            raise ValueError(f"expected a finite mean and sd > 0, found {self.mean} and {self.sd}")

    def log_density(self, theta: FloatArray) -> FloatArray:
        """-(theta - mean)^2 / (2 sd^2)."""
        return np.asarray(-0.5 * ((theta - self.mean) / self.sd) ** 2)

    def derivatives(self, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
        """-(theta - mean) / sd^2 and -1 / sd^2."""
        precision = self.sd**-2
        return (self.mean - theta) * precision, np.full_like(theta, -precision)


@dataclass(frozen=True, slots=True)
class FlatPrior:
    """No preference; with bounds of the search this is the uniform prior between them."""

    def log_density(self, theta: FloatArray) -> FloatArray:
        """0."""
        return np.zeros_like(theta)

    def derivatives(self, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
        """0 and 0."""
        return np.zeros_like(theta), np.zeros_like(theta)
