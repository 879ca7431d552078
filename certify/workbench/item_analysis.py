"""A test from all sides: classical statistics, model fit, dependence, persons, options.

Puts the formulas of `certify.psychometrics` to the cells they may see. Statistics that need
complete rows (raw scores, alpha, S-X2, M2) are of the persons who answered everything; the others
use all answers. What cannot be had is NaN or None, with a finding. No files and no pictures here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from certify.psychometrics import classical
from certify.psychometrics.ability import AbilityEstimate, eap
from certify.psychometrics.diagnosing.guttman import guttman_errors
from certify.psychometrics.diagnosing.limited_information import LimitedInformationFit, m2
from certify.psychometrics.diagnosing.local_dependence import adjusted_q3, q3
from certify.psychometrics.diagnosing.summed_score_fit import SummedScoreFit, s_x2
from certify.psychometrics.estimating.ability_modes import weighted_likelihood
from certify.psychometrics.fit import MeanSquareFit, item_fit, person_mean_squares
from certify.psychometrics.item_parameters import ItemParameters
from certify.psychometrics.person_fit import Estimator, PersonFit, lz_star
from certify.workbench.ability_scoring import normal_grid
from certify.workbench.findings import Finding
from certify.workbench.response_table import ResponseTable

FloatArray = NDArray[np.float64]

MOST_ITEMS_OF_M2: Final = 40
"""The moments of all pairs of more items would fill the memory and say little more."""
REACH: Final = 6.0


@dataclass(frozen=True)
class ClassicalStatistics:
    """Items by raw scores: arrays (items,); `raw` are the scores of the complete persons."""

    n: NDArray[np.intp]
    p: FloatArray
    r_rest: FloatArray
    d27: FloatArray
    alpha_if_deleted: FloatArray
    raw: FloatArray
    highest: NDArray[np.intp]
    alpha: float
    sem: float

    @property
    def max_score(self) -> int:
        """The highest raw score."""
        return int(self.highest.sum())


@dataclass(frozen=True)
class ModelStatistics:
    """The test under a model; abilities are EAP under N(0, 1), person fit is lz* at the WLE.

    `raw_fit` and `whole` (S-X2, M2) are of the complete persons, None where there are too few.
    """

    items: ItemParameters
    abilities: AbilityEstimate
    reliability: float
    """Empirical: var(theta) / (var(theta) + mean(se^2))."""
    mean_squares: MeanSquareFit
    raw_fit: SummedScoreFit | None
    whole: LimitedInformationFit | None
    dependence: FloatArray
    """Q3 less its mean over all pairs (items, items)."""
    person_fit: PersonFit
    person_mean_squares: MeanSquareFit
    guttman: FloatArray


def classical_statistics(
    table: ResponseTable, highest: Sequence[int]
) -> tuple[ClassicalStatistics, list[Finding]]:
    """p from everybody who answered; what needs raw scores from complete rows."""
    top = np.asarray(highest, dtype=np.intp)
    answered = ~np.isnan(table.values)
    p = np.full(len(top), np.nan)
    for at in range(len(top)):
        own = table.values[answered[:, at], at]
        p[at] = classical.difficulty(own[:, None], top[[at]])[0]
    is_complete = answered.all(axis=1)
    points = table.values[is_complete]
    findings = []
    if len(table) < classical.MINIMUM_PERSONS:
        reason = f"{len(table)} persons, expected at least {classical.MINIMUM_PERSONS}"
        findings.append(_left_out(table, "statistics of items", reason))
    elif len(points) < len(table):
        gaps = f"{len(table) - len(points)} of {len(table)} rows have blanks"
        reason = f"{gaps}, and raw scores compare complete rows only (see --missing)"
        what = "incomplete rows, in discrimination, alpha, S-X2 and M2,"
        findings.append(_left_out(table, what, reason))
    return ClassicalStatistics(
        answered.sum(axis=0, dtype=np.intp),
        p,
        classical.item_rest_correlation(points),
        classical.upper_lower_discrimination(points, top),
        classical.alpha_if_deleted(points),
        points.sum(axis=1),
        top,
        classical.cronbach_alpha(points),
        classical.standard_error_of_measurement(points),
    ), findings


def model_statistics(
    table: ResponseTable, items: ItemParameters
) -> tuple[ModelStatistics, list[Finding]]:
    """Everything that needs item parameters; `items` are those of the table's columns."""
    values = table.values
    abilities = eap(values, items, normal_grid(0.0, 1.0, items))
    complete = values[~np.isnan(values).any(axis=1)]
    findings: list[Finding] = []
    raw_fit = whole = None
    if len(complete) >= classical.MINIMUM_PERSONS:
        raw_fit = s_x2(complete, items)
        try:
            if len(items) <= MOST_ITEMS_OF_M2:
                whole = m2(complete, items)
        except ValueError as error:
            findings.append(_left_out(table, "M2", str(error)))
    # perfect and zero patterns may have no finite WLE with guessing; the ends of the scale will do
    wle = weighted_likelihood(values, items, bounds=(-REACH, REACH)).theta
    likely = np.nan_to_num(wle)
    fit = lz_star(values, items, likely, Estimator.WLE)
    # the statistic means nothing where the estimate is not one
    unusable = np.isnan(wle) | (np.abs(wle) >= REACH)
    person_fit = PersonFit(
        np.where(unusable, np.nan, fit.statistic), np.where(unusable, np.nan, fit.p_value)
    )
    variance = float(abilities.theta.var())
    return ModelStatistics(
        items,
        abilities,
        variance / (variance + float((abilities.se**2).mean())),
        item_fit(values, items, abilities.theta),
        raw_fit,
        whole,
        adjusted_q3(q3(values, items, abilities.theta)),
        person_fit,
        person_mean_squares(values, items, abilities.theta),
        guttman_errors(values, items.max_category).normed,
    ), findings


def _left_out(table: ResponseTable, what: str, reason: str) -> Finding:
    return Finding(table.file, "not_computed", params={"what": what, "reason": reason})
