"""A response matrix, checked against its items.

Rows are persons, columns items; a cell holds the category 0..k of the item, or NaN where the item
was not administered. Reading files and turning answers into categories happens elsewhere.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics.item_parameters import FloatArray, ItemParameters


@dataclass(frozen=True)
class ResponseMatrix:
    """`values`, shape (persons, items), missing cells 0; `observed` masks them, None: complete."""

    values: FloatArray
    observed: NDArray[np.bool_] | None

    def __len__(self) -> int:
        """Number of persons."""
        return len(self.values)

    def rows(self, chosen: slice | NDArray[np.intp]) -> "ResponseMatrix":
        """Some of the persons."""
        observed = None if self.observed is None else self.observed[chosen]
        return ResponseMatrix(self.values[chosen], observed)

    def columns(self, chosen: NDArray[np.intp]) -> "ResponseMatrix":
        """Some of the items."""
        observed = None if self.observed is None else self.observed[:, chosen]
        return ResponseMatrix(self.values[:, chosen], observed)

    def with_gaps(self) -> FloatArray:
        """The values with NaN in missing cells."""
        if self.observed is None:
            return self.values
        return np.where(self.observed, self.values, np.nan)

    def answered(self) -> NDArray[np.intp]:
        """Number of administered items of each person."""
        if self.observed is None:
            return np.full(len(self), self.values.shape[1], dtype=np.intp)
        return np.asarray(self.observed.sum(axis=1, dtype=np.intp))

    def raw_scores(self) -> FloatArray:
        """Sum of the categories of each person."""
        return np.asarray(self.values @ np.ones(self.values.shape[1]))

    def highest_scores(self, items: ItemParameters) -> FloatArray:
        """The raw score each person would have with the highest category everywhere."""
        highest = items.max_category.astype(np.float64)
        if self.observed is None:
            return np.full(len(self), highest.sum())
        return np.asarray(self.observed @ highest)


def checked(responses: ArrayLike, items: ItemParameters) -> ResponseMatrix:
    """The response matrix of `items`. Raises ValueError naming the first bad cell.

    Expected are categories 0..k as whole numbers, k the item's highest; NaN for not administered.
    """
    values = np.asarray(responses, dtype=np.float64)
    if values.ndim != 2 or values.shape[1] != len(items):
        raise ValueError(
            f"expected responses of shape (persons, {len(items)}), found {values.shape}"
        )
    observed = None
    # one minimum tells whether anything is missing: NaN survives it
    if values.size and np.isnan(values.min()):
        observed = ~np.isnan(values)
        values = np.where(observed, values, 0.0)
    if not _are_categories(values, items):
        _refuse(values, items)
    return ResponseMatrix(values, observed)


def _are_categories(values: FloatArray, items: ItemParameters) -> bool:
    if not values.size:
        return True
    if items.is_dichotomous:
        # within [0, 1], x^2 adds up to x only if every x is 0 or 1: sums are faster than masks
        if not (values.min() >= 0.0 and values.max() <= 1.0):
            return False
        flat = values.ravel()
        return bool(flat @ flat == flat.sum())
    in_range = (values >= 0) & (values <= items.max_category)
    return bool((in_range & (values == np.floor(values))).all())


def _refuse(values: FloatArray, items: ItemParameters) -> None:
    good = (values >= 0) & (values <= items.max_category) & (values == np.floor(values))
    person, item = (int(at) for at in np.argwhere(~good)[0])
    highest = int(items.max_category[item])
    codes = "1, 0" if highest == 1 else f"0 to {highest}"
    raise ValueError(
        f"person {person}, item {item}: expected a response coded {codes} or NaN, "
        f"found {values[person, item]:g}"
    )
