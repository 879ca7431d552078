"""Simulated candidates: answer like a person of a given ability would, for demos and load tests.

A right answer is drawn with the item's own response probability at the candidate's theta.
"""

from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np

from certify.errors import NotFound
from certify.psychometrics.irt import probability
from certify.services.context import ServiceContext
from certify.services.examining import pool_of, programme_of_attempt
from question_bank.item import ChoiceKey, Item, NumericKey


@dataclass
class SimulatedCandidate:
    """A candidate of ability `theta`; `random` makes the answers repeatable."""

    theta: float
    random: Random

    def answer_current_item(self, context: ServiceContext, attempt_id: str) -> Any:
        """A raw response to the attempt's current item. Raises NotFound."""
        with context.database.reading() as work:
            record = work.attempts.get(attempt_id)
            if record is None or record.current is None:
                raise NotFound(kind="Attempt", identifier=attempt_id)
            programme = programme_of_attempt(context, record)
            pool = pool_of(context, work, programme, record.release_digest)
        index = pool.index_of[record.current.item_id]
        item = pool.parameters.take([index]).on_one_dimension()
        chance = probability(np.array(self.theta), item)
        return self.respond(pool.items[index], is_right=self.random.random() < chance[0])

    def respond(self, item: Item, *, is_right: bool) -> Any:
        """The right response, or a plausible wrong one."""
        key = item.answer_key
        if isinstance(key, NumericKey):
            wrong = [str(answer.value) for answer in item.explanation.wrong_answers]
            off_by_more = str(key.value + key.tolerance * 10 + 1)
            return {"value": str(key.value) if is_right else (wrong or [off_by_more])[0]}
        assert isinstance(key, ChoiceKey)  # noqa: S101 - a released item has a key
        if is_right:
            return sorted(key.correct)
        others = sorted({option.id for option in item.options} - key.correct)
        if len(key.correct) == 1:
            return [self.random.choice(others)]
        return sorted(key.correct)[1:]
