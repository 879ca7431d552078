"""Item + response -> points and outcomes, in exact arithmetic.

The rule stands on the item (`scoring.py`); an item with markup is scored by it when its responses
come by identifier (QTI's way), and by its own key when they come as one parsed response.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from question_bank.answer_key import BlanksKey, ChoiceKey, EssayKey, MatchKey, NumericKey, OrderKey
from question_bank.errors import MalformedResponse
from question_bank.interactions import (
    BlanksResponse,
    ChoiceResponse,
    EssayResponse,
    MarkupResponse,
    MatchResponse,
    NumericResponse,
    OrderResponse,
    Response,
    parse_response,
)
from question_bank.item import Item
from question_bank.qti.processing import process
from question_bank.scoring import ScoringRule
from question_bank.scoring_rules import (
    bounded,
    share_of_blank,
    share_of_parts,
    share_of_precedence,
    within_tolerance,
)

RESPONSE = "RESPONSE"
"""The response identifier of an item of one interaction (QTI's convention)."""


@dataclass(frozen=True, slots=True)
class ItemScore:
    """Points reached out of points possible; `is_correct` is what the measurement model sees.

    `outcomes` are the outcome variables by name, SCORE among them. `needs_marking` says that
    people have to judge the response; its points are then not final.
    """

    item_id: str
    points: Fraction
    max_points: Fraction
    outcomes: Mapping[str, Any] = field(default_factory=dict)
    needs_marking: bool = False

    @property
    def is_correct(self) -> bool:
        """Full marks."""
        return self.points == self.max_points


def score(
    item: Item, responses: Response | Mapping[str, Any] | None, *, seed: int = 0
) -> ItemScore:
    """Score a parsed response, or raw values by response identifier; None (nothing) scores 0.

    `seed` fixes what an item with template processing draws at random. Raises MalformedResponse
    where the response does not fit the item; for an item with markup, UnsupportedMarkup and
    UnboundedProcessing where its rules cannot be carried out.
    """
    if isinstance(responses, MarkupResponse):
        responses = responses.values
    if item.markup and (isinstance(responses, Mapping) or item.answer_key is None):
        return _by_markup(item, responses if isinstance(responses, Mapping) else {}, seed)
    if isinstance(responses, Mapping):
        raw = responses.get(RESPONSE)
        responses = None if raw is None else parse_response(item, raw)
    points = Fraction(0) if responses is None else _points(item, responses)
    maximum = item.scoring.max_points
    return ItemScore(
        item.id,
        points,
        maximum,
        {"SCORE": points, "MAXSCORE": maximum},
        needs_marking=isinstance(responses, EssayResponse),
    )


def _by_markup(item: Item, responses: Mapping[str, Any], seed: int) -> ItemScore:
    outcome = process(item.markup, responses, seed=seed)
    return ItemScore(
        item.id, outcome.points, outcome.max_points, outcome.outcomes, outcome.needs_marking
    )


def _points(item: Item, response: Response) -> Fraction:
    reckon = _RECKONINGS.get((type(item.answer_key), type(response)))
    if reckon is None:
        raise _misfit(item, response)
    return bounded(reckon(item, item.answer_key, response), item.scoring)


def _misfit(item: Item, response: object) -> MalformedResponse:
    return MalformedResponse(
        item_id=item.id,
        expected=f"a response for {type(item.answer_key).__name__}",
        found=type(response).__name__,
    )


def _choice(item: Item, key: ChoiceKey, response: ChoiceResponse) -> Fraction:
    if item.scoring.rule is ScoringRule.MAPPED:
        mapping = item.scoring.mapping
        return sum((mapping.get(option, Fraction(0)) for option in response.chosen), Fraction(0))
    right = len(response.chosen & key.correct)
    wrong = len(response.chosen - key.correct)
    return _share(item, Fraction(right), wrong, len(key.correct))


def _number(item: Item, key: NumericKey, response: NumericResponse) -> Fraction:
    return Fraction(within_tolerance(response.value, key)) * item.scoring.max_points


def _blanks(item: Item, key: BlanksKey, response: BlanksResponse) -> Fraction:
    typed = [(blank, response.texts.get(blank.id, "")) for blank in key.blanks]
    if item.scoring.rule is ScoringRule.MAPPED:
        mapping = item.scoring.mapping
        earned = [share_of_blank(b, text) * mapping.get(b.id, Fraction(0)) for b, text in typed]
        return sum(earned, Fraction(0))
    shares = [share_of_blank(blank, text) for blank, text in typed if text.strip()]
    wrong = sum(not share for share in shares)
    return _share(item, sum(shares, Fraction(0)), wrong, len(key.blanks))


def _order(item: Item, key: OrderKey, response: OrderResponse) -> Fraction:
    if item.scoring.rule is ScoringRule.PRECEDENCE:
        share = share_of_precedence(response.sequence, key.sequence)
        return share * item.scoring.max_points
    placed = list(zip(key.sequence, response.sequence, strict=False))
    right = sum(keyed == chosen for keyed, chosen in placed)
    return _share(item, Fraction(right), len(placed) - right, len(key.sequence))


def _match(item: Item, key: MatchKey, response: MatchResponse) -> Fraction:
    if item.scoring.rule is ScoringRule.MAPPED:
        mapping = item.scoring.mapping
        return sum(
            (mapping.get(" ".join(pair), Fraction(0)) for pair in response.pairs), Fraction(0)
        )
    right = len(response.pairs & key.pairs)
    wrong = len(response.pairs - key.pairs)
    return _share(item, Fraction(right), wrong, len(key.pairs))


def _unmarked(item: Item, key: EssayKey, response: EssayResponse) -> Fraction:
    return Fraction(0)


def _share(item: Item, right: Fraction, wrong: int, parts: int) -> Fraction:
    return share_of_parts(item.scoring.rule, right, wrong, parts) * item.scoring.max_points


_RECKONINGS: Mapping[tuple[type, type], Callable[[Item, Any, Any], Fraction]] = {
    (ChoiceKey, ChoiceResponse): _choice,
    (NumericKey, NumericResponse): _number,
    (BlanksKey, BlanksResponse): _blanks,
    (OrderKey, OrderResponse): _order,
    (MatchKey, MatchResponse): _match,
    (EssayKey, EssayResponse): _unmarked,
}
