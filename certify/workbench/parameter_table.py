"""PARAMS.csv: item_id, model, a, b, c, d, b1..bk, dimension, se_a, se_b, se_c (se_d, se_b1..).

Logistic metric, D = 1. Numbers are written with as many digits (at most 17) as reading them back
bit for bit needs. Blank cells: a is 1 for rasch, 1pl and pcm; c is 0, d is 1; b of an item with
thresholds is their mean; a blank dimension is "1"; a blank standard error is unknown. An item with
an impossible parameter is left out, with a finding.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from certify.psychometrics.item_parameters import ItemParameters
from certify.workbench.findings import Finding
from certify.workbench.item_lists import DICHOTOMOUS
from certify.workbench.text_tables import table_bytes

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class ParameterErrors:
    """Standard errors, NaN where unknown; `thresholds` has the shape of the items' thresholds."""

    a: FloatArray
    b: FloatArray
    c: FloatArray
    d: FloatArray
    thresholds: FloatArray

    @classmethod
    def unknown(cls, items: ItemParameters) -> "ParameterErrors":
        """NaN throughout."""
        a, b, c, d = np.full((4, len(items)), np.nan)
        return cls(a, b, c, d, np.full(items.thresholds.shape, np.nan))

    def take(self, chosen: list[int]) -> "ParameterErrors":
        """Those of some items."""
        return ParameterErrors(
            self.a[chosen], self.b[chosen], self.c[chosen], self.d[chosen], self.thresholds[chosen]
        )


@dataclass(frozen=True)
class ParameterTable:
    """Items with names, models and standard errors; `dimensions` names the indices in `items`."""

    file: str
    item_ids: tuple[str, ...]
    models: tuple[str, ...]
    items: ItemParameters
    dimensions: tuple[str, ...]
    errors: ParameterErrors
    findings: tuple[Finding, ...] = ()

    def __len__(self) -> int:
        """Number of items."""
        return len(self.item_ids)

    def take(self, chosen: list[int]) -> "ParameterTable":
        """Some of the items, in this order; dimensions keep their indices."""
        return ParameterTable(
            self.file,
            tuple(self.item_ids[at] for at in chosen),
            tuple(self.models[at] for at in chosen),
            self.items.take(chosen),
            self.dimensions,
            self.errors.take(chosen),
            self.findings,
        )

    def positions(self) -> dict[str, int]:
        """The place of each item."""
        return {item: at for at, item in enumerate(self.item_ids)}


def parameter_table_bytes(table: ParameterTable) -> bytes:
    """The table as CSV; columns of thresholds and of upper asymptotes only where there are any."""
    items, errors = table.items, table.errors
    width = items.thresholds.shape[1]
    has_upper = bool(np.isfinite(errors.d).any())
    steps = [f"b{k}" for k in range(1, width + 1)]
    heading = ["item_id", "model", "a", "b", "c", "d", *steps, "dimension", "se_a", "se_b", "se_c"]
    heading += [*(["se_d"] if has_upper else []), *(f"se_{name}" for name in steps)]
    rows = []
    for at, (item, model) in enumerate(zip(table.item_ids, table.models, strict=True)):
        single = model in DICHOTOMOUS
        asymptotes = (items.c[at], items.d[at]) if single else (None, None)
        row: list[object] = [item, model, items.a[at], items.b[at], *asymptotes]
        row += [*items.thresholds[at], table.dimensions[items.dimension[at]]]
        row += [errors.a[at], errors.b[at], errors.c[at]]
        rows.append([*row, *([errors.d[at]] if has_upper else []), *errors.thresholds[at]])
    return table_bytes(heading, rows)
