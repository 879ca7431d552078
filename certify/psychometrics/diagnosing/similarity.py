"""Do two candidates' answers agree more than their abilities explain: omega and GBT.

omega: Wollack (1997), Applied Psychological Measurement 21:307-320; for each ordered pair, the
number of answers that match, against what the copier would choose by himself given the source's
answers. GBT: van der Linden & Sotaridona (2006), J. Educ. Behav. Statist. 31:283-304; for each
unordered pair, the exact distribution of the matches of two who answer independently.

Every pair is tested, so p-values are adjusted for the number of pairs. A flag is a reason to look
at seats, times and records; it is no proof. Abilities of copiers come from copied answers too,
which makes both statistics conservative.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics.diagnosing.option_choice import NO_CHOICE, Choices, checked_choices
from certify.psychometrics.distributions import normal_upper_tail
from certify.psychometrics.item_parameters import FloatArray
from certify.psychometrics.multiple_testing import ErrorRate, adjusted

PAIRS_AT_ONCE: Final = 4096


@dataclass(frozen=True, slots=True)
class SimilarPairs:
    """Pairs with an adjusted p-value of at most alpha, the smallest first; arrays of one length.

    `first` and `second` are rows of the data: the copier and the source for omega. `matches` of
    `common` items, `expected` matches; `statistic`: omega, or for GBT the matches in standard
    deviations above expectation (its p-value is exact and not from this z). `tests`: the number of
    pairs that were tested, for which `adjusted_p` is adjusted.
    """

    first: NDArray[np.intp]
    second: NDArray[np.intp]
    matches: NDArray[np.intp]
    common: NDArray[np.intp]
    expected: FloatArray
    statistic: FloatArray
    p_value: FloatArray
    adjusted_p: FloatArray
    tests: int


def omega(choices: ArrayLike, probabilities: ArrayLike) -> FloatArray:
    """Wollack's omega, shape (persons, persons), [copier, source]; NaN on the diagonal.

    `choices` 0..options - 1, -1 for none; `probabilities` (persons, items, options), see
    `option_choice`. Items that either left out count for nothing. NaN without any common item.
    """
    table, p = _checked(choices, probabilities)
    observed, expected, variance, _ = _omega_parts(table, p)
    return _standardized(observed - expected, variance)


def omega_pairs(
    choices: ArrayLike,
    probabilities: ArrayLike,
    *,
    alpha: float = 0.01,
    control: ErrorRate = ErrorRate.FAMILYWISE,
) -> SimilarPairs:
    """Ordered pairs (copier, source) with too many matches by omega, error rate `alpha` in all."""
    table, p = _checked(choices, probabilities)
    observed, expected, variance, common = _omega_parts(table, p)
    z = _standardized(observed - expected, variance)
    first, second = np.nonzero(~np.isnan(z))
    pairs = (first, second)
    return _flagged(
        pairs,
        observed[pairs],
        common[pairs],
        expected[pairs],
        z[pairs],
        normal_upper_tail(z[pairs]),
        alpha,
        control,
    )


def gbt_pairs(
    choices: ArrayLike,
    probabilities: ArrayLike,
    *,
    alpha: float = 0.01,
    control: ErrorRate = ErrorRate.FAMILYWISE,
) -> SimilarPairs:
    """Unordered pairs with too many matches by GBT, error rate `alpha` in all."""
    table, p = _checked(choices, probabilities)
    first, second = np.triu_indices(len(table), 1)
    both = (table >= 0).astype(np.float64)
    common = (both @ both.T)[first, second]
    first, second, common = first[common > 0], second[common > 0], common[common > 0]
    matches = np.empty(len(first))
    moments = np.empty((len(first), 2))
    tail = np.empty(len(first))
    for start in range(0, len(first), PAIRS_AT_ONCE):
        part = slice(start, start + PAIRS_AT_ONCE)
        a, b = first[part], second[part]
        seen = (table[a] >= 0) & (table[b] >= 0)
        chance = np.where(seen, np.einsum("nio,nio->ni", p[a], p[b]), 0.0)
        matches[part] = (seen & (table[a] == table[b])).sum(axis=1)
        moments[part, 0] = chance.sum(axis=1)
        moments[part, 1] = (chance * (1.0 - chance)).sum(axis=1)
        tail[part] = compound_binomial_upper_tail(chance, matches[part])
    z = _standardized(matches - moments[:, 0], moments[:, 1])
    return _flagged((first, second), matches, common, moments[:, 0], z, tail, alpha, control)


def compound_binomial_upper_tail(chances: ArrayLike, successes: ArrayLike) -> FloatArray:
    """P(S >= s) of a sum of independent 0/1 variables; `chances` (rows, trials), one s per row.

    The recursion of Lord & Wingersky (1984), Applied Psychological Measurement 8:453-461.
    """
    p = np.asarray(chances, dtype=np.float64)
    distribution = np.zeros((len(p), p.shape[1] + 1))
    distribution[:, 0] = 1.0
    for trial in range(p.shape[1]):
        chance = p[:, trial, None]
        hit = distribution[:, : trial + 1] * chance
        distribution[:, : trial + 1] -= hit
        distribution[:, 1 : trial + 2] += hit
    # summed from the top: the small terms first
    tail = np.cumsum(distribution[:, ::-1], axis=1)[:, ::-1]
    at = np.asarray(successes, dtype=np.intp)
    return np.asarray(np.minimum(tail[np.arange(len(p)), at], 1.0))


def _checked(choices: ArrayLike, probabilities: ArrayLike) -> tuple[Choices, FloatArray]:
    p = np.asarray(probabilities, dtype=np.float64)
    shape = np.shape(choices)
    if p.ndim != 3 or p.shape[:2] != shape:
        raise ValueError(
            f"expected probabilities of shape (persons, items, options) for choices of shape "
            f"{shape}, found {p.shape}"
        )
    table, _ = checked_choices(choices, p.shape[2])
    good = (p >= 0).all(axis=2) & (np.abs(p.sum(axis=2) - 1.0) < 1e-6)
    if not good.all():
        person, item = (int(at) for at in np.argwhere(~good)[0])
        raise ValueError(
            f"person {person}, item {item}: expected option probabilities that sum to 1, "
            f"found {p[person, item].tolist()}"
        )
    return table, p


def _omega_parts(
    table: Choices, p: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    persons, _, options = p.shape
    seen = table != NO_CHOICE
    chosen = (table[..., None] == np.arange(options)).astype(np.float64)
    flat = chosen.reshape(persons, -1)
    # what the copier did not answer himself can be no match
    own = np.where(seen[..., None], p, 0.0)
    observed = flat @ flat.T
    expected = own.reshape(persons, -1) @ flat.T
    variance = (own * (1.0 - own)).reshape(persons, -1) @ flat.T
    both = seen.astype(np.float64)
    for matrix in (observed, expected, variance):
        np.fill_diagonal(matrix, np.nan)
    return observed, expected, variance, both @ both.T


def _standardized(gap: FloatArray, variance: FloatArray) -> FloatArray:
    spread = np.sqrt(np.where(variance > 1e-12, variance, np.nan))
    return np.asarray(gap / spread)


def _flagged(
    pairs: tuple[NDArray[np.intp], NDArray[np.intp]],
    matches: FloatArray,
    common: FloatArray,
    expected: FloatArray,
    statistic: FloatArray,
    p_value: FloatArray,
    alpha: float,
    control: ErrorRate,
) -> SimilarPairs:
    corrected = adjusted(p_value, control)
    found = np.flatnonzero(corrected <= alpha)
    found = found[np.argsort(p_value[found], kind="stable")]
    return SimilarPairs(
        first=pairs[0][found],
        second=pairs[1][found],
        matches=matches[found].astype(np.intp),
        common=common[found].astype(np.intp),
        expected=expected[found],
        statistic=statistic[found],
        p_value=p_value[found],
        adjusted_p=corrected[found],
        tests=int((~np.isnan(p_value)).sum()),
    )
