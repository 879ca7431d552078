"""Scores (first derivatives of a person's complete-data log-likelihood) as sparse columns.

The score of a working value is a sum over the response columns of its item, each times a function
of theta: one `pair` of column and score. Scores of the population depend on theta alone: they hang
on a column of ones. Over the grid all these functions lie close to a few directions, which
singular values find; sums over points become sums over directions.
"""

from dataclasses import dataclass

import numpy as np

from certify.psychometrics.calibrating import category_tables
from certify.psychometrics.calibrating.bank_plan import BankPlan, BoolArray, IndexArray
from certify.psychometrics.calibrating.response_columns import ANSWERED, ResponseColumns
from certify.psychometrics.item_parameters import FloatArray

EVERY_GROUP = -1
PRECISE = 1e-5
"""Directions whose singular value is smaller than this share of the largest do not count."""


@dataclass(frozen=True)
class ScoreColumns:
    """Pairs, ordered by score: `column`, `score`, `group`, `effects` (pairs, points).

    A column equal to the number of response columns means ones. A pair counts for the persons of
    its group, or of all (`EVERY_GROUP`). `n_scores` scores, none without a pair.
    """

    column: IndexArray
    score: IndexArray
    group: IndexArray
    effects: FloatArray
    n_scores: int

    @classmethod
    def of_items(
        cls,
        values: FloatArray,
        plan: BankPlan,
        counted: BoolArray,
        columns: ResponseColumns,
        points: FloatArray,
    ) -> "ScoreColumns":
        """The scores of the working values marked in `counted`, row by row."""
        table = category_tables.scores(values, plan, points)
        ones = len(columns.item)
        places = [np.flatnonzero(columns.item == i) for i in range(len(plan))]
        pairs: list[tuple[int, int]] = []
        effects: list[FloatArray] = []
        for f, (i, v) in enumerate(zip(*np.nonzero(counted), strict=True)):
            base = table[i, v, 0]
            if columns.everybody[i]:
                pairs.append((ones, f))
                effects.append(base)
            for place in places[i]:
                category = columns.category[place]
                pairs.append((int(place), f))
                effects.append(base if category == ANSWERED else table[i, v, category] - base)
        index = np.array(pairs, dtype=np.intp).reshape(-1, 2)
        group = np.full(len(index), EVERY_GROUP, dtype=np.intp)
        shape = (len(index), len(points))
        stacked = np.array(effects).reshape(shape)
        return cls(index[:, 0], index[:, 1], group, stacked, int(counted.sum()))

    def with_population(self, effects: FloatArray, group: IndexArray, ones: int) -> "ScoreColumns":
        """More scores at the end: functions of theta, each (points,), of the persons of a group."""
        n = len(effects)
        return ScoreColumns(
            np.concatenate([self.column, np.full(n, ones)]),
            np.concatenate([self.score, self.n_scores + np.arange(n)]),
            np.concatenate([self.group, group]),
            np.concatenate([self.effects, effects]),
            self.n_scores + n,
        )

    def directions(self, persons: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Coefficients (pairs, r) and functions (r, points) whose product is `effects`.

        The fit is closest where `persons` (points,) says that many are.
        """
        weight = np.sqrt(persons / persons.sum())
        seen = weight > 0
        weighted = self.effects[:, seen] * weight[seen]
        # squared singular values and right vectors: far fewer points than pairs
        squares, right = np.linalg.eigh(weighted.T @ weighted)
        used = squares > PRECISE**2 * squares.max(initial=0.0)
        size, right = np.sqrt(squares[used]), right[:, used]
        functions = np.zeros((len(size), len(persons)))
        functions[:, seen] = (right * size).T / weight[seen]
        return weighted @ (right / size), functions

    def summed(self, columns: FloatArray, pair_values: FloatArray, group: int) -> FloatArray:
        """Scores (persons, scores) from values of the pairs (persons, pairs) of one group.

        `columns` with the ones at the end.
        """
        mine = (self.group == EVERY_GROUP) | (self.group == group)
        terms = columns[:, self.column] * pair_values * mine
        if not self.n_scores:
            return np.zeros((len(columns), 0))
        starts = np.searchsorted(self.score, np.arange(self.n_scores))
        return np.asarray(np.add.reduceat(terms, starts, axis=1))
