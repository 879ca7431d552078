"""Regular expressions of XML Schema, and the ones that would make other matchers run away."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.qti.patterns import UnreadablePattern, matches


@pytest.mark.parametrize(
    ("pattern", "fits", "fails"),
    [
        (r"abc", ["abc"], ["ab", "abcd", ""]),
        (r"a|bc", ["a", "bc"], ["ac"]),
        (r"(ab)*c?", ["", "abab", "ababc", "c"], ["abc c", "aba"]),
        (r"[a-c\-]{2,3}", ["ab", "a-c"], ["a", "abca"]),
        (r"[^0-9]+", ["ab"], ["a1", ""]),
        (r"\d{1,}", ["7", "077"], ["", "a"]),
        (r"\p{Lu}\p{L}*", ["Wort"], ["wort"]),
        (r"\p{IsCJKUnifiedIdeographs}+", ["电子商务"], ["abc"]),
        (r"[a-z-[aeiou]]+", ["xyz"], ["abc"]),
        (r"^\s*12\.5$", ["  12.5"], ["12,5"]),
        (r"(?:x|y)+?", ["xyx"], ["z"]),
        (r"a.c", ["abc"], ["a\nc"]),
        (r"\i\c*", ["_a-1"], ["1a"]),
        (r"", [""], ["a"]),
    ],
)
def test_whole_text_is_matched(pattern: str, fits: list[str], fails: list[str]) -> None:
    assert all(matches(pattern, text) for text in fits)
    assert not any(matches(pattern, text) for text in fails)


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        "a)",
        "[",
        "*a",
        "a{2",
        r"\p{Xx}",
        "(?=a)",
        r"\1",
        "a{9999}",
        "(" * 40,
        "x" * 3000,
        "[z-a]",
    ],
)
def test_pattern_outside_the_dialect_is_refused(pattern: str) -> None:
    with pytest.raises(UnreadablePattern):
        matches(pattern, "a")


def test_nested_repetitions_do_not_run_away() -> None:
    assert not matches("(a*)*b", "a" * 2000)
    assert not matches("(a|a|a)*b", "a" * 2000)


def test_explosion_of_counts_is_refused() -> None:
    with pytest.raises(UnreadablePattern):
        matches("((a{100}){100}){100}", "a")


@settings(deadline=None)
@given(st.text("ab()|*+?[]{}^-\\d1,", max_size=12), st.text("ab1", max_size=6))
def test_any_pattern_is_matched_or_refused(pattern: str, text: str) -> None:
    try:
        matches(pattern, text)
    except UnreadablePattern:
        return


@settings(deadline=None)
@given(st.from_regex(r"[ab](\*|\+|\?|\|[ab])?[ab]{0,2}", fullmatch=True), st.text("ab", max_size=4))
def test_agrees_with_another_matcher_where_the_dialects_agree(pattern: str, text: str) -> None:
    assert matches(pattern, text) == bool(re.fullmatch(pattern, text))
