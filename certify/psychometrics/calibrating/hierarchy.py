"""Empirical Bayes for the slopes: how far they resemble each other is read from the data.

ln a_i ~ N(mu, tau^2). Given mu and tau the items are calibrated as with any prior; given the
estimates and their errors v_i of ln a_i,

    mu = mean(ln a_i),   tau^2 = (sum ((ln a_i - mu)^2 + v_i) + m s^2) / (n + m),

the EM step for mu and tau with normal posteriors of the ln a_i (Laplace). The pseudo-items m = 4
with s = .35 keep tau away from 0 and infinity where there are few items. (The joint mode of slopes
and tau would be at tau = 0.)
"""

from dataclasses import replace

import numpy as np

from certify.psychometrics.calibrating.acceleration import accelerated
from certify.psychometrics.calibrating.coded_responses import CodedResponses
from certify.psychometrics.calibrating.fitting import (
    Fit,
    Problem,
    Settings,
    fitted,
    with_slope_prior,
)
from certify.psychometrics.calibrating.item_priors import START_MEAN, START_SD, SlopePrior
from certify.psychometrics.calibrating.observed_information import information_matrix
from certify.psychometrics.calibrating.standard_errors import Uncertainty
from certify.psychometrics.item_parameters import FloatArray

ROUNDS = 20
PRECISE = 5e-3
PSEUDO_ITEMS = 4.0


def fitted_with_hierarchy(
    problem: Problem, data: CodedResponses, settings: Settings
) -> tuple[Problem, Fit]:
    """Calibrate and estimate the slope prior in turn; the problem returned has its numbers."""
    slope = problem.priors.slope
    if slope is None or not slope.is_hierarchical:
        return problem, fitted(problem, data, settings)
    rounds = _Rounds(problem, data, settings)
    mean = START_MEAN if slope.mean is None else slope.mean
    sd = START_SD if slope.sd is None else slope.sd
    accelerated(
        rounds.step, np.array([mean, np.log(sd)]), _is_usable, tolerance=PRECISE, max_steps=ROUNDS
    )
    return rounds.problem, rounds.fit


def _is_usable(point: FloatArray) -> bool:
    """Whether acceleration stayed among slopes and spreads that items have."""
    return bool(abs(point[0]) < 3.0 and -4.0 < point[1] < 1.0)


class _Rounds:
    """One calibration after the other, each started where the last one ended."""

    def __init__(self, problem: Problem, data: CodedResponses, settings: Settings) -> None:
        self.problem, self.data, self.settings = problem, data, settings
        self.given = problem.priors.slope or SlopePrior()

    def step(self, point: FloatArray) -> tuple[float, FloatArray]:
        """Calibrate with this mean and ln sd; the EM step for both (the objective is not used)."""
        mean, sd = float(point[0]), float(np.exp(point[1]))
        self.problem = with_slope_prior(self.problem, mean, sd)
        self.fit = fitted(self.problem, self.data, self.settings)
        self.problem = replace(self.problem, known=self.fit.estimates)
        free = self.problem.plan.free[:, 0]
        information, counted = information_matrix(self.problem, self.fit)
        uncertainty = Uncertainty.of(information, counted, self.problem)
        if not (free.any() and uncertainty.is_definite):
            return 0.0, point
        a = self.fit.estimates.values[free, 0]
        log_a, spread = np.log(a), uncertainty.slope_variances()[free] / a**2
        if self.given.mean is None:
            mean = float(log_a.mean())
        if self.given.sd is None:
            squares = float(((log_a - mean) ** 2 + spread).sum())
            pooled = squares + PSEUDO_ITEMS * START_SD**2
            sd = float(np.sqrt(pooled / (len(a) + PSEUDO_ITEMS)))
        return 0.0, np.array([mean, np.log(sd)])
