"""Guttman errors: how often a person fails the easier and passes the harder of two item steps.

Guttman (1944), American Sociological Review 9:139-150; for polytomous items by item steps X >= k,
Molenaar (1991), Kwantitatieve Methoden 37:97-117; normed: van der Flier (1977), Environmental
Factors and Test Performance, as G* in Meijer & Sijtsma (2001), Applied Psychological Measurement
25:107-135. Needs no item parameters: the order comes from the data, steps of equal popularity make
no error.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics.classical import MINIMUM_PERSONS

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GuttmanErrors:
    """`errors` of each person; `normed` = errors / (passed x failed), 0 to 1, of 0/1 items only.

    NaN throughout below 20 persons; `normed` is also NaN for all right, all wrong and polytomous.
    """

    errors: FloatArray
    normed: FloatArray


def guttman_errors(responses: ArrayLike, highest: ArrayLike = 1) -> GuttmanErrors:
    """Errors of each row of `responses`, categories 0..highest, NaN for not administered.

    `highest`: the highest category, one number or one per item. Raises ValueError naming the first
    bad cell.
    """
    values = np.asarray(responses, dtype=np.float64)
    if values.ndim != 2:
        raise ValueError(f"expected responses of shape (persons, items), found {values.ndim} axes")
    top = np.broadcast_to(np.asarray(highest, dtype=np.intp), (values.shape[1],))
    observed = ~np.isnan(values)
    bad = observed & ~((values >= 0) & (values <= top) & (values == np.floor(values)))
    if bad.any():
        person, at_fault = (int(at) for at in np.argwhere(bad)[0])
        raise ValueError(
            f"person {person}, item {at_fault}: expected a category from 0 to {top[at_fault]} "
            f"or NaN, found {values[person, at_fault]:g}"
        )
    nothing = np.full(len(values), np.nan)
    if len(values) < MINIMUM_PERSONS:
        return GuttmanErrors(nothing, nothing.copy())
    item = np.repeat(np.arange(values.shape[1]), top)
    step = np.concatenate([np.arange(1, highest_of + 1) for highest_of in top.tolist()])
    seen = observed[:, item]
    passed = (np.where(observed, values, -1.0)[:, item] >= step) & seen
    failed = seen & ~passed
    popularity = passed.sum(axis=0) / np.maximum(seen.sum(axis=0), 1)
    is_easier = (popularity[:, None] > popularity[None, :]).astype(np.float64)
    errors = ((failed.astype(np.float64) @ is_easier) * passed).sum(axis=1)
    if (top > 1).any():
        return GuttmanErrors(errors, nothing)
    most = passed.sum(axis=1) * failed.sum(axis=1)
    normed = np.divide(errors, most, out=nothing, where=most > 0)
    return GuttmanErrors(errors, normed)
