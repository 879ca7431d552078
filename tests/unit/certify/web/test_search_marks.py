"""What was searched is marked, and nothing of a stem becomes markup."""

from __future__ import annotations

import pytest

from certify.web.search_marks import LONGEST, is_elsewhere, marked_stem, marked_words


def test_the_beginning_is_shown_where_nothing_was_searched() -> None:
    assert marked_stem("题" * 80, "") == "题" * LONGEST + "…"


def test_a_match_far_back_is_shown_with_what_stands_around_it() -> None:
    shown = marked_stem("前" * 100 + "关税" + "后" * 100, "关税")
    assert "<mark>关税</mark>" in shown
    assert shown.startswith("…前")
    assert shown.endswith("后…")


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        ("fob", "<mark>FOB</mark>价含运费吗？"),
        ("FOB 运费", "<mark>FOB</mark>价含<mark>运费</mark>吗？"),
        ("FOB价", "<mark>FOB</mark><mark>价</mark>含运费吗？"),
        ("？", "FOB价含运费吗？"),
    ],
)
def test_each_word_is_marked_whatever_its_case(wanted: str, shown: str) -> None:
    assert marked_words("FOB价含运费吗？", wanted) == shown


def test_markup_in_stem_and_search_is_text() -> None:
    assert "<b>" not in marked_stem("<b>粗</b>", "b")
    assert "<mark>b</mark>" in marked_stem("<b>粗</b>", "b")


def test_a_match_in_none_of_the_texts_is_elsewhere() -> None:
    assert is_elsewhere("关税", "运费？", "01-001")
    assert not is_elsewhere("关税", "关税？")
    assert not is_elsewhere("", "运费？")
