"""What a mode search needs of a block of persons: start, slope, curvature, standard error."""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from certify.psychometrics.estimating.priors import AbilityPrior
from certify.psychometrics.irt import (
    category_curves,
    information,
    response_ratios,
    test_information,
)
from certify.psychometrics.item_parameters import FloatArray, ItemParameters
from certify.psychometrics.likelihood import GridLikelihood
from certify.psychometrics.responses import ResponseMatrix


class Weighting(Enum):
    """Which function of the items multiplies the likelihood."""

    NONE = "none"
    JEFFREYS = "jeffreys"
    WARM = "warm"


@dataclass(frozen=True)
class ModeObjective:
    """ln L + ln prior + weight of each person in `matrix`, as a function of the person's theta."""

    matrix: ResponseMatrix
    items: ItemParameters
    prior: AbilityPrior
    weighting: Weighting

    def heights(self, points: FloatArray) -> FloatArray:
        """The objective at grid points, shape (persons, points).

        Warm's weight has no closed form; Jeffreys' sqrt(I) stands in for it here.
        """
        height = GridLikelihood.of(self.items, points).log_likelihood(self.matrix)
        height += self.prior.log_density(points)
        if self.weighting is Weighting.NONE:
            return height
        if self.matrix.observed is None:
            told = np.broadcast_to(test_information(points, self.items), height.shape)
        else:
            told = self.matrix.observed @ information(points, self.items).T
        return height + 0.5 * np.log(told, out=np.zeros_like(height), where=told > 0)

    def limits(self) -> tuple[FloatArray, FloatArray]:
        """ln L of each person as theta goes to -inf and to inf, each of shape (persons,)."""
        items = self.items
        right_low = np.where(items.a > 0, items.c, items.d)
        right_high = np.where(items.a > 0, items.d, items.c)
        polytomous = items.model != 0
        top = items.max_category
        lowest = np.where(items.a > 0, 0, top)
        highest = np.where(items.a > 0, top, 0)
        sides = []
        for right, end in ((right_low, lowest), (right_high, highest)):
            chance = np.where(self.matrix.values == 1, right, 1.0 - right)
            chance = np.where(polytomous, self.matrix.values == end, chance)
            logs = np.log(chance, out=np.full_like(chance, -np.inf), where=chance > 0)
            if self.matrix.observed is not None:
                logs = np.where(self.matrix.observed, logs, 0.0)
            sides.append(logs.sum(axis=1))
        return sides[0], sides[1]

    def slope(self, theta: FloatArray, rows: NDArray[np.intp]) -> tuple[FloatArray, FloatArray]:
        """First and second derivative at `theta`, one ability for each person in `rows`."""
        block = self.matrix.rows(rows)

        first, second = response_ratios(block.with_gaps(), theta, self.items)
        prior_first, prior_second = self.prior.derivatives(theta)
        weight_first, weight_second = self._weight(block, theta)
        return (
            first.sum(axis=1) + prior_first + weight_first,
            (second - first**2).sum(axis=1) + prior_second + weight_second,
        )

    def standard_error(self, theta: FloatArray, *, is_observed: bool) -> FloatArray:
        """1 / sqrt(curvature) at the mode, by either convention; NaN where there is none."""
        se = np.full(len(theta), np.nan)
        rows = np.flatnonzero(np.isfinite(theta))
        at = theta[rows]
        if is_observed:
            curvature = -self.slope(at, rows)[1]
        else:
            block = self.matrix.rows(rows)
            told = _observed_only(information(at, self.items), block)
            curvature = told.sum(axis=1) - self.prior.derivatives(at)[1]
            if self.weighting is Weighting.JEFFREYS:
                curvature = curvature - self._weight(block, at)[1]
        se[rows] = np.power(curvature, -0.5, out=np.full(len(at), np.nan), where=curvature > 0)
        return se

    def _weight(self, block: ResponseMatrix, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Slope and curvature of the logarithm of the weight, each of shape (persons,)."""
        if self.weighting is Weighting.NONE:
            nothing = np.zeros(len(block))
            return nothing, nothing
        curves = category_curves(theta, self.items)
        tables = [curves.information(), curves.information_slope()]
        if self.weighting is Weighting.JEFFREYS:
            tables += [curves.information_slope(), curves.information_curvature()]
        else:
            tables += [curves.bias_numerator(), curves.bias_numerator_slope()]
        told, told_slope, top, top_slope = (
            _observed_only(table, block).sum(axis=1) for table in tables
        )
        half = np.divide(0.5, told, out=np.zeros_like(told), where=told > 0)
        first = top * half
        return first, top_slope * half - 2.0 * first * told_slope * half


def _observed_only(table: FloatArray, block: ResponseMatrix) -> FloatArray:
    return table if block.observed is None else np.where(block.observed, table, 0.0)
