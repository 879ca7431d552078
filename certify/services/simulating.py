"""Simulated candidates: answer like a person of a given ability would, for demos and load tests.

A right answer is drawn with the item's own response probability at the candidate's theta.
"""

from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np

from certify.errors import NotFound
from certify.exams.pool import ItemPool
from certify.psychometrics.irt import probability
from certify.services.context import ServiceContext
from certify.services.examining import exam_of
from certify.services.responding import right_response, wrong_response
from question_bank.item import Item


@dataclass
class SimulatedCandidate:
    """A candidate of ability `theta`; `random` makes the answers repeatable."""

    theta: float
    random: Random

    def answer_current_item(self, context: ServiceContext, attempt_id: str) -> Any:
        """A raw response to the attempt's current item. Raises NotFound."""
        with context.database.reading() as work:
            attempt = work.attempts.get(attempt_id)
            if attempt is None or attempt.current is None:
                raise NotFound(kind="Attempt", identifier=attempt_id)
            pool = exam_of(context, work, attempt.started_terms).pool
        item = pool.by_id[attempt.current.item_id]
        return self.respond(item, is_right=self.random.random() < self._chance(pool, item))

    def _chance(self, pool: ItemPool, item: Item) -> float:
        """Of a right answer; an item that is only tried out is as hard as a coin is fair."""
        if item.id not in pool.index_of:
            return 0.5
        parameters = pool.parameters.take([pool.index_of[item.id]]).on_one_dimension()
        return float(probability(np.array(self.theta), parameters)[0])

    def respond(self, item: Item, *, is_right: bool) -> Any:
        """The right response, or a plausible wrong one."""
        return right_response(item) if is_right else wrong_response(item, self.random)
