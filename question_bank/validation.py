"""What is wrong with an item before anybody sits it. Errors forbid a release, warnings advise.

Rule codes follow the item writing rules (ST, OP, MC, TF, NU). Statistics over a whole bank
(key balance, near-duplicates) belong to the quality audit.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from question_bank.formulas import evaluate_formula, round_half_up
from question_bank.interactions import CHOICE_RULES
from question_bank.item import ChoiceKey, Item, ItemType, NumericKey
from question_bank.response_processing import within_tolerance
from question_bank.skills import SkillModel, level_rank


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with one item: where, what, and what to do."""

    severity: Severity
    item_id: str
    rule: str
    message: str


Check = Callable[[Item, SkillModel], Iterator[tuple[Severity, str, str]]]
FORBIDDEN_OPTIONS = re.compile(r"以上(都|均|皆)|以上选项|都不对|全部正确")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:?!][\u4e00-\u9fff]")
LONGEST_TO_SHORTEST = Decimal("1.5")
LONGEST_TO_SHORTEST_WHEN_SHORT = Decimal(2)
SHORT_OPTION = 6
LOWEST_TIME, HIGHEST_TIME = 10, 900
MOST_DECIMALS = 10


def validate_bank(items: Iterable[Item], model: SkillModel) -> list[Finding]:
    """Findings of every item, and references between items that lead nowhere."""
    everything = list(items)
    known = {item.id for item in everything}
    findings = [finding for item in everything for finding in validate_item(item, model)]
    for item in everything:
        for enemy in item.enemies:
            if enemy not in known:
                message = f"enemy item {enemy} does not exist; correct or remove the reference"
                findings.append(Finding(Severity.WARNING, item.id, "1.3", message))
    return findings


def validate_item(item: Item, model: SkillModel) -> list[Finding]:
    """Findings of one item, errors first."""
    findings = [
        Finding(severity, item.id, rule, message)
        for check in _CHECKS
        for severity, rule, message in check(item, model)
    ]
    return sorted(findings, key=lambda finding: finding.severity is not Severity.ERROR)


def _check_key(item: Item, model: SkillModel) -> Iterator[tuple[Severity, str, str]]:
    if item.answer_key is None:
        yield Severity.ERROR, "KEY", "no answer key; mark what is right"
        return
    rule = CHOICE_RULES.get(item.type)
    if isinstance(item.answer_key, ChoiceKey) != (rule is not None):
        yield Severity.ERROR, "KEY", f"the key does not fit the type {item.type}; key it again"
        return
    if rule is None or not isinstance(item.answer_key, ChoiceKey):
        return
    known = {option.id for option in item.options}
    if not item.answer_key.correct <= known:
        yield Severity.ERROR, "KEY", "the key names an option that does not exist; correct the key"
    count = len(item.answer_key.correct)
    if not rule.fewest_correct <= count <= rule.most_correct:
        expected = f"{rule.fewest_correct} to {rule.most_correct}"
        yield Severity.ERROR, "MC1", f"expected {expected} right options, found {count}"


def _check_options(item: Item, model: SkillModel) -> Iterator[tuple[Severity, str, str]]:
    rule = CHOICE_RULES.get(item.type)
    if rule is None:
        return
    texts = ["".join(option.text.split()).casefold() for option in item.options]
    if len(texts) < 2:
        yield Severity.ERROR, "OP1", f"expected {rule.options} options, found {len(texts)}"
        return
    if len(texts) != rule.options:
        yield Severity.WARNING, "OP1", f"expected {rule.options} options, found {len(texts)}"
    if not all(texts):
        yield Severity.ERROR, "OP1", "an option is empty; write it or remove it"
    if len(set(texts)) < len(texts):
        yield Severity.ERROR, "OP1", "two options say the same; change one of them"
    if len({option.id for option in item.options}) < len(texts):
        yield Severity.ERROR, "OP1", "two options have the same id; rename one of them"
    if any(FORBIDDEN_OPTIONS.search(text) for text in texts):
        yield Severity.ERROR, "OP6", "an option refers to the other options; write a real option"
    shortest, longest = min(map(len, texts)), max(map(len, texts))
    limit = LONGEST_TO_SHORTEST_WHEN_SHORT if shortest < SHORT_OPTION else LONGEST_TO_SHORTEST
    if item.type is not ItemType.TRUE_FALSE and shortest and longest > limit * shortest:
        yield (
            Severity.WARNING,
            "OP2",
            f"options of {shortest} to {longest} characters; make their lengths alike",
        )


def _check_stem(item: Item, model: SkillModel) -> Iterator[tuple[Severity, str, str]]:
    if not item.stem:
        yield Severity.ERROR, "ST1", "the stem is empty; write the question"
    if HALF_WIDTH.search(item.stem):
        yield Severity.WARNING, "7.8", "half-width punctuation in Chinese text; use full width"


def _check_numeric(item: Item, model: SkillModel) -> Iterator[tuple[Severity, str, str]]:
    key = item.answer_key
    if not isinstance(key, NumericKey):
        return
    if key.tolerance < 0 or not 0 <= key.decimals <= MOST_DECIMALS:
        message = f"tolerance must be 0 or more and decimals 0 to {MOST_DECIMALS}; correct them"
        yield Severity.ERROR, "NU2", message
        return
    yield from _check_formula(key)
    for wrong in item.explanation.wrong_answers:
        if within_tolerance(wrong.value, key):
            message = f"the named wrong answer {wrong.value} would be marked right; correct it"
            yield Severity.ERROR, "NU3", message


def _check_formula(key: NumericKey) -> Iterator[tuple[Severity, str, str]]:
    if not key.formula:
        return
    try:
        expected = round_half_up(evaluate_formula(key.formula), key.decimals)
    except ValueError as error:
        yield Severity.ERROR, "NU3", f"the formula is {error}; use numbers and + - * / ** ( )"
        return
    if expected != key.value:
        yield Severity.ERROR, "NU3", f"the formula gives {expected}, the key says {key.value}"


def _check_tags(item: Item, model: SkillModel) -> Iterator[tuple[Severity, str, str]]:
    node = model.nodes[item.node]
    if item.level not in node.levels:
        message = f"node {node.code} is not asked at level {item.level}; choose another level"
        yield Severity.ERROR, "TAG", message
    if item.dimension not in node.weights:
        message = f"node {node.code} has no weight on dimension {item.dimension}; correct the tag"
        yield Severity.ERROR, "TAG", message
    if item.type is ItemType.TRUE_FALSE and level_rank(item.level) == level_rank("elite"):
        yield Severity.WARNING, "TF4", "true/false is for the two lower levels; use another type"


def _check_measurement(item: Item, model: SkillModel) -> Iterator[tuple[Severity, str, str]]:
    if not LOWEST_TIME <= item.expected_seconds <= HIGHEST_TIME:
        message = f"expected time {item.expected_seconds} s; give {LOWEST_TIME} to {HIGHEST_TIME} s"
        yield Severity.ERROR, "TIME", message
    chance = chance_level(item)
    if not chance < item.difficulty.p < 1:
        message = f"difficulty {item.difficulty.p}; give a share between {chance} (chance) and 1"
        yield Severity.ERROR, "DIF", message
    fitted = item.calibration
    if fitted and not (fitted.a > 0 and 0 <= fitted.c < 1):
        message = f"slope {fitted.a}, asymptote {fitted.c}; calibrate again (a > 0, 0 <= c < 1)"
        yield Severity.ERROR, "CAL", message


def _check_explanation(item: Item, model: SkillModel) -> Iterator[tuple[Severity, str, str]]:
    if not item.explanation.text:
        yield Severity.WARNING, "EXP", "no explanation; say why the key is right"
    if item.type in (ItemType.SINGLE, ItemType.MULTIPLE):
        silent = [o.id for o in item.options if not item.explanation.option_notes.get(o.id)]
        if silent:
            yield Severity.WARNING, "EXP", f"options without a note: {', '.join(silent)}"
    if not item.source:
        yield Severity.WARNING, "SRC", "no source; name the instrument or knowledge point"


def chance_level(item: Item) -> Decimal:
    """Probability of a right answer by blind guessing: the lower asymptote c of the item.

    A multiple-choice guess is uniform over the 25 sets of two to four out of five options that
    the instruction allows (item writing rules, section 4.4).
    """
    return {
        ItemType.SINGLE: Decimal("0.25"),
        ItemType.MULTIPLE: Decimal("0.04"),
        ItemType.TRUE_FALSE: Decimal("0.5"),
        ItemType.NUMERIC: Decimal(0),
    }[item.type]


_CHECKS: tuple[Check, ...] = (
    _check_key,
    _check_options,
    _check_stem,
    _check_numeric,
    _check_tags,
    _check_measurement,
    _check_explanation,
)
