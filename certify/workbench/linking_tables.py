"""Two parameter tables on one scale: the common items, the constants, the new table moved.

With several dimensions each is linked by its own common items. The methods and their conventions
are those of `certify.psychometrics.linking`.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from certify.psychometrics.item_parameters import ItemParameters
from certify.psychometrics.linking import (
    Linking,
    haebara,
    mean_mean,
    mean_sigma,
    stocking_lord,
)
from certify.workbench.errors import NoCommonItems, NotComputable
from certify.workbench.findings import Finding
from certify.workbench.parameter_table import ParameterErrors, ParameterTable
from certify.workbench.text_tables import table_bytes

FloatArray = NDArray[np.float64]
Method = Callable[[ItemParameters, ItemParameters, bool], Linking]

METHODS: Final = MappingProxyType[str, Method](
    {
        "mean-mean": lambda new, base, rasch: mean_mean(new, base, rasch=rasch),
        # one slope for all leaves nothing for the standard deviations to say
        "mean-sigma": lambda new, base, rasch: (
            mean_mean(new, base, rasch=True) if rasch else mean_sigma(new, base)
        ),
        "haebara": lambda new, base, rasch: haebara(new, base, rasch=rasch),
        "stocking-lord": lambda new, base, rasch: stocking_lord(new, base, rasch=rasch),
    }
)


@dataclass(frozen=True)
class LinkedDimension:
    """The constants of one dimension and the items they come from."""

    name: str
    linking: Linking
    common: tuple[str, ...]


@dataclass(frozen=True)
class LinkedTable:
    """The new table on the base scale, the constants, and the common items side by side."""

    table: ParameterTable
    dimensions: tuple[LinkedDimension, ...]
    comparison: bytes
    findings: tuple[Finding, ...]


def linked(
    new: ParameterTable,
    base: ParameterTable,
    method: str,
    *,
    excluded: Collection[str] = (),
    rasch: bool = False,
) -> LinkedTable:
    """Put `new` on the scale of `base` by their common items, `excluded` ones left out.

    Raises NoCommonItems or NotComputable.
    """
    pairs, findings = _common(new, base, excluded)
    slopes, shifts = np.ones(len(new)), np.zeros(len(new))
    found = []
    for at, name in enumerate(new.dimensions):
        own = [(mine, theirs) for mine, theirs in pairs if new.items.dimension[mine] == at]
        least = 1 if rasch else 2
        if len(own) < least:
            raise NoCommonItems(
                new=f"{new.file}{_of(name, new)}", base=base.file, found=len(own), least=least
            )
        mine, theirs = (list(indices) for indices in zip(*own, strict=True))
        try:
            linking = METHODS[method](
                new.items.take(mine).on_one_dimension(),
                base.items.take(theirs).on_one_dimension(),
                rasch,
            )
        except ValueError as error:
            raise NotComputable(file=new.file, reason=error) from error
        if not linking.converged:
            params = {"where": _of(name, new)}
            findings.append(Finding(new.file, "unsure_constants", params=params))
        here = new.items.dimension == at
        slopes[here], shifts[here] = linking.slope, linking.intercept
        found.append(LinkedDimension(name, linking, tuple(new.item_ids[one] for one in mine)))
    table = _moved(new, slopes, shifts)
    findings = [*new.findings, *base.findings, *findings]
    return LinkedTable(table, tuple(found), _comparison(table, base, pairs), tuple(findings))


def _of(name: str, table: ParameterTable) -> str:
    return f" (dimension {name})" if len(table.dimensions) > 1 else ""


def _common(
    new: ParameterTable, base: ParameterTable, excluded: Collection[str]
) -> tuple[list[tuple[int, int]], list[Finding]]:
    """Places of the items that both tables have with the same model and categories."""
    pairs, findings = [], []
    known = base.positions()
    for mine, item in enumerate(new.item_ids):
        if item not in known or item in excluded:
            continue
        theirs = known[item]
        counts = [
            int(table.items.max_category[at]) + 1 for table, at in ((new, mine), (base, theirs))
        ]
        if new.items.model[mine] == base.items.model[theirs] and counts[0] == counts[1]:
            pairs.append((mine, theirs))
        else:
            params = {
                "model": new.models[mine],
                "count": counts[0],
                "other": base.models[theirs],
                "others": counts[1],
                "base": base.file,
            }
            findings.append(Finding(new.file, "other_model", None, item, params))
    return pairs, findings


def _moved(new: ParameterTable, slopes: FloatArray, shifts: FloatArray) -> ParameterTable:
    """a / slope, slope b + intercept; the error of the constants is not in the standard errors."""
    items, errors = new.items, new.errors
    moved = replace(
        items,
        a=items.a / slopes,
        b=slopes * items.b + shifts,
        thresholds=slopes[:, None] * items.thresholds + shifts[:, None],
    )
    return replace(
        new,
        items=moved,
        errors=ParameterErrors(
            errors.a / slopes,
            errors.b * slopes,
            errors.c,
            errors.d,
            errors.thresholds * slopes[:, None],
        ),
    )


def _comparison(moved: ParameterTable, base: ParameterTable, pairs: list[tuple[int, int]]) -> bytes:
    """The common items after linking: where they still differ, the anchor may have drifted."""
    heading = ["item_id", "dimension", "a_base", "a_linked", "b_base", "b_linked", "b_difference"]
    rows = []
    for mine, theirs in pairs:
        one, other = moved.items, base.items
        rows.append(
            [
                moved.item_ids[mine],
                moved.dimensions[one.dimension[mine]],
                other.a[theirs],
                one.a[mine],
                other.b[theirs],
                one.b[mine],
                one.b[mine] - other.b[theirs],
            ]
        )
    return table_bytes(heading, rows)
