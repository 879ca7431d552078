"""The report of a calibration (R.json): fit, convergence, population, counts, findings."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from certify.psychometrics.calibration import Calibration
from certify.workbench.calibration_input import CalibrationInput
from certify.workbench.findings import Finding
from certify.workbench.response_table import ResponseTable


def calibration_report(
    chosen: CalibrationInput,
    calibration: Calibration,
    model: str,
    with_priors: bool,
    findings: Sequence[Finding],
) -> dict[str, Any]:
    """Everything that a calibration says about itself, by name."""
    report, table = calibration.report_, chosen.table
    excluded = [*chosen.excluded, *((table.item_ids[e.item], e.reason) for e in report.excluded)]
    fixed = () if chosen.fixed is None else chosen.fixed.columns
    return {
        "model": model,
        "log_likelihood": report.log_likelihood,
        "n_persons": report.n_persons,
        "n_items": report.n_items,
        "iterations": report.iterations,
        "converged": report.converged,
        "grid": {
            "lower": report.grid.lower,
            "upper": report.grid.upper,
            "points": report.grid.points,
        },
        "n_parameters": report.n_parameters,
        "aic": report.aic,
        "bic": report.n_parameters * math.log(report.n_persons) - 2.0 * report.log_likelihood,
        "log_posterior": report.log_posterior,
        "n_patterns": report.n_patterns,
        "start_iterations": report.start_iterations,
        "last_change": report.change,
        "integration": report.method,
        "se_method": report.se_method,
        "priors": "small samples" if with_priors else None,
        "slope_prior": report.slope_prior,
        "excluded": [{"item_id": item, "reason": reason} for item, reason in excluded],
        "at_bounds": [table.item_ids[item] for item in report.at_bounds],
        "fixed": [table.item_ids[int(at)] for at in fixed],
        "dimensions": list(chosen.dimensions),
        "groups": _groups(chosen, calibration),
        "items": item_counts(table),
        "findings": [str(finding) for finding in findings],
    }


def _groups(chosen: CalibrationInput, calibration: Calibration) -> list[dict[str, Any]]:
    population, errors = calibration.population_, calibration.population_se_
    names: tuple[str | None, ...] = (None,) if chosen.groups is None else chosen.groups.names
    return [
        {
            "name": name,
            "mean": population.means[at].tolist(),
            "sd": population.sds[at].tolist(),
            "covariance": population.covariances[at].tolist(),
            "correlation": population.correlations[at].tolist(),
            "se_mean": errors.means[at].tolist(),
            "se_sd": errors.sds[at].tolist(),
        }
        for at, name in enumerate(names)
    ]


def item_counts(table: ResponseTable) -> list[dict[str, Any]]:
    """What can be said of every item without any model."""
    found = []
    for item, column in zip(table.item_ids, table.values.T, strict=True):
        answers = column[~np.isnan(column)]
        mean = float(answers.mean()) if len(answers) else None
        counts = np.bincount(answers.astype(np.intp)).tolist()
        found.append({"item_id": item, "n": len(answers), "mean": mean, "counts": counts})
    return found


def _without_nan(value: Any) -> Any:
    """The value for JSON, which knows no NaN."""
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _without_nan(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(one) for one in value]
    return value


def json_bytes(content: Mapping[str, Any]) -> bytes:
    """The report as JSON; what is no number becomes null."""
    text = json.dumps(_without_nan(content), ensure_ascii=False, indent=2, allow_nan=False)
    return f"{text}\n".encode()
