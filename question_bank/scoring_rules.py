"""The arithmetic of the scoring rules: parts right and wrong -> a share of the points. Exact."""

import unicodedata
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

from question_bank.answer_key import AcceptedAnswer, Blank, NumericKey
from question_bank.interactions import read_number
from question_bank.scoring import Scoring, ScoringRule


def share_of_parts(rule: ScoringRule, right: Fraction, wrong: int, parts: int) -> Fraction:
    """The share of the points, from -1 to 1, that a response of several parts earns.

    `right` counts right parts (with fractions where an answer earns part of the credit), `wrong`
    those answered wrongly, `parts` those there are. Raises ValueError for a rule that does not
    count parts.
    """
    match rule:
        case ScoringRule.ALL_OR_NOTHING:
            return Fraction(right == parts and not wrong)
        case ScoringRule.PARTIAL:
            return Fraction(0) if wrong else right / parts
        case ScoringRule.PER_OPTION:
            return (right - wrong) / parts
        case _:
            raise ValueError(f"rule {rule} does not count parts")


def share_of_precedence(sequence: tuple[str, ...], right: tuple[str, ...]) -> Fraction:
    """Share of the pairs of options that stand in the right order; 0 for an empty sequence."""
    place = {option: number for number, option in enumerate(sequence)}
    pairs = list(combinations(right, 2))
    if not place or not pairs:
        return Fraction(0)
    kept = sum(place[first] < place[second] for first, second in pairs)
    return Fraction(kept, len(pairs))


def bounded(points: Fraction, scoring: Scoring) -> Fraction:
    """Points within the floor and the ceiling of the rule."""
    ceiling = scoring.max_points if scoring.upper is None else scoring.upper
    points = min(points, ceiling)
    return points if scoring.lower is None else max(points, scoring.lower)


def within_tolerance(value: Decimal | None, key: NumericKey) -> bool:
    """|value - key| <= tolerance (times |key| where relative), bounds inclusive, exact."""
    if value is None:
        return False
    right = Fraction(key.value)
    allowed = Fraction(key.tolerance) * (abs(right) if key.relative else 1)
    return abs(Fraction(value) - right) <= allowed


def absolute_tolerance(key: NumericKey) -> Decimal:
    """The tolerance as an amount; the decimal context bounds the digits of a relative one."""
    return abs(key.value) * key.tolerance if key.relative else key.tolerance


def share_of_blank(blank: Blank, typed: str) -> Fraction:
    """The best credit that any accepted answer gives to what was typed."""
    return max(
        (answer.share for answer in blank.accepted if _accepts(answer, typed, blank)),
        default=Fraction(0),
    )


def _accepts(answer: AcceptedAnswer, typed: str, blank: Blank) -> bool:
    if answer.tolerance is not None:
        value, right = read_number(typed), read_number(answer.text)
        if value is None or right is None:
            return False
        return abs(Fraction(value) - Fraction(right)) <= Fraction(answer.tolerance)
    if plain_text(answer.text, blank.case_sensitive) == plain_text(typed, blank.case_sensitive):
        return True
    value, right = read_number(typed), read_number(answer.text)
    return value is not None and value == right


def plain_text(text: str, case_sensitive: bool = False) -> str:
    """A typed text without what does not matter: width, case, blanks between characters.

    Blanks between Latin words are kept as one: `bill of lading` is not `billoflading`.
    """
    words = unicodedata.normalize("NFKC", text).split()
    kept = words[0] if words else ""
    for word in words[1:]:
        apart = kept[-1].isascii() and word[0].isascii()
        kept += f" {word}" if apart else word
    return unicodedata.normalize("NFKC", kept if case_sensitive else kept.casefold())
