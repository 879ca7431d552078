"""What is wrong with an item before anybody sits it. Errors forbid a release, warnings advise.

Rule codes follow the item writing rules (ST, OP, MC, TF, NU). Statistics over a whole bank
(key balance, near-duplicates) belong to the quality audit.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from math import factorial

from question_bank import findings as faults
from question_bank.answer_key import NumericKey
from question_bank.exchange.native_keys import OPTION_TYPES
from question_bank.findings import Finding, Severity
from question_bank.formulas import evaluate_formula, round_half_up
from question_bank.item import Item, ItemType
from question_bank.key_checks import check_key, check_options
from question_bank.markup_checks import check_markup
from question_bank.scoring_rules import within_tolerance
from question_bank.skills import SkillModel, level_rank

Check = Callable[[Item, SkillModel], Iterator[Finding]]
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:?!][\u4e00-\u9fff]")
LOWEST_TIME, HIGHEST_TIME = 10, 900
MOST_DECIMALS = 10
LONGEST_QUOTE = 60


def validate_bank(items: Iterable[Item], model: SkillModel) -> list[Finding]:
    """Findings of every item, and references between items that lead nowhere."""
    everything = list(items)
    known = {item.id for item in everything}
    findings = [finding for item in everything for finding in validate_item(item, model)]
    for item in everything:
        findings += find_unknown_enemies(item, known)
    return findings


def validate_item(item: Item, model: SkillModel) -> list[Finding]:
    """Findings of one item, errors first."""
    findings = [finding for check in _CHECKS for finding in check(item, model)]
    return sorted(findings, key=lambda finding: finding.severity is not Severity.ERROR)


def find_unknown_enemies(item: Item, known: Iterable[str]) -> list[Finding]:
    """One finding for each enemy that is not among the known item ids."""
    strangers = sorted(set(item.enemies).difference(known))
    return [faults.UNKNOWN_ENEMY.found_in(item, enemy=enemy) for enemy in strangers]


def _check_stem(item: Item, model: SkillModel) -> Iterator[Finding]:
    if not item.stem:
        yield faults.STEM_EMPTY.found_in(item)
    if HALF_WIDTH.search(item.stem):
        yield faults.STEM_HALF_WIDTH.found_in(item)


def _check_numeric(item: Item, model: SkillModel) -> Iterator[Finding]:
    key = item.answer_key
    if not isinstance(key, NumericKey):
        return
    if key.tolerance < 0 or not 0 <= key.decimals <= MOST_DECIMALS:
        yield faults.KEY_BOUNDS.found_in(item, most=MOST_DECIMALS)
        return
    yield from _check_formula(item, key)
    for wrong in item.explanation.wrong_answers:
        if within_tolerance(wrong.value, key):
            yield faults.WRONG_ANSWER_RIGHT.found_in(item, value=wrong.value)


def _check_formula(item: Item, key: NumericKey) -> Iterator[Finding]:
    if not key.formula:
        return
    try:
        computed = round_half_up(evaluate_formula(key.formula), key.decimals)
    except ValueError as error:
        by_zero = isinstance(error.__cause__, ZeroDivisionError)
        fault = faults.FORMULA_BY_ZERO if by_zero else faults.FORMULA_UNREADABLE
        yield fault.found_in(item, formula=key.formula[:LONGEST_QUOTE])
        return
    if computed != key.value:
        yield faults.FORMULA_OTHER_VALUE.found_in(item, computed=computed, keyed=key.value)


def _check_tags(item: Item, model: SkillModel) -> Iterator[Finding]:
    if not (item.node and item.level and item.dimension):
        yield faults.NOT_TAGGED.found_in(item)
        return
    node = model.nodes[item.node]
    if item.level not in node.levels:
        yield faults.LEVEL_NOT_ASKED.found_in(item, node=node.code, level=item.level)
    if item.dimension not in node.weights:
        yield faults.DIMENSION_WITHOUT_WEIGHT.found_in(
            item, node=node.code, dimension=item.dimension
        )
    if item.type is ItemType.TRUE_FALSE and level_rank(item.level) == level_rank("elite"):
        yield faults.TRUE_FALSE_TOO_HIGH.found_in(item)


def _check_measurement(item: Item, model: SkillModel) -> Iterator[Finding]:
    if not LOWEST_TIME <= item.expected_seconds <= HIGHEST_TIME:
        yield faults.TIME_OUT_OF_RANGE.found_in(
            item, found=item.expected_seconds, least=LOWEST_TIME, most=HIGHEST_TIME
        )
    chance = chance_level(item)
    if not chance < item.difficulty.p < 1:
        yield faults.DIFFICULTY_OUT_OF_RANGE.found_in(item, found=item.difficulty.p, chance=chance)
    fitted = item.calibration
    if fitted and not (fitted.a > 0 and 0 <= fitted.c < 1):
        yield faults.CALIBRATION_OUT_OF_RANGE.found_in(item, slope=fitted.a, asymptote=fitted.c)


def _check_explanation(item: Item, model: SkillModel) -> Iterator[Finding]:
    if not item.explanation.text:
        yield faults.NO_EXPLANATION.found_in(item)
    if item.type in OPTION_TYPES:
        silent = [o.id for o in item.options if not item.explanation.option_notes.get(o.id)]
        if silent:
            yield faults.OPTIONS_WITHOUT_NOTE.found_in(item, options=", ".join(silent))
    if not item.source:
        yield faults.NO_SOURCE.found_in(item)


def chance_level(item: Item) -> Decimal:
    """Probability of full marks by blind guessing: the lower asymptote c of the item.

    A multiple-choice guess is uniform over the 25 sets of two to four out of five options that
    the instruction allows (item writing rules, section 4.4); an order over all orders; a match
    over all ways to give each option a target. What is typed is not guessed.
    """
    match item.type:
        case ItemType.SINGLE:
            return Decimal("0.25")
        case ItemType.MULTIPLE:
            return Decimal("0.04")
        case ItemType.TRUE_FALSE:
            return Decimal("0.5")
        case ItemType.ORDER:
            return Decimal(1) / factorial(len(item.options))
        case ItemType.MATCH:
            return Decimal(1) / Decimal(max(1, len(item.targets))) ** len(item.options)
        case _:
            return Decimal(0)


_CHECKS: tuple[Check, ...] = (
    check_key,
    check_options,
    check_markup,
    _check_stem,
    _check_numeric,
    _check_tags,
    _check_measurement,
    _check_explanation,
)
