"""Words of texts: pairs of Chinese, whole Latin words, and what a search asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certify.storage.search_words import MOST_WORDS, split_words, wanted_phrases


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("转化率", ["转化", "化率", "率"]),
        ("率", ["率"]),
        ("CTR提升3.5%", ["ctr", "提升", "升", "3", "5"]),
        ("ＲＯＩ", ["roi"]),
        ("utm_source", ["utm", "source"]),
        ("01-003", ["01", "003"]),
        ("，。！", []),
        ("Café ÄÖ", ["café", "äö"]),
        ("𠮷野家", ["𠮷野", "野家", "家"]),
    ],
)
def test_a_text_is_split_into_words(text: str, words: list[str]) -> None:
    assert split_words(text) == words


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("转化率", [(("转化", "化率"), False)]),
        ("转", [(("转",), True)]),
        ("转化 ROI", [(("转化",), False), (("roi",), True)]),
        ("01-003", [(("01", "003"), True)]),
        ("ROI提升", [(("roi",), True), (("提升",), False)]),
        ("%", []),
        ("' OR \\", [(("or",), True)]),
    ],
)
def test_a_search_asks_for_phrases(text: str, phrases: list[tuple[tuple[str, ...], bool]]) -> None:
    assert wanted_phrases(text) == phrases


def test_a_very_long_text_is_indexed_from_its_beginning() -> None:
    assert len(split_words("转化" * MOST_WORDS)) == MOST_WORDS


@given(st.text())
def test_words_hold_letters_and_digits_only(text: str) -> None:
    words = split_words(text) + [word for phrase, _ in wanted_phrases(text) for word in phrase]
    assert all(word.isalnum() or not word.isascii() for word in words)
    assert not any(sign in word for word in words for sign in " '\"\\:&|!()*¶")
