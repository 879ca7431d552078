"""Which items an attempt may use, so that no item becomes known: eligibility per level region.

Probabilities are tuned beforehand by simulated exams of the largest length and frozen in a plan
(van der Linden & Veldkamp 2007, Journal of Educational and Behavioral Statistics 32:398-418). An
attempt draws once for every item from its seed, so that a replay draws the same; the row of the
region where the estimate is applies.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from certify.exams.draws import seeded_uniforms
from certify.exams.errors import CorruptExposurePlan
from certify.psychometrics.irt import FloatArray
from certify.psychometrics.selecting.eligibility import regions

BoolArray = NDArray[np.bool_]
FORMAT = "certify.exposure-plan.1"
PRECISION = 4
"""Decimals of a probability in a plan: its text is the same on every machine."""


@dataclass(frozen=True)
class ExposurePlan:
    """`probabilities`, shape (regions, n_items): P(eligible), items in the order of the pool.

    Regions lie between the `cuts` of the composite. `draw_with`, shape (n_items,): the item whose
    draw holds for this one as well, so that the items of a case are eligible together.
    """

    item_ids: tuple[str, ...]
    cuts: tuple[float, ...]
    probabilities: FloatArray
    draw_with: NDArray[np.intp]
    maximum: float

    @cached_property
    def content(self) -> bytes:
        """Canonical JSON, whose SHA-256 is the digest."""
        table = [
            [format(value, f".{PRECISION}f") for value in row]
            for row in self.probabilities.tolist()
        ]
        data = {
            "format": FORMAT,
            "items": list(self.item_ids),
            "cuts": [repr(cut) for cut in self.cuts],
            "probabilities": table,
            "draw_with": self.draw_with.tolist(),
            "maximum": repr(self.maximum),
        }
        return json.dumps(data, sort_keys=True, separators=(",", ":")).encode()

    @cached_property
    def digest(self) -> str:
        """SHA-256 in hex."""
        return hashlib.sha256(self.content).hexdigest()

    def eligible(self, seed: str, composite: float) -> BoolArray:
        """The items that an attempt may use where its estimate is, shape (n_items,)."""
        region = int(regions(composite, self.cuts))
        draws = seeded_uniforms(seed, len(self.item_ids), "eligibility")[self.draw_with]
        return np.asarray(draws < self.probabilities[region])


def read_plan(content: bytes, digest: str) -> ExposurePlan:
    """A stored plan. Raises CorruptExposurePlan when it does not hash to its digest."""
    found = hashlib.sha256(content).hexdigest()
    if found != digest:
        raise CorruptExposurePlan(digest=digest, found=found)
    data: Mapping[str, Any] = json.loads(content)
    return ExposurePlan(
        item_ids=tuple(data["items"]),
        cuts=tuple(float(cut) for cut in data["cuts"]),
        probabilities=np.array([[float(value) for value in row] for row in data["probabilities"]]),
        draw_with=np.array(data["draw_with"], dtype=np.intp),
        maximum=float(data["maximum"]),
    )
