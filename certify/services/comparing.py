"""Comparing groups item by item: responses with a group column in, DIF.csv out."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from certify.grading.publishing import publish
from certify.psychometrics.ability import eap
from certify.services.calibrating import Progress
from certify.services.measuring import matched
from certify.workbench.ability_scoring import normal_grid
from certify.workbench.dif_tables import METHODS, DifTable, dif_table
from certify.workbench.grouping import focal_groups, grouped
from certify.workbench.parameter_reading import read_parameters
from certify.workbench.response_table import read_responses
from certify.workbench.text_tables import file_bytes

DIF_METHODS = METHODS

__all__ = ["DIF_METHODS", "DifRequest", "DifTable", "compare_groups", "write_dif"]


@dataclass(frozen=True, slots=True)
class DifRequest:
    """Which groups to compare, and how."""

    responses: Path
    group: str
    method: str
    reference: str | None = None
    focal: Sequence[str] = ()
    parameters: Path | None = None
    purify: bool = False
    ignored: Sequence[str] = ()


def compare_groups(request: DifRequest, progress: Progress) -> DifTable:
    """DIF of all items. Raises WorkbenchError or a file error of `certify.grading`."""
    progress("Reading", 0, 0)
    table = read_responses(
        file_bytes(request.responses),
        request.responses.name,
        label_columns=[request.group],
        ignored=request.ignored,
    )
    theta = None
    if request.parameters is not None:
        parameters = read_parameters(file_bytes(request.parameters), request.parameters.name)
        table, chosen = matched(table, parameters)
        items = chosen.items.on_one_dimension()
        # to one digit more than any decision needs: equal patterns share a stratum
        theta = np.round(eap(table.values, items, normal_grid(0.0, 1.0, items)).theta, 6)
    groups = grouped(table, request.group, request.reference)
    focal = focal_groups(table, request.group, groups, request.focal)
    progress("Comparing", 0, 0)
    return dif_table(table, groups, focal, request.method, theta=theta, purify=request.purify)


def write_dif(found: DifTable, out: Path) -> None:
    """Write DIF.csv. Raises OutputNotWritable."""
    publish({out.name: found.as_bytes()}, out.parent)
