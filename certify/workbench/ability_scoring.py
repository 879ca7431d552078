"""Abilities of everybody in a response table, by any of the methods, in one or more dimensions.

EAP and MAP of several dimensions share their correlated prior; the likelihood methods and sum
scores take each dimension by its own items. Formulas and conventions are those of
`certify.psychometrics`: the standard error of eap and eapsum is the posterior standard deviation,
that of ml, map and wle comes from the expected information.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from certify.psychometrics.ability import AbilityEstimate, AbilityFlag, AbilityGrid, eap
from certify.psychometrics.estimating import multidimensional_eap, multidimensional_map
from certify.psychometrics.estimating.ability_modes import (
    maximum_a_posteriori,
    maximum_likelihood,
    weighted_likelihood,
)
from certify.psychometrics.estimating.multidimensional import MultivariatePrior
from certify.psychometrics.estimating.priors import NormalPrior
from certify.psychometrics.estimating.sum_scores import eap_from_sum_scores
from certify.psychometrics.irt import information
from certify.psychometrics.item_parameters import ItemParameters
from certify.workbench.population_file import PopulationPrior
from certify.workbench.response_table import ResponseTable
from certify.workbench.text_tables import table_bytes

FloatArray = NDArray[np.float64]

METHODS: Final = ("eap", "map", "ml", "wle", "eapsum")
BLOCK: Final = 5000
"""Persons between two reports of progress."""
GRID_REACH: Final = 6.0
"""The grid goes at least so far, and so many standard deviations of the prior to either side."""


@dataclass(frozen=True)
class Abilities:
    """`theta` and `se` (persons, dimensions), `flags` (persons, dimensions): AbilityFlag codes."""

    person_ids: tuple[str, ...]
    dimensions: tuple[str, ...]
    theta: FloatArray
    se: FloatArray
    flags: NDArray[np.uint8]


def scored(
    table: ResponseTable,
    items: ItemParameters,
    dimensions: tuple[str, ...],
    method: str,
    prior: PopulationPrior,
    progress: Callable[[int, int], None],
) -> Abilities:
    """The abilities of all persons; `items` are those of the table's columns, in their order."""
    shape = (len(table), len(dimensions))
    theta, se = np.full(shape, np.nan), np.full(shape, np.nan)
    flags = np.zeros(shape, dtype=np.uint8)
    for rows in _blocks(len(table)):
        values = table.values[rows]
        if len(dimensions) > 1 and method in ("eap", "map"):
            joint = MultivariatePrior(prior.mean, prior.covariance)
            if method == "eap":
                found = multidimensional_eap.eap(values, items, joint)
            else:
                found = multidimensional_map.maximum_a_posteriori(values, items, joint)
            theta[rows], se[rows], flags[rows] = found.theta, found.se, found.flags[:, None]
        else:
            for at in range(len(dimensions)):
                own = np.flatnonzero(items.dimension == at)
                if not len(own):
                    flags[rows, at] = np.uint8(AbilityFlag.NO_RESPONSES)
                    continue
                one = items.take(own).on_one_dimension()
                mean, sd = float(prior.mean[at]), float(np.sqrt(prior.covariance[at, at]))
                single = _estimate(values[:, own], one, method, mean, sd)
                theta[rows, at], se[rows, at] = single.theta, single.se
                flags[rows, at] = single.flags
        progress(rows.stop, len(table))
    return Abilities(table.person_ids, dimensions, theta, se, flags)


def abilities_bytes(found: Abilities) -> bytes:
    """THETA.csv: person_id, theta, se, flags; with several dimensions theta_NAME, se_NAME."""
    suffixes = [f"_{name}" for name in found.dimensions] if len(found.dimensions) > 1 else [""]
    heading = ["person_id", *(f"{what}{suffix}" for suffix in suffixes for what in ("theta", "se"))]
    names = {code: flag_names(code) for code in np.unique(found.flags).tolist()}
    rows = []
    numbers = np.stack([found.theta, found.se], axis=-1).reshape(len(found.theta), -1).tolist()
    for person, row, flags in zip(found.person_ids, numbers, found.flags.tolist(), strict=True):
        if len(suffixes) == 1 or len(set(flags)) == 1:
            told = names[flags[0]]
        else:
            told = " ".join(
                f"{name}:{names[flag]}"
                for name, flag in zip(found.dimensions, flags, strict=True)
                if flag
            )
        rows.append([person, *row, told])
    return table_bytes([*heading, "flags"], rows)


def flag_names(code: int) -> str:
    """What an AbilityFlag code says, in lower case with blanks between several."""
    return " ".join(str(flag.name).lower() for flag in AbilityFlag if flag and code & flag)


def normal_grid(mean: float, sd: float, items: ItemParameters) -> AbilityGrid:
    """Points as far as the prior reaches, -6 to 6 at least, and close enough for any posterior.

    The step is .2, or the standard deviation of the narrowest posterior where that is less: the
    trapezoidal rule then errs by 5e-9 on a normal one.
    """
    lower = min(-GRID_REACH, mean - GRID_REACH * sd)
    upper = max(GRID_REACH, mean + GRID_REACH * sd)
    most = float(information(np.linspace(lower, upper, 241), items).sum(axis=1).max())
    step = min(0.2, (most + sd**-2.0) ** -0.5)
    count = int(np.ceil((upper - lower) / step - 1e-9)) + 1
    return AbilityGrid.normal(mean, sd, lower=lower, upper=upper, count=count)


def _blocks(n: int) -> Iterator[slice]:
    for start in range(0, n, BLOCK):
        yield slice(start, min(start + BLOCK, n))


def _estimate(
    values: FloatArray, items: ItemParameters, method: str, mean: float, sd: float
) -> AbilityEstimate:
    if method == "eap":
        return eap(values, items, normal_grid(mean, sd, items))
    if method == "map":
        return maximum_a_posteriori(values, items, NormalPrior(mean, sd))
    if method == "ml":
        return maximum_likelihood(values, items)
    if method == "wle":
        return weighted_likelihood(values, items)
    return _from_sum_scores(values, items, normal_grid(mean, sd, items))


def _from_sum_scores(
    values: FloatArray, items: ItemParameters, grid: AbilityGrid
) -> AbilityEstimate:
    """One table for each set of items that somebody answered: raw scores compare within a set."""
    answered = ~np.isnan(values)
    theta, se = np.full(len(values), np.nan), np.full(len(values), np.nan)
    flags = np.zeros(len(values), dtype=np.uint8)
    sets, which = np.unique(answered, axis=0, return_inverse=True)
    for at, chosen in enumerate(sets):
        persons = np.flatnonzero(which.ravel() == at)
        if not chosen.any():
            centre = float(grid.points @ grid.weights)
            theta[persons] = centre
            se[persons] = np.sqrt((grid.points - centre) ** 2 @ grid.weights)
            flags[persons] = np.uint8(AbilityFlag.NO_RESPONSES)
            continue
        table = eap_from_sum_scores(items.take(np.flatnonzero(chosen)), grid)
        raw = values[np.ix_(persons, np.flatnonzero(chosen))].sum(axis=1).astype(np.intp)
        theta[persons], se[persons] = table.theta[raw], table.se[raw]
        flags[persons] = np.where(raw == 0, np.uint8(AbilityFlag.ALL_LOWEST), 0)
        flags[persons] |= np.where(
            raw == len(table.theta) - 1, np.uint8(AbilityFlag.ALL_HIGHEST), 0
        ).astype(np.uint8)
    return AbilityEstimate(theta, se, flags)
