"""Calibrating the items of a release on the responses of a cohort.

2PL, or 3PL where chance answers rightly, by marginal maximum a posteriori in correlated dimensions.
What experts said is the prior of every item, and the priors together hold the scale: mean and
spread of the candidates are free, so an able cohort does not make its items easy. Items calibrated
before stay as they are and anchor the scale as well.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from certify.exams.calibration_record import (
    CALIBRATED_BEFORE,
    FEW_ITEMS,
    FEW_RESPONSES,
    ONE_ANSWER,
    CalibrationOptions,
    CohortEstimate,
    FitSummary,
    ItemEstimate,
)
from certify.exams.cohort_responses import CohortResponses
from certify.exams.errors import CalibrationImpossible, CalibrationNotConverged
from certify.exams.item_fit_flags import with_fit
from certify.exams.pool import ItemPool
from certify.psychometrics.calibrating.executors import (
    BlockTask,
    PersonBlock,
    SerialExecutor,
    Sums,
)
from certify.psychometrics.calibration import (
    BetaPriors,
    Calibration,
    FixedItems,
    ItemPriors,
    NormalPriors,
    SlopePrior,
)
from certify.psychometrics.provisional import (
    CHANCE_WEIGHT,
    COMMON_SLOPE,
    DIFFICULTY_ERROR_SD,
    SLOPE_ERROR_SD,
)

STANDARD_OPTIONS = CalibrationOptions(
    least_responses=30,
    difficulty_sd=DIFFICULTY_ERROR_SD,
    slope_sd=SLOPE_ERROR_SD,
    chance_weight=CHANCE_WEIGHT,
    tolerance=1e-3,
)
"""30 responses an item bring most of what calibration can bring."""
FEWEST_ATTEMPTS = 30
FEWEST_ITEMS = 3
"""Of one dimension, for its spread to be told from its slopes."""

Passes = Callable[[int], None]
"""Called with how often everybody was looked at; may raise to stop."""
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Estimated:
    """What a calibration found."""

    items: tuple[ItemEstimate, ...]
    cohort: CohortEstimate
    fit: FitSummary


class _Counted(SerialExecutor):
    """Tells how often everybody was looked at."""

    def __init__(self, told: Passes) -> None:
        self._told, self._passes = told, 0

    def total(self, task: BlockTask, placed: Sequence[PersonBlock]) -> Sums:
        self._passes += 1
        self._told(self._passes)
        return super().total(task, placed)


def calibrate_items(
    pool: ItemPool,
    pretest: frozenset[str],
    responses: CohortResponses,
    options: CalibrationOptions,
    told: Passes,
) -> Estimated:
    """Estimates of all items of the pool, whose order is that of the responses.

    `pretest` are the ids of those that are only tried out. Raises CalibrationImpossible or
    CalibrationNotConverged.
    """
    known = ~pool.provisional
    kept = _kept(pool, responses, options)
    used = np.flatnonzero([reason in ("", CALIBRATED_BEFORE) for reason in kept])
    used = used[responses.counts[used] > 0]
    free = np.array([not reason for reason in kept])
    persons = np.isfinite(responses.values[:, used]).any(axis=1)
    if not free.any() or persons.sum() < FEWEST_ATTEMPTS:
        raise CalibrationImpossible(
            items=int(free.sum()), least=options.least_responses, attempts=int(persons.sum())
        )
    calibration = _fitted(pool, responses.values[np.ix_(persons, used)], used, known, options, told)
    items = _estimates(pool, pretest, responses, kept)
    dimensions = sorted(set(pool.dimension_index[used].tolist()))
    report, population = calibration.report_, calibration.population_
    for row, column in enumerate(calibration.items_.tolist()):
        index = int(used[column])
        if free[index]:
            items[index] = _found(items[index], calibration, row)
    fit = FitSummary(
        attempts=int(persons.sum()),
        responses=int(responses.counts[used].sum()),
        iterations=report.iterations,
        log_likelihood=report.log_likelihood,
        method=report.method,
        se_method=report.se_method,
    )
    cohort = CohortEstimate(
        dimensions=tuple(pool.dimensions[place] for place in dimensions),
        means=_row(population.means[0]),
        sds=_row(population.sds[0]),
        correlations=tuple(map(_row, population.correlations[0])),
    )
    return Estimated(with_fit(pool, responses, items), cohort, fit)


def _kept(pool: ItemPool, responses: CohortResponses, options: CalibrationOptions) -> list[str]:
    """Why each item keeps its parameters; empty where it is calibrated."""
    reasons = []
    for index in range(len(pool.items)):
        count, correct = int(responses.counts[index]), int(responses.correct[index])
        if not pool.provisional[index]:
            reasons.append(CALIBRATED_BEFORE)
        elif count < options.least_responses:
            reasons.append(FEW_RESPONSES)
        else:
            reasons.append("" if 0 < correct < count else ONE_ANSWER)
    for place in range(len(pool.dimensions)):
        own = np.flatnonzero(pool.dimension_index == place)
        usable = [i for i in own if reasons[i] in ("", CALIBRATED_BEFORE) and responses.counts[i]]
        if len(usable) < FEWEST_ITEMS:
            for place_of_item in own.tolist():
                reasons[place_of_item] = reasons[place_of_item] or FEW_ITEMS
    return reasons


def _fitted(
    pool: ItemPool,
    values: Any,
    used: NDArray[np.intp],
    known: BoolArray,
    options: CalibrationOptions,
    told: Passes,
) -> Calibration:
    parameters = pool.parameters.take(used)
    chance = parameters.c
    priors = ItemPriors(
        SlopePrior(math.log(COMMON_SLOPE), options.slope_sd),
        NormalPriors(parameters.b, options.difficulty_sd),
        BetaPriors.with_modes(chance, options.chance_weight),
    )
    places = sorted(set(pool.dimension_index[used].tolist()))
    dimension = np.searchsorted(places, pool.dimension_index[used])
    anchors = np.flatnonzero(known[used])
    held = replace(
        parameters.take(anchors),
        dimension=np.asarray(dimension[anchors], dtype=np.intp),
        n_dimensions=len(places),
    )
    calibration = Calibration(
        ["3pl" if lower > 0 else "2pl" for lower in chance],
        priors=priors,
        population="free",
        tolerance=options.tolerance,
        executor=_Counted(told),
    )
    # what runs away shows in the report; numpy's warnings would say it twice
    with np.errstate(all="ignore"):
        calibration.fit(
            values,
            dimension=dimension if len(places) > 1 else None,
            fixed=FixedItems(anchors, held) if len(anchors) else None,
        )
    if not calibration.converged_:
        raise CalibrationNotConverged(
            iterations=calibration.n_iter_, change=calibration.report_.change
        )
    return calibration


def _estimates(
    pool: ItemPool, pretest: frozenset[str], responses: CohortResponses, kept: Sequence[str]
) -> list[ItemEstimate]:
    """Every item with the parameters it had."""
    table = np.column_stack([pool.parameters.a, pool.parameters.b, pool.parameters.c]).tolist()
    return [
        ItemEstimate(
            item_id=item.id,
            dimension=item.dimension,
            is_pretest=item.id in pretest,
            responses=int(responses.counts[index]),
            correct=int(responses.correct[index]),
            a=table[index][0],
            b=table[index][1],
            c=table[index][2],
            before=(table[index][0], table[index][1], table[index][2]),
            kept_because=kept[index],
        )
        for index, item in enumerate(pool.items)
    ]


def _found(item: ItemEstimate, calibration: Calibration, row: int) -> ItemEstimate:
    found, errors = calibration.params_, calibration.se_
    return replace(
        item,
        a=float(found.a[row]),
        b=float(found.b[row]),
        c=float(found.c[row]),
        se_a=_finite(errors.a[row]),
        se_b=_finite(errors.b[row]),
        se_c=_finite(errors.c[row]),
    )


def _row(values: Any) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def _finite(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None
