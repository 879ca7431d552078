"""Whether item parameters can be used; every ValueError names the first item at fault."""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


def shapes(*vectors: NDArray[np.generic]) -> None:
    """All vectors, one value per item."""
    if vectors[0].ndim != 1 or any(vector.shape != vectors[0].shape for vector in vectors):
        found = ", ".join(str(vector.shape) for vector in vectors)
        raise ValueError(f"expected vectors of one length, found shapes {found}")


def dichotomous(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> None:
    """Finite slopes other than 0, finite difficulties, 0 <= c < d <= 1."""
    for name, vector, good in (
        ("a finite a other than 0", a, np.isfinite(a) & (a != 0)),
        ("finite b", b, np.isfinite(b)),
        ("0 <= c < 1", c, (c >= 0) & (c < 1)),
        ("c < d <= 1", d, (d > c) & (d <= 1)),
    ):
        if not good.all():
            at = int(np.argmin(good))
            raise ValueError(f"item {at}: expected {name}, found {vector[at]}")


def dimensions(dimension: NDArray[np.intp], n_dimensions: int) -> None:
    """Every index in 0..n_dimensions - 1."""
    good = (dimension >= 0) & (dimension < n_dimensions)
    if not good.all():
        at = int(np.argmin(good))
        raise ValueError(
            f"item {at}: expected a dimension from 0 to {n_dimensions - 1}, found {dimension[at]}"
        )


def thresholds(
    a: FloatArray, table: FloatArray, *, has_thresholds: BoolArray, is_ordered: BoolArray
) -> None:
    """Finite values first and then NaN only; those of graded items rise along the slope."""
    if table.ndim != 2 or len(table) != len(a):
        raise ValueError(f"expected thresholds of {len(a)} items, found shape {table.shape}")
    if table.shape[1] == 0 and not has_thresholds.any():
        return
    is_given = np.isfinite(table)
    count = is_given.sum(axis=1)
    left_filled = is_given == (np.arange(table.shape[1]) < count[:, None])
    good = left_filled.all(axis=1) & ~np.isinf(table).any(axis=1) & (has_thresholds == (count > 0))
    if not good.all():
        at = int(np.argmin(good))
        wanted = "finite thresholds, then NaN" if has_thresholds[at] else "no thresholds"
        raise ValueError(f"item {at}: expected {wanted}, found {table[at].tolist()}")
    rises = np.diff(np.sign(a)[:, None] * table, axis=1) > 0
    good = (rises | ~is_given[:, 1:]).all(axis=1) | ~is_ordered
    if not good.all():
        at = int(np.argmin(good))
        raise ValueError(
            f"item {at}: expected thresholds that rise along the slope, found {table[at].tolist()}"
        )


def locations(table: FloatArray) -> FloatArray:
    """Mean threshold of each row; NaN for a row without any."""
    is_given = np.isfinite(table)
    total = np.where(is_given, table, 0.0).sum(axis=1)
    count = is_given.sum(axis=1)
    return np.asarray(np.divide(total, count, out=np.full(len(table), np.nan), where=count > 0))
