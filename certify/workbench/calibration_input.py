"""What a calibration needs, put together from tables: usable items, models, dimensions, groups.

Items that cannot be calibrated are left out with a finding; too little data is refused in the words
of the person who brought the file. The estimation itself is `certify.psychometrics.calibration`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from certify.psychometrics.calibration import FixedItems
from certify.workbench.errors import NoUsableColumns, TooFewItems, TooFewPersons
from certify.workbench.findings import Finding
from certify.workbench.grouping import Groups
from certify.workbench.item_lists import DICHOTOMOUS, ItemList
from certify.workbench.parameter_reading import dimension_names
from certify.workbench.parameter_table import ParameterTable
from certify.workbench.response_table import HIGHEST_CATEGORY, ResponseTable

FEWEST_PERSONS: Final = 10
"""Below this any number would be noise; the calibration itself refuses the same."""
_FREE_SLOPE: Final = ("2pl", "3pl", "4pl", "grm", "gpcm")


@dataclass(frozen=True)
class CalibrationInput:
    """`table` of the usable items; `models` and `dimension` of each; `fixed` if any are known."""

    table: ResponseTable
    models: tuple[str, ...]
    dimensions: tuple[str, ...]
    dimension: NDArray[np.intp]
    groups: Groups | None
    fixed: FixedItems | None
    excluded: tuple[tuple[str, str], ...]
    """item_id and reason of what was left out here."""


def calibration_input(
    table: ResponseTable,
    model: str,
    *,
    models: ItemList | None = None,
    dimensions: ItemList | None = None,
    fixed: ParameterTable | None = None,
    groups: Groups | None = None,
) -> CalibrationInput:
    """Choose what can be calibrated; `findings` of the table tell what cannot.

    Raises TooFewPersons, TooFewItems or NoUsableColumns.
    """
    known = {} if fixed is None else fixed.positions()
    labels = _dimension_labels(fixed, dimensions)
    names = [
        fixed.models[known[item]]
        if fixed is not None and item in known
        else (models.entries.get(item, model) if models else model)
        for item in table.item_ids
    ]
    highest = [
        int(fixed.items.max_category[known[item]])
        if fixed is not None and item in known
        else (1 if name in DICHOTOMOUS else HIGHEST_CATEGORY)
        for item, name in zip(table.item_ids, names, strict=True)
    ]
    table = table.limited(highest)
    findings = [*_unlisted(table, models, dimensions, labels, model)]
    kept, excluded = [], []
    for at, item in enumerate(table.item_ids):
        reason, remedy = _unusable(table.values[:, at], item in known)
        if labels and item not in labels:
            file = "" if dimensions is None else dimensions.file
            findings.append(Finding(table.file, "no_dimension", 1, item, {"dimensions": file}))
            excluded.append((item, "no dimension"))
        elif reason:
            params = {"reason": reason, "remedy": remedy}
            findings.append(Finding(table.file, "left_out", 1, item, params))
            excluded.append((item, reason))
        else:
            kept.append(at)
    if not kept:
        raise NoUsableColumns(file=table.file, first=f"first: {findings[0]};")
    table = table.take_items(kept).with_findings(findings)
    names = [names[at] for at in kept]
    own = [labels.get(item, "1") for item in table.item_ids]
    order = dimension_names(own)
    found = CalibrationInput(
        table,
        tuple(names),
        order,
        np.array([order.index(label) for label in own], dtype=np.intp),
        groups,
        _fixed_items(table, fixed),
        tuple(excluded),
    )
    _check_persons(table, groups)
    _check_items(found)
    return found


def _dimension_labels(fixed: ParameterTable | None, given: ItemList | None) -> Mapping[str, str]:
    """Dimension of each item, from the list and, for known items, from their parameters."""
    labels: dict[str, str] = {}
    if fixed is not None and (given is not None or len(fixed.dimensions) > 1):
        where = fixed.items.dimension.tolist()
        labels = {
            item: fixed.dimensions[at] for item, at in zip(fixed.item_ids, where, strict=True)
        }
    return labels if given is None else {**labels, **given.entries}


def _unlisted(
    table: ResponseTable,
    models: ItemList | None,
    dimensions: ItemList | None,
    labels: Mapping[str, str],
    model: str,
) -> list[Finding]:
    """Findings about lists that name other items than the responses."""
    findings = []
    for given in (models, dimensions):
        for item in () if given is None else given.entries:
            if given is not None and item not in table.item_ids:
                params = {"item": item, "responses": table.file}
                findings.append(Finding(given.file, "unused_row", None, "", params))
    if models is not None:
        params = {"models": models.file, "model": model}
        findings += [
            Finding(table.file, "no_model", 1, item, params)
            for item in table.item_ids
            if item not in models.entries
        ]
    return findings


def _unusable(column: NDArray[np.float64], is_known: bool) -> tuple[str, str]:
    """Why a column says nothing, and what to do; blank if it says something."""
    answers = column[~np.isnan(column)]
    if not len(answers):
        return "nobody answered it", "add answers or remove the column"
    if not is_known and np.ptp(answers) == 0:
        reason = f"all {len(answers)} answers are {answers[0]:g}"
        return reason, "check its key, or give it to more persons"
    return "", ""


def _fixed_items(table: ResponseTable, fixed: ParameterTable | None) -> FixedItems | None:
    if fixed is None:
        return None
    known = fixed.positions()
    columns = [at for at, item in enumerate(table.item_ids) if item in known]
    if not columns:
        return None
    chosen = [known[table.item_ids[at]] for at in columns]
    return FixedItems(columns, fixed.items.take(chosen))


def _check_persons(table: ResponseTable, groups: Groups | None) -> None:
    answered = ~np.isnan(table.values).all(axis=1)
    if groups is None:
        counts: Sequence[tuple[str, int]] = [("", int(answered.sum()))]
    else:
        counts = [
            (f" in group {name}", int((answered & (groups.index == at)).sum()))
            for at, name in enumerate(groups.names)
        ]
    for where, count in counts:
        if count < FEWEST_PERSONS:
            raise TooFewPersons(file=table.file, least=FEWEST_PERSONS, where=where, found=count)


def _check_items(found: CalibrationInput) -> None:
    """As many items per dimension as its slopes need; one known item holds a dimension."""
    known = set() if found.fixed is None else {int(at) for at in found.fixed.columns}
    for at, name in enumerate(found.dimensions):
        chosen = np.flatnonzero(found.dimension == at).tolist()
        is_free = any(found.models[one] in _FREE_SLOPE for one in chosen if one not in known)
        least = 3 if is_free and len(found.dimensions) == 1 else 2
        if known & set(chosen):
            least = 1
        if len(chosen) < least:
            where = f" in dimension {name}" if len(found.dimensions) > 1 else ""
            raise TooFewItems(file=found.table.file, least=least, where=where, found=len(chosen))
