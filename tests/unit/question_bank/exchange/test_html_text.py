"""HTML of exchange files as Markdown: structure where Markdown has it, and no text lost."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.exchange.html_text import looks_like_html, markdown_of_html


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<p>very <b>bold </b>text</p>", "very **bold** text"),
        ("<i>x</i> <em>y</em> <strong>z</strong>", "*x* *y* **z**"),
        ("<b><p>a</p><p>b</p></b>", "a\n\nb"),
        ("<h2>Title</h2>text", "**Title**\n\ntext"),
        ("<ul><li>1<li>2<ul><li>3</ul><li>4</ul>", "- 1\n- 2\n  - 3\n- 4"),
        ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
        (
            "<table><tr><th>a<th>b|c<tr><td>1<td>2</table>after",
            "| a | b\\|c |\n|---|---|\n| 1 | 2 |\n\nafter",
        ),
        (
            "<table><tr><td colspan=2>wide</td></tr><tr><td>1<td>2</table>",
            "| wide |  |\n|---|---|\n| 1 | 2 |",
        ),
        ("<pre>  def f():\n    x\n</pre>", "```\n  def f():\n    x\n```"),
        ("use <code>a*b</code>", "use `a*b`"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
        ("<img src='a.png' alt='The [x]'>", "![The \\[x\\]](a.png)"),
        ("<img src='a b.png'>", "![](<a b.png>)"),
        ("<a href='https://x.example/y'>link</a>", "[link](https://x.example/y)"),
        ("H<sub>2</sub>O, x<sup>2</sup>, y<sup>ab</sup>", "H₂O, x², y$^{ab}$"),
        (
            "<math><mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mn>1</mn></mrow></mfrac></math>",
            "$\\frac{a}{b+1}$",
        ),
        (
            '<math><mi>q</mi><annotation encoding="application/x-tex">x^2</annotation></math>',
            "$x^2$",
        ),
        (r"<p>so \(x^2\) and $$y$$</p>", "so $x^2$ and $y$"),
        ("<p>1. not a list &amp; 5*3 &lt;b&gt;</p>", "1\\. not a list & 5\\*3 \\<b>"),
        ("<p>$5 and $6</p>", "\\$5 and \\$6"),
        ("<script>alert(1)</script><p>x</p>", "x"),
        ("<x-y>kept</x-y>", "kept"),
        ("<p>甲<b>乙</b>丙</p>", "甲**乙**丙"),
        ("plain < text & more", "plain < text & more"),
        ("", ""),
    ],
)
def test_html_becomes_markdown(html: str, markdown: str) -> None:
    assert markdown_of_html(html) == markdown


def test_picture_is_named_by_the_caller() -> None:
    html = '<img src="@@PLUGINFILE@@/a.png" alt="A">'
    assert markdown_of_html(html, lambda address: address.rsplit("/", 1)[-1]) == "![A](a.png)"


def test_table_in_a_table_is_told_once() -> None:
    html = "<table><tr><td>a<table><tr><td>inner</td></tr></table></td></tr></table>"
    assert markdown_of_html(html).count("inner") == 1


def test_nesting_too_deep_keeps_the_text() -> None:
    for depth in (70, 200, 300, 5_000):
        assert "kept" in markdown_of_html("<div>" * depth + "kept" + "</div>" * depth)


@pytest.mark.parametrize(("text", "is_html"), [("a<b", False), ("<p>", True), ("&nbsp;", True)])
def test_html_is_told_from_plain_text(text: str, is_html: bool) -> None:
    assert looks_like_html(text) == is_html


@given(text=st.text(max_size=200))
def test_any_text_gives_markdown(text: str) -> None:
    markdown_of_html(text)
    markdown_of_html(f"<p>{text}</p>")


@given(
    words=st.lists(st.sampled_from(["a", "<b>", "</b>", "<td>", "<li>", "甲", "<p>", "</table>"]))
)
def test_words_are_never_lost(words: list[str]) -> None:
    kept = [word for word in words if not word.startswith("<")]
    assert re.findall("[a甲]", markdown_of_html(" ".join(words))) == kept
