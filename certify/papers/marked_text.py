"""Markdown of items as flowing text, tables, lists and pictures for a page of a given width.

Emphasis is underlined, as Chinese print does; raw HTML and links stay the text they are. A picture
that cannot be drawn leaves its words in brackets.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from reportlab.lib.utils import ImageReader
from reportlab.platypus import Flowable, Image, Table, TableStyle

from certify.papers.flow_text import FlowText, TextStyle
from certify.papers.formula_text import FORMULA, formula_runs
from certify.papers.text_runs import LINE_BREAK, TextRun, plain_text
from certify.papers.typefaces import Typefaces
from question_bank.interactions import BLANK_MARK
from question_bank.item import ItemFile

BLANK_EMS = 5.0
LARGEST_PICTURE = 0.62
"""Of the width of the page."""
HIGHEST_PICTURE = 210.0
PIXEL = 72 / 144
"""Points of a picture's pixel, before it is made to fit."""
GRID = (0.55, 0.55, 0.55)
HEADING_GROUND = (0.93, 0.95, 0.97)
CELL_PADDING = 4.0
LIST_INDENT = 16.0


@dataclass(frozen=True)
class Setting:
    """Where text is set: fonts, look, width in points, the pictures at hand, blanks to fill."""

    faces: Typefaces
    style: TextStyle
    width: float
    files: Mapping[str, ItemFile] = field(default_factory=dict)
    blanks: tuple[str, ...] = ()


def flow_markdown(source: str, setting: Setting, label: str = "") -> list[Flowable]:
    """The flowables of a text; `label` stands in front of its first paragraph."""
    tree = SyntaxTreeNode(_parser().parse(source))
    flow = [one for node in tree.children for one in _block(node, setting)]
    if not label:
        return flow
    if flow and isinstance(flow[0], FlowText) and not flow[0].label:
        flow[0].label = label
        return flow
    return [FlowText([], setting.style, setting.faces, label), *flow]


def inline_runs(source: str, blanks: Sequence[str] = ()) -> list[TextRun]:
    """One line, such as an option, as runs; pictures leave their words."""
    tokens = _parser().parseInline(source)
    return [run for token in tokens for run in _runs(token.children or [], blanks)]


def pictures_in(source: str) -> list[str]:
    """Names of the files that a text shows."""
    tokens = [t for token in _parser().parse(source) for t in token.children or []]
    return [unquote(str(token.attrs["src"])) for token in tokens if token.type == "image"]


@cache
def _parser() -> MarkdownIt:
    rules = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
    return rules.disable(["link", "autolink", "reference", "heading", "lheading", "code"])


def _block(node: SyntaxTreeNode, setting: Setting) -> Iterator[Flowable]:
    match node.type:
        case "paragraph":
            yield from _paragraph(node, setting)
        case "bullet_list" | "ordered_list":
            yield from _list(node, setting)
        case "table":
            yield _table(node, setting)
        case "fence" | "code_block" | "html_block":
            lines = node.content.rstrip("\n").split("\n")
            runs = [run for line in lines for run in (TextRun(line), LINE_BREAK)][:-1]
            yield FlowText(runs, replace(setting.style, align="left"), setting.faces)
        case "hr":
            return
        case _:
            for child in node.children:
                yield from _block(child, setting)


def _paragraph(node: SyntaxTreeNode, setting: Setting) -> Iterator[Flowable]:
    """The text, then the pictures that stood in it."""
    tokens = _tokens(node)
    pictures = [token for token in tokens if token.type == "image"]
    drawn = {id(t): picture for t in pictures for picture in [_picture(t, setting)] if picture}
    words = [token for token in tokens if id(token) not in drawn]
    runs = _runs(words, setting.blanks)
    if plain_text(runs).strip() or any(run.gap for run in runs):
        yield FlowText(runs, setting.style, setting.faces)
    yield from drawn.values()


def _tokens(node: SyntaxTreeNode) -> list[Token]:
    return [
        token
        for child in node.children
        if child.token is not None
        for token in child.token.children or []
    ]


def _list(node: SyntaxTreeNode, setting: Setting) -> Iterator[Flowable]:
    start = int(str(node.attrs.get("start", 1)))
    inner = replace(
        setting,
        style=replace(setting.style, hanging=setting.style.hanging + LIST_INDENT),
        width=setting.width - LIST_INDENT,
    )
    for number, entry in enumerate(node.children, start):
        label = f"{number}." if node.type == "ordered_list" else "•"
        flow = [one for child in entry.children for one in _block(child, inner)]
        if flow and isinstance(flow[0], FlowText):
            indent = setting.style.hanging
            flow[0].label = " " * (2 if indent else 0) + label
        yield from flow


def _table(node: SyntaxTreeNode, setting: Setting) -> Flowable:
    rows = [row for part in node.children for row in part.children]
    style = replace(setting.style, size=setting.style.size - 1, leading=13.5, hanging=0.0)
    cells = [[_cell(cell, setting, style) for cell in row.children] for row in rows]
    widths = _column_widths(cells, setting.width - setting.style.hanging)
    table = Table(
        [[[cell] for cell in row] for row in cells],
        colWidths=widths,
        hAlign="CENTER",
        repeatRows=1,
        spaceBefore=3,
        spaceAfter=6,
    )
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.5, GRID),
                ("BACKGROUND", (0, 0), (-1, 0), HEADING_GROUND),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("LEFTPADDING", (0, 0), (-1, -1), CELL_PADDING),
                ("RIGHTPADDING", (0, 0), (-1, -1), CELL_PADDING),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
            ]
        )
    )
    return table


def _cell(node: SyntaxTreeNode, setting: Setting, style: TextStyle) -> FlowText:
    asked = str(node.attrs.get("style", ""))
    align = next((side for side in ("right", "center") if side in asked), "left")
    align = "center" if node.type == "th" else align
    runs = _runs(_tokens(node), setting.blanks)
    return FlowText(runs, replace(style, align=align, space_after=0), setting.faces)


def _column_widths(cells: Sequence[Sequence[FlowText]], limit: float) -> list[float]:
    """What each column would like, made smaller in proportion where the page is too narrow."""
    wanted = [
        max(cell.natural_width() for cell in column) + 2 * CELL_PADDING + 2
        for column in zip(*cells, strict=True)
    ]
    total = sum(wanted)
    if total <= limit:
        return wanted
    least = min(limit / len(wanted), 48.0)
    spare = limit - least * len(wanted)
    above = [max(width - least, 0.0) for width in wanted]
    return [least + spare * more / sum(above) for more in above]


def _picture(token: Token, setting: Setting) -> Flowable | None:
    file = setting.files.get(unquote(str(token.attrs.get("src", ""))))
    if file is None or not file.content:
        return None
    try:
        wide, high = ImageReader(io.BytesIO(file.content)).getSize()
    except Exception:
        return None
    if not wide or not high:
        return None
    most = setting.width * LARGEST_PICTURE
    scale = min(PIXEL, most / wide, HIGHEST_PICTURE / high)
    return Image(io.BytesIO(file.content), wide * scale, high * scale, hAlign="CENTER")


def _runs(tokens: Sequence[Token], blanks: Sequence[str]) -> list[TextRun]:
    runs: list[TextRun] = []
    strong = 0
    for token in tokens:
        match token.type:
            case "strong_open" | "em_open":
                strong += 1
            case "strong_close" | "em_close":
                strong -= 1
            case "softbreak" | "hardbreak":
                runs.append(LINE_BREAK)
            case "image":
                runs.append(TextRun(f"［图：{token.content}］"))
            case _:
                runs += _words(token.content, bool(strong), blanks)
    return runs


def _words(text: str, is_strong: bool, blanks: Sequence[str]) -> Iterator[TextRun]:
    """Text with formulas and blanks set."""
    at = 0
    for found in FORMULA.finditer(text):
        yield from _with_blanks(text[at : found.start()], is_strong, blanks)
        yield from formula_runs(found[1] or found[2])
        at = found.end()
    yield from _with_blanks(text[at:], is_strong, blanks)


def _with_blanks(text: str, is_strong: bool, blanks: Sequence[str]) -> Iterator[TextRun]:
    at = 0
    for found in BLANK_MARK.finditer(text):
        if found[1] not in blanks:
            continue
        if text[at : found.start()]:
            yield TextRun(text[at : found.start()], is_underlined=is_strong)
        if len(blanks) > 1:
            yield TextRun(f"({blanks.index(found[1]) + 1})")
        yield TextRun("", gap=BLANK_EMS)
        at = found.end()
    if text[at:]:
        yield TextRun(text[at:], is_underlined=is_strong)
