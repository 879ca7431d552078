"""The figures of one item from its first responses: pure description, nothing is judged.

`question_bank.quality.observed` draws conclusions; `item_statistics` collects the responses.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from certify.psychometrics.classical import MINIMUM_PERSONS
from certify.psychometrics.diagnosing.ability_groups import (
    ability_correlations,
    ability_curves,
    change_of_share,
    wilson_interval,
)
from certify.services.given_responses import GivenResponse
from certify.services.response_answers import NO_ANSWER, answers_given
from question_bank.answer_key import ChoiceKey
from question_bank.item import Item
from question_bank.quality.observed import ItemStatistics, OptionStatistics

FEWEST_RESPONSES = MINIMUM_PERSONS
"""Below this nothing is computed: no figure would mean anything."""
SURE_RESPONSES = 100
"""Below this the figures are shown with a warning."""
MOST_TYPED = 8
"""Typed answers that are listed, the most frequent ones."""


@dataclass(frozen=True, slots=True)
class AnswerStatistics:
    """One answer: how many gave it, and their share in each ability group.

    `answer` is the id of an option, or what was typed, ordered or matched; "" is no answer.
    `correlation` is that of giving it with ability, None where it is undefined.
    """

    answer: str
    count: int
    share: float
    correlation: float | None
    is_right: bool
    group_shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class AbilityGroup:
    """Persons of like ability: their mean theta, how many, and the share of right responses."""

    theta: float
    persons: float
    right: float


@dataclass(frozen=True, slots=True)
class Exposure:
    """Of the attempts at one level, how many showed the item."""

    level: str
    shown: int
    attempts: int

    @property
    def share(self) -> float:
        """0 to 1; 0 where nobody sat."""
        return self.shown / self.attempts if self.attempts else 0.0


@dataclass(frozen=True, slots=True)
class Period:
    """The earlier or the later half of the responses."""

    responses: int
    right: int
    theta: float

    @property
    def share(self) -> float:
        """The share of right responses."""
        return self.right / self.responses


@dataclass(frozen=True, slots=True)
class ObservedItem:
    """The figures of one item. `answers`, `groups` and `periods` are empty below 20 responses.

    `has_options`: people choose among options, so that `answers` are its options.
    `p` is the share of right responses, from `p_low` to `p_high` with 95 % confidence.
    `correlation` is that of a right response with the ability the attempt came to. `drift` is the
    z of the change of p from the earlier to the later half. `former` responses were given to an
    older wording and do not count.
    """

    item_id: str
    has_options: bool
    responses: int
    right: int
    former: int
    p: float
    p_low: float
    p_high: float
    correlation: float | None
    answers: tuple[AnswerStatistics, ...]
    groups: tuple[AbilityGroup, ...]
    periods: tuple[Period, ...]
    drift: float | None
    exposure: tuple[Exposure, ...]

    @property
    def shown(self) -> int:
        """In how many of the attempts looked at it was shown."""
        return sum(one.shown for one in self.exposure)

    @property
    def attempts(self) -> int:
        """How many attempts were looked at."""
        return sum(one.attempts for one in self.exposure)

    @property
    def is_enough(self) -> bool:
        """Whether there are responses enough for any figure."""
        return self.responses >= FEWEST_RESPONSES

    @property
    def is_sure(self) -> bool:
        """Whether there are enough to lean on."""
        return self.responses >= SURE_RESPONSES

    def for_audit(self) -> ItemStatistics:
        """As the quality audit takes them."""
        chosen = (one for one in self.answers if self.has_options and one.answer != NO_ANSWER)
        halves = [(period.right, period.responses) for period in self.periods] or [(0, 0)] * 2
        return ItemStatistics(
            responses=self.responses,
            p=self.p,
            discrimination=math.nan if self.correlation is None else self.correlation,
            options={
                one.answer: OptionStatistics(
                    one.share, math.nan if one.correlation is None else one.correlation
                )
                for one in chosen
            },
            earlier=halves[0],
            later=halves[1],
        )


def describe_item(
    item: Item,
    responses: Sequence[GivenResponse],
    former: int,
    exposure: tuple[Exposure, ...],
) -> ObservedItem:
    """The figures of an item from its first responses in the order of time."""
    total, right = len(responses), sum(one.correct for one in responses)
    low, high = wilson_interval(right, total)
    halves = _halves(responses) if total >= FEWEST_RESPONSES else ()
    theta = np.array([one.theta for one in responses])
    chosen = np.array([[float(one.correct)] for one in responses]).reshape(-1, 1)
    curves = ability_curves(chosen, theta)
    drift = change_of_share(*((h.right, h.responses) for h in halves)) if halves else math.nan
    return ObservedItem(
        item_id=item.id,
        has_options=isinstance(item.answer_key, ChoiceKey),
        responses=total,
        right=right,
        former=former,
        p=right / total if total else math.nan,
        p_low=low,
        p_high=high,
        correlation=_number(ability_correlations(chosen, theta)[0]),
        answers=_answers(item, responses, theta) if total >= FEWEST_RESPONSES else (),
        groups=tuple(
            AbilityGroup(float(at), float(persons), float(share))
            for at, persons, share in zip(
                curves.theta, curves.persons, curves.share[:, 0], strict=True
            )
        ),
        periods=halves,
        drift=_number(drift),
        exposure=exposure,
    )


def _answers(
    item: Item, responses: Sequence[GivenResponse], theta: NDArray[np.float64]
) -> tuple[AnswerStatistics, ...]:
    given = [answers_given(item, one.raw) for one in responses]
    listed, right = _listed(item, responses, given)
    if not listed:
        return ()
    chosen = np.array([[float(answer in one) for answer in listed] for one in given])
    correlations = ability_correlations(chosen, theta)
    shares = ability_curves(chosen, theta).share
    return tuple(
        AnswerStatistics(
            answer=answer,
            count=int(chosen[:, at].sum()),
            share=float(chosen[:, at].mean()),
            correlation=_number(correlations[at]),
            is_right=answer in right,
            group_shares=tuple(map(float, shares[:, at])),
        )
        for at, answer in enumerate(listed)
    )


def _listed(
    item: Item, responses: Sequence[GivenResponse], given: Sequence[frozenset[str]]
) -> tuple[list[str], frozenset[str]]:
    """The answers to list, and which of them are right: all options, or what is often typed."""
    counts = Counter(answer for one in given for answer in one)
    empty = [NO_ANSWER] if counts.pop(NO_ANSWER, 0) else []
    if isinstance(item.answer_key, ChoiceKey):
        return [option.id for option in item.options] + empty, item.answer_key.correct
    often = [answer for answer, _ in counts.most_common(MOST_TYPED)]
    wrong = {
        answer
        for one, said in zip(responses, given, strict=True)
        for answer in said
        if not one.correct
    }
    return often + empty, frozenset(often) - wrong


def _halves(responses: Sequence[GivenResponse]) -> tuple[Period, ...]:
    middle = len(responses) // 2
    return tuple(
        Period(
            responses=len(half),
            right=sum(one.correct for one in half),
            theta=sum(one.theta for one in half) / len(half),
        )
        for half in (responses[:middle], responses[middle:])
    )


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
