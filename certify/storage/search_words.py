"""Words of a text as both databases index and look them up; the same rule for both sides.

Chinese is written without blanks, and its words have mostly two characters: each run of Chinese
is indexed by its overlapping pairs, and its last character alone, so that a search for a single
character finds it as the beginning of a pair. Everything else is indexed by whole words and found
by their beginnings.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from operator import add

HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"(?P<han>[{HAN}]+)|[^\W_{HAN}]+")
LONGEST_WORD = 64
MOST_WORDS = 12_000
"""Words of one text that are indexed: PostgreSQL counts positions up to 16,383."""


def folded(text: str) -> str:
    """Full-width forms as their plain ones, and without regard to case."""
    return unicodedata.normalize("NFKC", text).casefold()


def split_words(text: str) -> list[str]:
    """The words to index, in the order of the text."""
    words: list[str] = []
    for run in _RUN.finditer(folded(text)):
        written = run[0]
        if run["han"]:
            words += map(add, written, written[1:])
            words.append(written[-1])
        else:
            words.append(written[:LONGEST_WORD])
        if len(words) >= MOST_WORDS:
            return words[:MOST_WORDS]
    return words


def wanted_phrases(text: str) -> list[tuple[tuple[str, ...], bool]]:
    """What a search asks for: phrases that all must occur, and whether each ends openly.

    Chinese of two characters or more is a phrase of its pairs. Words joined by signs, such as
    01-003, are one phrase; its last word may go on. Empty where nothing can be looked up.
    """
    phrases: list[tuple[tuple[str, ...], bool]] = []
    for part in folded(text).split():
        joined: list[str] = []
        for run in _RUN.finditer(part):
            written = run[0]
            if not run["han"]:
                joined.append(written[:LONGEST_WORD])
                continue
            phrases += _open_phrase(joined)
            joined = []
            pairs = tuple(written[at : at + 2] for at in range(len(written) - 1))
            phrases.append((pairs, False) if pairs else ((written,), True))
        phrases += _open_phrase(joined)
    return phrases


def _open_phrase(words: Iterable[str]) -> Iterator[tuple[tuple[str, ...], bool]]:
    together = tuple(words)
    if together:
        yield together, True
