"""Validation of an item's key and options: there, of the right kind, and in agreement."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from question_bank import findings as faults
from question_bank.answer_key import (
    AnswerKey,
    Blank,
    BlanksKey,
    ChoiceKey,
    EssayKey,
    MatchKey,
    NumericKey,
    OrderKey,
)
from question_bank.findings import Finding
from question_bank.interactions import BLANK_MARK, CHOICE_RULES
from question_bank.item import Item, ItemType, Option
from question_bank.scoring import ScoringRule
from question_bank.skills import SkillModel

KEY_TYPES: Mapping[ItemType, type[AnswerKey]] = {
    ItemType.SINGLE: ChoiceKey,
    ItemType.MULTIPLE: ChoiceKey,
    ItemType.TRUE_FALSE: ChoiceKey,
    ItemType.NUMERIC: NumericKey,
    ItemType.FILL_IN: BlanksKey,
    ItemType.ORDER: OrderKey,
    ItemType.MATCH: MatchKey,
    ItemType.ESSAY: EssayKey,
}
_COUNTING = (ScoringRule.ALL_OR_NOTHING, ScoringRule.PARTIAL, ScoringRule.PER_OPTION)
RULES: Mapping[ItemType, tuple[ScoringRule, ...]] = {
    ItemType.SINGLE: (*_COUNTING, ScoringRule.MAPPED),
    ItemType.MULTIPLE: (*_COUNTING, ScoringRule.MAPPED),
    ItemType.TRUE_FALSE: (*_COUNTING, ScoringRule.MAPPED),
    ItemType.FILL_IN: (*_COUNTING, ScoringRule.MAPPED),
    ItemType.MATCH: (*_COUNTING, ScoringRule.MAPPED),
    ItemType.ORDER: (*_COUNTING, ScoringRule.PRECEDENCE),
}
"""The rules by which a type can be scored; the others are scored by none of them."""
FORBIDDEN_OPTIONS = re.compile(r"以上(都|均|皆)|以上选项|都不对|全部正确")
LONGEST_TO_SHORTEST = Decimal("1.5")
LONGEST_TO_SHORTEST_WHEN_SHORT = Decimal(2)
SHORT_OPTION = 6
FEWEST_PARTS = 3
"""Options of an item to be ordered or matched."""


def check_key(item: Item, model: SkillModel) -> Iterator[Finding]:
    """A key there, of the type's kind, and in agreement with what the item offers."""
    if item.scoring.rule not in RULES.get(item.type, tuple(ScoringRule)):
        yield faults.RULE_OF_OTHER_TYPE.found_in(item, rule=item.scoring.rule, type=item.type)
    if item.type is ItemType.COMPOSITE:
        if not item.markup:
            yield faults.NO_KEY.found_in(item)
    elif item.answer_key is None:
        yield faults.NO_KEY.found_in(item)
    elif not isinstance(item.answer_key, KEY_TYPES[item.type]):
        yield faults.KEY_OF_OTHER_TYPE.found_in(item, type=item.type)
    else:
        yield from _check_parts_of_key(item)


def _check_parts_of_key(item: Item) -> Iterator[Finding]:
    """The key against what the item offers."""
    known = {option.id for option in item.options}
    match item.answer_key:
        case ChoiceKey(correct=correct):
            if not correct <= known:
                yield faults.KEY_NAMES_NO_OPTION.found_in(item)
            rule = CHOICE_RULES[item.type]
            if not rule.fewest_correct <= len(correct) <= rule.most_correct:
                yield faults.KEY_COUNT.found_in(
                    item, fewest=rule.fewest_correct, most=rule.most_correct, found=len(correct)
                )
        case OrderKey(sequence=sequence):
            if sorted(sequence) != sorted(option.id for option in item.options):
                yield faults.ORDER_INCOMPLETE.found_in(item)
        case MatchKey(pairs=pairs):
            targets = {target.id for target in item.targets}
            if any(option not in known or target not in targets for option, target in pairs):
                yield faults.KEY_NAMES_NO_OPTION.found_in(item)
            elif len(pairs) != len(known) or {option for option, _ in pairs} != known:
                yield faults.PAIRS_INCOMPLETE.found_in(item)
        case BlanksKey(blanks=blanks):
            yield from _check_blanks(item, blanks)


def _check_blanks(item: Item, blanks: tuple[Blank, ...]) -> Iterator[Finding]:
    marked = BLANK_MARK.findall(item.stem)
    if sorted(marked) != sorted(blank.id for blank in blanks):
        yield faults.BLANKS_DIFFER.found_in(
            item, marked=", ".join(marked) or "-", keyed=", ".join(b.id for b in blanks) or "-"
        )
    for blank in blanks:
        if not any(answer.text.strip() and answer.share == 1 for answer in blank.accepted):
            yield faults.BLANK_WITHOUT_ANSWER.found_in(item, blank=blank.id)


def check_options(item: Item, model: SkillModel) -> Iterator[Finding]:
    """Options (and targets) there, distinct and alike in length."""
    rule = CHOICE_RULES.get(item.type)
    if rule is None and item.type not in (ItemType.ORDER, ItemType.MATCH):
        return
    texts = ["".join(option.text.split()).casefold() for option in item.options]
    expected = rule.options if rule else FEWEST_PARTS
    if len(texts) < min(2, expected):
        yield faults.TOO_FEW_OPTIONS.found_in(item, expected=expected, found=len(texts))
        return
    if (rule and len(texts) != rule.options) or len(texts) < expected:
        yield faults.OTHER_OPTION_COUNT.found_in(item, expected=expected, found=len(texts))
    targets = ["".join(target.text.split()).casefold() for target in item.targets]
    yield from _check_labels(item, item.options, texts)
    yield from _check_labels(item, item.targets, targets)
    if rule and item.type is not ItemType.TRUE_FALSE:
        yield from _check_lengths(item, texts)


def _check_labels(item: Item, options: tuple[Option, ...], texts: list[str]) -> Iterator[Finding]:
    if not all(texts):
        yield faults.OPTION_EMPTY.found_in(item)
    if len(set(texts)) < len(texts):
        yield faults.OPTIONS_ALIKE.found_in(item)
    if len({option.id for option in options}) < len(texts):
        yield faults.OPTION_IDS_ALIKE.found_in(item)
    if any(FORBIDDEN_OPTIONS.search(text) for text in texts):
        yield faults.OPTION_ABOUT_OPTIONS.found_in(item)


def _check_lengths(item: Item, texts: list[str]) -> Iterator[Finding]:
    shortest, longest = min(map(len, texts)), max(map(len, texts))
    limit = LONGEST_TO_SHORTEST_WHEN_SHORT if shortest < SHORT_OPTION else LONGEST_TO_SHORTEST
    if shortest and longest > limit * shortest:
        yield faults.OPTION_LENGTHS.found_in(item, shortest=shortest, longest=longest)
