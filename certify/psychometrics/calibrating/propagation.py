"""Many correlated dimensions by expectation propagation, one normal site per dimension.

Minka (2001), Expectation propagation for approximate Bayesian inference, UAI 17. Each table of ln L
is replaced, within the joint posterior, by a normal factor that gives the same mean and variance
under the others; sweeps over the dimensions with rank-one updates, persons in parallel. The tables
themselves stay: the expected counts of the items come from the tilted marginals on the grid. No
random numbers. The approximate log-likelihood is the one whose stationary point the EM steps find;
tests hold it and the estimates against the exact product grid.
"""

from dataclasses import dataclass

import numpy as np

from certify.psychometrics.calibrating.grid_posterior import normalise
from certify.psychometrics.calibrating.joint_posterior import JointPosterior
from certify.psychometrics.item_parameters import FloatArray

SWEEPS = 12
PRECISE = 1e-6
LEAST_PRECISION = 1e-8


@dataclass
class _Sites:
    """The normal posterior of each person, and its sites exp(shift theta - precision theta^2/2)."""

    mean: FloatArray
    covariance: FloatArray
    precision: FloatArray
    shift: FloatArray
    log_scale: FloatArray

    @classmethod
    def none(cls, mean: FloatArray, covariance: FloatArray, persons: int) -> "_Sites":
        """The prior itself for everybody."""
        empty = (np.zeros((persons, len(mean))) for _ in range(3))
        return cls(np.tile(mean, (persons, 1)), np.tile(covariance, (persons, 1, 1)), *empty)

    def cavity(self, d: int) -> tuple[FloatArray, FloatArray]:
        """Mean and variance of dimension d without its own site."""
        variance = self.covariance[:, d, d]
        rest = np.maximum(1.0 / variance - self.precision[:, d], LEAST_PRECISION)
        return (self.mean[:, d] / variance - self.shift[:, d]) / rest, 1.0 / rest

    def replace(self, d: int, precision: FloatArray, shift: FloatArray) -> None:
        """New site of dimension d: a rank-one change of the posterior."""
        more, push = precision - self.precision[:, d], shift - self.shift[:, d]
        column = self.covariance[:, :, d].copy()
        divisor = 1.0 + more * column[:, d]
        move = (push - more * self.mean[:, d]) / divisor
        self.mean += column * move[:, None]
        weighted = column * (more / divisor)[:, None]
        self.covariance -= weighted[:, :, None] * column[:, None, :]
        self.precision[:, d], self.shift[:, d] = precision, shift


@dataclass(frozen=True)
class Propagation:
    """Means (groups, dimensions) and covariances of the groups; one grid for each dimension."""

    means: FloatArray
    covariances: FloatArray
    points: FloatArray

    def posterior(self, tables: list[FloatArray], group: int) -> JointPosterior:
        """The joint posterior of persons of one group."""
        sites = _Sites.none(self.means[group], self.covariances[group], len(tables[0]))
        marginals = tables
        for _ in range(SWEEPS):
            before = sites.mean.copy()
            marginals = [self._tilted(sites, d, table) for d, table in enumerate(tables)]
            if np.abs(sites.mean - before).max(initial=0.0) < PRECISE:
                break
        second = sites.covariance + sites.mean[:, :, None] * sites.mean[:, None, :]
        return JointPosterior(self._log_mass(sites, group), marginals, sites.mean, second)

    def _tilted(self, sites: _Sites, d: int, table: FloatArray) -> FloatArray:
        """Match the site of dimension d; return the tilted marginal on the grid."""
        mean, variance = sites.cavity(d)
        tilted = (self.points - mean[:, None]) ** 2
        tilted *= (-0.5 / variance)[:, None]
        tilted += table
        log_mass = normalise(tilted)
        centre = tilted @ self.points
        width = tilted @ self.points**2 - centre**2
        precision = np.maximum(1.0 / width - 1.0 / variance, LEAST_PRECISION)
        pull = centre * (1.0 / variance + precision)
        shift = pull - mean / variance
        # mass of table x cavity over mass of site x cavity, both with the cavity's normalisation
        total = variance * precision + 1.0
        log_site = 0.5 * (pull * pull * variance / total - mean**2 / variance - np.log(total))
        log_step = np.log((self.points[1] - self.points[0]) / np.sqrt(2.0 * np.pi * variance))
        sites.log_scale[:, d] = log_mass + log_step - log_site
        sites.replace(d, precision, shift)
        return tilted

    def _log_mass(self, sites: _Sites, group: int) -> FloatArray:
        """ln of the integral of the prior times all scaled sites."""
        start, covariance = self.means[group], self.covariances[group]
        inverse = np.linalg.inv(covariance)
        pull = inverse @ start + sites.shift
        log_ratio = np.linalg.slogdet(sites.covariance)[1] - np.linalg.slogdet(covariance)[1]
        quadratic = (pull * sites.mean).sum(axis=1) - start @ inverse @ start
        return np.asarray(0.5 * (log_ratio + quadratic) + sites.log_scale.sum(axis=1))
