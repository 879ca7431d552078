"""Assembling parallel forms: parameters and requirements in, FORMS.csv out."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from certify.grading.publishing import publish
from certify.psychometrics.assembly import ParallelForms, TargetInformation, assemble_forms
from certify.psychometrics.selecting.constraints import Constraint
from certify.services.calibrating import Progress
from certify.workbench.assembly_tables import (
    AttributedBank,
    attributed,
    constraints_of,
    enemies,
    forms_bytes,
    information_at,
    item_sets,
    length,
)
from certify.workbench.calibration_report import json_bytes
from certify.workbench.errors import NotComputable
from certify.workbench.findings import Finding
from certify.workbench.parameter_reading import read_parameters
from certify.workbench.text_tables import file_bytes

__all__ = ["AssembledForms", "AssemblyRequest", "assemble_files", "write_forms"]


@dataclass(frozen=True, slots=True)
class AssemblyRequest:
    """How many forms of how many items, and what they must contain.

    `target`: information wanted at `points`; without it, `length` times the mean of the bank.
    """

    parameters: Path
    length: int
    forms: int
    points: Sequence[float]
    target: Sequence[float] = ()
    attributes: Path | None = None
    constraints: Path | None = None
    enemies: str | None = None
    sets: str | None = None
    set_items: tuple[int, int] = (1, 1)
    max_uses: int = 1
    seconds: float = 30.0


@dataclass(frozen=True)
class AssembledForms:
    """The forms, the bank they come from, and the target they were held against."""

    bank: AttributedBank
    found: ParallelForms
    points: tuple[float, ...]
    target: tuple[float, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was left out of the bank."""
        return self.bank.findings

    def report(self) -> dict[str, Any]:
        """The distance from the target, and how much smaller it could be at most."""
        return {
            "forms": len(self.found.forms),
            "points": list(self.points),
            "target": list(self.target),
            "information": self.found.information.tolist(),
            "distance": self.found.distance,
            "distance_bound": self.found.distance_bound,
            "findings": [str(finding) for finding in self.findings],
        }


def assemble_files(request: AssemblyRequest, progress: Progress) -> AssembledForms:
    """Assemble the forms.

    Raises WorkbenchError, a file error of `certify.grading`, or ConflictingRequirements.
    """
    parameters = read_parameters(file_bytes(request.parameters), request.parameters.name)
    table = request.attributes
    bank = attributed(
        parameters,
        None if table is None else file_bytes(table),
        request.parameters.name if table is None else table.name,
    )
    file = parameters.file if table is None else table.name
    constraints: list[Constraint] = [length(request.length)]
    if request.constraints is not None:
        content = file_bytes(request.constraints)
        constraints += constraints_of(bank, content, request.constraints.name)
    if request.enemies is not None:
        constraints.append(enemies(bank, request.enemies, file))
    try:
        if request.sets is not None:
            constraints.append(item_sets(bank, request.sets, file, *request.set_items))
        information = information_at(bank, request.points)
        target = request.target or (request.length * information.mean(axis=0)).tolist()
        progress("Assembling", 0, 0)
        found = assemble_forms(
            constraints,
            TargetInformation.of(information, target),
            request.forms,
            max_uses=request.max_uses,
            time_limit_seconds=request.seconds,
        )
    except ValueError as error:
        raise NotComputable(file=parameters.file, reason=error) from error
    return AssembledForms(bank, found, tuple(request.points), tuple(target))


def write_forms(found: AssembledForms, out: Path, report: Path | None) -> None:
    """Write FORMS.csv and the report. Raises OutputNotWritable."""
    publish({out.name: forms_bytes(found.bank, found.found.forms)}, out.parent)
    if report is not None:
        publish({report.name: json_bytes(found.report())}, report.parent)
