"""Lines end where Chinese print lets them end."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from certify.papers.formula_text import formula_runs
from certify.papers.line_breaking import CLOSING, OPENING, Line, break_lines
from certify.papers.text_runs import LINE_BREAK, TextRun, plain_text


def measure(text: str, scale: float) -> float:
    """Chinese characters are an em of ten points, Latin ones a half."""
    return sum(10 if ord(c) > 0x2000 else 5 for c in text) * scale


def broken(text: str, limit: float = 100.0) -> list[str]:
    return [words(line) for line in break_lines([TextRun(text)], measure, 10, limit)]


def words(line: Line) -> str:
    return "".join(piece.text for piece in line.pieces)


def test_chinese_breaks_between_characters_and_latin_between_words() -> None:
    assert broken("一二三四五六七八九十甲乙") == ["一二三四五六七八九十", "甲乙"]
    assert broken("一二三四五六七八 export data") == ["一二三四五六七八", "export data"]


def test_closing_signs_begin_no_line_and_opening_signs_end_none() -> None:
    assert broken("一二三四五六七八九十。甲") == ["一二三四五六七八九", "十。甲"]
    assert broken("一二三四五六七八九（甲乙）") == ["一二三四五六七八九", "（甲乙）"]


def test_a_number_and_its_percent_sign_stay_together() -> None:
    assert broken("一二三四五六七八九20%") == ["一二三四五六七八九", "20%"]


def test_air_stands_between_chinese_and_latin_and_is_no_character() -> None:
    (line,) = break_lines([TextRun("用FOB价")], measure, 10, 100)
    assert words(line) == "用FOB价"
    assert line.width == 20 + 15 + 2 * 1.4


def test_a_forced_break_starts_a_line() -> None:
    lines = break_lines([TextRun("甲"), LINE_BREAK, TextRun("乙")], measure, 10, 100)
    assert [words(line) for line in lines] == ["甲", "乙"]
    assert [line.is_last for line in lines] == [True, True]


def test_a_word_longer_than_a_line_is_cut() -> None:
    assert "".join(broken("a" * 100)) == "a" * 100


@settings(max_examples=300, deadline=None)
@given(st.text("一二三，。（）“”abcXYZ 0129%/", max_size=80), st.integers(60, 300))
def test_no_character_is_lost_and_no_line_begins_or_ends_wrongly(text: str, limit: int) -> None:
    lines = broken(text, limit)
    assert "".join("".join(lines).split()) == "".join(text.split())
    if " " in text:
        return  # a blank may part a sign from its word
    for former, line in pairwise(lines):
        assert line[0] not in CLOSING
        assert former[-1] not in OPENING


def test_formulas_become_text() -> None:
    def text(latex: str) -> str:
        return plain_text(formula_runs(latex))

    assert text(r"\frac{a}{b}") == "a/b"
    assert text(r"\frac{1+r}{\sqrt{n}}") == "(1 + r)/(√n)"
    assert text(r"\text{毛利率} = \frac{\text{毛利}}{\text{销售额}} \times 100\%") == (
        "毛利率 = 毛利/销售额 × 100%"
    )
    assert text(r"\unknown x") == "unknownx"
    assert text("{" * 400) == ""
    assert [run.rise > 0 for run in formula_runs("x^2_{i}")] == [False, True, False]
