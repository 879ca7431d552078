"""The exam to be simulated, and what became of the examinees: the hand-overs of the simulation."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from certify.psychometrics.irt import log_response_probability_at
from certify.psychometrics.item_parameters import FloatArray, ItemParameters
from certify.psychometrics.selecting.eligibility import EligibilityCounts
from certify.psychometrics.simulating.content import ContentPlan
from certify.psychometrics.simulating.criteria import Criterion
from certify.psychometrics.simulating.exposing import ExposurePolicy
from certify.psychometrics.simulating.shadowing import ShadowPlan
from certify.psychometrics.simulating.tracking import AbilityMethod, BoolArray, IndexArray
from certify.psychometrics.stopping import LengthReached, StoppingRule


@dataclass(frozen=True)
class ExamDesign:
    """An adaptive exam from one bank.

    `abilities` and `criterion` hold the parameters that the engine believes in. The `weights` of
    the composite (dims,) enter regions, stopping and decisions; `se_factor` multiplies every
    standard error the stopping rule sees or that is reported. The exam ends by the `stopping` rule,
    after `max_items`, or when no item is left. `expected_seconds` (n_items,) go into the time used.
    """

    abilities: AbilityMethod
    criterion: Criterion
    max_items: int
    n_items: int
    weights: FloatArray = field(default_factory=lambda: np.ones(1))
    stopping: StoppingRule | None = None
    content: ContentPlan | None = None
    exposure: ExposurePolicy = field(default_factory=ExposurePolicy)
    se_factor: float = 1.0
    expected_seconds: FloatArray | None = None
    keep_at: tuple[int, ...] = ()
    """Lengths whose estimates are kept beside the final ones."""
    shadow: ShadowPlan | None = None
    """Choose by shadow tests instead of `content` and `exposure.best_of`."""

    def __post_init__(self) -> None:
        """Raise ValueError for parts that do not fit together."""
        if not 1 <= self.max_items <= self.n_items:
            raise ValueError(f"expected 1 to {self.n_items} items, found {self.max_items}")
        if len(self.weights) != self.abilities.n_dimensions:
            raise ValueError(
                f"expected {self.abilities.n_dimensions} weights, found {len(self.weights)}"
            )
        content = self.content
        if content is not None and len(content.bounds.lower) <= self.max_items:
            raise ValueError(
                f"expected content bounds up to {self.max_items} items, "
                f"found {len(content.bounds.lower) - 1}"
            )

    @property
    def rule(self) -> StoppingRule:
        """Stopping rule or the largest length."""
        longest = LengthReached(self.max_items)
        return longest if self.stopping is None else self.stopping | longest


@dataclass(frozen=True)
class Examinees:
    """True abilities, shape (persons, dims), and how much longer than expected each one takes."""

    theta: FloatArray
    pace: FloatArray

    @classmethod
    def of(cls, theta: FloatArray, pace: FloatArray | None = None) -> "Examinees":
        """Abilities of one dimension may be a vector; the pace is 1 unless given."""
        table = theta[:, None] if theta.ndim == 1 else theta
        return cls(table, np.ones(len(table)) if pace is None else pace)

    def __len__(self) -> int:
        """Number of persons."""
        return len(self.theta)

    def part(self, rows: slice) -> "Examinees":
        """Some of them, in order."""
        return Examinees(self.theta[rows], self.pace[rows])


@dataclass(frozen=True)
class EstimatesAt:
    """Estimates after a number of items: `theta` (persons, dims), `covariance` (.., dims, dims).

    NaN for persons whose exam was shorter.
    """

    theta: FloatArray
    covariance: FloatArray


@dataclass(frozen=True)
class SimulatedExams:
    """What became of every examinee. `items` and `responses`, (persons, max_items), -1: none.

    Final estimates with standard errors before `se_factor`; `is_decided`: ended by the stopping
    rule before the largest length. `n_not_eligible`: items given because nothing eligible was left.
    """

    design: ExamDesign
    true_theta: FloatArray
    items: IndexArray
    responses: NDArray[np.int8]
    length: NDArray[np.int64]
    seconds: FloatArray
    theta: FloatArray
    covariance: FloatArray
    is_decided: BoolArray
    n_not_eligible: NDArray[np.int64]
    selected: NDArray[np.int64]
    kept: dict[int, EstimatesAt]
    eligibility: EligibilityCounts | None

    @property
    def administered(self) -> BoolArray:
        """Who got which item, shape (persons, n_items)."""
        return administered_table(self.items, self.design.n_items)


def administered_table(items: IndexArray, n_items: int) -> BoolArray:
    """Who got which item, from the items in order, -1: none."""
    table = np.zeros((len(items), n_items + 1), dtype=bool)
    table[np.arange(len(items))[:, None], items] = True
    return table[:, :-1]


def simulated_responses(
    truth: ItemParameters, theta: FloatArray, items: IndexArray, uniforms: FloatArray
) -> IndexArray:
    """Categories by inversion: theta (persons, dims), one item and one uniform per person."""
    at = theta[np.arange(len(items)), truth.dimension[items]]
    if truth.is_dichotomous:
        a, b, c, d = (vector[items] for vector in (truth.a, truth.b, truth.c, truth.d))
        # rising with ability for a common uniform, as an inverse distribution function is
        logit = np.clip(a * (at - b), -700.0, 700.0)
        return np.asarray(uniforms < c + (d - c) / (1.0 + np.exp(-logit)), dtype=np.intp)
    return _categories(truth.take(items).on_one_dimension(), at, uniforms)


def _categories(met: ItemParameters, at: FloatArray, uniforms: FloatArray) -> IndexArray:
    category = np.zeros(len(at), dtype=np.intp)
    below = np.zeros(len(at))
    for k in range(met.n_categories - 1):
        wanted = np.full(len(at), float(k))
        below = below + np.exp(log_response_probability_at(wanted, at, met))
        category += uniforms >= below
    return category
