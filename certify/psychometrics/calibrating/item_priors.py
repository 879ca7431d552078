"""Prior distributions of item parameters, for samples too small to speak for themselves.

The slope's prior is normal in ln a, and the mode is taken in ln a (no Jacobian). With `mean` and
`sd` left out it is hierarchical: both are estimated from all slopes together (empirical Bayes, see
`fitting`), so slopes shrink as far as the data say they resemble each other. Difficulties and
thresholds are normal, asymptotes beta with the mode of the density in c. Difficulties and lower
asymptotes may have a prior of their own for each item: what experts say of it, for example.
"""

from dataclasses import dataclass, replace

import numpy as np

from certify.psychometrics.calibrating.bank_plan import BankPlan, IndexArray
from certify.psychometrics.estimating.priors import NormalPrior
from certify.psychometrics.item_parameters import FloatArray, ItemModel

START_MEAN = 0.0
START_SD = 0.35


@dataclass(frozen=True, slots=True)
class SlopePrior:
    """ln a ~ N(mean, sd^2); a number left out is estimated. Raises ValueError unless sd > 0."""

    mean: float | None = None
    sd: float | None = None

    def __post_init__(self) -> None:
        """Refuse a distribution that is none."""
        if self.sd is not None and not self.sd > 0:
            raise ValueError(f"expected sd > 0 of ln a, found {self.sd}")

    @property
    def is_hierarchical(self) -> bool:
        """Whether anything of it is estimated."""
        return self.mean is None or self.sd is None


@dataclass(frozen=True, slots=True)
class BetaPrior:
    """Beta(alpha, beta). Raises ValueError unless both are at least 1 (the mode exists)."""

    alpha: float
    beta: float

    def __post_init__(self) -> None:
        """Refuse a distribution without a mode."""
        if not (self.alpha >= 1 and self.beta >= 1):
            raise ValueError(f"expected alpha, beta >= 1, found {self.alpha} and {self.beta}")


@dataclass(frozen=True, slots=True)
class NormalPriors:
    """b_i ~ N(means_i, sd^2), one mean for each item. Raises ValueError for numbers that are none.

    Thresholds of one item share its mean.
    """

    means: FloatArray
    sd: float

    def __post_init__(self) -> None:
        """Refuse distributions that are none."""
        if not (self.sd > 0 and np.isfinite(self.means).all()):
            raise ValueError(f"expected finite means and sd > 0, found {self.means}, {self.sd}")

    def log_density(self, b: FloatArray) -> FloatArray:
        """-(b_i - mean_i)^2 / (2 sd^2), for b of shape (n, thresholds)."""
        return np.asarray(-0.5 * ((b - self.means[:, None]) / self.sd) ** 2)

    def derivatives(self, b: FloatArray) -> tuple[FloatArray, FloatArray]:
        """First and second derivative of `log_density`."""
        precision = self.sd**-2
        return (self.means[:, None] - b) * precision, np.full_like(b, -precision)


@dataclass(frozen=True, slots=True)
class BetaPriors:
    """Beta(alpha_i, beta_i) for each item. Raises ValueError unless all are at least 1."""

    alpha: FloatArray
    beta: FloatArray

    def __post_init__(self) -> None:
        """Refuse distributions without a mode."""
        if not ((self.alpha >= 1).all() and (self.beta >= 1).all()):
            raise ValueError(f"expected alpha, beta >= 1, found {self.alpha} and {self.beta}")

    @classmethod
    def with_modes(cls, modes: FloatArray, weight: float) -> "BetaPriors":
        """As much as `weight` tries say that came out right in the share `modes` of them."""
        return cls(1.0 + weight * modes, 1.0 + weight * (1.0 - modes))


@dataclass(frozen=True, slots=True)
class ItemPriors:
    """Priors of the free parameters of all items; None: no prior, maximum likelihood."""

    slope: SlopePrior | None = None
    difficulty: NormalPrior | NormalPriors | None = None
    lower: BetaPrior | BetaPriors | None = None
    upper: BetaPrior | None = None

    @classmethod
    def small_samples(cls) -> "ItemPriors":
        """Hierarchical slopes, b ~ N(0, 2^2), c ~ Beta(5, 17) (mean .23), d ~ Beta(17, 2)."""
        return cls(SlopePrior(), NormalPrior(0.0, 2.0), BetaPrior(5.0, 17.0), BetaPrior(17.0, 2.0))

    def slope_numbers(self) -> tuple[float, float] | None:
        """Mean and sd of ln a, once both are known."""
        if self.slope is None or self.slope.mean is None or self.slope.sd is None:
            return None
        return self.slope.mean, self.slope.sd

    def of_items(self, kept: IndexArray) -> "ItemPriors":
        """The priors of some items only."""
        difficulty, lower = self.difficulty, self.lower
        if isinstance(difficulty, NormalPriors):
            difficulty = replace(difficulty, means=difficulty.means[kept])
        if isinstance(lower, BetaPriors):
            lower = BetaPriors(lower.alpha[kept], lower.beta[kept])
        return replace(self, difficulty=difficulty, lower=lower)

    @property
    def is_empty(self) -> bool:
        """Whether this is plain maximum likelihood."""
        return not any((self.slope, self.difficulty, self.lower, self.upper))


@dataclass(frozen=True)
class PriorTerms:
    """ln prior per item, its gradient (n, values), and a curvature that is never negative."""

    value: FloatArray
    gradient: FloatArray
    curvature: FloatArray

    @classmethod
    def of(cls, priors: ItemPriors, values: FloatArray, plan: BankPlan) -> "PriorTerms":
        """All terms at these working values, of free parameters only."""
        n, width = values.shape
        terms = cls(np.zeros(n), np.zeros((n, width)), np.zeros((n, width, width)))
        if priors.slope is not None:
            terms._add_slope(priors.slope, values, plan)
        if priors.difficulty is not None:
            terms._add_difficulty(priors.difficulty, values, plan)
        for column, beta in ((width - 2, priors.lower), (width - 1, priors.upper)):
            if beta is not None:
                terms._add_beta(beta, values[:, column], column, plan)
        return terms

    def _add_slope(self, prior: SlopePrior, values: FloatArray, plan: BankPlan) -> None:
        free, slope = plan.free[:, 0], values[:, 0]
        mean = START_MEAN if prior.mean is None else prior.mean
        precision = (START_SD if prior.sd is None else prior.sd) ** -2.0
        positive = np.where(slope > 0, slope, 1.0)
        distance = np.log(positive) - mean
        term = np.where(slope > 0, -0.5 * precision * distance**2, -np.inf)
        self.value[:] += np.where(free, term, 0.0)
        self.gradient[:, 0] += np.where(free, -precision * distance / positive, 0.0)
        self.curvature[:, 0, 0] += np.where(free, precision / positive**2, 0.0)

    def _add_difficulty(
        self, prior: NormalPrior | NormalPriors, values: FloatArray, plan: BankPlan
    ) -> None:
        """b_k = -d_k / a, for steps -(d_k - d_{k-1}) / a, by the chain rule."""
        k = plan.n_thresholds
        slope, table = values[:, :1], values[:, 1:-2]
        is_steps = (plan.family == ItemModel.PARTIAL_CREDIT)[:, None]
        counted = plan.free[:, 1 : k + 1]
        raw = np.where(is_steps, np.diff(table, axis=1, prepend=0.0), table)
        b = -raw / slope
        of_value = np.zeros((*b.shape, values.shape[1]))
        of_value[:, :, 0] = np.where(plan.free[:, :1], -b / slope, 0.0)
        at = np.arange(k)
        of_value[:, at, at + 1] = -1.0 / slope
        of_value[:, at[1:], at[1:]] = np.where(is_steps, 1.0 / slope, 0.0)
        first, second = prior.derivatives(b)
        self.value[:] += np.where(counted, prior.log_density(b), 0.0).sum(axis=1)
        weighted = np.where(counted, first, 0.0)
        self.gradient[:] += np.einsum("ik,ikv->iv", weighted, of_value)
        bent = np.where(counted, -second, 0.0)
        self.curvature[:] += np.einsum("ik,ikv,ikw->ivw", bent, of_value, of_value)

    def _add_beta(
        self, prior: BetaPrior | BetaPriors, asymptote: FloatArray, column: int, plan: BankPlan
    ) -> None:
        free = plan.free[:, column]
        inside = np.clip(asymptote, 1e-9, 1 - 1e-9)
        up, down = prior.alpha - 1.0, prior.beta - 1.0
        value = up * np.log(inside) + down * np.log1p(-inside)
        self.value[:] += np.where(free, value, 0.0)
        self.gradient[:, column] += np.where(free, up / inside - down / (1.0 - inside), 0.0)
        curvature = up / inside**2 + down / (1.0 - inside) ** 2
        self.curvature[:, column, column] += np.where(free, curvature, 0.0)
