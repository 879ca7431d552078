"""The key of a paper as the CSV file that bulk grading reads: 题号, 答案, 分值, 题型.

Blanks are lines of their own (7.1, 7.2) and share the item's points equally. What is ordered or
matched is written as one string of letters and keyed as a text. An essay has no line: people mark
it. What this changes against scoring on a screen is told by `notes`.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from certify.exams.fixed_forms.form import ExamForm, FormItem
from certify.exams.fixed_forms.key_letters import LETTERS, key_letters
from question_bank.answer_key import (
    AcceptedAnswer,
    BlanksKey,
    ChoiceKey,
    MatchKey,
    NumericKey,
    OrderKey,
)
from question_bank.interactions import read_number
from question_bank.item import Item, ItemType
from question_bank.scoring import ScoringRule

HEADING = ("题号", "答案", "分值", "题型")
TYPE_WORDS = {
    ItemType.SINGLE: "单选题",
    ItemType.MULTIPLE: "多选题",
    ItemType.TRUE_FALSE: "判断题",
    ItemType.NUMERIC: "数值题",
}
TEXT_WORD = "填空题"
TRUE_WORD, FALSE_WORD = "对", "错"


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One line; `question` is the number on the paper, with the blank's after a point."""

    question: str
    answer: str
    points: Fraction
    type_word: str


@dataclass(frozen=True, slots=True)
class KeyNotes:
    """Numbers of the items whose paper scoring differs: `by_hand` have no line at all.

    `blanks_apart` were all or nothing; `rule_dropped` had a scoring rule that a key cannot say.
    """

    by_hand: tuple[int, ...] = ()
    blanks_apart: tuple[int, ...] = ()
    rule_dropped: tuple[int, ...] = ()


def key_table(form: ExamForm, items: Sequence[Item]) -> bytes:
    """The file, UTF-8 with BOM, for items in the order of the form."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADING)
    for line in key_lines(form, items):
        writer.writerow((line.question, line.answer, points_text(line.points), line.type_word))
    return text.getvalue().encode("utf-8-sig")


def key_lines(form: ExamForm, items: Sequence[Item]) -> Iterator[KeyLine]:
    """The lines in the order of the paper."""
    for entry, item in zip(form.items, items, strict=True):
        yield from _lines(entry, item)


def key_notes(form: ExamForm, items: Sequence[Item]) -> KeyNotes:
    """Where bulk grading with this key differs from the item's own scoring."""
    by_hand, apart, dropped = [], [], []
    for entry, item in zip(form.items, items, strict=True):
        key, rule = item.answer_key, item.scoring.rule
        if not list(_lines(entry, item)):
            by_hand.append(entry.number)
        elif isinstance(key, BlanksKey) and len(key.blanks) > 1:
            if rule is ScoringRule.ALL_OR_NOTHING:
                apart.append(entry.number)
        elif rule is not ScoringRule.ALL_OR_NOTHING:
            dropped.append(entry.number)
    return KeyNotes(tuple(by_hand), tuple(apart), tuple(dropped))


def points_text(points: Fraction) -> str:
    """As a decimal where it has at most six places, else as a fraction."""
    scaled = points * 10**6
    if scaled.denominator != 1:
        return f"{points.numerator}/{points.denominator}"
    return f"{Decimal(scaled.numerator).scaleb(-6).normalize():f}"


def _lines(entry: FormItem, item: Item) -> Iterator[KeyLine]:
    number, points = str(entry.number), entry.points
    match item.answer_key:
        case ChoiceKey() as key if item.type is ItemType.TRUE_FALSE:
            word = TRUE_WORD if "true" in key.correct else FALSE_WORD
            yield KeyLine(number, word, points, TYPE_WORDS[item.type])
        case ChoiceKey():
            letters = key_letters(item, entry.option_order)
            yield KeyLine(number, letters, points, TYPE_WORDS[item.type])
        case NumericKey() as key:
            share = abs(key.value) if key.relative else Decimal(1)
            answer = _number(key.value, key.tolerance * share)
            yield KeyLine(number, answer, points, TYPE_WORDS[ItemType.NUMERIC])
        case BlanksKey(blanks):
            each = points / len(blanks)
            for at, blank in enumerate(blanks, 1):
                label = f"{number}.{at}" if len(blanks) > 1 else number
                yield _blank_line(label, [one for one in blank.accepted if one.share == 1], each)
        case OrderKey(sequence):
            letters = "".join(LETTERS[entry.option_order.index(one)] for one in sequence)
            yield KeyLine(number, letters, points, TEXT_WORD)
        case MatchKey(pairs):
            yield KeyLine(number, match_letters(entry, dict(pairs)), points, TEXT_WORD)


def match_letters(entry: FormItem, partners: dict[str, str]) -> str:
    """The letter of each option's partner, in the order of the options; - for one without."""
    return "".join(
        LETTERS[entry.target_order.index(partners[option])] if option in partners else "-"
        for option in entry.option_order
    )


def _blank_line(label: str, accepted: Sequence[AcceptedAnswer], points: Fraction) -> KeyLine:
    """Numbers only where every answer is one: a key line has one type."""
    if accepted and all(one.tolerance is not None for one in accepted):
        texts = [
            _number(read_number(one.text) or Decimal(0), one.tolerance or Decimal(0))
            for one in accepted
        ]
        return KeyLine(label, "/".join(texts), points, TYPE_WORDS[ItemType.NUMERIC])
    texts = [one.text.replace("/", "\\/") for one in accepted]
    return KeyLine(label, "/".join(texts), points, TEXT_WORD)


def _number(value: Decimal, tolerance: Decimal) -> str:
    return f"{value:f}±{tolerance.normalize():f}" if tolerance else f"{value:f}"
