"""What deserves a second look, item by item: the rule, its limit and the value found.

Rules of thumb for screening, no verdicts: .2 for discrimination (Ebel & Frisbie 1991, Essentials
of Educational Measurement, chapter 13), .2 for Q3 above its mean (Christensen, Makransky & Horton
2017), .7 to 1.3 for mean squares (Wright & Linacre 1994, Rasch Measurement Transactions 8:370),
1 % with Holm's correction for S-X2.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from certify.psychometrics.multiple_testing import ErrorRate, adjusted
from certify.workbench.analysis_tables import TestAnalysis

Severity = Literal["serious", "notable"]
Rule = Literal[
    "key", "negative", "weak", "hard", "easy", "noisy", "redundant", "misfit", "dependent", "few"
]

LOW_DISCRIMINATION: Final = 0.2
HARD: Final = 0.2
EASY: Final = 0.95
NOISY: Final = 1.3
REDUNDANT: Final = 0.7
DEPENDENT: Final = 0.2
MISFIT_P: Final = 0.01
FEW: Final = 30


@dataclass(frozen=True, slots=True)
class ItemFlag:
    """One rule that an item breaks; `other` is another item or an option where there is one."""

    item: int
    rule: Rule
    value: float
    other: str = ""

    @property
    def places(self) -> int:
        """Decimals: one more where two would show the value as the limit itself."""
        return 3 if round(self.value, 2) in (HARD, EASY, REDUNDANT, NOISY) else 2

    @property
    def severity(self) -> Severity:
        """A wrong key or an item that works backwards spoils decisions."""
        return "serious" if self.rule in ("key", "negative") else "notable"


def item_flags(found: TestAnalysis) -> tuple[ItemFlag, ...]:
    """All flags, serious ones first, then in the order of the items."""
    flags = [*_by_options(found), *_by_scores(found), *_by_model(found)]
    return tuple(sorted(flags, key=lambda flag: (flag.severity != "serious", flag.item)))


def _by_options(found: TestAnalysis) -> list[ItemFlag]:
    if found.options is None:
        return []
    return [
        ItemFlag(alarm.item, "key", alarm.option_correlation, found.options.labels[alarm.option])
        for alarm in found.options.alarms
    ]


def _by_scores(found: TestAnalysis) -> list[ItemFlag]:
    flags = []
    classical = found.classical
    for item in range(len(found.item_ids)):
        r, p = float(classical.r_rest[item]), float(classical.p[item])
        if classical.n[item] < FEW:
            flags.append(ItemFlag(item, "few", float(classical.n[item])))
        if r < 0:
            flags.append(ItemFlag(item, "negative", r))
        elif r < LOW_DISCRIMINATION:
            flags.append(ItemFlag(item, "weak", r))
        if p < HARD:
            flags.append(ItemFlag(item, "hard", p))
        elif p > EASY:
            flags.append(ItemFlag(item, "easy", p))
    return flags


def _by_model(found: TestAnalysis) -> list[ItemFlag]:
    model, parameters = found.model, found.parameters
    if model is None or parameters is None:
        return []
    flags = []
    p = np.full(len(parameters), np.nan)
    if model.raw_fit is not None:
        p = adjusted(model.raw_fit.p_value, ErrorRate.FAMILYWISE)
    for item, row in enumerate(found.rows.tolist()):
        if row < 0:
            continue
        square = float(model.mean_squares.infit[row])
        if square > NOISY:
            flags.append(ItemFlag(item, "noisy", square))
        elif square < REDUNDANT:
            flags.append(ItemFlag(item, "redundant", square))
        if p[row] < MISFIT_P:
            flags.append(ItemFlag(item, "misfit", float(p[row])))
        pairs = model.dependence[row]
        if np.isfinite(pairs).any() and np.nanmax(pairs) > DEPENDENT:
            other = int(np.nanargmax(pairs))
            name = parameters.item_ids[other]
            flags.append(ItemFlag(item, "dependent", float(pairs[other]), name))
    return flags
