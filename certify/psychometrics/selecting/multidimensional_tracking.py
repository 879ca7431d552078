"""Abilities in several dimensions, followed response by response: posterior mode and covariance.

The mode is that of `multidimensional_map` under the prior N(mean, covariance); here each search
starts from the last mode moved by the new response, so a few of Newton's steps suffice. The
covariance is the inverse of expected information plus prior precision at the mode, which the
posterior D-rule asks for. For one person, and for many
persons in lock-step; both give the same numbers. Dichotomous items.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from certify.psychometrics.estimating.multidimensional import MultivariatePrior
from certify.psychometrics.item_parameters import FloatArray
from certify.psychometrics.selecting.multidimensional_selection import STEEPEST, LoadedItems

TOLERANCE = 1e-5
"""The search ends after a step of at most this in every dimension; the error is its square."""
MAX_STEPS = 100
LONGEST_STEP = 2.0
"""No step leads further than this in any dimension: far out, information says little."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Of each response: the slope of ln L along the logit, and its curvature, downwards.

    `expected` is the curvature on average over responses: the information W of the item.
    """

    slope: FloatArray
    curvature: FloatArray
    expected: FloatArray

    @classmethod
    def at(
        cls, logit: FloatArray, right: FloatArray, c: FloatArray | None, d: FloatArray | None
    ) -> "Cells":
        """From responses 1 and 0. Without `c` and `d`: x - L and L (1 - L). `logit` is worked in.

        With s1 = P'/P and s0 = P'/Q along the logit the slope s is s1 or -s0, the curvature
        s (s - 1 + 2L), and its expectation s1 s0.
        """
        np.clip(logit, -STEEPEST, STEEPEST, out=logit)
        np.negative(logit, out=logit)
        rest = np.exp(logit, out=logit)
        core = 1.0 / (1.0 + rest)
        rest *= core
        if c is None or d is None:
            spread = core * rest
            return cls(right - core, spread, spread)
        width = d - c
        rise = width * core * rest
        if_right, if_wrong = rise / (c + width * core), rise / ((1.0 - d) + width * rest)
        slope = np.where(right > 0, if_right, -if_wrong)
        return cls(slope, slope * (slope - 1.0 + 2.0 * core), if_right * if_wrong)


class TrackedAbility:
    """One person: `theta`, shape (dims,), and `covariance`, shape (dims, dims)."""

    def __init__(self, items: LoadedItems, prior: MultivariatePrior, max_items: int) -> None:
        self.theta: FloatArray = prior.mean
        self.covariance: FloatArray = prior.covariance
        self._items, self._precision = items, prior.precision
        self._pull = prior.precision @ prior.mean
        self._slopes = np.empty((max_items, items.n_dimensions))
        self._intercept, self._right = np.empty(max_items), np.empty(max_items)
        self._c, self._d = np.empty(max_items), np.empty(max_items)
        self._count = 0

    def record(self, item: int, response: int) -> None:
        """Take one more response, 1 or 0, and move the estimate."""
        items, at = self._items, self._count
        self._slopes[at], self._intercept[at] = items.slopes[item], items.intercept[item]
        self._c[at], self._d[at], self._right[at] = items.c[item], items.d[item], response
        self._count += 1
        self._predict()
        for _ in range(MAX_STEPS):
            step, furthest = self._step()
            self.theta = np.asarray(self.theta + step)
            if furthest <= TOLERANCE:
                break
        if items.has_asymptotes:
            rows = slice(0, self._count)
            self.covariance = _inverse(self._precision_of(rows, self._cells(rows).expected))

    def _predict(self) -> None:
        """The step that the new response alone asks for, by the inverse known so far."""
        last = slice(self._count - 1, self._count)
        cells = self._cells(last)
        slopes = self._slopes[last][0]
        towards = self.covariance @ slopes
        share = cells.slope[0] / (1.0 + cells.expected[0] * (slopes @ towards))
        self.theta = np.asarray(
            self.theta + min(max(share, -LONGEST_STEP), LONGEST_STEP) * towards, dtype=np.float64
        )

    def _step(self) -> tuple[FloatArray, float]:
        """Newton's step, or a rising one where that points downhill; and its length."""
        rows = slice(0, self._count)
        cells = self._cells(rows)
        gradient = cells.slope @ self._slopes[rows] + self._pull - self._precision @ self.theta
        self.covariance = _inverse(self._precision_of(rows, cells.curvature))
        step: FloatArray = self.covariance @ gradient
        if self._items.has_asymptotes and step @ gradient < 0:
            step = _inverse(self._precision_of(rows, cells.expected)) @ gradient
        furthest = float(np.abs(step).max())
        return (step if furthest <= LONGEST_STEP else step * (LONGEST_STEP / furthest)), furthest

    def _precision_of(self, rows: slice, weight: FloatArray) -> FloatArray:
        slopes = self._slopes[rows]
        return np.asarray((slopes.T * weight) @ slopes + self._precision)

    def _cells(self, rows: slice) -> Cells:
        logit = self._slopes[rows] @ self.theta
        logit += self._intercept[rows]
        if self._items.has_asymptotes:
            return Cells.at(logit, self._right[rows], self._c[rows], self._d[rows])
        return Cells.at(logit, self._right[rows], None, None)


class TrackedAbilities:
    """Many persons in lock-step: `theta` (persons, dims), `covariance` (persons, dims, dims).

    Every person answers one item per round; `administered` masks the items given, (persons, n).
    """

    def __init__(
        self, items: LoadedItems, prior: MultivariatePrior, n_persons: int, max_items: int
    ) -> None:
        self.theta = np.tile(prior.mean, (n_persons, 1))
        self.covariance = np.tile(prior.covariance, (n_persons, 1, 1))
        self.administered = np.zeros((n_persons, len(items)), dtype=bool)
        self._items, self._precision = items, prior.precision
        self._pull = prior.precision @ prior.mean
        self._given = np.empty((max_items, n_persons), dtype=np.intp)
        self._right = np.empty((max_items, n_persons))
        self._count = 0

    def record(
        self,
        items: NDArray[np.intp],
        responses: FloatArray,
        persons: NDArray[np.intp] | None = None,
    ) -> None:
        """One more response, 1 or 0, of each person, or of `persons` alone (sorted indices).

        A person who is left out once has finished: nobody may come back.
        """
        everyone = np.arange(len(self.theta), dtype=np.intp) if persons is None else persons
        self._given[self._count, everyone] = items
        self._right[self._count, everyone] = responses
        self.administered[everyone, items] = True
        self._count += 1
        self._predict(everyone)
        moving = everyone
        for _ in range(MAX_STEPS):
            step, furthest = self._step(moving)
            self.theta[moving] += step
            moving = moving[furthest > TOLERANCE]
            if not len(moving):
                break
        if self._items.has_asymptotes:
            cells, slopes = self._cells(everyone, slice(0, self._count))
            self.covariance[everyone] = self._covariance(slopes, cells.expected)

    def _predict(self, persons: NDArray[np.intp]) -> None:
        """The step that the new response alone asks for, by the inverse known so far."""
        cells, slopes = self._cells(persons, slice(self._count - 1, self._count))
        towards = np.einsum("pij,pj->pi", self.covariance[persons], slopes[0])
        share = cells.slope[0] / (1.0 + cells.expected[0] * (slopes[0] * towards).sum(axis=1))
        self.theta[persons] += np.clip(share, -LONGEST_STEP, LONGEST_STEP)[:, None] * towards

    def _step(self, persons: NDArray[np.intp]) -> tuple[FloatArray, FloatArray]:
        """Newton's steps, or rising ones where those point downhill; and their lengths."""
        cells, slopes = self._cells(persons, slice(0, self._count))
        gradient = np.einsum("kp,kpd->pd", cells.slope, slopes) + self._pull
        gradient -= self.theta[persons] @ self._precision
        covariance = self._covariance(slopes, cells.curvature)
        step = np.einsum("pij,pj->pi", covariance, gradient)
        if self._items.has_asymptotes:
            falls = (step * gradient).sum(axis=1) < 0
            if falls.any():
                safe = self._covariance(slopes[:, falls], cells.expected[:, falls])
                step[falls] = np.einsum("pij,pj->pi", safe, gradient[falls])
        self.covariance[persons] = covariance
        furthest = np.abs(step).max(axis=1)
        step *= np.minimum(1.0, LONGEST_STEP / np.maximum(furthest, LONGEST_STEP))[:, None]
        return step, furthest

    def _covariance(self, slopes: FloatArray, weight: FloatArray) -> FloatArray:
        weighted = slopes * weight[..., None]
        precision = np.einsum("kpd,kpe->dep", weighted, slopes) + self._precision[..., None]
        return np.moveaxis(inverse_symmetric(precision), -1, 0)

    def _cells(self, persons: NDArray[np.intp], rows: slice) -> tuple[Cells, FloatArray]:
        """The cells of some persons, shape (rows, persons), and their slopes."""
        given, right = self._given[rows][:, persons], self._right[rows][:, persons]
        items = self._items
        slopes = items.slopes[given]
        logit = np.einsum("kpd,pd->kp", slopes, self.theta[persons])
        logit += items.intercept[given]
        if items.has_asymptotes:
            return Cells.at(logit, right, items.c[given], items.d[given]), slopes
        return Cells.at(logit, right, None, None), slopes


def _inverse(matrix: FloatArray) -> FloatArray:
    return np.asarray(np.linalg.inv(matrix), dtype=np.float64)


def inverse_symmetric(matrices: FloatArray) -> FloatArray:
    """Inverses of many positive definite matrices, shape (dims, dims, persons), by sweeping.

    Goodnight (1979), The American Statistician 33:149-158. A loop over dimensions, not persons.
    """
    swept = matrices.copy()
    for at in range(len(swept)):
        pivot = 1.0 / swept[at, at]
        row = swept[at] * pivot
        column = swept[:, at].copy()
        swept -= column[:, None] * row[None]
        swept[at] = row
        swept[:, at] = -column * pivot
        swept[at, at] = pivot
    return swept
