"""Scores and complete-data curvature of the means and variances of one-dimensional groups."""

from dataclasses import dataclass

import numpy as np

from certify.psychometrics.calibrating.bank_plan import IndexArray
from certify.psychometrics.calibrating.fitting import Fit, Problem
from certify.psychometrics.item_parameters import FloatArray


@dataclass(frozen=True)
class PopulationTerms:
    """Of each free mean, then each free variance: `group`, score `effects` (terms, points).

    `curvature` (terms, terms): -d2 of the expected ln density of all abilities.
    """

    group: IndexArray
    effects: FloatArray
    curvature: FloatArray


def population_terms(problem: Problem, fit: Fit) -> PopulationTerms:
    """d ln N(theta; m, v): (theta - m) / v in m, ((theta - m)^2 / v - 1) / 2v in v."""
    plan, population, points = problem.population_plan, fit.estimates.population, fit.points
    of_mean = np.flatnonzero(plan.free_means[:, 0])
    of_variance = np.flatnonzero(plan.free_variances[:, 0])
    group = np.concatenate([of_mean, of_variance])
    n, n_means = len(group), len(of_mean)
    mean, variance = population.means[:, 0], population.covariances[:, 0, 0]
    effects = np.empty((n, len(points)))
    curvature = np.zeros((n, n))
    persons, first, second = fit.expect.persons, fit.last.first[:, 0], fit.last.second[:, 0, 0]
    for f, g in enumerate(group):
        away = points - mean[g]
        if f < n_means:
            effects[f] = away / variance[g]
            curvature[f, f] = persons[g] / variance[g]
            continue
        effects[f] = 0.5 * (away**2 / variance[g] - 1.0) / variance[g]
        square = second[g] - 2.0 * mean[g] * first[g] + persons[g] * mean[g] ** 2
        curvature[f, f] = square / variance[g] ** 3 - 0.5 * persons[g] / variance[g] ** 2
        for other in np.flatnonzero(of_mean == g):
            deviation = first[g] - persons[g] * mean[g]
            curvature[f, other] = curvature[other, f] = deviation / variance[g] ** 2
    return PopulationTerms(group, effects, curvature)
