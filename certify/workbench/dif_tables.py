"""DIF of every item between the reference group and each focal group, as one table.

Mantel-Haenszel or logistic regression (`certify.psychometrics.dif`, `dif_logistic`). Persons are
matched on the raw score, which needs complete responses; with parameters at hand persons are
matched on EAP abilities instead, and gaps do no harm.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from certify.psychometrics.diagnosing.dif_logistic import LogisticDif, logistic_dif
from certify.psychometrics.dif import MantelHaenszelDif, mantel_haenszel
from certify.psychometrics.multiple_testing import ErrorRate, adjusted
from certify.workbench.errors import NotComputable, NoUsableColumns, TooFewPersons
from certify.workbench.findings import Finding
from certify.workbench.grouping import Groups
from certify.workbench.response_table import ResponseTable
from certify.workbench.text_tables import table_bytes

FloatArray = NDArray[np.float64]

METHODS: Final = ("mh", "logistic")
STRATA: Final = 20
"""Groups of equal size by ability, where Mantel-Haenszel is matched on one."""
FEWEST_PERSONS: Final = 20
_COMMON: Final = ("item_id", "focal", "reference", "n_focal", "n_reference")
_MH: Final = ("odds_ratio", "delta", "se", "chi_square", "p_value", "p_adjusted", "ets_class")
_LOGISTIC: Final = (
    "chi_square", "p_value", "p_adjusted", "r2_change", "uniform_chi_square", "uniform_p",
    "uniform_r2", "nonuniform_chi_square", "nonuniform_p", "nonuniform_r2", "log_odds",
    "log_odds_se", "effect_class",
)  # fmt: skip


@dataclass(frozen=True)
class DifTable:
    """One row per item and focal group; `classes` are A, B, C or blank, in the same order."""

    heading: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    classes: tuple[str, ...]
    findings: tuple[Finding, ...]

    def as_bytes(self) -> bytes:
        """The table as CSV."""
        return table_bytes(self.heading, self.rows)


def dif_table(
    table: ResponseTable,
    groups: Groups,
    focal: Sequence[str],
    method: str,
    *,
    theta: FloatArray | None = None,
    purify: bool = False,
) -> DifTable:
    """DIF of all items scored 0/1; `theta`, if given, is what persons are matched on.

    Raises NoUsableColumns, TooFewPersons or NotComputable.
    """
    table, findings = _dichotomous(table)
    if theta is None:
        table, groups, more = _complete(table, groups)
        findings += more
    rows: list[tuple[object, ...]] = []
    classes: list[str] = []
    for name in focal:
        members = np.isin(groups.index, (0, groups.names.index(name)))
        is_focal = groups.index[members] != 0
        for which, count in ((groups.names[0], (~is_focal).sum()), (name, is_focal.sum())):
            if count < FEWEST_PERSONS:
                where = f" in group {which}" + ("" if theta is not None else " (complete rows)")
                raise TooFewPersons(
                    file=table.file, least=FEWEST_PERSONS, where=where, found=int(count)
                )
        values = table.values[members]
        ability = None if theta is None else theta[members]
        try:
            found, more_classes, reasons = _computed(values, is_focal, method, ability, purify)
        except ValueError as error:
            raise NotComputable(file=table.file, reason=error) from error
        answered = ~np.isnan(values)
        counts = (answered[is_focal].sum(axis=0), answered[~is_focal].sum(axis=0))
        for at, item in enumerate(table.item_ids):
            known = (item, name, groups.names[0], int(counts[0][at]), int(counts[1][at]))
            rows.append((*known, *found[at], more_classes[at], reasons[at]))
            if reasons[at]:
                params = {"what": f"DIF of group {name}", "reason": reasons[at]}
                findings.append(Finding(table.file, "not_computed", 1, item, params))
        classes += more_classes
    heading = (*_COMMON, *(_MH if method == "mh" else _LOGISTIC), "reason")
    return DifTable(heading, tuple(rows), tuple(classes), (*table.findings, *findings))


def _dichotomous(table: ResponseTable) -> tuple[ResponseTable, list[Finding]]:
    over = np.nanmax(np.where(np.isnan(table.values), 0.0, table.values), axis=0) > 1
    findings = [
        Finding(
            table.file,
            "left_out",
            1,
            table.item_ids[at],
            {"reason": "it has answers above 1", "remedy": "DIF needs items scored 0 or 1"},
        )
        for at in np.flatnonzero(over).tolist()
    ]
    if over.all():
        raise NoUsableColumns(file=table.file, first=f"first: {findings[0]};")
    return table.take_items(np.flatnonzero(~over).tolist()), findings


def _complete(table: ResponseTable, groups: Groups) -> tuple[ResponseTable, Groups, list[Finding]]:
    """The persons who answered everything, since only their raw scores compare."""
    is_complete = np.asarray(~np.isnan(table.values).any(axis=1))
    if is_complete.all():
        return table, groups, []
    missing = int((~is_complete).sum())
    reason = "raw scores need complete rows; with --params persons are matched on ability"
    params = {"what": f"{missing} of {len(table)} persons were", "reason": reason}
    finding = Finding(table.file, "not_computed", params=params)
    kept = Groups(groups.names, groups.index[is_complete])
    return table.take_persons(is_complete), kept, [finding]


def _computed(
    values: FloatArray,
    is_focal: NDArray[np.bool_],
    method: str,
    ability: FloatArray | None,
    purify: bool,
) -> tuple[list[tuple[float, ...]], list[str], tuple[str, ...]]:
    if method == "mh":
        matching = None if ability is None else _strata(ability)
        mh = mantel_haenszel(values, is_focal, matching=matching, purify=purify)
        return _mh_rows(mh), list(mh.ets_class), mh.reasons
    anchors = None
    if purify and ability is None:
        anchors = mantel_haenszel(values, is_focal, purify=True).anchors
    regression = logistic_dif(values, is_focal, matching=ability, anchors=anchors)
    return _logistic_rows(regression), list(regression.effect_class), regression.reasons


def _strata(ability: FloatArray) -> FloatArray:
    rank = np.argsort(np.argsort(ability, kind="stable"), kind="stable")
    # persons of the same ability stay together, in the stratum of the first of them
    _, same = np.unique(ability, return_inverse=True)
    lowest = np.full(int(same.max()) + 1, len(ability))
    np.minimum.at(lowest, same, rank)
    return np.asarray(lowest[same] * STRATA // len(ability), dtype=np.float64)


def _mh_rows(found: MantelHaenszelDif) -> list[tuple[float, ...]]:
    p = adjusted(found.p_value, ErrorRate.FALSE_DISCOVERY)
    columns = (found.odds_ratio, found.delta, found.se, found.chi_square, found.p_value, p)
    return [tuple(row) for row in np.column_stack(columns).tolist()]


def _logistic_rows(found: LogisticDif) -> list[tuple[float, ...]]:
    columns = (
        found.both_chi_square,
        found.both_p,
        adjusted(found.both_p, ErrorRate.FALSE_DISCOVERY),
        found.both_r2,
        found.uniform_chi_square,
        found.uniform_p,
        found.uniform_r2,
        found.nonuniform_chi_square,
        found.nonuniform_p,
        found.nonuniform_r2,
        found.log_odds,
        found.log_odds_se,
    )
    return [tuple(row) for row in np.column_stack(columns).tolist()]
