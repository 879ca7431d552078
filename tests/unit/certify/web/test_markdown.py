"""Stems are rendered, and nothing that a browser would run or load comes through."""

from __future__ import annotations

import re

import pytest

from certify.web.markdown import BLOCK_TAGS, render_inline, render_markdown

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](http://tracker.example/p.png)",
    "[open](javascript:alert(1))",
    "<http://tracker.example>",
    '<p style="position:fixed">',
    "[a]: http://tracker.example\n\n[a]",
)


@pytest.mark.parametrize("source", HOSTILE)
def test_nothing_active_comes_through(source: str) -> None:
    for html in (render_markdown(source), render_inline(source)):
        for tag, attributes in re.findall(r"<(\w+)([^>]*)>", html):
            assert tag in BLOCK_TAGS
            assert not attributes


def test_a_table_is_a_table() -> None:
    html = render_markdown("看下表：\n\n| 甲 | 乙 |\n|---|--:|\n| 1 | 2 |")
    assert "<table>" in html
    assert "<td>2</td>" in html


def test_a_line_break_does_not_become_a_blank() -> None:
    assert "<br>" in render_markdown("第一行\n第二行")


def test_an_option_is_one_line() -> None:
    assert render_inline("spring_expo 与 `video`") == "spring_expo 与 <code>video</code>"


def test_comparisons_stay_readable() -> None:
    assert render_markdown("若 a < b 且 b > c") == "<p>若 a &lt; b 且 b &gt; c</p>\n"
