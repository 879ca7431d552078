"""Simulation of whole adaptive exams: thousands of examinees in lock-step, no loop per person.

Batches follow one another, as candidates come day by day: what exposure control learns from one it
applies to the next. Within a batch everybody gets an item at the same time. The same seed, design
and examinees give the same exams, whatever else runs in the process. Reports are in
`simulating.report`, made-up banks and populations in `simulating.populations`.
"""

from dataclasses import replace

import numpy as np

from certify.psychometrics.exposure import ExposureParameters
from certify.psychometrics.item_parameters import ItemParameters
from certify.psychometrics.selecting.eligibility import EligibilityCounts
from certify.psychometrics.simulating.content import CategoryBounds, ContentPlan
from certify.psychometrics.simulating.criteria import (
    CompositeInformation,
    Criterion,
    ExpectedPosteriorVariance,
    KullbackLeibler,
    MaximumInformation,
    PosteriorD,
    time_factors,
)
from certify.psychometrics.simulating.design import (
    EstimatesAt,
    ExamDesign,
    Examinees,
    SimulatedExams,
)
from certify.psychometrics.simulating.dimension_precision import DimensionsPrecise
from certify.psychometrics.simulating.exposing import ExposurePolicy, RegionEligibility
from certify.psychometrics.simulating.lockstep import ExamBatch
from certify.psychometrics.simulating.propagating import CorrelatedEap
from certify.psychometrics.simulating.shadowing import ShadowPlan
from certify.psychometrics.simulating.tracking import GridEap, TrackedMap

__all__ = [
    "CategoryBounds",
    "CompositeInformation",
    "ContentPlan",
    "CorrelatedEap",
    "Criterion",
    "DimensionsPrecise",
    "EstimatesAt",
    "ExamDesign",
    "Examinees",
    "ExpectedPosteriorVariance",
    "ExposurePolicy",
    "GridEap",
    "KullbackLeibler",
    "MaximumInformation",
    "PosteriorD",
    "RegionEligibility",
    "ShadowPlan",
    "SimulatedExams",
    "TrackedMap",
    "simulate",
    "time_factors",
    "tuned_eligibility",
    "tuned_sympson_hetter",
]

BATCH = 250
"""Examinees between two updates of the exposure counts; their arrays stay in the cache."""
BATCH_WITHOUT_COUNTS = 1000


def simulate(
    design: ExamDesign,
    truth: ItemParameters,
    examinees: Examinees,
    seed: int,
    *,
    batch: int | None = None,
) -> SimulatedExams:
    """Whole exams of all examinees; they answer by the parameters `truth`.

    `batch`: how many start together. Raises ValueError for abilities or items that do not fit.
    """
    _check(design, truth, examinees)
    rule = design.exposure.eligibility
    counts = None if rule is None else rule.start(design.n_items)
    size = batch or (BATCH_WITHOUT_COUNTS if counts is None else BATCH)
    starts = range(0, len(examinees), size)
    parts = []
    for start, part in zip(starts, np.random.SeedSequence(seed).spawn(len(starts)), strict=True):
        some = examinees.part(slice(start, start + size))
        running = ExamBatch(design, truth, some, part, counts)
        while not running.is_over:
            running.step()
        parts.append(running.outcome())
        counts = parts[-1].eligibility
    return _joined(parts)


def tuned_eligibility(
    design: ExamDesign, truth: ItemParameters, examinees: Examinees, seed: int
) -> EligibilityCounts:
    """Counts to start from: exams of the largest length, by which exposure is highest.

    The first batches, which had nothing to go by, are forgotten: only the growth of the counts in
    the second half of the examinees is returned. Raises ValueError without eligibility rule.
    """
    rule = design.exposure.eligibility
    if rule is None:
        raise ValueError("expected a design with an eligibility rule, found none")
    longest = replace(design, stopping=None, keep_at=())
    half = len(examinees) // 2
    counts = rule.start(design.n_items)
    for turn, rows in enumerate((slice(0, half), slice(half, len(examinees)))):
        before = counts
        policy = replace(design.exposure, eligibility=replace(rule, counts=before))
        part = examinees.part(rows)
        exams = simulate(replace(longest, exposure=policy), truth, part, seed + turn)
        counts = exams.eligibility or before
    return EligibilityCounts(
        counts.candidates - before.candidates,
        counts.eligible - before.eligible,
        counts.administered - before.administered,
    )


def tuned_sympson_hetter(
    design: ExamDesign,
    truth: ItemParameters,
    examinees: Examinees,
    maximum: float,
    seed: int,
    *,
    rounds: int = 10,
) -> ExposureParameters:
    """Sympson-Hetter parameters after `rounds` of simulated exams of these examinees."""
    parameters = ExposureParameters.start(design.n_items, maximum)
    for turn in range(rounds):
        policy = replace(design.exposure, sympson_hetter=parameters)
        exams = simulate(replace(design, exposure=policy), truth, examinees, seed + turn)
        parameters = parameters.tuned(exams.selected / len(examinees), design.max_items)
    return parameters


def _check(design: ExamDesign, truth: ItemParameters, examinees: Examinees) -> None:
    if len(truth) != design.n_items:
        raise ValueError(f"expected {design.n_items} true items, found {len(truth)}")
    wanted = (len(examinees), truth.n_dimensions)
    if not len(examinees) or examinees.theta.shape != wanted:
        raise ValueError(f"expected abilities of shape {wanted}, found {examinees.theta.shape}")


def _joined(parts: list[SimulatedExams]) -> SimulatedExams:
    if len(parts) == 1:
        return parts[0]
    kept = {
        at: EstimatesAt(
            np.concatenate([part.kept[at].theta for part in parts]),
            np.concatenate([part.kept[at].covariance for part in parts]),
        )
        for at in parts[0].kept
    }
    return SimulatedExams(
        design=parts[0].design,
        true_theta=np.concatenate([part.true_theta for part in parts]),
        items=np.concatenate([part.items for part in parts]),
        responses=np.concatenate([part.responses for part in parts]),
        length=np.concatenate([part.length for part in parts]),
        seconds=np.concatenate([part.seconds for part in parts]),
        theta=np.concatenate([part.theta for part in parts]),
        covariance=np.concatenate([part.covariance for part in parts]),
        is_decided=np.concatenate([part.is_decided for part in parts]),
        n_not_eligible=np.concatenate([part.n_not_eligible for part in parts]),
        selected=np.sum([part.selected for part in parts], axis=0),
        kept=kept,
        eligibility=parts[-1].eligibility,
    )
