r"""Markdown of items -> XHTML as an element tree, for the formats that carry XHTML.

The counterpart of `html_text`: what that reads back is the Markdown that was written. Formulas go
out between \( \), as text that other programs typeset and readers understand.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from question_bank.interactions import BLANK_MARK
from question_bank.qti.tree import Node

FORMULA_CLASS = "math-tex"
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 has no way to write."""
_OPENING = re.compile(r"\$\$|\$(?=\S)")

BlankWriter = Callable[[str], "Node | None"]
"""The element for the blank of an id; None where the item has no such blank."""
Parts = tuple[Node | str, ...]


def block_nodes(markdown: str, blank: BlankWriter | None = None) -> tuple[Node, ...]:
    """Paragraphs, lists and tables. Text never stands outside of a block."""
    tokens = _parser().parse(UNWRITABLE.sub("", markdown))
    return tuple(part for part in _Builder(blank).build(tokens) if isinstance(part, Node))


def inline_nodes(markdown: str) -> Parts:
    """The parts of one paragraph without the paragraph around; several blocks stay blocks."""
    blocks = block_nodes(markdown)
    if len(blocks) == 1 and blocks[0].name == "p":
        return blocks[0].children
    return blocks


@cache
def _parser() -> MarkdownIt:
    rules = MarkdownIt("commonmark", {"html": False, "breaks": True})
    rules.enable(["table", "strikethrough"])
    rules.disable(["heading", "lheading", "autolink"])
    rules.inline.ruler.before("escape", "formula", _take_formula)
    rules.inline.ruler.before("escape", "blank", _take_blank)
    return rules


def _take_blank(state: StateInline, silent: bool) -> bool:
    found = BLANK_MARK.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        token = state.push("blank", "", 0)
        token.content, token.markup = found[1], found[0]
    state.pos = found.end()
    return True


def _take_formula(state: StateInline, silent: bool) -> bool:
    """`$…$` and `$$…$$`, but not sums of money: no blank inside the signs, no letter around."""
    found = _OPENING.match(state.src, state.pos)
    if found is None:
        return False
    sign, start = found[0], found.end()
    end = _closing(state.src, start, sign)
    before = state.src[state.pos - 1] if state.pos else ""
    if end is None or (before.isascii() and before.isalnum()):
        return False
    if not silent:
        token = state.push("formula", "", 0)
        token.content, token.markup = state.src[start:end], sign
    state.pos = end + len(sign)
    return True


def _closing(source: str, start: int, sign: str) -> int | None:
    """Where a formula ends; None where the sign is one of money."""
    end = source.find(sign, start)
    while end > start:
        after = source[end + len(sign) : end + len(sign) + 1]
        if sign == "$$" or not (source[end - 1].isspace() or (after.isascii() and after.isalnum())):
            return end if source[end - 1] != "\\" else None
        end = source.find(sign, end + 1)
    return None


class _Builder:
    """Turns the flat list of tokens into a tree."""

    def __init__(self, blank: BlankWriter | None) -> None:
        self._blank = blank

    def build(self, tokens: Sequence[Token]) -> list[Node | str]:
        """The parts that the tokens make, in order."""
        parts: list[Node | str] = []
        outer: list[tuple[Token, list[Node | str]]] = []
        for token in tokens:
            if token.nesting == 1:
                outer.append((token, parts))
                parts = []
            elif token.nesting == -1:
                opening, before = outer.pop()
                parts = [*before, *_element(opening, parts)]
            else:
                parts.extend(self._leaf(token))
        return _joined(parts)

    def _leaf(self, token: Token) -> Iterator[Node | str]:
        match token.type:
            case "inline":
                yield from self.build(token.children or ())
            case "text":
                yield token.content
            case "softbreak" | "hardbreak":
                yield Node("br")
            case "code_inline":
                yield Node("code", {}, (token.content,))
            case "fence" | "code_block":
                yield Node("pre", {}, (Node("code", {}, (token.content.rstrip("\n"),)),))
            case "image":
                yield _picture(token)
            case "formula":
                yield _formula(token)
            case "blank":
                yield (self._blank and self._blank(token.content)) or token.markup
            case "hr":
                yield Node("hr")
            case _:
                yield token.content


def _element(opening: Token, inner: list[Node | str]) -> list[Node | str]:
    if opening.hidden:
        return inner  # the paragraph of a tight list
    attributes = {"href": str(opening.attrs["href"])} if "href" in opening.attrs else {}
    return [Node(opening.tag, attributes, tuple(inner))]


def _joined(parts: Sequence[Node | str]) -> list[Node | str]:
    """Neighbouring texts as one, empty ones left out."""
    joined: list[Node | str] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        elif part != "":
            joined.append(part)
    return joined


def _picture(token: Token) -> Node:
    words = "".join(child.content for child in token.children or ())
    return Node("img", {"src": unquote(str(token.attrs.get("src", ""))), "alt": words})


def _formula(token: Token) -> Node:
    opened, closed = _FENCES[token.markup]
    return Node("span", {"class": FORMULA_CLASS}, (f"{opened}{token.content.strip()}{closed}",))


_FENCES: Mapping[str, tuple[str, str]] = {"$": (r"\(", r"\)"), "$$": (r"\[", r"\]")}
