"""The body of an item from QTI markup as safe HTML, with its interactions as fields of a form.

Takes an element tree, never text: every tag and attribute written here comes from a list of our
own, and every text is escaped. What a browser cannot show is named on the page, in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape

from flask_babel import gettext
from markupsafe import Markup

from certify.web.formulas import MATHML_ATTRIBUTES, MATHML_TAGS
from certify.web.markdown import Pictures
from question_bank.qti.tree import MATHML, Node

Given = Mapping[str, list[str]]
"""The values given so far, by response identifier."""

KEPT = frozenset(
    (
        *("p", "div", "span", "em", "strong", "b", "i", "u", "sub", "sup", "small", "code", "pre"),
        *("blockquote", "ul", "ol", "li", "dl", "dt", "dd", "caption", "thead", "tbody", "tfoot"),
        *("tr", "th", "td", "figure", "figcaption", "ruby", "rt", "rp", "q", "cite", "abbr", "kbd"),
        *("s", "var", "samp", "dfn", "section", "article", "h3", "h4", "h5", "h6"),
    )
)
RENAMED = {"h1": "h3", "h2": "h3", "a": "span", "tt": "code", "big": "strong", "address": "p"}
"""An item has no heading above its own; it leads nowhere."""
VOID = ("br", "hr", "wbr")
SPANS = {"colspan", "rowspan"}
LEFT_OUT = frozenset(
    ("qti-stylesheet", "qti-catalog-info", "qti-companion-materials-info", "script", "style")
)
CANDIDATE = "candidate"
"""The reader for whom a part of the body is meant."""


@dataclass
class Rendering:
    """What one rendering carries along: answers and pictures in, things not shown out."""

    given: Given
    pictures: Pictures
    prefix: str = ""
    gaps: list[str] = field(default_factory=list)
    fields: int = 0

    def gap(self, what: str) -> Markup:
        """Note what cannot be shown; its place says so."""
        self.gaps.append(what)
        words = gettext("This part cannot be shown in an exam: %(part)s", part=what)
        return Markup('<p class="markup-gap">{}</p>').format(words)

    def next_field(self) -> int:
        """The number of the next interaction, from 1."""
        self.fields += 1
        return self.fields


Control = Callable[[Node, Rendering], Markup]


def render_markup(body: Node, rendering: Rendering, controls: Mapping[str, Control]) -> Markup:
    """The children of a body; `controls` render interactions by their names."""
    return Markup("").join(
        Markup(escape(child, quote=False))  # noqa: S704
        if isinstance(child, str)
        else _element(child, rendering, controls)
        for child in body.children
    )


def _element(node: Node, rendering: Rendering, controls: Mapping[str, Control]) -> Markup:
    if node.namespace == MATHML:
        return _math(node)
    if node.namespace:
        return rendering.gap(node.name)
    if node.name in controls:
        return controls[node.name](node, rendering)
    if node.name in LEFT_OUT or not is_for_candidates(node):
        return Markup("")
    if node.name in ("img", "object"):
        return picture(node, rendering)
    inner = render_markup(node, rendering, controls)
    if node.name == "table":
        return Markup('<div class="table-scroll" tabindex="0"><table>{}</table></div>').format(
            inner
        )
    return _plain_element(node, inner, rendering)


def _plain_element(node: Node, inner: Markup, rendering: Rendering) -> Markup:
    name = RENAMED.get(node.name, node.name)
    if name in VOID:
        return Markup(f"<{name}>")  # noqa: S704 - out of the list above
    if name in KEPT:
        return _tagged(name, inner, {key: node.get(key) for key in SPANS if node.get(key)})
    if name.endswith("-interaction") or name in ("audio", "video", "iframe", "embed"):
        return rendering.gap(name.removeprefix("qti-"))
    return _tagged("span" if name.endswith("-inline") else "div", inner, {})


def is_for_candidates(node: Node) -> bool:
    """Whether a part is meant for candidates; a rubric for those who mark the item is not."""
    views = node.get("view").split()
    return node.name != "qti-rubric-block" or not views or CANDIDATE in views


def picture(node: Node, rendering: Rendering) -> Markup:
    """A picture of the item with its words, or the note that it is not there."""
    address = rendering.pictures(picture_name(node))
    words = node.get("alt") or node.get("title") or node.text.strip()
    if address is None:
        return rendering.gap(picture_name(node) or node.name)
    return Markup('<img src="{}" alt="{}">').format(address, words)


def picture_name(node: Node) -> str:
    """The name under which the item holds what an element shows."""
    return (node.get("src") or node.get("data")).strip()


def _math(node: Node) -> Markup:
    if node.name not in MATHML_TAGS:
        return Markup(escape(node.text))  # noqa: S704
    inner = Markup("").join(
        Markup(escape(child, quote=False)) if isinstance(child, str) else _math(child)  # noqa: S704
        for child in node.children
    )
    allowed = MATHML_ATTRIBUTES.get(node.name, set())
    return _tagged(node.name, inner, {key: node.get(key) for key in allowed if node.get(key)})


def _tagged(name: str, inner: Markup, attributes: Mapping[str, str]) -> Markup:
    """An element; the name comes from a list of ours."""
    told = "".join(f' {key}="{escape(value)}"' for key, value in sorted(attributes.items()))
    return Markup(f"<{name}{told}>") + inner + Markup(f"</{name}>")  # noqa: S704
