"""Operators on texts."""

from collections.abc import Mapping

from question_bank.qti.expressions.operands import Operands, Operator, referred, text
from question_bank.qti.patterns import MOST_WORK, UnreadablePattern, matched
from question_bank.qti.session import ItemSession
from question_bank.qti.tree import Node
from question_bank.qti.values import Value, boolean, is_null, write_scalar

LONGEST_MATCHED = 20_000
"""Characters of a text that patterns look at; beyond it the result is NULL."""
STATES_PER_WORK = 20
"""States of a pattern that are as much work as one evaluation."""


def _pair(operands: Operands) -> tuple[str, str] | None:
    if len(operands) != 2:
        return None
    found = [_written(operand) for operand in operands]
    return None if found[0] is None or found[1] is None else (found[0], found[1])


def _written(value: Value | None) -> str | None:
    if value is None or is_null(value) or len(value.items) != 1:
        return None
    return write_scalar(value.items[0])


def _string_match(operands: Operands, node: Node, _session: ItemSession) -> Value | None:
    pair = _pair(operands)
    if pair is None:
        return None
    first, second = pair
    if not node.flag("case-sensitive", default=True):
        first, second = first.casefold(), second.casefold()
    return boolean(second in first if node.flag("substring") else first == second)


def _substring(operands: Operands, node: Node, _session: ItemSession) -> Value | None:
    """Whether the first text stands in the second."""
    pair = _pair(operands)
    if pair is None:
        return None
    part, whole = pair
    if not node.flag("case-sensitive", default=True):
        part, whole = part.casefold(), whole.casefold()
    return boolean(part in whole)


def _pattern_match(operands: Operands, node: Node, session: ItemSession) -> Value | None:
    """Whether the whole text fits the pattern, in the dialect of XML Schema."""
    held = _written(operands[0]) if operands else None
    if held is None or len(held) > LONGEST_MATCHED:
        return None
    pattern = node.get("pattern")
    if pattern.startswith("{") and pattern.endswith("}"):
        pattern = text(referred(pattern, session)) or pattern
    try:
        fits, visited = matched(pattern, held)
    except UnreadablePattern:
        session.charge(MOST_WORK // STATES_PER_WORK)
        session.note(f"pattern {pattern[:80]}")
        return None
    session.charge(visited // STATES_PER_WORK)
    return boolean(fits)


TEXTS: Mapping[str, Operator] = {
    "string-match": _string_match,
    "substring": _substring,
    "pattern-match": _pattern_match,
}
