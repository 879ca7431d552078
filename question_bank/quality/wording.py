"""Forms of wording that confuse or give the answer away, item by item."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from question_bank.answer_key import ChoiceKey
from question_bank.interactions import read_number
from question_bank.item import Item, ItemType, Option
from question_bank.quality import rules
from question_bank.quality.report import AuditFinding

NEGATIVE = re.compile(
    r"不正确|不属于|不包括|不符合|不恰当|不合适|不应当?|不宜|不可以|错误的|除外|有误"
)
MARKED_NEGATIVE = re.compile(r"\*\*[^*]*(不|错误|除外|有误|无)[^*]*\*\*|<u>[^<]*(不|错误)[^<]*</u>")
ASKING = re.compile(r"下列|以下|哪|（　　）")
DOUBLE_NEGATIVE = re.compile(
    r"并非不|不是不|不能不|不得不|不会不|无不|没有不|不无|非不|不可能不|不应不"
    r"|不(?:正确|属于|符合|恰当)[^，。；？]{0,12}(?:不正确|不属于|不符合|不恰当|错误)的"
)
ABSOLUTE = re.compile(r"一定|绝不|绝对|从不|永远|任何情况|所有的?|只要|完全不|唯一|必然|毫无")
STATEMENT_ABSOLUTE = re.compile(r"一定|绝不|绝对|从不|永远|任何情况|必然|毫无|只有[^，。]*才")
HEDGE = re.compile(r"一般|通常|可能|往往|大多|适当|合理")
FULL_WIDTH = re.compile(r"[０-９Ａ-Ｚａ-ｚ％]+")
STRAIGHT_QUOTE = re.compile(r"[\u4e00-\u9fff，。][\"']|[\"'][\u4e00-\u9fff]")
ECHO_LENGTH = 4
"""Characters that, shared by stem and key alone, count as a clue."""
MOST_NEGATIVE_PERCENT = 10
_AMOUNT = re.compile(r"(?:[A-Z]{3} )?(-?[\d,.]+)\s*[%a-zA-Z/³²\u4e00-\u9fff ]{0,8}")
_QUOTED = re.compile(r"“[^”]*”|《[^》]*》|\|[^\n]*\|")


def audit_wording(items: Sequence[Item]) -> Iterator[AuditFinding]:
    """Wording of each item, and the share of negative stems."""
    for item in items:
        yield from _stem(item)
        yield from _statement(item)
        yield from _options(item)
        yield from _signs(item)
    asking = [item for item in items if item.type in (ItemType.SINGLE, ItemType.MULTIPLE)]
    found, most = sum(map(is_negative, asking)), len(asking) * MOST_NEGATIVE_PERCENT // 100
    if found > most:
        yield rules.NEGATIVE_SHARE.in_place("bank", found=found, items=len(asking), most=most)


def is_negative(item: Item) -> bool:
    """Whether the question asks for what does not hold."""
    return bool(NEGATIVE.search(_question(item)))


def _question(item: Item) -> str:
    """The clause that asks, without what it quotes."""
    plain = _QUOTED.sub("", item.stem)
    asking = [part for part in re.split(r"[，。；！\n]", plain) if ASKING.search(part)]
    return asking[-1] if asking and item.type is not ItemType.TRUE_FALSE else ""


def _stem(item: Item) -> Iterator[AuditFinding]:
    doubled = DOUBLE_NEGATIVE.search(_QUOTED.sub("", item.stem))
    if doubled:
        yield rules.DOUBLE_NEGATIVE.in_item(item, words=doubled.group())
    negative = NEGATIVE.search(_question(item))
    if negative and not MARKED_NEGATIVE.search(item.stem):
        yield rules.NEGATIVE_UNMARKED.in_item(item, word=negative.group())


def _statement(item: Item) -> Iterator[AuditFinding]:
    if item.type is ItemType.TRUE_FALSE:
        absolute = STATEMENT_ABSOLUTE.search(_QUOTED.sub("", item.stem))
        if absolute:
            yield rules.STATEMENT_ABSOLUTE.in_item(item, word=absolute.group())


def _options(item: Item) -> Iterator[AuditFinding]:
    key = item.answer_key
    if not isinstance(key, ChoiceKey) or item.type is ItemType.TRUE_FALSE or not item.options:
        return
    right = [option for option in item.options if option.id in key.correct]
    wrong = [option for option in item.options if option.id not in key.correct]
    absolutes = _found_in(ABSOLUTE, wrong)
    if len(absolutes) > 1 and not _found_in(ABSOLUTE, right):
        yield rules.ABSOLUTE_IN_DISTRACTORS.in_item(item, words="、".join(sorted(set(absolutes))))
    hedges = _found_in(HEDGE, right)
    if item.type is ItemType.SINGLE and hedges and not _found_in(HEDGE, wrong):
        yield rules.HEDGE_IN_KEY.in_item(item, word=hedges[0])
    if item.type is ItemType.SINGLE and right:
        yield from _echo(item, right[0], wrong)
    yield from _kinds(item)


def _echo(item: Item, right: Option, wrong: Sequence[Option]) -> Iterator[AuditFinding]:
    for start in range(len(right.text) - ECHO_LENGTH + 1):
        words = right.text[start : start + ECHO_LENGTH]
        if not re.fullmatch(r"[\u4e00-\u9fff]+", words) or words not in item.stem:
            continue
        if not any(words in option.text for option in wrong):
            yield rules.ECHO_IN_KEY.in_item(item, words=words)
            return


def _kinds(item: Item) -> Iterator[AuditFinding]:
    values = [_leading_number(option.text) for option in item.options]
    numbers = [value for value in values if value is not None]
    if 0 < len(numbers) < len(values) and len(numbers) >= len(values) - 1:
        yield rules.MIXED_KINDS.in_item(item, numbers=len(numbers), options=len(values))
    if len(numbers) == len(values) and any(a > b for a, b in pairwise(numbers)):
        yield rules.NUMBERS_UNORDERED.in_item(item)
    stops = {option.text.rstrip().endswith("。") for option in item.options}
    if len(stops) > 1:
        yield rules.MIXED_ENDINGS.in_item(item)


def _leading_number(text: str) -> Decimal | None:
    """The number of an option such as `13%`, `200 元` or `USD 8.33`."""
    found = re.fullmatch(
        r"(?:[A-Z]{3} )?(-?[\d,.]+)\s*[%a-zA-Z/³²\u4e00-\u9fff ]{0,8}", text.strip()
    )
    return read_number(found.group(1)) if found else None


def _signs(item: Item) -> Iterator[AuditFinding]:
    texts = [item.stem, *(option.text for option in (*item.options, *item.targets))]
    joined = "\n".join(texts)
    wide = FULL_WIDTH.search(joined)
    if wide:
        yield rules.FULL_WIDTH_SIGNS.in_item(item, found=wide.group())
    if STRAIGHT_QUOTE.search(joined):
        yield rules.STRAIGHT_QUOTES.in_item(item)


def _found_in(pattern: re.Pattern[str], options: Sequence[Option]) -> list[str]:
    return [match.group() for option in options if (match := pattern.search(option.text))]
