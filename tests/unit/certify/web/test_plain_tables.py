"""Cells of tables to keep: nothing that a spreadsheet would run, and numbers that stay numbers."""

from __future__ import annotations

import pytest

from certify.web.plain_tables import guarded


@pytest.mark.parametrize(
    "cell", ["=1+1", "+86 138", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "-", "-1.2.3"]
)
def test_a_formula_is_made_text(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "林晓雨", "12.5", "-2.31", "-4", "-1e-05", "a=b"])
def test_words_and_numbers_stay(cell: str) -> None:
    assert guarded(cell) == cell
