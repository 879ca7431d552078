"""Analysing a test: responses, perhaps a key and parameters in, tables, plots and a page out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from certify.grading.publishing import publish
from certify.psychometrics.classical import MINIMUM_PERSONS
from certify.services.calibrating import Progress, calibrate_table
from certify.workbench.analysis_tables import TestAnalysis, analysis_tables
from certify.workbench.calibration_input import calibration_input
from certify.workbench.errors import NotComputable, NoUsableColumns, WorkbenchError
from certify.workbench.findings import Finding
from certify.workbench.item_analysis import (
    ModelStatistics,
    classical_statistics,
    model_statistics,
)
from certify.workbench.item_lists import ItemList, read_key
from certify.workbench.option_analysis import OptionStatistics, keyed, option_statistics
from certify.workbench.parameter_reading import read_parameters
from certify.workbench.parameter_table import ParameterTable
from certify.workbench.response_table import ResponseTable, read_responses
from certify.workbench.text_tables import file_bytes

__all__ = ["AnalysisRequest", "TestAnalysis", "analyse_file", "write_analysis"]

ENOUGH_PERSONS = 500
"""Below this the calibration of an analysis leans on the priors for small samples."""


@dataclass(frozen=True, slots=True)
class AnalysisRequest:
    """What to analyse; `blanks` says what an empty cell means."""

    responses: Path
    key: Path | None = None
    parameters: Path | None = None
    blanks: Literal["not-given", "wrong"] = "not-given"
    ignored: Sequence[str] = ()


def analyse_file(request: AnalysisRequest, progress: Progress) -> TestAnalysis:
    """Analyse a response file. Raises WorkbenchError or a file error of `certify.grading`."""
    progress("Reading", 0, 0)
    table, options = _responses(request)
    given = None
    if request.parameters is not None:
        given = read_parameters(file_bytes(request.parameters), request.parameters.name)
        table = table.limited(_highest(table, given)).with_findings(given.findings)
    if request.blanks == "wrong":
        table = replace(table, values=np.nan_to_num(table.values))
    highest = _highest(table, given)
    classical, findings = classical_statistics(table, highest)
    fitted = _calibrated(table, highest, progress) if given is None else _known(table, given)
    findings += fitted.findings
    model = None
    if fitted.parameters is not None:
        progress("Checking the fit", 0, 0)
        model, more = _model(table, fitted.parameters)
        findings += more
    return TestAnalysis(
        table=table,
        classical=classical,
        parameters=fitted.parameters,
        model=model,
        options=options,
        findings=(*table.findings, *findings),
        is_calibrated=given is None and fitted.parameters is not None,
        calibration=fitted.report,
    )


def write_analysis(found: TestAnalysis, directory: Path, progress: Progress) -> tuple[str, ...]:
    """Write tables, plots and index.html; the names of the files. Raises OutputNotWritable."""
    # matplotlib takes a second to import, which other commands need not wait for
    from certify.workbench.drawing import drawing_style
    from certify.workbench.item_plots import item_plot, most_information, option_plot
    from certify.workbench.report_page import PlotNames, report_page
    from certify.workbench.whole_plots import whole_plots

    names = PlotNames.of(found.item_ids)
    total = len(found.item_ids)
    with drawing_style():
        plots = whole_plots(found)
        top = most_information(found)
        for at in range(total):
            if found.row_of(at) is not None:
                plots[names.curves[at]] = item_plot(found, at, top)
            if found.options is not None and len(found.table) >= MINIMUM_PERSONS:
                plots[names.options[at]] = option_plot(found.options, at)
            progress("Drawing", at + 1, total)
    page = report_page(found, plots, names)
    files = {**analysis_tables(found), **plots, "index.html": page}
    publish(files, directory)
    return tuple(files)


@dataclass(frozen=True)
class _Fitted:
    """Parameters of the items that have any, and the report of their calibration."""

    parameters: ParameterTable | None
    report: Mapping[str, object]
    findings: tuple[Finding, ...]


def _responses(request: AnalysisRequest) -> tuple[ResponseTable, OptionStatistics | None]:
    """The scored table; with a key also what the options did."""
    table = read_responses(
        file_bytes(request.responses),
        request.responses.name,
        ignored=request.ignored,
        are_options=request.key is not None,
    )
    if request.key is None:
        return table, None
    choices = keyed(table, read_key(file_bytes(request.key), request.key.name))
    options, findings = option_statistics(choices)
    return choices.scored.with_findings(findings), options


def _highest(table: ResponseTable, given: ParameterTable | None) -> list[int]:
    """The highest category of each item: by its parameters, or the highest that was observed."""
    observed = np.nan_to_num(table.values).max(axis=0, initial=1.0).astype(np.intp).tolist()
    if given is None:
        return list(observed)
    known = given.positions()
    return [
        int(given.items.max_category[known[item]]) if item in known else top
        for item, top in zip(table.item_ids, observed, strict=True)
    ]


def _known(table: ResponseTable, given: ParameterTable) -> _Fitted:
    """The parameters given for these items. Raises NoUsableColumns if there are none."""
    known = given.positions()
    findings = tuple(
        Finding(table.file, "not_modelled", 1, item, {"parameters": given.file})
        for item in table.item_ids
        if item not in known
    )
    chosen = [known[item] for item in table.item_ids if item in known]
    if not chosen:
        raise NoUsableColumns(file=table.file, first=f"first: {findings[0]};")
    return _Fitted(given.take(chosen), {}, findings)


def _calibrated(table: ResponseTable, highest: Sequence[int], progress: Progress) -> _Fitted:
    """Parameters from these responses: 2PL, graded where an item has more than two categories."""
    models = {
        item: "2pl" if top == 1 else "grm"
        for item, top in zip(table.item_ids, highest, strict=True)
    }
    try:
        # what was found when reading is told once, by the table itself
        bare = replace(table, findings=())
        chosen = calibration_input(bare, "2pl", models=ItemList(table.file, models, ()))
        with_priors = len(table) < ENOUGH_PERSONS
        outcome = calibrate_table(chosen, "2pl", with_priors, progress)
    except WorkbenchError as error:
        params = {"what": "everything that needs a model", "reason": str(error)}
        return _Fitted(None, {}, (Finding(table.file, "not_computed", params=params),))
    findings = tuple(
        replace(one, code="without_parameters") if one.code == "left_out" else one
        for one in outcome.findings
    )
    return _Fitted(outcome.parameters, outcome.report, findings)


def _model(
    table: ResponseTable, parameters: ParameterTable
) -> tuple[ModelStatistics | None, list[Finding]]:
    """Fit of the items that have parameters. Raises NotComputable."""
    if len(parameters.dimensions) > 1:
        reason = "the items measure several dimensions; use --ignore to analyse one of them"
        params = {"what": "model fit", "reason": reason}
        return None, [Finding(table.file, "not_computed", params=params)]
    own = table.take_items([table.item_ids.index(item) for item in parameters.item_ids])
    try:
        return model_statistics(own, parameters.items)
    except ValueError as error:
        raise NotComputable(file=table.file, reason=error) from error
