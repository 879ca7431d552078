"""Markdown of items as safe HTML: one renderer for pages and for the interface.

CommonMark with tables, formulas and the pictures of the item; no raw HTML, no links. What leaves
here passed an allow-list as well, so that a fault of the Markdown parser or of the formula library
cannot put a script into an exam page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import unquote

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markupsafe import Markup

from certify.web.formulas import (
    FORMULA,
    MATHML_ATTRIBUTES,
    MATHML_TAGS,
    formula_html,
    take_formula,
)
from question_bank.interactions import BLANK_MARK

INLINE_TAGS = frozenset({"br", "code", "em", "img", "strong"}) | MATHML_TAGS
BLOCK_TAGS = INLINE_TAGS | {
    "blockquote",
    "div",
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
ATTRIBUTES: dict[str, set[str]] = {
    "div": {"class", "tabindex"},
    "img": {"src", "alt", "loading"},
    "th": {"class"},
    "td": {"class"},
    **MATHML_ATTRIBUTES,
}
CLASSES = frozenset({"table-scroll", "align-center", "align-right"})
OWN_ADDRESS = re.compile(r"/[^/\\]")
"""A path of this server; `//host` would be another one."""
PLACES = re.compile("\ue000(\\d+)\ue001")
"""Where a blank stands while the text is rendered: signs of the private use area."""
PRIVATE_USE = re.compile("[\ue000-\uf8ff]")

Pictures = Callable[[str], str | None]
"""The address of a picture by its name in the item; None for a name that the item does not hold."""


def render_markdown(
    source: str,
    pictures: Pictures | None = None,
    blanks: Mapping[str, Markup] | None = None,
) -> Markup:
    """Paragraphs, lists, tables, formulas and code of an item's stem or explanation.

    `blanks` stand at their marks in the text; one whose mark is inside code follows the text.
    """
    names = list(blanks or ())
    html = _parser().render(PRIVATE_USE.sub("", source), _environment(pictures, names))
    return _fill(_clean(html, BLOCK_TAGS), names, blanks or {})


def render_inline(source: str, pictures: Pictures | None = None) -> Markup:
    """One line, such as an option: emphasis, formulas and code, without a paragraph around it."""
    html = _parser().renderInline(PRIVATE_USE.sub("", source), _environment(pictures, ()))
    return Markup(_clean(html, INLINE_TAGS))  # noqa: S704


@cache
def _parser() -> MarkdownIt:
    # A single line break is kept: in Chinese text it must not become a blank.
    rules = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
    rules.disable(["link", "autolink", "reference", "heading", "lheading"])
    rules.inline.ruler.before("escape", "formula", take_formula)
    rules.inline.ruler.before("escape", "blank", _take_blank)
    for name, rule in _RENDERING.items():
        rules.add_render_rule(name, rule)
    return rules


def _environment(pictures: Pictures | None, blanks: Sequence[str]) -> dict[str, Any]:
    return {"pictures": pictures or (lambda name: None), "blanks": blanks}


def _clean(html: str, tags: frozenset[str]) -> str:
    return nh3.clean(html, tags=set(tags), attributes=ATTRIBUTES, attribute_filter=_only_ours)


def _only_ours(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "src":
        return value if OWN_ADDRESS.match(value) else None
    if attribute == "class":
        return value if value in CLASSES else None
    return value


def _take_blank(state: StateInline, silent: bool) -> bool:
    names = state.env.get("blanks", ())
    found = BLANK_MARK.match(state.src, state.pos)
    if not found or found[1] not in names:
        return False
    if not silent:
        state.push("blank", "", 0).content = f"\ue000{names.index(found[1])}\ue001"
    state.pos = found.end()
    return True


def _fill(html: str, names: Sequence[str], blanks: Mapping[str, Markup]) -> Markup:
    """The clean text with each blank once; a second mark of the same blank stays empty."""
    missing = dict(blanks)

    def filling(found: re.Match[str]) -> str:
        return missing.pop(names[int(found[1])], Markup(""))

    filled = PLACES.sub(filling, html)
    rest = Markup("").join(Markup("<p>{}</p>").format(blank) for blank in missing.values())
    return Markup(filled) + rest  # noqa: S704 - clean, and the blanks are markup of ours


# --- rules of the renderer: they write what the allow-list above lets through -----------------


def _picture(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    token = tokens[index]
    words = self.renderInlineAsText(token.children, options, env)
    address = env["pictures"](unquote(str(token.attrs.get("src", ""))))
    if address is None:
        return f"<em>{escapeHtml(words)}</em>"
    source, alternative = escapeHtml(address), escapeHtml(words)
    return f'<img src="{source}" alt="{alternative}" loading="lazy">'


def _formula(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return formula_html(tokens[index].content, tokens[index].markup == "$$")


def _blank(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return tokens[index].content


def _table_open(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return '<div class="table-scroll" tabindex="0"><table>\n'


def _table_close(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return "</table></div>\n"


def _cell_open(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """The alignment as a class: the content policy allows no style attribute."""
    style = str(tokens[index].attrs.get("style", ""))
    sides = [side for side in ("center", "right") if side in style]
    named = f' class="align-{sides[0]}"' if sides else ""
    return f"<{tokens[index].tag}{named}>"


_RENDERING: Mapping[str, Callable[..., str]] = {
    "image": _picture,
    FORMULA: _formula,
    "blank": _blank,
    "table_open": _table_open,
    "table_close": _table_close,
    "th_open": _cell_open,
    "td_open": _cell_open,
}
