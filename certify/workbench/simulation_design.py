"""An adaptive exam to simulate, put together from a parameter table and a few wishes.

One dimension: EAP on a grid with maximum information, Kullback-Leibler or minimum expected
posterior variance. Several: correlated EAP with the posterior D-rule, content by dimension. The
exam itself is `certify.psychometrics.simulation`.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from certify.psychometrics.estimating.multidimensional import MultivariatePrior
from certify.psychometrics.simulation import (
    CategoryBounds,
    ContentPlan,
    CorrelatedEap,
    Criterion,
    ExamDesign,
    ExpectedPosteriorVariance,
    ExposurePolicy,
    GridEap,
    KullbackLeibler,
    MaximumInformation,
    PosteriorD,
    RegionEligibility,
)
from certify.psychometrics.stopping import (
    LengthReached,
    LevelDecided,
    PreciseEnough,
    StoppingRule,
)
from certify.workbench.ability_scoring import normal_grid
from certify.workbench.assembly_tables import AttributedBank, enemies
from certify.workbench.population_file import PopulationPrior

IndexArray = NDArray[np.intp]

CRITERIA: Final = ("information", "kullback-leibler", "posterior-variance")
"""The ways to choose an item of one dimension; several have the posterior D-rule."""


@dataclass(frozen=True, slots=True)
class ExamWishes:
    """What the exam is to be like; None: no such rule.

    `confidence`: stop when a level between the `cuts` has this posterior probability. `content`:
    the attribute whose shares in the bank every exam keeps. `most_exposed`: highest exposure rate
    in any level; `best_of`: one of so many best items at random.
    """

    max_items: int
    min_items: int = 1
    stop_se: float | None = None
    confidence: float | None = None
    cuts: tuple[float, ...] = ()
    criterion: str = "information"
    content: str | None = None
    enemies: str | None = None
    most_exposed: float | None = None
    best_of: int = 1
    weights: tuple[float, ...] = field(default=())


def exam_design(
    bank: AttributedBank, prior: PopulationPrior, wishes: ExamWishes, file: str
) -> ExamDesign:
    """The design. Raises BadConstraint, or ValueError for wishes that do not fit together."""
    items = bank.parameters.items
    n = len(bank.parameters.dimensions)
    codes = _codes(bank, wishes, file)
    content = None
    if codes is not None:
        shares = np.bincount(codes) / len(codes)
        bounds = CategoryBounds.proportional(shares, wishes.max_items)
        sets = () if wishes.enemies is None else enemies(bank, wishes.enemies, file).sets
        content = ContentPlan(codes, bounds, enemies=[one.tolist() for one in sets])
    abilities: GridEap | CorrelatedEap
    if n == 1:
        sd = float(np.sqrt(prior.covariance[0, 0]))
        abilities = GridEap(items, normal_grid(float(prior.mean[0]), sd, items))
        criterion = _criterion(wishes.criterion, abilities, codes)
    else:
        joint = MultivariatePrior(prior.mean, prior.covariance)
        abilities, criterion = CorrelatedEap(items, joint), PosteriorD.of(items)
    if wishes.weights and len(wishes.weights) != n:
        raise ValueError(f"expected {n} weights, one per dimension, found {len(wishes.weights)}")
    eligibility = None
    if wishes.most_exposed is not None:
        # without cuts everybody is in one region, which a cut that nobody reaches describes
        eligibility = RegionEligibility(wishes.most_exposed, wishes.cuts or (np.inf,))
    return ExamDesign(
        abilities=abilities,
        criterion=criterion,
        max_items=wishes.max_items,
        n_items=len(items),
        weights=np.array(wishes.weights) if wishes.weights else np.full(n, 1.0 / n),
        stopping=_stopping(wishes),
        content=content,
        exposure=ExposurePolicy(best_of=wishes.best_of, eligibility=eligibility),
    )


def _codes(bank: AttributedBank, wishes: ExamWishes, file: str) -> IndexArray | None:
    """Content categories: the dimensions, the values of an attribute, or one for enemies' sake."""
    if len(bank.parameters.dimensions) > 1:
        return bank.parameters.items.dimension
    if wishes.content is None:
        return None if wishes.enemies is None else np.zeros(len(bank.parameters), dtype=np.intp)
    values = bank.of(wishes.content, file)
    names = sorted(set(values))
    return np.array([names.index(value) for value in values], dtype=np.intp)


def _criterion(name: str, abilities: GridEap, codes: IndexArray | None) -> Criterion:
    items, points = abilities.items, abilities.grid.points
    if name == "kullback-leibler":
        return KullbackLeibler.of(items, points, codes)
    if name == "posterior-variance":
        return ExpectedPosteriorVariance.of(items, points, codes)
    return MaximumInformation.of(items, codes)


def _stopping(wishes: ExamWishes) -> StoppingRule | None:
    rules: list[StoppingRule] = []
    if wishes.stop_se is not None:
        rules.append(PreciseEnough(se=wishes.stop_se))
    if wishes.confidence is not None and wishes.cuts:
        rules.append(LevelDecided(wishes.cuts, wishes.confidence))
    if not rules:
        return None
    first, *others = rules
    both = first | others[0] if others else first
    return LengthReached(wishes.min_items) & both
