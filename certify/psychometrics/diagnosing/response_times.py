"""The lognormal model of response times: ln T_ij ~ N(beta_i - tau_j, 1 / alpha_i^2).

Van der Linden (2006), J. Educ. Behav. Statist. 31:181-204. `beta` is the time an item takes (log
seconds), `alpha` how little times differ around that, `tau` a person's speed, N(0, sigma^2) in
the population. Estimated by marginal maximum likelihood: an EM algorithm whose steps are closed
formulas (a factor model with loadings fixed to one), not by the paper's Gibbs sampler. Times are
seconds, shape (persons, items), NaN where an item was not seen. The second level of van der
Linden (2007), Psychometrika 72:287-308, speed and ability together, is here as their correlation.
Flags of rapid guessing are in `rapid_guessing`.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics.ability import AbilityGrid
from certify.psychometrics.classical import MINIMUM_PERSONS
from certify.psychometrics.item_parameters import FloatArray, ItemParameters
from certify.psychometrics.likelihood import GridLikelihood
from certify.psychometrics.responses import checked

MOST_CYCLES: Final = 5_000
TOLERANCE: Final = 1e-9
LARGEST_PRECISION: Final = 1e4
"""1 / alpha^2 is kept above its inverse: one item copied from another would make it zero."""
GOLDEN: Final = (5.0**0.5 - 1.0) / 2.0


@dataclass(frozen=True, slots=True)
class ResponseTimeModel:
    """`alpha` and `beta`, shape (items,), NaN for an item with fewer than 20 times; `sigma` of tau.

    `log_likelihood` is that of the log times, marginal over the speeds.
    """

    alpha: FloatArray
    beta: FloatArray
    sigma: float
    log_likelihood: float
    cycles: int
    converged: bool


@dataclass(frozen=True, slots=True)
class Speed:
    """Posterior mean and standard deviation of each person's speed (0 and sigma without times)."""

    tau: FloatArray
    se: FloatArray


@dataclass(frozen=True, slots=True)
class SpeedAndAbility:
    """Correlation of theta and tau in the population with its standard error."""

    correlation: float
    se: float


def log_times(seconds: ArrayLike) -> FloatArray:
    """Natural logarithms. Raises ValueError naming the first time that is not above 0."""
    times = np.asarray(seconds, dtype=np.float64)
    if times.ndim != 2:
        raise ValueError(f"expected times of shape (persons, items), found {times.ndim} axes")
    bad = ~(np.isnan(times) | ((times > 0) & np.isfinite(times)))
    if bad.any():
        person, item = (int(at) for at in np.argwhere(bad)[0])
        raise ValueError(
            f"person {person}, item {item}: expected a time above 0 s or NaN, "
            f"found {times[person, item]:g}"
        )
    return np.asarray(np.log(times))


def fit_response_times(seconds: ArrayLike) -> ResponseTimeModel:
    """Estimate the model. Raises ValueError for bad times or unless two items have 20 of them."""
    every = log_times(seconds)
    usable = (~np.isnan(every)).sum(axis=0) >= MINIMUM_PERSONS
    if usable.sum() < 2:
        raise ValueError(
            f"expected two items or more with at least {MINIMUM_PERSONS} times each, found "
            f"{int(usable.sum())} of {len(usable)} items and {len(every)} persons"
        )
    table = every[:, usable]
    seen = ~np.isnan(table)
    logs = np.where(seen, table, 0.0)
    count = seen.sum(axis=0)
    beta = logs.sum(axis=0) / count
    residual = np.where(seen, logs - beta, 0.0)
    precision = np.minimum(count / np.maximum((residual**2).sum(axis=0), 1e-12), LARGEST_PRECISION)
    variance = 0.5 / float(precision.mean())
    before, cycles, converged = -np.inf, 0, False
    while not converged and cycles < MOST_CYCLES:
        cycles += 1
        value = _marginal(logs, seen, beta, precision, variance)
        converged = value - before <= TOLERANCE * abs(value)
        before = value
        tau, spread = _posterior(logs, seen, beta, precision, variance)
        beta = (seen * (logs + tau[:, None])).sum(axis=0) / count
        squares = np.where(seen, (logs - beta + tau[:, None]) ** 2 + spread[:, None], 0.0)
        precision = np.minimum(count / squares.sum(axis=0), LARGEST_PRECISION)
        variance = float((tau**2 + spread).mean())
    alpha = np.full(every.shape[1], np.nan)
    location = alpha.copy()
    alpha[usable], location[usable] = np.sqrt(precision), beta
    return ResponseTimeModel(alpha, location, float(np.sqrt(variance)), before, cycles, converged)


def speeds(seconds: ArrayLike, model: ResponseTimeModel) -> Speed:
    """Speed of each person under the model; items it has no parameters for are left out."""
    logs, seen = _against(log_times(seconds), model)
    precision = np.nan_to_num(model.alpha**2)
    tau, spread = _posterior(logs, seen, np.nan_to_num(model.beta), precision, model.sigma**2)
    return Speed(tau, np.sqrt(spread))


def time_residuals(seconds: ArrayLike, model: ResponseTimeModel) -> FloatArray:
    """z of each log time given the person's other times: low is too fast, high too slow.

    Van der Linden & Guo (2008), Psychometrika 73:365-384, with the speed's prior: standard normal
    if the model holds, since the time judged does not help to judge itself. NaN where unseen.
    """
    logs, seen = _against(log_times(seconds), model)
    precision, beta = np.nan_to_num(model.alpha**2), np.nan_to_num(model.beta)
    weight = np.where(seen, precision, 0.0)
    pull = np.where(seen, precision * (beta - logs), 0.0)
    others = weight.sum(axis=1, keepdims=True) - weight + 1.0 / model.sigma**2
    tau = (pull.sum(axis=1, keepdims=True) - pull) / others
    with np.errstate(divide="ignore"):
        spread = np.sqrt(1.0 / precision + 1.0 / others)
    return np.asarray(np.where(seen, (logs - (beta - tau)) / spread, np.nan))


def speed_and_ability(
    seconds: ArrayLike,
    model: ResponseTimeModel,
    responses: ArrayLike,
    items: ItemParameters,
    grid: AbilityGrid | None = None,
) -> SpeedAndAbility:
    """Maximum likelihood of the correlation, item parameters given (population N(0, 1) and sigma).

    Answers and times are independent given theta and tau. `grid` defaults to N(0, 1) on 61 points.
    Raises ValueError for fewer than 20 persons or inputs that do not fit together.
    """
    logs, seen = _against(log_times(seconds), model)
    population = AbilityGrid.normal() if grid is None else grid
    matrix = checked(responses, items)
    if len(matrix) != len(logs) or len(logs) < MINIMUM_PERSONS:
        raise ValueError(
            f"expected at least {MINIMUM_PERSONS} persons with times and responses, "
            f"found {len(logs)} rows of times and {len(matrix)} of responses"
        )
    likelihood = GridLikelihood.of(items, population.points).log_likelihood(matrix)
    precision, beta = np.nan_to_num(model.alpha**2), np.nan_to_num(model.beta)
    weight = np.where(seen, precision, 0.0).sum(axis=1)
    pull = np.where(seen, precision * (beta - logs), 0.0).sum(axis=1)
    joint = likelihood + np.log(population.weights)

    def value(rho: float) -> float:
        spread = model.sigma**2 * (1.0 - rho**2)
        mean = rho * model.sigma * population.points
        total = weight[:, None] + 1.0 / spread
        drawn = pull[:, None] + mean / spread
        times = 0.5 * (drawn**2 / total - mean**2 / spread - np.log(total * spread))
        return float(np.logaddexp.reduce(joint + times, axis=1).sum())

    low, high = -0.999, 0.999
    while high - low > 1e-8:
        left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        if value(left) < value(right):
            low = left
        else:
            high = right
    rho = 0.5 * (low + high)
    h = 1e-3
    inner = float(np.clip(rho, -0.998 + h, 0.998 - h))
    curvature = (value(inner + h) - 2.0 * value(inner) + value(inner - h)) / h**2
    return SpeedAndAbility(rho, float((-curvature) ** -0.5) if curvature < 0 else float("nan"))


def _against(logs: FloatArray, model: ResponseTimeModel) -> tuple[FloatArray, NDArray[np.bool_]]:
    if logs.shape[1] != len(model.alpha):
        raise ValueError(f"expected times of {len(model.alpha)} items, found {logs.shape[1]}")
    seen = ~np.isnan(logs) & ~np.isnan(model.alpha)
    return np.where(seen, logs, 0.0), seen


def _posterior(
    logs: FloatArray,
    seen: NDArray[np.bool_],
    beta: FloatArray,
    precision: FloatArray,
    variance: float,
) -> tuple[FloatArray, FloatArray]:
    total = seen @ precision + 1.0 / variance
    pull = (seen * (beta - logs)) @ precision
    return pull / total, 1.0 / total


def _marginal(
    logs: FloatArray,
    seen: NDArray[np.bool_],
    beta: FloatArray,
    precision: FloatArray,
    variance: float,
) -> float:
    """ln L of the log times with the speed integrated out, by the matrix determinant lemma."""
    residual = np.where(seen, logs - beta, 0.0)
    total = seen @ precision + 1.0 / variance
    pull = residual @ precision
    square = (residual**2) @ precision - pull**2 / total
    determinant = np.log(total * variance) - seen @ np.log(precision)
    n = seen.sum(axis=1) * np.log(2.0 * np.pi)
    return float(-0.5 * (square + determinant + n).sum())
