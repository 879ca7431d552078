"""The paper that candidates get: heading, fields, sections, stimuli with their items."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, KeepTogether, Spacer, Table, TableStyle

from certify.exams.fixed_forms.key_letters import LETTERS
from certify.exams.fixed_forms.key_table import points_text
from certify.papers import wording
from certify.papers.contents import Paper, PaperGroup, PaperSection, PaperTask
from certify.papers.flow_text import FlowText, TextStyle
from certify.papers.marked_text import Setting, flow_markdown, inline_runs, pictures_in
from certify.papers.pages import BODY, HEIGHT, RIGHT, WIDTH, build_pages
from certify.papers.qr_drawing import draw_qr, form_code
from certify.papers.text_runs import TextRun
from certify.papers.typefaces import Typefaces, open_typefaces
from question_bank.answer_key import BlanksKey
from question_bank.item import ItemType

STEM = TextStyle(hanging=24.0, space_before=5.0, space_after=1.0)
OPTION = TextStyle(hanging=16.0, leading=16.0, space_after=0.0, align="left")
SECTION = TextStyle(size=12.0, leading=20.0, space_before=12.0, space_after=2.0, align="left")
RULES = TextStyle(size=9.5, leading=15.0, space_after=4.0, colour=(0.25, 0.25, 0.25))
STIMULUS = TextStyle(leading=16.5, space_after=3.0)
TITLE = TextStyle(size=19.0, leading=28.0, align="center", space_after=4.0)
FACTS = TextStyle(size=10.0, leading=17.0, align="center", space_after=6.0)
NOTICE = TextStyle(size=9.0, leading=14.0, hanging=14.0, space_after=0.0)
FIELD_LINES = (118.0, 150.0, 82.0)
QR_SIDE = 52.0
GAP = 12.0
"""Between two columns of options."""


def exam_paper_pdf(paper: Paper, fonts: Sequence[Path]) -> bytes:
    """The paper as a PDF."""
    faces = open_typefaces(tuple(fonts))
    story = [*_heading(paper, faces)]
    for place, section in enumerate(paper.sections()):
        story += _section(place, section, faces)
    digest = paper.form.digest

    def code(canvas: Canvas, number: int) -> None:
        if number == 1:
            x, y = WIDTH - RIGHT - QR_SIDE, HEIGHT - 30 - QR_SIDE
            draw_qr(canvas, form_code(digest, paper.form.letter), x, y, QR_SIDE)

    return build_pages(
        story,
        faces,
        title=paper.title,
        head=paper.title,
        foot=f"{paper.title}　{digest[:12]}",
        mark=code,
    )


def _heading(paper: Paper, faces: Typefaces) -> list[Flowable]:
    form = paper.form
    small = replace(FACTS, align="left", size=9.0, space_after=14.0)
    facts = wording.facts(form.level, form.minutes, len(form.items), form.total_points)
    lines: list[Flowable] = [FlowText([TextRun(wording.CONFIDENTIAL)], small, faces)]
    if paper.heading:
        lines.append(FlowText([TextRun(paper.heading)], replace(FACTS, size=11.0), faces))
    lines += [
        FlowText([TextRun(paper.title)], TITLE, faces),
        FlowText([TextRun(facts)], FACTS, faces),
        _fields(faces),
        Spacer(1, 6),
    ]
    notice = [
        FlowText([TextRun(text)], NOTICE, faces, f"{number}.")
        for number, text in enumerate(wording.NOTICE, 1)
    ]
    box = Table([[notice]], colWidths=[BODY])
    box.setStyle(TableStyle([("BOX", (0, 0), (-1, -1), 0.5, (0.6, 0.6, 0.6))]))
    return [*lines, box]


def _fields(faces: Typefaces) -> Flowable:
    """Name, candidate number and room with lines to write on."""
    runs: list[TextRun] = []
    for name, width in zip(wording.FIELDS, FIELD_LINES, strict=True):
        runs += [TextRun(f"{name}："), TextRun("", gap=width / 10.5), TextRun("　")]
    return FlowText(runs, TextStyle(leading=24.0, align="center"), faces)


def _section(place: int, section: PaperSection, faces: Typefaces) -> list[Flowable]:
    heading = wording.section_heading(place, section.name, len(section.tasks), section.each)
    title = FlowText([TextRun(heading + wording.total_words(section.total))], SECTION, faces)
    rules = FlowText([TextRun(wording.SECTION_RULES[section.name])], RULES, faces)
    first, *others = [_group(group, faces) for group in section.groups]
    return [KeepTogether([title, rules, *first]), *map(KeepTogether, others)]


def _group(group: PaperGroup, faces: Typefaces) -> list[Flowable]:
    """A stimulus stays with its items where a page is large enough for all of them."""
    tasks = [_task(task, faces, with_points=group.stimulus is not None) for task in group.tasks]
    if group.stimulus is None:
        return [one for flow in tasks for one in flow]
    numbers = [task.entry.number for task in group.tasks]
    span = f"第{numbers[0]}–{numbers[-1]}题" if len(numbers) > 1 else f"第{numbers[0]}题"
    head = TextRun(f"材料（用于{span}）　{group.stimulus.title}")
    files = {file.name: file for task in group.tasks for file in task.item.files}
    setting = Setting(faces, STIMULUS, BODY, files)
    title_style = replace(STIMULUS, space_before=8.0, align="left")
    text = flow_markdown(group.stimulus.text, setting)
    whole = [FlowText([head], title_style, faces), *text]
    return [*whole, *(one for flow in tasks for one in flow)]


def _task(task: PaperTask, faces: Typefaces, *, with_points: bool) -> list[Flowable]:
    """The stem with its number, then what is chosen from, ordered or matched."""
    item = task.item
    key = item.answer_key
    blanks = tuple(blank.id for blank in key.blanks) if isinstance(key, BlanksKey) else ()
    files = {file.name: file for file in item.files}
    setting = Setting(faces, STEM, BODY, files, blanks)
    worth = f"（{points_text(task.entry.points)}分）" if with_points else ""
    brackets = "（　　）" if item.type is ItemType.TRUE_FALSE else ""
    source = worth + item.stem + brackets
    flow = flow_markdown(source, setting, f"{task.entry.number}.")
    if item.type is ItemType.MATCH:
        return [*flow, _match_table(task, setting)]
    if item.options and item.type is not ItemType.TRUE_FALSE:
        flow += _options(task, setting)
    return flow


def _options(task: PaperTask, setting: Setting) -> list[Flowable]:
    """In four, two or one column, whatever the longest option allows."""
    inner = replace(setting, style=OPTION, width=BODY - STEM.hanging)
    cells = [_option(text, LETTERS[at], inner) for at, text in enumerate(task.options)]
    longest = max(_width(cell, inner.width) for cell in cells)
    columns = next((n for n in (len(cells), 4, 2) if n > 1 and longest + GAP <= inner.width / n), 1)
    rows = [
        [*cells[start : start + columns], *[[]] * (columns - len(cells[start : start + columns]))]
        for start in range(0, len(cells), columns)
    ]
    return [_grid(rows, [inner.width / columns] * columns)]


def _option(text: str, letter: str, setting: Setting) -> list[Flowable]:
    if pictures_in(text):
        return flow_markdown(text, setting, f"{letter}.")
    return [FlowText(inline_runs(text), OPTION, setting.faces, f"{letter}.")]


def _width(cell: Sequence[Flowable], limit: float) -> float:
    if len(cell) == 1 and isinstance(cell[0], FlowText):
        return cell[0].natural_width()
    return limit / 2 - GAP


def _match_table(task: PaperTask, setting: Setting) -> Flowable:
    """Options with their numbers on the left, targets with their letters on the right."""
    half = (BODY - STEM.hanging) / 2
    inner = replace(setting, style=OPTION, width=half - GAP)
    left = [
        [FlowText(inline_runs(text), OPTION, setting.faces, wording.CIRCLED[at])]
        for at, text in enumerate(task.options)
    ]
    right = [_option(text, LETTERS[at], inner) for at, text in enumerate(task.targets)]
    height = max(len(left), len(right))
    left += [[]] * (height - len(left))
    right += [[]] * (height - len(right))
    return _grid([list(pair) for pair in zip(left, right, strict=True)], [half, half])


def _grid(rows: Sequence[Sequence[Sequence[Flowable]]], widths: Sequence[float]) -> Flowable:
    """Cells without lines, as far from the left as the stem's text."""
    whole = [[[], *row] for row in rows]
    table = Table(whole, colWidths=[STEM.hanging, *widths], hAlign="LEFT")
    table.setStyle(
        TableStyle(
            [
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), GAP / 2),
                ("TOPPADDING", (0, 0), (-1, -1), 0),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 0.5),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
        )
    )
    return table
