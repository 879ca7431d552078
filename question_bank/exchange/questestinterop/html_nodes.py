r"""HTML of exchange files -> XHTML as an element tree that QTI 3.0 allows.

What QTI does not know gives its content; scripts, styles and event handlers are gone. Formulas that
Canvas draws as pictures become text between \( \).
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote

import lxml.html
from lxml import etree

from question_bank.exchange.html_text import looks_like_html
from question_bank.exchange.markdown_nodes import FORMULA_CLASS, UNWRITABLE
from question_bank.qti.tree import MATHML, Node

Parts = tuple[Node | str, ...]
DEEPEST = 60
BLOCKS = frozenset(
    (
        *("address", "blockquote", "div", "dl", "hr", "ol", "p", "pre", "table", "ul"),
        *("h1", "h2", "h3", "h4", "h5", "h6"),
    )
)
KEPT = BLOCKS | frozenset(
    (
        *("a", "abbr", "b", "big", "br", "caption", "cite", "code", "col", "colgroup", "dd"),
        *("dt", "em", "i", "img", "kbd", "li", "q", "s", "samp", "small", "span", "strong"),
        *("sub", "sup", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "var", "del"),
    )
)
SILENT = frozenset(("script", "style", "head", "title", "template", "link", "meta", "noscript"))
ATTRIBUTES = frozenset(("src", "alt", "href", "colspan", "rowspan", "width", "height", "lang"))
_MATH_ATTRIBUTES = frozenset(("display", "open", "close", "encoding", "mathvariant"))
_FILE_BASE = re.compile(r"^[$]?(%24|\$)?IMS[-_]CC[-_]FILEBASE(%24|\$)/*(\.\./)*", re.IGNORECASE)


def html_parts(html: str) -> Parts:
    """The elements and texts of a piece of HTML; never raises."""
    html = UNWRITABLE.sub("", html)
    if not looks_like_html(html):
        return (html,) if html.strip() else ()
    parser = lxml.html.HTMLParser(no_network=True, remove_pis=True, encoding="utf-8")
    try:
        root = lxml.html.document_fromstring(f"<div>{html}</div>".encode(), parser=parser)
    except (etree.LxmlError, ValueError):
        return (re.sub(r"<[^>]*>", " ", html),)
    return tuple(_merged(_children(root, 0)))


def file_address(address: str) -> str:
    """The address of a file without the signs with which Common Cartridge says `here`."""
    found = _FILE_BASE.match(address)
    if found is None:
        return address
    return unquote(address[found.end() :].partition("?")[0])


def _children(element: etree._Element, depth: int) -> Iterator[Node | str]:
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str):
            yield from _element(child, depth + 1)
        yield child.tail or ""


def _element(element: etree._Element, depth: int) -> Iterator[Node | str]:
    tag = element.tag.rpartition("}")[2].rpartition(":")[2].lower()
    if tag in SILENT:
        return
    if depth > DEEPEST:
        yield "".join(element.itertext())
    elif tag == "math":
        yield _math(element, depth)
    elif tag == "img" and (element.get("data-equation-content") or "").strip():
        formula = element.get("data-equation-content").strip()
        yield Node("span", {"class": FORMULA_CLASS}, (rf"\({formula}\)",))
    elif tag in KEPT:
        yield Node(tag, _attributes(element), tuple(_merged(_children(element, depth))))
    else:
        yield from _children(element, depth)


def _attributes(element: etree._Element) -> dict[str, str]:
    kept = {name: value for name, value in element.attrib.items() if name in ATTRIBUTES}
    for name in ("src", "href"):
        if name in kept:
            kept[name] = file_address(UNWRITABLE.sub("", kept[name]))
            if kept[name].strip().lower().startswith(("javascript:", "vbscript:")):
                del kept[name]
    if element.tag == "img":
        kept.setdefault("alt", "")
    return kept


def _math(element: etree._Element, depth: int) -> Node:
    tag = element.tag.rpartition("}")[2].rpartition(":")[2].lower()
    kept = {name: value for name, value in element.attrib.items() if name in _MATH_ATTRIBUTES}
    inner: list[Node | str] = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and depth < DEEPEST:
            inner.append(_math(child, depth + 1))
        inner.append(child.tail or "")
    return Node(tag, kept, tuple(_merged(inner)), MATHML)


def _merged(parts: "Iterator[Node | str] | list[Node | str]") -> list[Node | str]:
    merged: list[Node | str] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part != "":
            merged.append(part)
    return merged


def in_blocks(parts: Parts) -> tuple[Node, ...]:
    """The same content with every text inside of a block; blanks between blocks are left out."""
    blocks: list[Node] = []
    loose: list[Node | str] = []

    def close() -> None:
        if any(isinstance(part, Node) or part.strip() for part in loose):
            blocks.append(Node("p", {}, tuple(loose)))
        loose.clear()

    for part in parts:
        if isinstance(part, Node) and is_block(part):
            close()
            blocks.append(part)
        else:
            loose.append(part)
    close()
    return tuple(blocks)


def is_block(node: Node) -> bool:
    """Whether an element stands on its own rather than within a line."""
    if node.name in BLOCKS or node.name in _BLOCK_INTERACTIONS:
        return True
    return node.name.endswith("-interaction") and node.name not in _INLINE_INTERACTIONS


_INLINE_INTERACTIONS = ("qti-text-entry-interaction", "qti-inline-choice-interaction")
_BLOCK_INTERACTIONS = ("qti-rubric-block", "qti-feedback-block")
