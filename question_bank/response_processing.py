"""Item + response -> points, in exact arithmetic. All or nothing, one point an item, for now."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from question_bank.errors import MalformedResponse
from question_bank.interactions import ChoiceResponse, NumericResponse, Response
from question_bank.item import ChoiceKey, Item, NumericKey

MAX_POINTS = Fraction(1)


@dataclass(frozen=True, slots=True)
class ItemScore:
    """Points reached out of points possible; `is_correct` is what the measurement model sees."""

    item_id: str
    points: Fraction
    max_points: Fraction

    @property
    def is_correct(self) -> bool:
        """Full marks."""
        return self.points == self.max_points


def score(item: Item, response: Response | None) -> ItemScore:
    """Score one response; None (nothing answered) scores 0.

    Raises MalformedResponse where the response's kind does not fit the item's key.
    """
    right = response is not None and _is_right(item, response)
    return ItemScore(item.id, MAX_POINTS if right else Fraction(0), MAX_POINTS)


def _is_right(item: Item, response: Response) -> bool:
    key = item.answer_key
    if isinstance(key, ChoiceKey) and isinstance(response, ChoiceResponse):
        return response.chosen == key.correct
    if isinstance(key, NumericKey) and isinstance(response, NumericResponse):
        return within_tolerance(response.value, key)
    raise MalformedResponse(
        item_id=item.id,
        expected=f"a response for {type(key).__name__}",
        found=type(response).__name__,
    )


def within_tolerance(value: Decimal | None, key: NumericKey) -> bool:
    """|value - key| <= tolerance, bounds inclusive, exact."""
    return value is not None and abs(Fraction(value) - Fraction(key.value)) <= Fraction(
        key.tolerance
    )
