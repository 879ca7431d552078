"""What a raw response says, as words that can be counted; no scoring."""

from question_bank.errors import MalformedResponse
from question_bank.interactions import (
    BlanksResponse,
    ChoiceResponse,
    MatchResponse,
    NumericResponse,
    OrderResponse,
    Response,
    is_blank,
    parse_response,
)
from question_bank.item import Item

NO_ANSWER = ""
"""The answer of whoever handed in an empty response."""
LONGEST_ANSWER = 60


def answers_given(item: Item, raw: object) -> frozenset[str]:
    """The answers that a response holds: options chosen, or what was typed, ordered or matched.

    Blanks and pairs count one by one, with the blank or the option before a colon or an arrow.
    Essays and composite items have no answers that could be counted.
    """
    if is_blank(raw):
        return frozenset({NO_ANSWER})
    try:
        return frozenset(_words(parse_response(item, raw)))
    except MalformedResponse:
        # given to another state of the item, which scored it then
        return frozenset()


def _words(response: Response) -> list[str]:
    match response:
        case ChoiceResponse(chosen=chosen):
            return list(chosen)
        case NumericResponse(text=text, value=value):
            return [_short(text) if value is None else f"{value.normalize():f}"]
        case BlanksResponse(texts=texts):
            return [f"{blank}: {_short(text)}" for blank, text in texts.items() if text.strip()]
        case OrderResponse(sequence=sequence):
            return [" → ".join(sequence)]
        case MatchResponse(pairs=pairs):
            return [f"{option} → {target}" for option, target in pairs]
        case _:
            return []


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= LONGEST_ANSWER else f"{words[:LONGEST_ANSWER]}…"
