"""Small banks, populations and designs for the tests of the simulation."""

from dataclasses import replace

import numpy as np

from certify.psychometrics.ability import AbilityGrid
from certify.psychometrics.estimating.multidimensional import MultivariatePrior
from certify.psychometrics.item_parameters import ItemParameters
from certify.psychometrics.simulating.populations import (
    BankPlan,
    MadeUpBank,
    draw_bank,
    draw_examinees,
    equicorrelated,
)
from certify.psychometrics.simulation import (
    CategoryBounds,
    ContentPlan,
    CorrelatedEap,
    ExamDesign,
    Examinees,
    GridEap,
    MaximumInformation,
    PosteriorD,
    time_factors,
)

SHARES = (0.4, 0.35, 0.25)
GRID = AbilityGrid.normal(lower=-5.0, upper=5.0, count=41)
PRIOR: MultivariatePrior = equicorrelated(3, 0.6)
WEIGHTS = np.array(SHARES)


def flat_bank(n_items: int = 120, seed: int = 1) -> ItemParameters:
    """2PL items of one dimension."""
    source = np.random.default_rng(seed)
    return ItemParameters.of(
        np.exp(source.normal(0.1, 0.3, n_items)), source.normal(0.0, 1.0, n_items)
    )


def flat_design(items: ItemParameters, max_items: int = 15) -> ExamDesign:
    """MFI and EAP, no constraints, fixed length."""
    return ExamDesign(GridEap(items, GRID), MaximumInformation.of(items), max_items, len(items))


def flat_examinees(n_persons: int = 200, seed: int = 2) -> Examinees:
    """N(0, 1)."""
    return Examinees.of(np.random.default_rng(seed).standard_normal(n_persons))


def bank(n_items: int = 150, seed: int = 3) -> MadeUpBank:
    """Three dimensions with two to four elements each, some guessing, enemies, times."""
    plan = BankPlan(dimension_shares=SHARES, elements=(4, 3, 2), enemy_share=0.3)
    return draw_bank(plan, n_items, np.random.default_rng(seed))


def examinees(n_persons: int = 300, seed: int = 4) -> Examinees:
    """The population of three correlated dimensions."""
    return draw_examinees(PRIOR, n_persons, np.random.default_rng(seed))


def content(of: MadeUpBank, max_items: int, **options: object) -> ContentPlan:
    """Shares, caps and enemies."""
    plan = ContentPlan(
        of.items.dimension,
        CategoryBounds.proportional(SHARES, max_items),
        elements=of.elements,
        most_per_element=4,
        enemies=of.enemies,
    )
    return replace(plan, **options)  # type: ignore[arg-type]


def design(of: MadeUpBank, max_items: int = 20) -> ExamDesign:
    """D-rule and EAP with content constraints, fixed length."""
    return ExamDesign(
        CorrelatedEap(of.items, PRIOR),
        PosteriorD.of(of.items, time_factors(of.seconds)),
        max_items,
        len(of.items),
        weights=WEIGHTS,
        content=content(of, max_items),
        expected_seconds=of.seconds,
    )
