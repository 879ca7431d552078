"""Stems are rendered, and nothing that a browser would run or load comes through."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from certify.web.markdown import ATTRIBUTES, BLOCK_TAGS, render_inline, render_markdown

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](http://tracker.example/p.png)",
    "[open](javascript:alert(1))",
    "<http://tracker.example>",
    '<p style="position:fixed">',
    "[a]: http://tracker.example\n\n[a]",
    r"$\text{<img src=x onerror=alert(1)>}$",
    r"$\text{</math><script>alert(1)</script>}$",
    r"$\href{javascript:alert(1)}{x}$",
    "![x](//tracker.example/p.png)",
)


def pictures(name: str) -> str | None:
    return {"chart.png": "/pictures/1", "evil.png": "//tracker.example/p"}.get(name)


@pytest.mark.parametrize("source", HOSTILE)
def test_nothing_active_comes_through(source: str) -> None:
    for html in (render_markdown(source), render_inline(source)):
        for tag, attributes in re.findall(r"<(\w+)([^>]*)>", html):
            assert tag in BLOCK_TAGS
            assert attributes in ("", ' display="inline"')


def test_a_table_is_a_table() -> None:
    html = render_markdown("看下表：\n\n| 甲 | 乙 |\n|---|--:|\n| 1 | 2 |")
    assert "<table>" in html
    assert '<td class="align-right">2</td>' in html
    assert html.startswith('<p>看下表：</p>\n<div class="table-scroll" tabindex="0"><table>')


def test_a_line_break_does_not_become_a_blank() -> None:
    assert "<br>" in render_markdown("第一行\n第二行")


def test_an_option_is_one_line() -> None:
    assert render_inline("spring_expo 与 `video`") == "spring_expo 与 <code>video</code>"


def test_comparisons_stay_readable() -> None:
    assert render_markdown("若 a < b 且 b > c") == "<p>若 a &lt; b 且 b &gt; c</p>\n"


@given(st.text(alphabet="$\\{}^_&%|<>[]!()ab1 \n—中 frac", max_size=60))
def test_whatever_is_typed_can_be_shown(source: str) -> None:
    html = render_markdown(source, pictures, {"1": Markup("<b>blank</b>")})
    for tag, attributes in re.findall(r"<(\w+)([^>]*)>", html.replace("<b>", "")):
        assert tag in BLOCK_TAGS
        assert set(re.findall(r'(\w+)="', attributes)) <= ATTRIBUTES.get(tag, set())


@pytest.mark.parametrize(
    "source",
    ["US$5", "$5 和 $10", "$5，$8", "售价 $ 未知", r"价 \$5$", "从$5到$10", "($5~$8)", "$$"],
)
def test_money_is_no_formula(source: str) -> None:
    assert "<math" not in render_markdown(source)
    assert "$" in render_markdown(source)


def test_a_formula_becomes_mathml() -> None:
    html = render_markdown(r"点击率 $\frac{a}{b}$，即\n$$\nx^2 \times 100\%\n$$")
    assert '<math display="inline"><mrow><mfrac>' in html
    assert '<math display="block"><mrow><msup>' in html
    assert "<mfrac>" in render_inline(r"$\frac{a}{b}$")


@pytest.mark.parametrize("source", [r"$\left($", "$" + "{" * 100 + "$", "$" + "x" * 501 + "$"])
def test_a_formula_that_cannot_be_read_stays_as_written(source: str) -> None:
    assert f"<code>{source[1:-1]}</code>" in render_markdown(source)


def test_only_pictures_of_the_item_are_shown_and_each_has_its_words() -> None:
    html = render_markdown('![销量 "图"](chart.png) ![别处](other.png) ![坏](evil.png)', pictures)
    assert '<img src="/pictures/1" alt="销量 &quot;图&quot;" loading="lazy">' in html
    assert "<em>别处</em>" in html
    assert "tracker" not in html


def test_blanks_stand_at_their_marks_once_each() -> None:
    blanks = {"1": Markup("<input 1>"), "b_2": Markup("<input 2>"), "3": Markup("<input 3>")}
    html = render_markdown("甲 {{1}}，乙 {{ b_2 }}，再 {{1}}，`{{3}}`，{{9}}", None, blanks)
    assert html.count("<input 1>") == html.count("<input 2>") == html.count("<input 3>") == 1
    assert html.startswith("<p>甲 <input 1>，乙 <input 2>，再 ，")
    assert html.endswith("{{9}}</p>\n<p><input 3></p>")


def test_signs_of_the_private_use_area_name_no_blank() -> None:
    html = render_markdown("\ue0000\ue001 {{1}}", None, {"1": Markup("<input>")})
    assert html == "<p>0 <input></p>\n"
