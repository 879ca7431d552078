"""Linking two calibrations: parameter files in, the new one on the base scale out."""

from collections.abc import Sequence
from pathlib import Path

from certify.grading.publishing import publish
from certify.workbench.calibration_report import json_bytes
from certify.workbench.linking_tables import METHODS, LinkedTable, linked
from certify.workbench.parameter_reading import read_parameters
from certify.workbench.parameter_table import parameter_table_bytes
from certify.workbench.text_tables import file_bytes

LINKING_METHODS = tuple(METHODS)

__all__ = ["LINKING_METHODS", "LinkedTable", "link_files", "write_linked"]


def link_files(
    base: Path, new: Path, method: str, *, excluded: Sequence[str] = (), rasch: bool = False
) -> LinkedTable:
    """Link two files. Raises WorkbenchError or a file error of `certify.grading`."""
    base_table = read_parameters(file_bytes(base), base.name)
    new_table = read_parameters(file_bytes(new), new.name)
    return linked(new_table, base_table, method, excluded=excluded, rasch=rasch)


def write_linked(
    found: LinkedTable, method: str, out: Path, *, report: Path | None, common: Path | None
) -> None:
    """Write the moved parameters, the constants and the common items. Raises OutputNotWritable."""
    publish({out.name: parameter_table_bytes(found.table)}, out.parent)
    if common is not None:
        publish({common.name: found.comparison}, common.parent)
    if report is not None:
        constants = [
            {
                "dimension": one.name,
                "slope": one.linking.slope,
                "intercept": one.linking.intercept,
                "common_items": list(one.common),
                "criterion": one.linking.criterion,
                "converged": one.linking.converged,
            }
            for one in found.dimensions
        ]
        content = {
            "method": method,
            "constants": constants,
            "findings": [str(finding) for finding in found.findings],
        }
        publish({report.name: json_bytes(content)}, report.parent)
