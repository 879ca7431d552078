"""Near-duplicates by shared character n-grams: exact, without comparing every pair.

Similarity is Jaccard's: shared n-grams over all n-grams of both texts. Two texts of similarity t
or more share at least one of the rarest |x| - ceil(t |x|) + 1 n-grams of each (prefix filtering:
Chaudhuri, Ganti, Kaushik 2006), so only pairs that meet there are compared.
"""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil

from question_bank.answer_key import BlanksKey, ChoiceKey, NumericKey
from question_bank.item import Item
from question_bank.quality import rules
from question_bank.quality.report import AuditFinding, AuditRule

SIZE = 3
"""Characters of an n-gram."""
ALIKE = Fraction(85, 100)
"""Stem and key together: one item written twice (item writing rules, section 12)."""
SIMILAR = Fraction(70, 100)
"""Stems alone: two items of the same making."""


def audit_duplicates(items: Sequence[Item]) -> Iterator[AuditFinding]:
    """Pairs of items too alike; enemies, which never meet in a form, may have similar stems."""
    whole = [n_grams(_stem_and_key(item)) for item in items]
    reported = set()
    for first, second, similarity in similar_pairs(whole, ALIKE):
        reported.add((first, second))
        yield _pair(rules.NEAR_DUPLICATE, items[first], items[second], similarity)
    stems = [n_grams(item.stem) for item in items]
    for first, second, similarity in similar_pairs(stems, SIMILAR):
        item, other = items[first], items[second]
        if (first, second) not in reported and other.id not in item.enemies:
            yield _pair(rules.SIMILAR_STEM, item, other, similarity)


def similar_pairs(
    sets: Sequence[frozenset[str]], threshold: Fraction
) -> Iterator[tuple[int, int, Fraction]]:
    """All pairs of places (lower first) whose Jaccard similarity reaches the threshold."""
    frequency = Counter(gram for grams in sets for gram in grams)
    holders: dict[str, list[int]] = defaultdict(list)
    for second, grams in enumerate(sets):
        rarest = sorted(grams, key=lambda gram: (frequency[gram], gram))
        prefix = rarest[: len(grams) - ceil(threshold * len(grams)) + 1]
        for first in sorted({place for gram in prefix for place in holders[gram]}):
            shared = len(sets[first] & grams)
            similarity = Fraction(shared, len(sets[first]) + len(grams) - shared)
            if similarity >= threshold:
                yield first, second, similarity
        for gram in prefix:
            holders[gram].append(second)


def n_grams(text: str) -> frozenset[str]:
    """Runs of three characters of a text without blanks, punctuation, width and case."""
    plain = "".join(
        character
        for character in unicodedata.normalize("NFKC", text).casefold()
        if character.isalnum() or character in "%."
    )
    return frozenset(plain[start : start + SIZE] for start in range(max(0, len(plain) - SIZE + 1)))


def _pair(rule: AuditRule, item: Item, other: Item, similarity: Fraction) -> AuditFinding:
    return rule.in_item(other, other=item.id, percent=int(similarity * 100))


def _stem_and_key(item: Item) -> str:
    case = item.stimulus.id if item.stimulus else ""
    return f"{case}{item.stem}{_key_text(item)}"


def _key_text(item: Item) -> str:
    match item.answer_key:
        case ChoiceKey(correct=correct):
            return "".join(option.text for option in item.options if option.id in correct)
        case NumericKey(value=value):
            return str(value)
        case BlanksKey(blanks=blanks):
            return "".join(answer.text for blank in blanks for answer in blank.accepted)
        case _:
            return "".join(option.text for option in (*item.options, *item.targets))
