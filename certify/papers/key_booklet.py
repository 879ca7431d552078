"""The key with explanations, for those who mark: confidential, and each line with its points."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, KeepTogether, Table, TableStyle

from certify.exams.fixed_forms.key_letters import LETTERS, key_letters
from certify.exams.fixed_forms.key_table import match_letters, points_text
from certify.papers import wording
from certify.papers.contents import Paper, PaperTask
from certify.papers.exam_paper import FACTS, SECTION, TITLE
from certify.papers.flow_text import FlowText, TextStyle
from certify.papers.marked_text import Setting, flow_markdown, inline_runs
from certify.papers.pages import BODY, HEIGHT, LEFT, build_pages, draw_text
from certify.papers.text_runs import TextRun
from certify.papers.typefaces import Typefaces, open_typefaces
from question_bank.answer_key import (
    AnswerKey,
    Blank,
    BlanksKey,
    ChoiceKey,
    EssayKey,
    MatchKey,
    NumericKey,
    OrderKey,
)
from question_bank.item import ItemType
from question_bank.scoring import ScoringRule

ANSWER = TextStyle(hanging=24.0, space_before=7.0, space_after=1.0, align="left")
NOTE = TextStyle(size=9.5, leading=15.0, hanging=24.0, space_after=1.0)
REMARK = TextStyle(
    size=9.5, leading=15.0, hanging=40.0, space_after=0.0, colour=(0.2, 0.2, 0.2), align="left"
)
WARNING = (0.72, 0.11, 0.11)
ACROSS = 10
"""Answers in one row of the overview."""
SHORT = 10
"""Characters of an answer that fit a cell of the overview; a longer one is read below."""


def key_booklet_pdf(paper: Paper, fonts: Sequence[Path]) -> bytes:
    """The booklet as a PDF."""
    faces = open_typefaces(tuple(fonts))
    warning = replace(FACTS, align="left", size=9.0, colour=WARNING, space_after=10.0)
    form = paper.form
    facts = wording.facts(form.level, form.minutes, len(form.items), form.total_points)
    story: list[Flowable] = [
        FlowText([TextRun(wording.KEY_CONFIDENTIAL)], warning, faces),
        FlowText([TextRun(f"{paper.title} 答案与解析")], TITLE, faces),
        FlowText([TextRun(facts)], FACTS, faces),
        _overview(paper, faces),
    ]
    for place, section in enumerate(paper.sections()):
        heading = wording.section_heading(place, section.name, len(section.tasks), section.each)
        title = FlowText([TextRun(heading + wording.total_words(section.total))], SECTION, faces)
        first, *others = [_task(task, faces) for task in section.tasks]
        story += [KeepTogether([title, *first]), *map(KeepTogether, others)]

    def mark(canvas: Canvas, number: int) -> None:
        if number > 1:
            canvas.setFillColorRGB(*WARNING)
            width = faces.width(wording.KEY_CONFIDENTIAL, 8.5)
            draw_text(
                canvas, faces, LEFT + BODY - width, HEIGHT - 38, wording.KEY_CONFIDENTIAL, 8.5
            )

    return build_pages(
        story,
        faces,
        title=f"{paper.title} 答案与解析",
        head=paper.title,
        foot=f"{paper.title}　{form.digest[:12]}",
        mark=mark,
    )


def answer_words(task: PaperTask) -> str:
    """The right answer in words of the paper."""
    key: AnswerKey | None = task.item.answer_key
    match key:
        case ChoiceKey() if task.item.type is ItemType.TRUE_FALSE:
            return wording.TRUE_SIGN if "true" in key.correct else wording.FALSE_SIGN
        case ChoiceKey():
            return key_letters(task.item, task.entry.option_order)
        case NumericKey():
            share = "（相对）" if key.relative else ""
            spread = f" ± {key.tolerance:f}{share}" if key.tolerance else ""
            return f"{key.value:f}{spread} {key.unit}".strip()
        case BlanksKey(blanks):
            return "；".join(_blank_words(at, blank) for at, blank in enumerate(blanks, 1))
        case OrderKey(sequence):
            return "".join(LETTERS[task.entry.option_order.index(one)] for one in sequence)
        case MatchKey(pairs):
            letters = match_letters(task.entry, dict(pairs))
            return "".join(f"{wording.CIRCLED[at]}{x}" for at, x in enumerate(letters))
        case EssayKey(reference):
            return reference or "由阅卷人评分"
        case _:
            return "—"


def _blank_words(at: int, blank: Blank) -> str:
    texts = [
        one.text + (f" ± {one.tolerance:f}" if one.tolerance else "") for one in blank.accepted
    ]
    return f"({at}) " + " 或 ".join(texts)


def _overview(paper: Paper, faces: Typefaces) -> Flowable:
    """Numbers above answers, ten in a row, for marking by hand."""
    tasks = paper.tasks()
    style = TextStyle(size=9.5, leading=14.0, align="center", space_after=0.0)
    small = replace(style, size=8.0, colour=(0.35, 0.35, 0.35))
    rows: list[list[FlowText | str]] = []
    for start in range(0, len(tasks), ACROSS):
        part = tasks[start : start + ACROSS]
        rest = [""] * (ACROSS - len(part))
        rows.append(
            [*(FlowText([TextRun(str(t.entry.number))], small, faces) for t in part), *rest]
        )
        rows.append([*(FlowText([TextRun(_short(t))], style, faces) for t in part), *rest])
    table = Table(rows, colWidths=[BODY / ACROSS] * ACROSS, spaceBefore=4, spaceAfter=8)
    styles = [
        ("GRID", (0, 0), (-1, -1), 0.4, (0.6, 0.6, 0.6)),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
        ("LEFTPADDING", (0, 0), (-1, -1), 1),
        ("RIGHTPADDING", (0, 0), (-1, -1), 1),
    ]
    styles += [
        ("BACKGROUND", (0, row), (-1, row), (0.93, 0.95, 0.97)) for row in range(0, len(rows), 2)
    ]
    table.setStyle(TableStyle(styles))
    return table


def _short(task: PaperTask) -> str:
    if task.item.type is ItemType.MATCH:
        key = task.item.answer_key
        return match_letters(task.entry, dict(key.pairs)) if isinstance(key, MatchKey) else "—"
    words = answer_words(task)
    return words if len(words) <= SHORT else "见解析"


def _task(task: PaperTask, faces: Typefaces) -> list[Flowable]:
    item, points = task.item, points_text(task.entry.points)
    label = f"{task.entry.number}."
    words = f"答案：{answer_words(task)}　（{points}分）　[{item.id} v{task.entry.version}]"
    setting = Setting(faces, NOTE, BODY, {file.name: file for file in item.files})
    flow: list[Flowable] = [FlowText([TextRun(words)], ANSWER, faces, label)]
    if item.scoring.rule is not ScoringRule.ALL_OR_NOTHING:
        flow.append(FlowText([TextRun("本题另有计分规则，见题库。")], NOTE, faces))
    flow += flow_markdown(item.explanation.text, setting)
    for at, option in enumerate(task.entry.option_order):
        note = item.explanation.option_notes.get(option, "")
        if note and item.type is not ItemType.TRUE_FALSE:
            flow.append(FlowText(inline_runs(note), REMARK, faces, f"　　 {LETTERS[at]}."))
    if item.explanation.takeaway:
        runs = [TextRun("要点："), *inline_runs(item.explanation.takeaway)]
        flow.append(FlowText(runs, NOTE, faces))
    if item.source:
        flow.append(FlowText([TextRun(f"依据：{item.source}")], NOTE, faces))
    return flow
