"""Where the right options stand on a paper: each letter about equally often, no long runs (OP4).

Options that are amounts, and true and false, keep the author's order; their letters are given,
and the others are chosen around them. Depends on the seed alone.
"""

import random
from collections import Counter
from collections.abc import Sequence

from certify.exams.form import is_laid_out_by_author, option_order
from question_bank.answer_key import ChoiceKey
from question_bank.item import Item, ItemType

LETTERS = "ABCDEFGHIJ"
LONGEST_RUN = 3
LEAST_SHARE, MOST_SHARE = 0.2, 0.3
"""Of each letter among the single-choice items with four options."""
ARRANGEMENTS = 60
"""Tries at an arrangement without a long run; the best of them is taken."""
SHUFFLES = 12
"""Orders of a multiple-choice item's options among which the most even one is taken."""


def key_letters(item: Item, order: Sequence[str]) -> str:
    """The letters of the right options in this order, such as `AC`; empty without a choice."""
    key = item.answer_key
    if not isinstance(key, ChoiceKey):
        return ""
    return "".join(LETTERS[at] for at, option in enumerate(order) if option in key.correct)


def longest_run(letters: Sequence[str]) -> int:
    """How many equal letters stand in a row at most."""
    longest = run = 0
    for at, letter in enumerate(letters):
        run = run + 1 if at and letters[at - 1] == letter else 1
        longest = max(longest, run)
    return longest


def balanced_orders(items: Sequence[Item], seed: str) -> list[tuple[str, ...]]:
    """The order of each item's options, for items in the order of the paper."""
    orders = [option_order(item, seed, at) for at, item in enumerate(items)]
    singles = [at for at, item in enumerate(items) if item.type is ItemType.SINGLE]
    letters = _arranged(
        [_given_letter(items[at], orders[at]) for at in singles],
        [len(items[at].options) for at in singles],
        random.Random(f"{seed}/letters"),  # noqa: S311 - a layout, and reproducible
    )
    for at, letter in zip(singles, letters, strict=True):
        orders[at] = _with_key_at(items[at], orders[at], letter)
    return _with_even_multiples(items, orders, seed)


def _given_letter(item: Item, order: Sequence[str]) -> str:
    """The letter that the author's order fixes, or none."""
    is_fixed = is_laid_out_by_author(item) or not item.shuffle
    return key_letters(item, order) if is_fixed else ""


def _with_key_at(item: Item, order: tuple[str, ...], letter: str) -> tuple[str, ...]:
    key = item.answer_key
    if not isinstance(key, ChoiceKey) or not letter:
        return order
    right = [option for option in order if option in key.correct]
    others = [option for option in order if option not in key.correct]
    place = LETTERS.index(letter)
    return (*others[:place], *right, *others[place:])


def _arranged(given: Sequence[str], sizes: Sequence[int], source: random.Random) -> list[str]:
    """A letter for every single-choice item; of several tries the one with the shortest run."""
    best: list[str] = list(given)
    shortest = len(given) + 1
    for _ in range(ARRANGEMENTS):
        letters = _try(given, sizes, source)
        run = longest_run(letters)
        if run < shortest:
            best, shortest = letters, run
        if shortest <= LONGEST_RUN:
            break
    return best


def _try(given: Sequence[str], sizes: Sequence[int], source: random.Random) -> list[str]:
    """Letters from first to last: the rarest so far that makes no run, by lot among equals."""
    totals = Counter(letter for letter in given if letter)
    letters = list(given)
    free = [at for at, letter in enumerate(given) if not letter]
    quota = _quota(totals, [sizes[at] for at in free], source)
    for at in free:
        allowed = [x for x in LETTERS[: sizes[at]] if quota[x]] or list(LETTERS[: sizes[at]])
        calm = [x for x in allowed if longest_run(_around(letters, at, x)) <= LONGEST_RUN]
        chosen = source.choices(calm or allowed, [max(quota[x], 1) for x in calm or allowed])[0]
        letters[at] = chosen
        quota[chosen] -= quota[chosen] > 0
    return letters


def _around(letters: Sequence[str], at: int, letter: str) -> list[str]:
    """The neighbourhood in which a run through this place would show."""
    before = list(letters[max(0, at - LONGEST_RUN) : at])
    after = list(letters[at + 1 : at + 1 + LONGEST_RUN])
    # places not decided yet differ from everything
    return [x or f"?{n}" for n, x in enumerate([*before, letter, *after])]


def _quota(totals: Counter[str], sizes: Sequence[int], source: random.Random) -> Counter[str]:
    """How often each letter is still to be given, so that all totals come as near as can be."""
    counts, quota = Counter(totals), Counter[str]()
    for size in sorted(sizes):
        lowest = min(counts[x] for x in LETTERS[:size])
        letter = source.choice([x for x in LETTERS[:size] if counts[x] == lowest])
        counts[letter] += 1
        quota[letter] += 1
    return quota


def _with_even_multiples(
    items: Sequence[Item], orders: list[tuple[str, ...]], seed: str
) -> list[tuple[str, ...]]:
    """Letters of multiple-choice keys as even as a dozen shuffles of each item allow (MC4)."""
    counts: Counter[str] = Counter()
    for at, item in enumerate(items):
        if item.type is not ItemType.MULTIPLE:
            continue
        tries = [option_order(item, f"{seed}/{n}", at) for n in range(SHUFFLES)]
        orders[at] = min(tries, key=lambda order: _unevenness(counts, key_letters(item, order)))
        counts.update(key_letters(item, orders[at]))
    return orders


def _unevenness(counts: Counter[str], letters: str) -> int:
    return sum((counts[x] + (x in letters)) ** 2 for x in LETTERS)
