"""Small tables for the tests of the workbench and of its commands."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from certify.psychometrics.irt import category_probabilities
from certify.psychometrics.item_parameters import ItemParameters
from tests.reference.reference_data import table

FloatArray = NDArray[np.float64]


def csv_of(values: FloatArray, items: Sequence[str] | None = None) -> str:
    """A response file of these categories; NaN becomes a blank."""
    names = items or [f"Q{at + 1}" for at in range(values.shape[1])]
    lines = [",".join(["person_id", *names])]
    for person, row in enumerate(values):
        cells = ["" if np.isnan(value) else f"{value:g}" for value in row]
        lines.append(",".join([f"p{person + 1}", *cells]))
    return "\n".join(lines) + "\n"


def lsat7() -> FloatArray:
    """The 1,000 persons of LSAT section 7."""
    data = table("lsat7_patterns")
    return np.repeat(data[:, :5], data[:, 5].astype(int), axis=0)


def simulated(items: ItemParameters, persons: int, seed: int = 1) -> FloatArray:
    """Responses of N(0, 1) persons."""
    random = np.random.default_rng(seed)
    p = category_probabilities(random.standard_normal(persons), items)
    drawn = random.random((persons, len(items), 1)) > p.cumsum(axis=-1)
    return drawn.sum(axis=-1).astype(np.float64)


def write(folder: Path, name: str, text: str) -> Path:
    """A file of this text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
