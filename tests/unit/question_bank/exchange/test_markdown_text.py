"""Plain text as Markdown: shown as it stands, and read back as it stood."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from question_bank.exchange.markdown_text import (
    markdown_of_plain,
    plain_of_markdown,
    without_marks,
)

#: Characters that mean something in Markdown, and a few that do not.
LINES = st.text("ab1.*_`[]()<>!-+#~|\\ 是（，:=&$;", max_size=12).map(str.strip)
TEXTS = st.lists(LINES.filter(bool), max_size=3).map("\n".join)
RULES = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])


def shown(markdown: str) -> str:
    out = RULES.render(markdown).replace("<br />\n", "\n")
    return html.unescape(re.sub(r"^<p>|</p>\n$", "", out))


@given(text=TEXTS)
def test_text_is_shown_as_it_stands(text: str) -> None:
    assert shown(markdown_of_plain(text)) == text


@given(text=TEXTS)
def test_text_comes_back(text: str) -> None:
    assert plain_of_markdown(markdown_of_plain(text)) == text


@pytest.mark.parametrize(
    "text", ["Who is there?", "the answer is _____ .", "空格 ____ 处", "a < b", "100 $", "A & B"]
)
def test_everyday_text_stays_as_it_is(text: str) -> None:
    assert markdown_of_plain(text) == text


@pytest.mark.parametrize(
    "markdown", ["**b**", "- a\n- b", "$x$ and $y$", "![x](y.png)", "| a |\n|-|"]
)
def test_markup_is_no_plain_text(markdown: str) -> None:
    assert plain_of_markdown(markdown) is None
    assert without_marks(markdown) == markdown


def test_escaped_text_is_written_without_its_marks() -> None:
    assert without_marks("5\\*3") == "5*3"
