"""The same answers to the same items under calibrated parameters: nothing is chosen again.

Pure: the attempt, the exam it was served from, and what a calibration found.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from certify.exams.adaptive import AdaptiveExam
from certify.exams.attempt import Attempt
from certify.exams.pool import ItemPool
from certify.exams.scoring import ScoreReport, score_attempt
from certify.psychometrics.item_parameters import ItemParameters
from question_bank.item import CalibratedParameters


def calibrated_exam(
    exam: AdaptiveExam, estimates: Mapping[str, CalibratedParameters]
) -> AdaptiveExam:
    """The exam with these parameters by item id; the others stay as they are, provisional ones too.

    It scores what was served. Nothing is to be chosen from it: the exposure plan was tuned on the
    exam itself.
    """
    return replace(exam, pool=calibrated_pool(exam.pool, estimates))


def calibrated_pool(pool: ItemPool, estimates: Mapping[str, CalibratedParameters]) -> ItemPool:
    """The pool with these parameters by item id."""
    parameters = pool.parameters
    a, b, c = parameters.a.copy(), parameters.b.copy(), parameters.c.copy()
    items = list(pool.items)
    for index, item in enumerate(pool.items):
        found = estimates.get(item.id)
        if found is not None:
            items[index] = replace(item, calibration=found)
            a[index], b[index], c[index] = found.a, found.b, found.c
    return replace(
        pool,
        items=tuple(items),
        parameters=ItemParameters.of(
            a,
            b,
            np.asarray(c),
            dimension=pool.dimension_index,
            n_dimensions=parameters.n_dimensions,
        ),
    )


def rescore_attempt(attempt: Attempt, exam: AdaptiveExam, calibrated: AdaptiveExam) -> ScoreReport:
    """The report under calibrated parameters.

    Whether an item was eligible is told by the estimate that it was chosen at, so by the exam that
    it was served from.
    """
    report = score_attempt(attempt, calibrated)
    if exam.plan is None:
        return report
    return replace(report, not_eligible=score_attempt(attempt, exam).not_eligible)
