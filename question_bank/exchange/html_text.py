"""HTML of exchange files -> Markdown: the one converter of every format that carries HTML.

Emphasis, lists, tables, pictures, links, code and formulas come over, headings as bold lines;
colours, fonts and scripts do not. Text is never lost: an element we do not know gives its content.
"""

import re
from collections.abc import Callable, Iterator

import lxml.html
from lxml import etree

from question_bank.exchange.markdown_text import escaped_inline, markdown_of_plain
from question_bank.exchange.mathml_text import formula_of_mathml

DEEPEST = 60
"""Levels of nesting kept as structure; what lies deeper is kept as text."""
SILENT = frozenset({"script", "style", "head", "title", "template", "link", "meta"})
BLOCKS = frozenset(
    (
        *("address", "article", "aside", "body", "center", "dd", "details", "div", "dl", "dt"),
        *("fieldset", "figcaption", "figure", "footer", "form", "header", "html", "li", "main"),
        *("nav", "p", "section", "tr"),
    )
)
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
SURROUNDED = {"b": "**", "strong": "**", "i": "*", "em": "*", "s": "~~", "del": "~~"}
RAISED = dict(zip("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ", strict=True))
LOWERED = dict(zip("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True))
_TAG = re.compile(r"<(/?[A-Za-z][^<>]*|!--.{0,9999}?--)>", re.DOTALL)
_LOOKS_LIKE_HTML = re.compile(r"</?[A-Za-z][^<>]*>|&(?:#\d+|#x[0-9A-Fa-f]+|[A-Za-z]\w{1,30});|<!--")
_TEX = re.compile(r"\\\((.{1,2000}?)\\\)|\\\[(.{1,2000}?)\\\]|\$\$(.{1,2000}?)\$\$", re.DOTALL)

Picture = Callable[[str], str]
"""The address of a picture in the file -> its name among the item's files."""


def looks_like_html(text: str) -> bool:
    """Whether a text that may be either holds tags or entities."""
    return _LOOKS_LIKE_HTML.search(text) is not None


def markdown_of_html(html: str, picture: Picture = str) -> str:
    """The Markdown of a piece of HTML. Never raises; nesting too deep leaves the bare text."""
    if not looks_like_html(html):
        return _with_formulas(" ".join(html.split()), markdown_of_plain)
    root = _parsed(html)
    if root is None:
        return markdown_of_plain(_TAG.sub(" ", html).strip())
    return _tidy(_Writer(picture).children(root, 0))


def _parsed(html: str) -> etree._Element | None:
    """The tree of a fragment; None where the parser gave up and would have lost text."""
    parser = lxml.html.HTMLParser(no_network=True, remove_pis=True, encoding="utf-8")
    clean = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", "", html)
    try:
        root = lxml.html.document_fromstring(f"<div>{clean}</div>".encode(), parser=parser)
    except (etree.LxmlError, ValueError):
        return None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        return None
    return root


class _Writer:
    """Walks a tree and gives Markdown; blocks are set apart by blank lines."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture

    def children(self, element: etree._Element, depth: int) -> str:
        parts = [_text(element.text)]
        for child in element:
            if isinstance(child.tag, str):
                parts.append(self.one(child, depth + 1))
            parts.append(_text(child.tail))
        return "".join(parts)

    def one(self, element: etree._Element, depth: int) -> str:
        tag = element.tag.rpartition("}")[2].lower()
        if tag in SILENT:
            return ""
        if depth > DEEPEST:
            return _text("".join(element.itertext()))
        written = getattr(self, f"_{tag}", None)
        if written is not None:
            return str(written(element, depth))
        inner = self.children(element, depth)
        if tag in SURROUNDED:
            return _surrounded(inner, SURROUNDED[tag])
        if tag in HEADINGS:
            return f"\n\n{_surrounded(' '.join(inner.split()), '**')}\n\n"
        return f"\n\n{inner.strip()}\n\n" if tag in BLOCKS else inner

    def _br(self, element: etree._Element, depth: int) -> str:
        return "\n"

    def _hr(self, element: etree._Element, depth: int) -> str:
        return "\n\n---\n\n"

    def _img(self, element: etree._Element, depth: int) -> str:
        name = self.picture(element.get("src", ""))
        alt = escaped_inline(" ".join(element.get("alt", "").split()))
        alt = alt.replace("[", "\\[").replace("]", "\\]")
        target = f"<{name}>" if re.search(r"[\s()<>]", name) else name
        return f"![{alt}]({target})"

    def _a(self, element: etree._Element, depth: int) -> str:
        inner, address = self.children(element, depth).strip(), element.get("href", "")
        if not address or "\n" in inner:
            return inner
        return f"[{inner or address}](<{address}>)" if " " in address else f"[{inner}]({address})"

    def _sup(self, element: etree._Element, depth: int) -> str:
        return _shifted(self.children(element, depth), RAISED, "^")

    def _sub(self, element: etree._Element, depth: int) -> str:
        return _shifted(self.children(element, depth), LOWERED, "_")

    def _math(self, element: etree._Element, depth: int) -> str:
        return f"${formula_of_mathml(element)}$"

    def _code(self, element: etree._Element, depth: int) -> str:
        text = " ".join("".join(element.itertext()).split())
        fence = "``" if "`" in text else "`"
        space = " " if "`" in text else ""
        return f"{fence}{space}{text}{space}{fence}" if text else ""

    def _pre(self, element: etree._Element, depth: int) -> str:
        text = "".join(element.itertext()).strip("\n")
        fence = "````" if "```" in text else "```"
        return f"\n\n{fence}\n{_kept(text)}\n{fence}\n\n"

    def _blockquote(self, element: etree._Element, depth: int) -> str:
        lines = _tidy(self.children(element, depth)).split("\n")
        return "\n\n" + "\n".join(f"> {line}".rstrip() for line in lines) + "\n\n"

    def _ul(self, element: etree._Element, depth: int) -> str:
        return self._list(element, depth, lambda number: "- ")

    def _ol(self, element: etree._Element, depth: int) -> str:
        return self._list(element, depth, lambda number: f"{number}. ")

    def _list(self, element: etree._Element, depth: int, mark: Callable[[int], str]) -> str:
        rows, number = [], 0
        for child in element:
            if not isinstance(child.tag, str):
                continue
            number += 1
            lines = _tidy(self.children(child, depth + 1)).split("\n")
            indent = " " * len(mark(number))
            more = (f"\n{indent}{line}" for line in lines[1:] if line)
            rows.append(f"{mark(number)}{lines[0]}{''.join(more)}")
        return "\n\n" + "\n".join(_kept(row.rstrip()) for row in rows) + "\n\n"

    def _table(self, element: etree._Element, depth: int) -> str:
        own = (row for row in element.iter("tr") if next(row.iterancestors("table")) is element)
        rows = [list(self._cells(row, depth)) for row in own]
        width = max((len(row) for row in rows), default=0)
        if not width:
            return self.children(element, depth)
        filled = [row + [""] * (width - len(row)) for row in rows]
        lines = [f"| {' | '.join(row)} |" for row in filled]
        lines.insert(1, "|" + "---|" * width)
        caption = "".join(_text("".join(part.itertext())) for part in element.iter("caption"))
        return f"\n\n{caption.strip()}\n\n" + "\n".join(lines) + "\n\n"

    def _cells(self, row: etree._Element, depth: int) -> Iterator[str]:
        for cell in row.iterchildren("td", "th"):
            text = " ".join(_tidy(self.children(cell, depth + 3)).split())
            yield re.sub(r"(?<!\\)\|", r"\\|", text)
            span = cell.get("colspan", "1")
            yield from [""] * (min(int(span), 50) - 1 if span.isdecimal() else 0)


def _text(text: str | None) -> str:
    """Text between tags: white space means a blank, marks mean themselves."""
    if not text:
        return ""
    collapsed = re.sub(r"[ \t\r\n\f]+", " ", text)
    return _with_formulas(collapsed, _escaped_run).replace("\xa0", " ")


def _escaped_run(text: str) -> str:
    """Escaped without its outer blanks, which separate it from its neighbours."""
    inner = text.strip(" ")
    if not inner:
        return text[:1]
    start = " " if text[0] == " " else ""
    return f"{start}{markdown_of_plain(inner)}{' ' if text[-1] == ' ' else ''}"


def _with_formulas(text: str, escape: Callable[[str], str]) -> str:
    r"""Formulas between \( \), \[ \] or $$ $$ as $…$, everything else escaped."""
    parts, end = [], 0
    for found in _TEX.finditer(text):
        formula = " ".join((found[1] or found[2] or found[3]).split())
        parts += [escape(text[end : found.start()]) if found.start() > end else "", f"${formula}$"]
        end = found.end()
    return "".join(parts) + (escape(text[end:]) if end < len(text) else "")


def _surrounded(inner: str, mark: str) -> str:
    """Emphasis hugs its text: blanks go outside, and it does not span paragraphs."""
    text = inner.strip()
    if not text or "\n\n" in text or text.startswith(mark) or text.endswith(mark):
        return inner
    before = inner[: len(inner) - len(inner.lstrip())]
    return f"{before}{mark}{text}{mark}{inner[len(inner.rstrip()) :]}"


def _shifted(inner: str, characters: dict[str, str], mark: str) -> str:
    text = inner.strip()
    if text and all(character in characters for character in text):
        return "".join(characters[character] for character in text)
    return f"${mark}{{{text}}}$" if text else ""


_KEPT_BLANK = "\ue000"
"""Stands for a blank at the start of a line until the text is tidied."""


def _kept(text: str) -> str:
    return re.sub(r"^ +", lambda found: _KEPT_BLANK * len(found[0]), text, flags=re.MULTILINE)


def _tidy(text: str) -> str:
    """No blanks at line ends, at most one empty line, indentation only where it was meant."""
    text = re.sub(r"[ \t]*\n[ \t]*", "\n", text)
    text = re.sub(r"\n{3,}", "\n\n", text).strip()
    return text.replace(_KEPT_BLANK, " ")
