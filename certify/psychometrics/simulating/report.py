"""What simulated exams show: error, accuracy claimed and actual, exposure, overlap, content."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics.exposure import exposure_rates, overlap_rate
from certify.psychometrics.item_parameters import FloatArray
from certify.psychometrics.simulating.design import SimulatedExams
from certify.psychometrics.simulating.tracking import BoolArray, IndexArray, composite
from certify.psychometrics.stopping import level_probabilities, probabilities_at_or_above


@dataclass(frozen=True)
class Precision:
    """Of the composite, and of every dimension (dims,): mean error, root mean squared error, SE.

    `reliability`, (dims,): squared correlation of true and estimated abilities among these
    examinees; of a selected group it is lower than in the population.
    """

    bias: float
    rmse: float
    se: float
    dimension_bias: FloatArray
    dimension_rmse: FloatArray
    dimension_se: FloatArray
    reliability: FloatArray


@dataclass(frozen=True)
class Decisions:
    """`claimed`, (persons,): posterior probability of what was decided; `is_right`."""

    claimed: FloatArray
    is_right: BoolArray

    @property
    def accuracy(self) -> float:
        """Share of right decisions."""
        return float(self.is_right.mean())

    @property
    def claimed_accuracy(self) -> float:
        """Mean of the posterior probabilities (Rudner's expectation)."""
        return float(self.claimed.mean())

    @property
    def overclaim(self) -> float:
        """Claimed minus actual accuracy."""
        return self.claimed_accuracy - self.accuracy

    def among(self, chosen: BoolArray) -> "Decisions":
        """The decisions about some examinees."""
        return Decisions(self.claimed[chosen], self.is_right[chosen])


@dataclass(frozen=True)
class Estimates:
    """Composite and dimensions of every examinee, true and estimated; SE as reported."""

    true_theta: FloatArray
    theta: FloatArray
    se: FloatArray
    true_composite: FloatArray
    composite: FloatArray
    composite_se: FloatArray

    @classmethod
    def of(cls, exams: SimulatedExams, length: int | None = None) -> "Estimates":
        """At the end, or after `length` items if the design keeps those. Raises KeyError if not."""
        kept = exams if length is None else exams.kept[length]
        design = exams.design
        at, se = composite(kept.theta, kept.covariance, design.weights)
        variances = np.diagonal(kept.covariance, axis1=1, axis2=2)
        return cls(
            exams.true_theta,
            kept.theta,
            np.sqrt(variances) * design.se_factor,
            exams.true_theta @ design.weights,
            at,
            se * design.se_factor,
        )

    def precision(self) -> Precision:
        """Error and reliability."""
        error, inner = self.composite - self.true_composite, self.theta - self.true_theta
        dims = self.theta.shape[1]
        related = [np.corrcoef(self.theta[:, d], self.true_theta[:, d])[0, 1] for d in range(dims)]
        return Precision(
            bias=float(error.mean()),
            rmse=float(np.sqrt((error**2).mean())),
            se=float(self.composite_se.mean()),
            dimension_bias=inner.mean(axis=0),
            dimension_rmse=np.sqrt((inner**2).mean(axis=0)),
            dimension_se=self.se.mean(axis=0),
            reliability=np.square(related),
        )

    def applied_level(self, cut: float) -> Decisions:
        """Above or below one cut, whichever is more likely."""
        above = probabilities_at_or_above(self.composite, self.composite_se, [cut])[:, 0]
        is_above = above >= 0.5
        truth = self.true_composite >= cut
        return Decisions(np.where(is_above, above, 1.0 - above), is_above == truth)

    def placement(self, cuts: ArrayLike) -> Decisions:
        """The most likely of the levels between the cuts."""
        probability = level_probabilities(self.composite, self.composite_se, cuts)
        truth = np.searchsorted(np.asarray(cuts), self.true_composite, side="right")
        return Decisions(probability.max(axis=1), probability.argmax(axis=1) == truth)


@dataclass(frozen=True)
class Exposure:
    """Highest exposure rate and test overlap: of all examinees, and of each region (regions,).

    Regions with fewer than the asked number of examinees are NaN. `unused`: share of the items
    that nobody got.
    """

    highest: float
    overlap: float
    region_highest: FloatArray
    region_overlap: FloatArray
    region_size: NDArray[np.int64]
    unused: float

    @classmethod
    def of(cls, exams: SimulatedExams, region: IndexArray, *, at_least: int = 200) -> "Exposure":
        """`region`, shape (persons,), 0..k: e.g. levels reached."""
        administered = exams.administered
        rates = exposure_rates(administered)
        size = np.bincount(region)
        inner = [administered[region == code] for code in range(len(size))]
        kept = [len(one) >= max(at_least, 2) for one in inner]
        return cls(
            float(rates.max()),
            overlap_rate(administered),
            np.array(
                [
                    exposure_rates(one).max() if good else np.nan
                    for one, good in zip(inner, kept, strict=True)
                ]
            ),
            np.array(
                [
                    overlap_rate(one) if good else np.nan
                    for one, good in zip(inner, kept, strict=True)
                ]
            ),
            size,
            float((rates == 0).mean()),
        )


def blueprint_violations(exams: SimulatedExams) -> int:
    """Exams that break their content plan: bounds of categories at their length, caps, enemies.

    Counted from the items alone, not from what the selection believed. 0 without a plan.
    """
    plan = exams.design.content
    if plan is None:
        return 0
    administered = exams.administered
    broken = plan.bounds.violations(_counts(administered, plan.categories), exams.length)
    if plan.elements is not None:
        broken |= (_counts(administered, plan.elements) > plan.caps()).any(axis=1)
    for members in plan.enemies:
        broken |= administered[:, list(members)].sum(axis=1) > 1
    return int(broken.sum())


def _counts(administered: BoolArray, codes: IndexArray) -> NDArray[np.int64]:
    member = (codes[:, None] == np.arange(int(codes.max()) + 1)).astype(np.float32)
    return np.asarray(np.rint(administered.astype(np.float32) @ member), dtype=np.int64)
