"""Empirical Bayes for the slopes: how far they resemble each other is read from the data.

ln a_i ~ N(mu, tau^2). Given mu and tau the items are calibrated as with any prior; given the
estimates and their errors v_i of ln a_i,

    mu = mean(ln a_i),   tau^2 = (sum ((ln a_i - mu)^2 + v_i) + m s^2) / (n + m),

the EM step for mu and tau with normal posteriors of the ln a_i (Laplace). The pseudo-items m = 4
with s = .35 keep tau away from 0 and infinity where there are few items. tau is the mode over
slopes, not a joint mode, which would be 0.
"""

import numpy as np

from certify.psychometrics.calibrating.coded_responses import CodedResponses
from certify.psychometrics.calibrating.fitting import (
    Fit,
    Problem,
    Settings,
    fitted,
    with_slope_prior,
)
from certify.psychometrics.calibrating.item_priors import START_MEAN, START_SD
from certify.psychometrics.calibrating.observed_information import information_matrix
from certify.psychometrics.calibrating.standard_errors import Uncertainty

ROUNDS = 25
PRECISE = 2e-3
PSEUDO_ITEMS = 4.0


def fitted_with_hierarchy(
    problem: Problem, data: CodedResponses, settings: Settings
) -> tuple[Problem, Fit]:
    """Calibrate and estimate the slope prior in turn; the problem returned has its numbers."""
    slope = problem.priors.slope
    if slope is None or not slope.is_hierarchical:
        return problem, fitted(problem, data, settings)
    mean = START_MEAN if slope.mean is None else slope.mean
    sd = START_SD if slope.sd is None else slope.sd
    start = problem.known
    free = problem.plan.free[:, 0]
    for _ in range(ROUNDS):
        current = with_slope_prior(problem, mean, sd, start)
        fit = fitted(current, data, settings)
        start = fit.estimates
        uncertainty = Uncertainty.of(*information_matrix(current, fit), current)
        if not (free.any() and uncertainty.is_definite):
            break
        a = fit.estimates.values[free, 0]
        log_a, spread = np.log(a), uncertainty.slope_variances()[free] / a**2
        new_mean = float(log_a.mean()) if slope.mean is None else mean
        squares = float(((log_a - new_mean) ** 2 + spread).sum())
        pooled = (squares + PSEUDO_ITEMS * START_SD**2) / (len(a) + PSEUDO_ITEMS)
        new_sd = float(np.sqrt(pooled)) if slope.sd is None else sd
        change = max(abs(new_mean - mean), abs(new_sd - sd))
        if change < PRECISE:
            break
        mean, sd = new_mean, new_sd
    return current, fit
