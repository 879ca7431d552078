"""Measuring abilities: responses and parameters in, THETA.csv out."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from certify.grading.publishing import publish
from certify.services.calibrating import Progress
from certify.workbench.ability_scoring import METHODS, Abilities, abilities_bytes, scored
from certify.workbench.errors import NotComputable, NoUsableColumns
from certify.workbench.findings import Finding
from certify.workbench.parameter_reading import read_parameters
from certify.workbench.parameter_table import ParameterTable
from certify.workbench.population_file import PopulationPrior, read_population
from certify.workbench.response_table import ResponseTable, read_responses
from certify.workbench.text_tables import file_bytes

__all__ = ["METHODS", "ScoredPersons", "ScoringRequest", "matched", "score_file", "write_abilities"]


@dataclass(frozen=True, slots=True)
class ScoringRequest:
    """Whom to measure, and how; the prior is N(mean, sd^2), or that of a calibration's report."""

    responses: Path
    parameters: Path
    method: str
    mean: float = 0.0
    sd: float = 1.0
    population: Path | None = None
    group: str | None = None
    ignored: Sequence[str] = ()


@dataclass(frozen=True)
class ScoredPersons:
    """Abilities, how many items they rest on, and what was set aside."""

    abilities: Abilities
    n_items: int
    findings: tuple[Finding, ...]


def score_file(request: ScoringRequest, progress: Progress) -> ScoredPersons:
    """Measure everybody. Raises WorkbenchError or a file error of `certify.grading`."""
    progress("Reading", 0, 0)
    parameters = read_parameters(file_bytes(request.parameters), request.parameters.name)
    table = read_responses(
        file_bytes(request.responses),
        request.responses.name,
        ignored=request.ignored,
    )
    table, parameters = matched(table, parameters)
    n = len(parameters.dimensions)
    prior = PopulationPrior(np.full(n, request.mean), request.sd**2 * np.eye(n))
    if request.population is not None:
        prior = read_population(
            file_bytes(request.population),
            request.population.name,
            parameters.dimensions,
            request.group,
        )
    try:
        found = scored(
            table,
            parameters.items,
            parameters.dimensions,
            request.method,
            prior,
            lambda done, total: progress("Scoring", done, total),
        )
    except ValueError as error:
        raise NotComputable(file=table.file, reason=error) from error
    return ScoredPersons(found, len(parameters), table.findings)


def matched(
    table: ResponseTable, parameters: ParameterTable
) -> tuple[ResponseTable, ParameterTable]:
    """The items that have both answers and parameters, in the order of the responses.

    Findings of both files stand with the table. Raises NoUsableColumns if there is no such item.
    """
    known = parameters.positions()
    kept = [at for at, item in enumerate(table.item_ids) if item in known]
    missing = [
        Finding(table.file, "no_parameters", 1, item, {"parameters": parameters.file})
        for item in table.item_ids
        if item not in known
    ]
    findings = [*parameters.findings, *missing]
    if not kept:
        raise NoUsableColumns(file=table.file, first=f"first: {findings[0]};")
    table = table.take_items(kept).with_findings(findings)
    chosen = parameters.take([known[item] for item in table.item_ids])
    return table.limited(chosen.items.max_category.tolist()), chosen


def write_abilities(found: ScoredPersons, out: Path) -> None:
    """Write THETA.csv. Raises OutputNotWritable."""
    publish({out.name: abilities_bytes(found.abilities)}, out.parent)
