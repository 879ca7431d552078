"""Who answered which item rightly: the responses of many ended attempts as one table.

An item that was shown and left out counts as wrong, as in the score, unless nothing that came later
was answered either: nobody knows whether the candidate ever got there.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from certify.exams.attempt import Attempt
from certify.psychometrics.irt import FloatArray


@dataclass(frozen=True)
class CohortResponses:
    """`values`, shape (attempts, items): 1, 0, or NaN where an item was not given or reached."""

    attempt_ids: tuple[str, ...]
    item_ids: tuple[str, ...]
    values: FloatArray

    @cached_property
    def counts(self) -> FloatArray:
        """Responses of each item."""
        return np.asarray(np.isfinite(self.values).sum(axis=0))

    @cached_property
    def correct(self) -> FloatArray:
        """Right ones of each item."""
        return np.asarray(np.nansum(self.values, axis=0).astype(np.int64))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of attempts, items and responses, in hex."""
        coded = np.where(np.isfinite(self.values), self.values, 2.0).astype(np.int8)
        rows = ["".join(map(str, row)).replace("2", "-") for row in coded.tolist()]
        data = {"attempts": self.attempt_ids, "items": self.item_ids, "rows": rows}
        text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def cohort_responses(attempts: Iterable[Attempt], item_ids: Sequence[str]) -> CohortResponses:
    """The responses to these items, attempts by id; voided attempts are left out."""
    counted = sorted(
        (one for one in attempts if one.is_over and not one.is_voided and one.served),
        key=lambda one: one.id,
    )
    place = {item_id: index for index, item_id in enumerate(item_ids)}
    values = np.full((len(counted), len(item_ids)), np.nan)
    for row, attempt in enumerate(counted):
        last_answered = max(attempt.answers, default=0)
        for served in attempt.served:
            if served.item_id in place and served.position <= last_answered:
                answer = attempt.answers.get(served.position)
                values[row, place[served.item_id]] = answer.correct if answer else 0
    return CohortResponses(tuple(one.id for one in counted), tuple(item_ids), values)
