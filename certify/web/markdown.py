"""Markdown of items as safe HTML: one renderer for pages and for the interface.

CommonMark with tables; no raw HTML, no links, no pictures. What leaves here passed an allow-list
as well, so that a fault of the Markdown parser cannot put a script into an exam page.
"""

from __future__ import annotations

from functools import cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

INLINE_TAGS = frozenset({"br", "code", "em", "strong"})
BLOCK_TAGS = INLINE_TAGS | {
    "blockquote",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
}


@cache
def parser() -> MarkdownIt:
    # A single line break is kept: in Chinese text it must not become a blank.
    rules = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
    return rules.disable(["link", "image", "autolink", "reference", "heading", "lheading"])


def render_markdown(source: str) -> Markup:
    """Paragraphs, lists, tables and code of an item's stem or explanation."""
    html = parser().render(source)
    return Markup(nh3.clean(html, tags=set(BLOCK_TAGS), attributes={}))  # noqa: S704


def render_inline(source: str) -> Markup:
    """One line, such as an option: emphasis and code, without a paragraph around it."""
    html = parser().renderInline(source)
    return Markup(nh3.clean(html, tags=set(INLINE_TAGS), attributes={}))  # noqa: S704
