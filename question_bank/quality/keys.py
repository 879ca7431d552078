"""Balance of keys: where they stand, how long they are, how many are right.

Answers that follow a pattern, or options that give themselves away by their length, let people
score without knowing.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from question_bank.answer_key import ChoiceKey
from question_bank.interactions import CHOICE_RULES
from question_bank.item import Item, ItemType
from question_bank.quality import rules
from question_bank.quality.chance import chance_bounds
from question_bank.quality.report import AuditFinding

FEWEST_FOR_STATISTICS = 40
"""Items below which shares are not judged (item writing rules OP3)."""
LONGEST_RUN = 5
"""Equal key positions in a row, in the order of the bank; an exam draws and shuffles."""
RIGHT_OPTION_SHARES = {2: (35, 100), 3: (40, 100), 4: (25, 100)}
"""Share of multiple-choice items with so many right options (item writing rules MC1)."""


def audit_keys(items: Sequence[Item]) -> Iterator[AuditFinding]:
    """Positions, lengths and counts of the keys of a bank."""
    singles = [item for item in items if item.type is ItemType.SINGLE and len(item.options) == 4]
    fixed = [item for item in singles if _key_of(item)]
    yield from _positions(fixed)
    yield from _lengths(fixed)
    yield from _multiple([item for item in items if item.type is ItemType.MULTIPLE])
    yield from _statements([item for item in items if item.type is ItemType.TRUE_FALSE])


def _positions(items: Sequence[Item]) -> Iterator[AuditFinding]:
    places = [_key_position(item) for item in items]
    least, most = chance_bounds(len(items), 1, 4)
    for position, found in sorted(Counter(places).items()):
        if len(items) >= FEWEST_FOR_STATISTICS and not least <= found <= most:
            yield rules.KEY_POSITION.in_place(
                "bank", found=found, items=len(items), position=position, least=least, most=most
            )
    for position, run in groupby(places):
        length = len(list(run))
        if length > LONGEST_RUN:
            yield rules.KEY_RUN.in_place("bank", length=length, position=position)


def _lengths(items: Sequence[Item]) -> Iterator[AuditFinding]:
    if len(items) < FEWEST_FOR_STATISTICS:
        return
    _, most = chance_bounds(len(items), 1, 4)
    for rule, extreme in ((rules.KEY_LONGEST, max), (rules.KEY_SHORTEST, min)):
        found = sum(_stands_out(item, extreme(_option_lengths(item))) for item in items)
        if found > most:
            yield rule.in_place("bank", found=found, items=len(items), most=most)


def _multiple(items: Sequence[Item]) -> Iterator[AuditFinding]:
    if len(items) < FEWEST_FOR_STATISTICS:
        return
    letters = Counter(
        position
        for item in items
        for position, option in enumerate(item.options)
        if option.id in _key_of(item)
    )
    least, most = len(items) * 45 // 100, -(-len(items) * 75 // 100)
    for position in range(CHOICE_RULES[ItemType.MULTIPLE].options):
        if not least <= letters[position] <= most:
            yield rules.LETTER_SHARE.in_place(
                "bank",
                letter=chr(ord("A") + position),
                found=letters[position],
                items=len(items),
                least=least,
                most=most,
            )
    counts = Counter(len(_key_of(item)) for item in items)
    for right, (numerator, denominator) in RIGHT_OPTION_SHARES.items():
        low, high = chance_bounds(len(items), numerator, denominator, 1)
        if not low <= counts[right] <= high:
            yield rules.RIGHT_COUNT.in_place(
                "bank",
                found=counts[right],
                items=len(items),
                right=right,
                expected=len(items) * numerator // denominator,
            )


def _statements(items: Sequence[Item]) -> Iterator[AuditFinding]:
    found = sum("true" in _key_of(item) for item in items)
    least, most = chance_bounds(len(items), 1, 2)
    if len(items) >= FEWEST_FOR_STATISTICS and not least <= found <= most:
        yield rules.TRUE_SHARE.in_place(
            "bank", found=found, items=len(items), least=least, most=most
        )


def _key_of(item: Item) -> frozenset[str]:
    return item.answer_key.correct if isinstance(item.answer_key, ChoiceKey) else frozenset()


def _key_position(item: Item) -> int:
    correct = _key_of(item)
    return next(n for n, option in enumerate(item.options, start=1) if option.id in correct)


def _option_lengths(item: Item) -> list[int]:
    return [len(option.text) for option in item.options]


def _stands_out(item: Item, length: int) -> bool:
    """Whether the key alone has this length."""
    lengths = _option_lengths(item)
    return lengths.count(length) == 1 and lengths[_key_position(item) - 1] == length
