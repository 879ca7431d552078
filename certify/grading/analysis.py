"""Item and test statistics of a graded sheet, and what they warn of.

The formulas are in `certify.psychometrics.classical`; this module hands them the points and
turns NaN into "not stated". Refuses below 20 persons, warns below 100.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np

from certify.grading.batch import GradedSheet, ItemResult
from certify.grading.normalise import decimal_text
from certify.grading.problems import BatchWarning
from certify.psychometrics import classical

FEW_PERSONS: Final = 100
_SUSPICIOUS_SHARE: Final = 0.5


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """None where a statistic is refused or not defined."""

    p: float | None
    r_rest: float | None
    d27: float | None


@dataclass(frozen=True, slots=True)
class SheetStatistics:
    """`mean` and `sd` (over n - 1) are in points; `alpha` is KR-20 for 0/1 items."""

    items: tuple[ItemStatistics, ...]
    mean: float | None
    sd: float | None
    alpha: float | None
    sem: float | None
    warnings: tuple[BatchWarning, ...]


def analyse(graded: GradedSheet) -> SheetStatistics:
    """The statistics of all graded candidates, blanks counted as 0 points."""
    points = graded.scaled_points.astype(np.float64)
    # The maxima are scaled like the points: p, D, r and alpha do not depend on the scale.
    maxima = [float(item.points * graded.denominator) for item in graded.items]
    p = classical.difficulty(points, maxima)
    r_rest = classical.item_rest_correlation(points)
    d27 = classical.upper_lower_discrimination(points, maxima)
    items = tuple(
        ItemStatistics(stated(float(a)), stated(float(b)), stated(float(c)))
        for a, b, c in zip(p, r_rest, d27, strict=True)
    )
    mean, sd = _mean_and_sd(graded)
    sem = classical.standard_error_of_measurement(points) / graded.denominator
    return SheetStatistics(
        items=items,
        mean=mean,
        sd=sd,
        alpha=stated(classical.cronbach_alpha(points)),
        sem=stated(sem),
        warnings=_warnings(graded, items),
    )


def stated(value: float) -> float | None:
    return None if math.isnan(value) else value


def _mean_and_sd(graded: GradedSheet) -> tuple[float | None, float | None]:
    totals = [int(total) for total in graded.scaled_totals]
    persons = len(totals)
    if persons == 0:
        return None, None
    total = sum(totals)
    mean = float(Fraction(total, persons * graded.denominator))
    if persons == 1:
        return mean, None
    squares = sum(value * value for value in totals) - Fraction(total * total, persons)
    return mean, math.sqrt(squares / (persons - 1)) / graded.denominator


def _warnings(graded: GradedSheet, items: Sequence[ItemStatistics]) -> tuple[BatchWarning, ...]:
    persons = len(graded.sheet.candidates)
    warnings = list(graded.sheet.warnings)
    if graded.key.unused_columns:
        columns = ", ".join(graded.key.unused_columns)
        warnings.append(BatchWarning("key_columns_unused", {"columns": columns}))
    if persons < classical.MINIMUM_PERSONS:
        params = {"persons": persons, "minimum": classical.MINIMUM_PERSONS}
        warnings.append(BatchWarning("too_few_persons", params))
    elif persons < FEW_PERSONS:
        params = {"persons": persons, "minimum": FEW_PERSONS}
        warnings.append(BatchWarning("few_persons", params))
    for item, statistics in zip(graded.items, items, strict=True):
        warnings += _item_warnings(item, statistics)
    if any("/" in decimal_text(item.points) for item in graded.items):
        warnings.append(BatchWarning("points_rounded"))
    return tuple(warnings)


def _item_warnings(item: ItemResult, statistics: ItemStatistics) -> list[BatchWarning]:
    warnings = []
    if item.unreadable > _SUSPICIOUS_SHARE * item.persons:
        warnings.append(
            BatchWarning(
                "item_unreadable",
                {
                    "question": item.question,
                    "count": item.unreadable,
                    "persons": item.persons,
                    "type": item.item_type,
                },
            )
        )
    # Two standard errors (1/sqrt(n)) below zero: chance alone seldom goes there.
    border = -2 / math.sqrt(max(item.persons, 1))
    r_rest = statistics.r_rest
    if item.persons >= FEW_PERSONS and r_rest is not None and r_rest < border:
        params = {"question": item.question, "r_rest": f"{r_rest:.2f}"}
        warnings.append(BatchWarning("key_suspected", params))
    return warnings
