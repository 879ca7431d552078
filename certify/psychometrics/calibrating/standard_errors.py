"""From an information matrix to standard errors in the metric of the bank.

Errors of b = -d / a and of thresholds follow by the delta method. NaN where nothing was estimated,
where an estimate lies on a bound, and everywhere if the information is not positive definite.
"""

from dataclasses import dataclass

import numpy as np

from certify.psychometrics.calibrating.bank_plan import BankPlan, BoolArray
from certify.psychometrics.calibrating.fitting import Problem
from certify.psychometrics.calibrating.population import Population
from certify.psychometrics.item_parameters import FloatArray, ItemModel


@dataclass(frozen=True)
class ItemStandardErrors:
    """Of each item: `a`, `b` (mean threshold of items with several), `c`, `d`; `thresholds`.

    `intercepts`, shape (n, K): errors in the slope-and-intercept metric of `parametrisation`.
    """

    a: FloatArray
    b: FloatArray
    c: FloatArray
    d: FloatArray
    thresholds: FloatArray
    intercepts: FloatArray

    @classmethod
    def unknown(cls, n_items: int, n_thresholds: int) -> "ItemStandardErrors":
        """NaN throughout."""
        a, b, c, d = np.full((4, n_items), np.nan)
        table = np.full((n_items, n_thresholds), np.nan)
        return cls(a, b, c, d, table, table.copy())


@dataclass(frozen=True)
class PopulationStandardErrors:
    """Of the means and standard deviations of the groups, and of their covariances."""

    means: FloatArray
    sds: FloatArray
    covariances: FloatArray

    @classmethod
    def unknown(cls, population: Population) -> "PopulationStandardErrors":
        """NaN throughout."""
        means, covariances = population.means, population.covariances
        return cls(*(np.full(shape.shape, np.nan) for shape in (means, means, covariances)))


@dataclass(frozen=True)
class Uncertainty:
    """Covariances (n, values, values) of each item's working values, and those of the population.

    `is_definite`: whether the information was positive definite, so that there are any.
    """

    items: FloatArray
    population: FloatArray
    is_definite: bool

    @classmethod
    def of(cls, information: FloatArray, counted: BoolArray, problem: Problem) -> "Uncertainty":
        """Invert the information, with tied slopes as one number."""
        item, value = np.nonzero(counted)
        n, width = counted.shape
        tie = _tie(len(information), problem.plan.tied[item] & (value == 0))
        joined = tie.T @ information @ tie if tie.shape[0] > tie.shape[1] else information
        n_population = len(information) - len(item)
        blocks = np.full((n, width, width), np.nan)
        try:
            np.linalg.cholesky(joined)
        except np.linalg.LinAlgError:
            return cls(blocks, np.full((n_population, n_population), np.nan), False)
        covariance: FloatArray = np.asarray(np.linalg.inv(joined), dtype=np.float64)
        if len(joined) < len(information):
            covariance = tie @ covariance @ tie.T
        for i in range(n):
            own = np.flatnonzero(item == i)
            blocks[i] = 0.0
            blocks[i][np.ix_(value[own], value[own])] = covariance[np.ix_(own, own)]
        return cls(blocks, covariance[len(item) :, len(item) :], True)

    def slope_variances(self) -> FloatArray:
        """Variance of each slope."""
        return self.items[:, 0, 0]


def _tie(n: int, tied: BoolArray) -> FloatArray:
    """Columns of the distinct numbers behind `n` numbers, the tied ones being one."""
    marked = np.zeros(n, dtype=np.bool_)
    marked[: len(tied)] = tied
    matrix = np.eye(n)
    if not marked.any():
        return matrix
    return np.column_stack([matrix[:, ~marked], marked.astype(np.float64)])


def item_errors(
    uncertainty: Uncertainty, counted: BoolArray, plan: BankPlan, values: FloatArray
) -> ItemStandardErrors:
    """Standard errors of every item."""
    n, k = len(plan), plan.n_thresholds
    is_steps = (plan.family == ItemModel.PARTIAL_CREDIT)[:, None]
    slope, table = values[:, :1], values[:, 1:-2]
    b = -np.where(is_steps, np.diff(table, axis=1, prepend=0.0), table) / slope
    jacobian = np.zeros((n, k, k + 3))
    jacobian[:, :, 0] = -b / slope
    at = np.arange(k)
    jacobian[:, at, at + 1] = -1.0 / slope
    jacobian[:, at[1:], at[1:]] = np.where(is_steps, 1.0 / slope, 0.0)
    there = plan.has_category[:, 1:]
    of_b = jacobian @ uncertainty.items @ np.swapaxes(jacobian, 1, 2)
    mean = there / there.sum(axis=1, keepdims=True)
    own = np.sqrt(np.einsum("ivv->iv", uncertainty.items))
    errors = np.where(counted, own, np.nan)
    estimated = counted[:, 1 : k + 1]
    thresholds = np.where(estimated, np.sqrt(np.einsum("ikk->ik", of_b)), np.nan)
    location = np.sqrt(np.einsum("ik,ikl,il->i", mean, of_b, mean))
    return ItemStandardErrors(
        errors[:, 0],
        np.where(estimated[:, 0], location, np.nan),
        errors[:, -2],
        errors[:, -1],
        thresholds,
        errors[:, 1 : k + 1],
    )


def population_errors(
    uncertainty: Uncertainty, problem: Problem, population: Population
) -> PopulationStandardErrors:
    """Standard errors of every group."""
    plan = problem.population_plan
    errors = PopulationStandardErrors.unknown(population)
    found = np.sqrt(np.diag(uncertainty.population))
    n_means = int(plan.free_means.sum())
    errors.means[plan.free_means] = found[:n_means]
    errors.covariances[plan.free_covariances] = found[n_means:]
    # sd = sqrt(variance), so se(sd) = se(variance) / (2 sd)
    errors.sds[:] = np.einsum("gdd->gd", errors.covariances) / (2.0 * population.sds)
    return errors
