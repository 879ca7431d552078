"""What a paper measures: information, expected points, time, and how it spreads over its values."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from certify.exams.fixed_forms.blueprint import Attribute, FormBlueprint
from certify.exams.fixed_forms.candidates import (
    is_asked_negatively,
    is_true_statement,
    value_of,
)
from certify.exams.fixed_forms.form import ExamForm
from certify.exams.fixed_forms.key_letters import key_letters, longest_run
from certify.exams.pool import build_pool, is_scored_at_once
from certify.psychometrics.irt import information, probability
from certify.psychometrics.item_parameters import FloatArray
from question_bank.item import Item, ItemType

CURVE_POINTS = 25
CURVE_REACH = 2.4
"""Logits to both sides of the cut over which the information is drawn."""


@dataclass(frozen=True, slots=True)
class MeasuringBank:
    """The scale on which papers measure: dimensions, cuts by level, and their correlation."""

    dimensions: tuple[str, ...]
    cuts: Mapping[str, float]
    correlation: float

    def information_at(
        self, items: Sequence[Item], offsets: Sequence[float], level: str
    ) -> FloatArray:
        """Information of each item in its own dimension, (items, points).

        Items that people mark give none: nothing is known about how.
        """
        thetas = self.cuts[level] + np.asarray(offsets, dtype=np.float64)
        table = np.zeros((len(items), len(thetas)))
        places, scored = self._scored(items)
        if places:
            pool = build_pool(scored, self.dimensions, self.cuts, self.correlation)
            found = information(thetas, pool.parameters.on_one_dimension()).T
            table[[places[item.id] for item in pool.items]] = found
        return table

    def expected_points(
        self, items: Sequence[Item], points: Sequence[Fraction], theta: float
    ) -> float:
        """Points that a candidate of this ability in all dimensions can expect, essays aside."""
        places, scored = self._scored(items)
        if not places:
            return 0.0
        pool = build_pool(scored, self.dimensions, self.cuts, self.correlation)
        shares = np.ravel(probability(np.array([theta]), pool.parameters.on_one_dimension()))
        worth = [float(points[places[item.id]]) for item in pool.items]
        return float(np.dot(shares, worth))

    @staticmethod
    def _scored(items: Sequence[Item]) -> tuple[dict[str, int], list[Item]]:
        places = {item.id: at for at, item in enumerate(items) if is_scored_at_once(item)}
        return places, [items[at] for at in places.values()]


@dataclass(frozen=True, slots=True)
class ExpectedResult:
    """What somebody exactly at a level's cut can expect of a paper."""

    level: str
    points: float
    share: float


@dataclass(frozen=True, slots=True)
class FormReport:
    """All figures of one paper. `curve`: (theta, information); `reached`: at the target's points.

    `letters`: how often each letter is right among the single-choice items; `multiple_letters`:
    among the multiple-choice ones, of `multiples`.
    """

    curve: tuple[tuple[float, float], ...]
    thetas: tuple[float, ...]
    reached: tuple[float, ...]
    target: tuple[float, ...]
    expected: tuple[ExpectedResult, ...]
    seconds: int
    limit_seconds: int
    counts: Mapping[Attribute, Mapping[str, int]]
    negative: int
    true_statements: int
    letters: Mapping[str, int]
    longest_run: int
    multiples: int
    multiple_letters: Mapping[str, int]
    is_provisional: bool


def report_form(
    form: ExamForm, blueprint: FormBlueprint, items: Sequence[Item], bank: MeasuringBank
) -> FormReport:
    """The figures of a paper; `items` in its order, `target` empty for as high as possible."""
    offsets = np.linspace(-CURVE_REACH, CURVE_REACH, CURVE_POINTS)
    cut = bank.cuts[form.level]
    total = bank.information_at(items, offsets.tolist(), form.level).sum(axis=0)
    reached = bank.information_at(items, blueprint.target.offsets, form.level).sum(axis=0)
    points = [entry.points for entry in form.items]
    keys = [
        (item.type, key_letters(item, entry.option_order))
        for item, entry in zip(items, form.items, strict=True)
    ]
    singles = [letters for kind, letters in keys if kind is ItemType.SINGLE]
    multiples = [letters for kind, letters in keys if kind is ItemType.MULTIPLE]
    return FormReport(
        curve=tuple(zip((cut + offsets).tolist(), total.tolist(), strict=True)),
        thetas=tuple(cut + offset for offset in blueprint.target.offsets),
        reached=tuple(reached.tolist()),
        target=blueprint.target.values,
        expected=tuple(
            ExpectedResult(level, gained, gained / float(form.total_points))
            for level, theta in bank.cuts.items()
            for gained in [bank.expected_points(items, points, theta)]
        ),
        seconds=sum(item.expected_seconds for item in items),
        limit_seconds=blueprint.limit_seconds,
        counts={kind: Counter(value_of(item, kind) for item in items) for kind in Attribute},
        negative=sum(map(is_asked_negatively, items)),
        true_statements=sum(
            is_true_statement(item) for item in items if item.type is ItemType.TRUE_FALSE
        ),
        letters=Counter(singles),
        longest_run=longest_run(singles),
        multiples=len(multiples),
        multiple_letters=Counter("".join(multiples)),
        is_provisional=any(item.calibration is None for item in items),
    )
