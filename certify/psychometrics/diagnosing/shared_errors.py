"""Do two candidates choose the same wrong answers more often than chance, where both were wrong.

The generalized binomial test of van der Linden & Sotaridona (2006), J. Educ. Behav. Statist.
31:283-304, conditional on the items that both got wrong, as the error-similarity analysis of
Bellezza & Bellezza (1989), Teaching of Psychology 16:151-155, counts them: with s_i the chance that
two who answer item i wrongly, each by himself, give the same wrong answer, the number of identical
errors is a sum of independent 0/1 variables with chances s_i, and its upper tail is exact
(`similarity.compound_binomial_upper_tail`). s_i = sum over wrong answers o of q_io(g) q_io(h), the
shares among the wrong in the two candidates' groups of ability, so that neither item difficulties
nor abilities enter: parameters that are guesses do no harm, and an adaptive exam, where two
candidates share few items, needs no special case. The price is power: agreement in right answers
counts for nothing. `similarity` holds the tests that use every answer, for calibrated fixed forms.

Shares are counted with the pair's own answers and mixed with equal shares, both of which make the
test conservative. Pairs that sit side by side are a family of tests of their own: there are few of
them, so that the adjustment for many tests costs them less.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics.diagnosing.option_choice import GROUPS, PRIOR_CHOICES
from certify.psychometrics.diagnosing.similarity import (
    PAIRS_AT_ONCE,
    compound_binomial_upper_tail,
)
from certify.psychometrics.item_parameters import FloatArray
from certify.psychometrics.multiple_testing import ErrorRate, adjusted

Answers = NDArray[np.intp]
Progress = Callable[[int, int], None]

UNSEEN: Final = -2
RIGHT: Final = -1
ROWS_AT_ONCE: Final = 256
FEWEST_IN_GROUP: Final = 50
"""With fewer persons of like ability a pair's own answers would make up most of the shares."""
LARGEST_P: Final = 0.001
"""Pairs above this are counted as tests and not kept: no adjustment would make them notable."""
SURELY_ABOVE: Final = 1.0
"""Identical errors fewer standard deviations (with continuity correction) above expectation than
this have a tail far above `LARGEST_P`, and are not worked out."""


@dataclass(frozen=True, slots=True)
class SharedErrors:
    """Pairs with a tail of at most `LARGEST_P`, smallest adjusted p first; arrays of one length.

    `first` < `second` are rows of the data. Of `common` items both got `both_wrong` wrong, and
    `identical` of these alike, where `expected` were expected. `is_near` marks pairs of the family
    of neighbours; `adjusted_p` (Benjamini & Hochberg 1995) holds within the family, of `tests` or
    `near_tests` pairs.
    """

    first: NDArray[np.intp]
    second: NDArray[np.intp]
    common: NDArray[np.intp]
    both_wrong: NDArray[np.intp]
    identical: NDArray[np.intp]
    expected: FloatArray
    p_value: FloatArray
    adjusted_p: FloatArray
    is_near: NDArray[np.bool_]
    tests: int
    near_tests: int


def shared_errors(
    answers: ArrayLike,
    theta: ArrayLike,
    wrong_options: ArrayLike,
    *,
    neighbours: ArrayLike = (),
    fewest_common: int = 10,
    fewest_wrong: int = 5,
    progress: Progress | None = None,
) -> SharedErrors:
    """Test every pair with enough items in common and enough that both got wrong.

    `answers` (persons, items): `UNSEEN` (or left blank), `RIGHT`, or the number of the wrong answer
    from 0. `theta` (persons,) groups the persons by ability. `wrong_options` (items,): how many
    wrong answers an item offers, 0 where they are typed. `neighbours` (pairs, 2): rows that sit
    side by side. `progress` is told rows done and rows in all. Raises ValueError for bad input.
    """
    table, ability, offered, near = _checked(answers, theta, wrong_options, neighbours)
    search = _Search.of(table, _ability_groups(ability), offered, near)
    found = []
    for start in range(0, len(table), ROWS_AT_ONCE):
        rows = slice(start, min(start + ROWS_AT_ONCE, len(table)))
        found.append(search.notable(rows, fewest_common, fewest_wrong))
        if progress is not None:
            progress(rows.stop, len(table))
    tests = sum(block.tests for block in found)
    near_tests = sum(block.near_tests for block in found)
    columns = np.concatenate([np.empty((7, 0)), *(block.columns for block in found)], axis=1)
    first, second, common, both, same, expected, tail = columns
    is_near = near[first.astype(np.intp), second.astype(np.intp)]
    corrected = np.where(
        is_near,
        adjusted(np.where(is_near, tail, np.nan), ErrorRate.FALSE_DISCOVERY, near_tests),
        adjusted(np.where(is_near, np.nan, tail), ErrorRate.FALSE_DISCOVERY, tests),
    )
    order = np.lexsort((tail, corrected))
    return SharedErrors(
        first=first[order].astype(np.intp),
        second=second[order].astype(np.intp),
        common=common[order].astype(np.intp),
        both_wrong=both[order].astype(np.intp),
        identical=same[order].astype(np.intp),
        expected=expected[order],
        p_value=tail[order],
        adjusted_p=corrected[order],
        is_near=is_near[order],
        tests=tests,
        near_tests=near_tests,
    )


def match_chances(
    answers: Answers, groups: NDArray[np.intp], wrong_options: NDArray[np.intp]
) -> FloatArray:
    """s_i of two who are wrong, shape (groups, groups, items).

    Shares in a group are mixed with those of all at the weight of one answer, and those with equal
    shares likewise.
    """
    persons, items = np.nonzero(answers >= 0)
    given = answers[persons, items]
    width = np.maximum(wrong_options, 1)
    np.maximum.at(width, items, given + 1)
    start = np.concatenate([[0], np.cumsum(width)])
    item_of = np.repeat(np.arange(answers.shape[1]), width)
    place = start[items] + given
    total = np.bincount(items, minlength=len(width))[item_of]
    counts = np.bincount(place, minlength=len(item_of))
    overall = (counts + PRIOR_CHOICES / width[item_of]) / (total + PRIOR_CHOICES)
    shares = np.empty((int(groups.max(initial=0)) + 1, len(item_of)))
    for group in range(len(shares)):
        own = groups[persons] == group
        wrong = np.bincount(items[own], minlength=len(width))[item_of]
        chosen = np.bincount(place[own], minlength=len(item_of))
        shares[group] = (chosen + PRIOR_CHOICES * overall) / (wrong + PRIOR_CHOICES)
    products = shares[:, None, :] * shares[None, :, :]
    return np.asarray(np.add.reduceat(products, start[:-1], axis=2))


@dataclass(frozen=True, slots=True)
class _Block:
    """Notable pairs of some rows, a column each: first, second, common items, both wrong,
    identical, expected, tail."""

    columns: FloatArray
    tests: int
    near_tests: int


@dataclass(frozen=True, slots=True)
class _Search:
    """What the counts of all pairs are products of; float32 counts exactly up to 16 million."""

    seen: NDArray[np.float32]
    wrong: NDArray[np.float32]
    chosen: NDArray[np.float32]
    groups: NDArray[np.intp]
    matches: FloatArray
    near: NDArray[np.bool_]

    @classmethod
    def of(
        cls,
        answers: Answers,
        groups: NDArray[np.intp],
        wrong_options: NDArray[np.intp],
        near: NDArray[np.bool_],
    ) -> "_Search":
        persons, items = np.nonzero(answers >= 0)
        column = items * (int(answers.max(initial=0)) + 1) + answers[persons, items]
        _, place, count = np.unique(column, return_inverse=True, return_counts=True)
        # an answer that one person gave matches nobody's
        shared = count[place] > 1
        _, place = np.unique(place[shared], return_inverse=True)
        chosen = np.zeros((len(answers), int(place.max(initial=-1)) + 1), dtype=np.float32)
        chosen[persons[shared], place] = 1.0
        return cls(
            seen=(answers > UNSEEN).astype(np.float32),
            wrong=(answers >= 0).astype(np.float32),
            chosen=chosen,
            groups=groups,
            matches=match_chances(answers, groups, wrong_options),
            near=near,
        )

    def notable(self, rows: slice, fewest_common: int, fewest_wrong: int) -> _Block:
        """The pairs of these rows with the rows after them."""
        common = self.seen[rows] @ self.seen.T
        both = self.wrong[rows] @ self.wrong.T
        is_tested = (common >= fewest_common) & (both >= fewest_wrong)
        everybody = np.arange(len(self.wrong))
        is_tested &= everybody > everybody[rows, None]
        same = self.chosen[rows] @ self.chosen.T
        expected, variance = self._moments(rows)
        spread = np.sqrt(np.maximum(variance, 1e-12))
        at, second = np.nonzero(is_tested & (same - 0.5 - expected >= SURELY_ABOVE * spread))
        tail = self._tails(at + rows.start, second, both[at, second], same[at, second])
        at, second, tail = at[tail <= LARGEST_P], second[tail <= LARGEST_P], tail[tail <= LARGEST_P]
        counts = [m[at, second] for m in (common, both, same, expected)]
        near_tests = int((is_tested & self.near[rows]).sum())
        return _Block(
            np.array([at + rows.start, second, *counts, tail], dtype=np.float64),
            int(is_tested.sum()) - near_tests,
            near_tests,
        )

    def _moments(self, rows: slice) -> tuple[FloatArray, FloatArray]:
        """Expectation and variance of the identical errors of each pair."""
        shape = (rows.stop - rows.start, len(self.wrong))
        expected, variance = np.empty(shape), np.empty(shape)
        for group in range(len(self.matches)):
            other = np.flatnonzero(self.groups == group)
            chance = self.matches[self.groups[rows], group].astype(np.float32)
            expected[:, other] = (self.wrong[rows] * chance) @ self.wrong[other].T
            spread = chance * (1.0 - chance)
            variance[:, other] = (self.wrong[rows] * spread) @ self.wrong[other].T
        return expected, variance

    def _tails(
        self,
        first: NDArray[np.intp],
        second: NDArray[np.intp],
        both: NDArray[np.float32],
        same: NDArray[np.float32],
    ) -> FloatArray:
        """P(as many identical errors or more) of each pair, those with few trials first."""
        result = np.ones(len(first))
        order = np.argsort(both, kind="stable")
        for start in range(0, len(order), PAIRS_AT_ONCE):
            part = order[start : start + PAIRS_AT_ONCE]
            a, b = first[part], second[part]
            pair, item = np.nonzero((self.wrong[a] > 0) & (self.wrong[b] > 0))
            trials = both[part].astype(np.intp)
            place = np.arange(len(pair)) - np.repeat(np.cumsum(trials) - trials, trials)
            chances = np.zeros((len(part), int(trials.max())))
            chances[pair, place] = self.matches[self.groups[a[pair]], self.groups[b[pair]], item]
            result[part] = compound_binomial_upper_tail(chances, same[part])
        return result


def _ability_groups(theta: FloatArray) -> NDArray[np.intp]:
    """Groups of equal size, the least able first; fewer of them where there are few persons."""
    count = min(max(len(theta) // FEWEST_IN_GROUP, 1), GROUPS)
    rank = np.argsort(np.argsort(theta, kind="stable"), kind="stable")
    return np.asarray(rank * count // max(len(theta), 1))


def _checked(
    answers: ArrayLike, theta: ArrayLike, wrong_options: ArrayLike, neighbours: ArrayLike
) -> tuple[Answers, FloatArray, NDArray[np.intp], NDArray[np.bool_]]:
    table = np.asarray(answers, dtype=np.intp)
    if table.ndim != 2 or (table.size and int(table.min()) < UNSEEN):
        raise ValueError(
            f"expected answers of shape (persons, items) from {UNSEEN} on, found shape "
            f"{table.shape}, smallest {int(table.min(initial=0))}"
        )
    ability = np.asarray(theta, dtype=np.float64)
    if ability.shape != (len(table),) or not np.isfinite(ability).all():
        raise ValueError(f"expected a finite theta for each of {len(table)} persons")
    offered = np.asarray(wrong_options, dtype=np.intp)
    if offered.shape != (table.shape[1],):
        raise ValueError(f"expected wrong options of {table.shape[1]} items, found {offered.shape}")
    pairs = np.asarray(neighbours, dtype=np.intp).reshape(-1, 2)
    if len(pairs) and (int(pairs.min()) < 0 or int(pairs.max()) >= len(table)):
        raise ValueError(f"expected neighbours among rows 0 to {len(table) - 1}")
    near = np.zeros((len(table), len(table)), dtype=np.bool_)
    near[pairs[:, 0], pairs[:, 1]] = near[pairs[:, 1], pairs[:, 0]] = True
    return table, ability, offered, near
