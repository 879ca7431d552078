"""Response declarations and processing of fill-in items: each blank is a response of its own."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from question_bank.answer_key import AcceptedAnswer, Blank, BlanksKey
from question_bank.exchange.qti.native_rules import (
    ScoredParts,
    all_or_nothing,
    bounded_node,
    number_text,
    score_rule,
)
from question_bank.exchange.qti.typed_text import accepted_pattern, something_pattern
from question_bank.interactions import read_number
from question_bank.item import Item
from question_bank.qti.rule_nodes import (
    all_of,
    any_of,
    choose,
    constant,
    number,
    operator,
    outcome,
    response,
    set_outcome,
    values,
    variable,
)
from question_bank.qti.tree import Node
from question_bank.response_processing import RESPONSE
from question_bank.scoring import ScoringRule
from question_bank.scoring_rules import bounded

WRONG = "WRONG"


def blanks_of(item: Item) -> tuple[Blank, ...]:
    """The blanks of a fill-in item in the order of its key."""
    return item.answer_key.blanks if isinstance(item.answer_key, BlanksKey) else ()


def response_names(blanks: tuple[Blank, ...]) -> dict[str, str]:
    """The response identifier of each blank: RESPONSE where it is alone, else numbered."""
    if len(blanks) == 1:
        return {blanks[0].id: RESPONSE}
    return {blank.id: f"{RESPONSE}_{place}" for place, blank in enumerate(blanks, start=1)}


def scored_blanks(item: Item, names: Mapping[str, str]) -> ScoredParts:
    """What is typed into the blanks, under any rule that counts them."""
    blanks = blanks_of(item)
    numbers = item.scoring.rule is ScoringRule.ALL_OR_NOTHING
    declared = tuple(_declared(blank, names[blank.id], numbers) for blank in blanks)
    if not blanks:
        return ScoredParts(declared)
    if item.scoring.rule is ScoringRule.ALL_OR_NOTHING:
        full = [_accepted(blank, names[blank.id], Fraction(1)) for blank in blanks]
        condition = all_of(each or operator("null") for each in full)
        return ScoredParts(declared, (all_or_nothing(condition, item.scoring),))
    credits = {blank.id: f"CREDIT_{place}" for place, blank in enumerate(blanks, start=1)}
    mapped = item.scoring.rule is ScoringRule.MAPPED
    rules = tuple(
        rule
        for blank in blanks
        for rule in _credited(item, blank, names[blank.id], credits[blank.id], mapped)
    )
    outcomes = tuple(outcome(name, "float", "0") for name in credits.values())
    if not mapped:
        outcomes = (*outcomes, outcome(WRONG, "integer", "0"))
    return ScoredParts(declared, (*rules, _total(item, tuple(credits.values()))), outcomes)


def _declared(blank: Blank, name: str, numbers: bool) -> Node:
    """The declaration, with a mapping that tells other programs which answers there are."""
    full = [answer.text for answer in blank.accepted if answer.share == 1][:1]
    inner = [values("qti-correct-response", full)] if full else []
    if numbers and holds_numbers(blank):
        return response(name, "single", "float", *inner)
    sensitive = "true" if blank.case_sensitive else "false"
    entries = tuple(
        Node(
            "qti-map-entry",
            {
                "map-key": answer.text,
                "mapped-value": str(float(answer.share)),
                "case-sensitive": sensitive,
            },
        )
        for answer in blank.accepted
    )
    mapping = [Node("qti-mapping", {"default-value": "0"}, entries)] if entries else []
    return response(name, "single", "string", *inner, *mapping)


def holds_numbers(blank: Blank) -> bool:
    """Whether all that the blank accepts are numbers with a tolerance."""
    return bool(blank.accepted) and all(_is_number(answer) for answer in blank.accepted)


def mixes_numbers(blank: Blank) -> bool:
    """Whether it accepts numbers with a tolerance beside words."""
    return any(map(_is_number, blank.accepted)) and not holds_numbers(blank)


def _is_number(answer: AcceptedAnswer) -> bool:
    return answer.tolerance is not None and read_number(answer.text) is not None


def _accepted(blank: Blank, name: str, share: Fraction) -> Node | None:
    """The condition that what was typed earns this share; None where no answer does."""
    conditions = [_fits(answer, blank, name) for answer in blank.accepted if answer.share == share]
    found = [condition for condition in conditions if condition is not None]
    return any_of(found) if found else None


def _fits(answer: AcceptedAnswer, blank: Blank, name: str) -> Node | None:
    if answer.tolerance is None:
        pattern = accepted_pattern(answer.text, blank.case_sensitive)
        return operator("pattern-match", variable(name), pattern=pattern)
    right = read_number(answer.text)
    if right is None:
        return None
    given = variable(name)
    return operator(
        "equal",
        constant("float", number_text(right)),
        given,
        tolerance_mode="absolute",
        tolerance=number_text(answer.tolerance),
    )


def _credited(item: Item, blank: Blank, name: str, credit: str, mapped: bool) -> Iterator[Node]:
    """The rules that give a blank its credit, or count it as wrong."""
    points = item.scoring.mapping.get(blank.id, Fraction(0)) if mapped else Fraction(1)
    branches: list[tuple[Node | None, list[Node]]] = []
    for share in sorted({answer.share for answer in blank.accepted} - {Fraction(0)}, reverse=True):
        condition = _accepted(blank, name, share)
        if condition is not None:
            branches.append((condition, [set_outcome(credit, number(share * points))]))
    if not mapped:
        typed = operator("pattern-match", variable(name), pattern=something_pattern())
        one_more = operator("sum", variable(WRONG), constant("integer", "1"))
        branches.append((typed, [set_outcome(WRONG, one_more)]))
    if branches:
        yield choose(*branches)


def _total(item: Item, credits: tuple[str, ...]) -> Node:
    """The rule that adds up the credits of all blanks."""
    scoring = item.scoring
    earned = operator("sum", *map(variable, credits))
    share = number(scoring.max_points / len(credits))
    match scoring.rule:
        case ScoringRule.MAPPED:
            return score_rule(bounded_node(earned, scoring))
        case ScoringRule.PER_OPTION:
            balance = operator("subtract", earned, variable(WRONG))
            return score_rule(bounded_node(operator("product", balance, share), scoring))
        case _:
            none = number(bounded(Fraction(0), scoring))
            faulty = operator("gt", variable(WRONG), constant("integer", "0"))
            whole = bounded_node(operator("product", earned, share), scoring)
            return choose((faulty, [score_rule(none)]), (None, [score_rule(whole)]))
