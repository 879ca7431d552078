"""The next items by shadow tests: an exact programme for each examinee, so for smaller samples.

Needed where constraints cross the content categories; for nested ones the lock-step choice within
the feasible categories takes the same item, up to the rest of the test that a shadow test weighs.
"""

from dataclasses import dataclass

import numpy as np

from certify.psychometrics.item_parameters import FloatArray
from certify.psychometrics.shadow import ShadowAssembler
from certify.psychometrics.simulating.candidates import NONE
from certify.psychometrics.simulating.tracking import BoolArray, IndexArray


@dataclass(frozen=True)
class ShadowPlan:
    """One of the `best_of` best free items of the shadow test, which has the exam's full length."""

    assembler: ShadowAssembler
    best_of: int = 1

    def choose(
        self,
        values: FloatArray,
        administered: IndexArray,
        eligible: BoolArray | None,
        uniforms: FloatArray,
    ) -> tuple[IndexArray, BoolArray]:
        """The next item of each person, and whether eligibility had to be dropped.

        `values` and `eligible`, shape (persons, n_items); `administered`, (persons, length);
        `uniforms`, (persons,) in [0, 1). NONE where the test holds no further item.
        """
        items = np.full(len(values), NONE, dtype=np.intp)
        is_dropped = np.zeros(len(values), dtype=bool)
        for person, (value, given) in enumerate(zip(values, administered, strict=True)):
            own = None if eligible is None else eligible[person]
            test = self.assembler.assemble(value, given, own)
            is_dropped[person] = test.is_eligibility_dropped
            if len(test.free):
                place = int(uniforms[person] * min(self.best_of, len(test.free)))
                items[person] = test.free[place]
        return items, is_dropped
