"""Markdown to XHTML and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.exchange.html_text import markdown_of_html
from question_bank.exchange.markdown_nodes import block_nodes, inline_nodes
from question_bank.exchange.markup_reader import read_markup
from question_bank.qti.tree import Node, to_text
from question_bank.shipped import load_shipped_items


def markdown_again(markdown: str) -> str:
    written = to_text(Node("div", {}, block_nodes(markdown)))
    return markdown_of_html(written.split("\n", 1)[1])


@pytest.mark.parametrize(
    "markdown",
    [
        "plain 文字",
        "**bold** and *light* and `code`",
        "one\ntwo\n\nthree",
        "- a\n- b",
        "1. a\n2. b",
        "| a | b |\n|---|---|\n| 1 | **2** |",
        "![a picture](<chart 1.png>)",
        "rate $\\frac{1}{2}$ of it",
        "> said",
        "```\nx = 1\n```",
        "[words](https://example.org/a)",
        "2\\*3 and \\_x\\_",
    ],
)
def test_markdown_comes_back_as_it_was(markdown: str) -> None:
    assert markdown_again(markdown) == markdown


def test_the_shipped_texts_come_back_as_they_were() -> None:
    texts = [text for item in load_shipped_items() for text in (item.stem, item.explanation.text)]
    assert [text for text in texts if markdown_again(text) != text] == []


def test_two_links_keep_their_addresses() -> None:
    first, _, second = inline_nodes("[a](x) [b](y)")
    assert isinstance(first, Node) and isinstance(second, Node)
    assert (first.get("href"), second.get("href")) == ("x", "y")


def test_a_blank_becomes_the_element_that_is_given_for_it() -> None:
    (paragraph,) = block_nodes("by {{1}} or {{2}}", lambda name: Node(f"blank-{name}"))
    assert [node.name for node in paragraph.elements] == ["blank-1", "blank-2"]


def test_a_blank_that_nobody_knows_stays_text() -> None:
    (paragraph,) = block_nodes("by {{1}}", lambda name: None)
    assert paragraph.text == "by {{1}}"


@given(st.text(max_size=80))
def test_any_text_makes_well_formed_markup(markdown: str) -> None:
    read_markup(to_text(Node("div", {}, block_nodes(markdown))), "test")
    read_markup(to_text(Node("div", {}, inline_nodes(markdown))), "test")
