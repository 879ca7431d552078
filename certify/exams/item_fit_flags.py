"""How well the curves of calibrated items describe the responses, and what speaks against them.

Abilities are estimated from all responses under the parameters found; the figures of an item use
those who answered it. Flags are reasons to look at an item, and change nothing by themselves.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from certify.exams.calibration_record import CALIBRATED_BEFORE, MISFIT, REVERSED, ItemEstimate
from certify.exams.cohort_responses import CohortResponses
from certify.exams.pool import ItemPool
from certify.exams.rescoring import calibrated_pool
from certify.psychometrics.fit import item_fit
from certify.psychometrics.irt import FloatArray
from question_bank.item import CalibratedParameters

MOST_INFIT = 1.2
MOST_INFIT_Z = 3.0
"""Both are exceeded where an item is flagged: many responses make small misfit significant."""
LEAST_CORRELATION = 0.0
"""Of the response with the ability: an item that able people get wrong may have a wrong key."""
FEWEST_FOR_REVERSED = 30
"""Responses below which a correlation is too much a matter of luck."""
ITEMS_AT_ONCE = 50


def with_fit(
    pool: ItemPool, responses: CohortResponses, items: Sequence[ItemEstimate]
) -> tuple[ItemEstimate, ...]:
    """The items with fit and flags, where they were calibrated now or before and answered."""
    estimates = {
        item.item_id: CalibratedParameters(item.a, item.b, item.c, item.responses)
        for item in items
        if not item.kept_because
    }
    found = calibrated_pool(pool, estimates)
    theta = _abilities(found, responses)
    judged = [
        index
        for index, item in enumerate(items)
        if item.kept_because in ("", CALIBRATED_BEFORE) and item.responses
    ]
    listed = list(items)
    for start in range(0, len(judged), ITEMS_AT_ONCE):
        chosen = judged[start : start + ITEMS_AT_ONCE]
        fit = item_fit(responses.values[:, chosen], found.parameters.take(chosen), theta)
        for place, index in enumerate(chosen):
            infit, z = fit.infit[place], fit.infit_z[place]
            is_misfit = infit > MOST_INFIT and z > MOST_INFIT_Z
            ability = theta[:, pool.dimension_index[index]]
            is_reversed = _correlation(responses.values[:, index], ability) < LEAST_CORRELATION
            flags = [MISFIT] * bool(is_misfit) + [REVERSED] * bool(is_reversed)
            listed[index] = replace(
                listed[index],
                outfit=_finite(fit.outfit[place]),
                infit=_finite(infit),
                infit_z=_finite(z),
                flags=tuple(flags),
            )
    return tuple(listed)


def _abilities(pool: ItemPool, responses: CohortResponses) -> FloatArray:
    """EAP of every attempt, shape (attempts, dims)."""
    theta = np.empty((len(responses.values), len(pool.dimensions)))
    for row, given in enumerate(responses.values):
        administered = np.flatnonzero(np.isfinite(given))
        theta[row] = pool.tables.estimate(
            administered.tolist(), given[administered].astype(int).tolist()
        ).theta
    return theta


def _correlation(values: FloatArray, ability: FloatArray) -> float:
    """Of those who answered; 1 where they are few or nothing varies: nothing is held against it."""
    answered = np.isfinite(values)
    given, theta = values[answered], ability[answered]
    if len(given) < FEWEST_FOR_REVERSED or np.ptp(given) == 0.0 or np.ptp(theta) == 0.0:
        return 1.0
    return float(np.corrcoef(given, theta)[0, 1])


def _finite(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None
