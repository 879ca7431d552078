"""How much there is to read, against the length wanted and the time given."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from question_bank.item import Item
from question_bank.quality import rules
from question_bank.quality.report import AuditFinding

LONGEST_STEM = 150
"""Characters of a single item's stem, tables apart (context of 60 and the question, doubled)."""
LONGEST_STIMULUS = 250
"""Characters of a case, tables apart (item writing rules ST2)."""
CHARACTERS_PER_SECOND = Decimal(8)
"""Silent reading of Chinese, about 480 characters a minute: a quick but not a hasty reader."""
STIMULUS_SHARED_BY = 3
"""Items over which the reading of a case is spread."""
_TABLE = re.compile(r"^\s*\|.*$", re.MULTILINE)
_MARKUP = re.compile(r"[*|#`\s-]+")


def audit_reading(items: Sequence[Item]) -> Iterator[AuditFinding]:
    """Stems and cases too long, and items whose text takes most of their time."""
    cases = set()
    for item in items:
        stem = _length(_TABLE.sub("", item.stem))
        if stem > LONGEST_STEM:
            yield rules.STEM_LONG.in_item(item, found=stem, most=LONGEST_STEM)
        case = item.stimulus
        if case and case.id not in cases:
            cases.add(case.id)
            length = _length(_TABLE.sub("", case.text))
            if length > LONGEST_STIMULUS:
                yield rules.STIMULUS_LONG.in_item(item, found=length, most=LONGEST_STIMULUS)
        needed = reading_seconds(item)
        if needed > item.expected_seconds:
            yield rules.READING_TIME.in_item(item, needed=needed, given=item.expected_seconds)


def reading_seconds(item: Item) -> int:
    """Seconds to read stem and options once, and a share of the case."""
    options = (*item.options, *item.targets)
    own = _length(item.stem) + sum(_length(option.text) for option in options)
    shared = _length(item.stimulus.text) if item.stimulus else 0
    return int((own + Decimal(shared) / STIMULUS_SHARED_BY) / CHARACTERS_PER_SECOND)


def _length(text: str) -> int:
    return len(_MARKUP.sub("", text))
