"""Calibrating items from a response file: files in, parameters and a report out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from certify.grading.publishing import publish
from certify.psychometrics.calibrating.executors import (
    BlockExecutor,
    BlockTask,
    PersonBlock,
    SerialExecutor,
    Sums,
)
from certify.psychometrics.calibration import Calibration, ItemPriors
from certify.workbench.calibration_input import CalibrationInput, calibration_input
from certify.workbench.calibration_report import calibration_report, item_counts, json_bytes
from certify.workbench.errors import NotComputable, WorkbenchError
from certify.workbench.findings import Finding
from certify.workbench.grouping import grouped
from certify.workbench.item_lists import MODELS, read_dimensions, read_models
from certify.workbench.parameter_reading import read_parameters
from certify.workbench.parameter_table import (
    ParameterErrors,
    ParameterTable,
    parameter_table_bytes,
)
from certify.workbench.response_table import ResponseTable, read_responses
from certify.workbench.text_tables import file_bytes

__all__ = [
    "MODELS",
    "BlockExecutor",
    "BlockTask",
    "CalibrationOutcome",
    "CalibrationRequest",
    "PersonBlock",
    "Progress",
    "Sums",
    "calibrate_file",
    "calibrate_table",
    "write_calibration",
]

Progress = Callable[[str, int, int], None]
"""Called with what is going on, how much is done, and of how much (0: nobody knows)."""

RUN_AWAY = (
    "the estimates left the range of numbers ({error}); use --priors or a simpler model, and check "
    "that abilities vary within every group"
)


@dataclass(frozen=True, slots=True)
class CalibrationRequest:
    """What to calibrate, and how; `executor` maps blocks of persons, None: this thread."""

    responses: Path
    model: str
    models: Path | None = None
    fixed: Path | None = None
    group: str | None = None
    reference: str | None = None
    dimensions: Path | None = None
    with_priors: bool = False
    ignored: Sequence[str] = ()
    executor: BlockExecutor | None = None


@dataclass(frozen=True)
class CalibrationOutcome:
    """`parameters`, None where nothing could be fitted (`refusal` says why); `report` as JSON."""

    parameters: ParameterTable | None
    report: Mapping[str, Any]
    findings: tuple[Finding, ...]
    refusal: WorkbenchError | None = None


class _Counted:
    """An executor that tells how often everybody was looked at."""

    def __init__(self, executor: BlockExecutor, progress: Progress) -> None:
        self._executor, self._progress, self._passes = executor, progress, 0

    def place(self, blocks: Sequence[PersonBlock]) -> Sequence[Any]:
        return self._executor.place(blocks)

    def total(self, task: BlockTask, placed: Sequence[Any]) -> Sums:
        self._passes += 1
        self._progress("Estimating", self._passes, 0)
        return self._executor.total(task, placed)


def calibrate_file(request: CalibrationRequest, progress: Progress) -> CalibrationOutcome:
    """Calibrate a response file. Raises WorkbenchError or a file error of `certify.grading`.

    Too few persons or items end in a refusal with the counts that can be had.
    """
    labels = [] if request.group is None else [request.group]
    progress("Reading", 0, 0)
    table = read_responses(
        file_bytes(request.responses),
        request.responses.name,
        label_columns=labels,
        ignored=request.ignored,
    )
    fixed = None if request.fixed is None else _parameters(request.fixed)
    dimensions = models = None
    if request.dimensions is not None:
        dimensions = read_dimensions(file_bytes(request.dimensions), request.dimensions.name)
    if request.models is not None:
        models = read_models(file_bytes(request.models), request.models.name)
    beside = [one.findings for one in (fixed, dimensions, models) if one is not None]
    table = table.with_findings([finding for findings in beside for finding in findings])
    groups = None if request.group is None else grouped(table, request.group, request.reference)
    try:
        chosen = calibration_input(
            table,
            request.model,
            models=models,
            dimensions=dimensions,
            fixed=fixed,
            groups=groups,
        )
        return calibrate_table(
            chosen, request.model, request.with_priors, progress, request.executor
        )
    except WorkbenchError as refusal:
        report = {
            "converged": False,
            "model": request.model,
            "n_persons": len(table),
            "n_items": len(table.item_ids),
            "problem": str(refusal),
            "items": item_counts(table),
            "findings": [str(finding) for finding in table.findings],
        }
        return CalibrationOutcome(None, report, table.findings, refusal)


def calibrate_table(
    chosen: CalibrationInput,
    model: str,
    with_priors: bool,
    progress: Progress,
    executor: BlockExecutor | None = None,
) -> CalibrationOutcome:
    """Calibrate what was chosen. Raises NotComputable."""
    table = chosen.table
    calibration = Calibration(
        chosen.models,
        priors=ItemPriors.small_samples() if with_priors else None,
        executor=_Counted(executor or SerialExecutor(), progress),
    )
    try:
        # estimates that run away end in the error below; numpy's warnings would say it twice
        with np.errstate(all="ignore"):
            calibration.fit(
                table.values,
                groups=None if chosen.groups is None else chosen.groups.index,
                dimension=chosen.dimension if len(chosen.dimensions) > 1 else None,
                fixed=chosen.fixed,
            )
    except np.linalg.LinAlgError as error:
        raise NotComputable(file=table.file, reason=RUN_AWAY.format(error=error)) from error
    except ValueError as error:
        raise NotComputable(file=table.file, reason=error) from error
    findings = [*table.findings, *_doubts(table, calibration)]
    parameters = _parameters_of(chosen, calibration)
    report = calibration_report(chosen, calibration, model, with_priors, findings)
    return CalibrationOutcome(parameters, report, tuple(findings))


def write_calibration(outcome: CalibrationOutcome, out: Path, report: Path | None) -> None:
    """Write PARAMS.csv, if there is one, and R.json. Raises OutputNotWritable."""
    if outcome.parameters is not None:
        publish({out.name: parameter_table_bytes(outcome.parameters)}, out.parent)
    if report is not None:
        publish({report.name: json_bytes(outcome.report)}, report.parent)


def _parameters(path: Path) -> ParameterTable:
    return read_parameters(file_bytes(path), path.name)


def _parameters_of(chosen: CalibrationInput, calibration: Calibration) -> ParameterTable:
    se, columns = calibration.se_, calibration.items_.tolist()
    items = calibration.params_
    width = items.thresholds.shape[1]
    return ParameterTable(
        chosen.table.file,
        tuple(chosen.table.item_ids[at] for at in columns),
        tuple(chosen.models[at] for at in columns),
        items,
        chosen.dimensions,
        ParameterErrors(se.a, se.b, se.c, se.d, se.thresholds[:, :width]),
    )


def _doubts(table: ResponseTable, calibration: Calibration) -> list[Finding]:
    """What the calibration itself says against its results."""
    report = calibration.report_
    findings = []
    for one in report.excluded:
        remedy = "merge the empty category with its neighbour, or give it to more persons"
        params: dict[str, object] = {"reason": one.reason, "remedy": remedy}
        findings.append(Finding(table.file, "left_out", 1, table.item_ids[one.item], params))
    for item in report.at_bounds:
        findings.append(Finding(table.file, "at_bound", 1, table.item_ids[item]))
    if not report.converged:
        params = {"change": report.change, "iterations": report.iterations}
        findings.append(Finding(table.file, "not_converged", params=params))
    if report.se_method is None:
        findings.append(Finding(table.file, "no_standard_errors"))
    return findings
