"""The answer sheet: fields, candidate number, bubbles and lines, with marks for a scanner."""

import io
from collections.abc import Sequence
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from certify.papers.contents import Paper
from certify.papers.pages import draw_centred, draw_text
from certify.papers.qr_drawing import draw_qr, form_code
from certify.papers.sheet_layout import (
    BUBBLE,
    CORNER,
    CORNERS,
    HEIGHT,
    ID_DIGITS,
    ID_LEFT,
    ID_STEP,
    ID_TOP,
    LEFT,
    NUMBER_ROOM,
    RIGHT,
    TICK,
    WIDTH,
    AnswerBox,
    Bubble,
    SheetPage,
    lay_out_sheet,
)
from certify.papers.typefaces import Typefaces, open_typefaces
from question_bank.item import ItemType

PINK = (0.82, 0.29, 0.36)
"""Of bubbles and frames: a scanner drops it out and keeps pencil and ink."""
QR_SIDE = 62.0
HINTS = (
    "1. 用2B铅笔把选项涂满、涂黑，修改时用橡皮擦净。",
    "2. 保持卡面清洁，不要折叠；不要在四角和左边的黑块上书写。",
    "3. 正确填涂：",
)


def answer_sheet_pdf(paper: Paper, fonts: Sequence[Path]) -> bytes:
    """The sheet as a PDF; the same form gives the same bytes."""
    faces = open_typefaces(tuple(fonts))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1, lang="zh-CN")
    canvas.setTitle(f"{paper.title} 答题卡")
    pages = lay_out_sheet(paper.tasks())
    multiple = {
        str(task.entry.number) for task in paper.tasks() if task.item.type is ItemType.MULTIPLE
    }
    for page in pages:
        _draw_frame(canvas, faces, paper, page, len(pages))
        if page.number == 1:
            _draw_identity(canvas, faces, page)
        _draw_bubbles(canvas, faces, page.bubbles, multiple)
        for box in page.boxes:
            _draw_box(canvas, faces, box)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _draw_frame(
    canvas: Canvas, faces: Typefaces, paper: Paper, page: SheetPage, total: int
) -> None:
    """Corner squares, ticks, title, QR code and foot."""
    canvas.setFillColorRGB(0, 0, 0)
    for x, y in CORNERS:
        canvas.rect(x, y, CORNER, CORNER, stroke=0, fill=1)
    left, width, height = TICK
    for y in page.ticks:
        canvas.rect(left, y - height / 2, width, height, stroke=0, fill=1)
    digest = paper.form.digest
    code = form_code(digest, f"{paper.form.letter}{page.number}")
    draw_qr(canvas, code, WIDTH - 48 - QR_SIDE, HEIGHT - 44 - QR_SIDE, QR_SIDE)
    draw_centred(canvas, faces, WIDTH / 2, HEIGHT - 62, f"{paper.title} 答题卡", 15)
    if paper.heading and page.number == 1:
        draw_centred(canvas, faces, WIDTH / 2, HEIGHT - 80, paper.heading, 10)
    foot = f"{paper.title}　{digest[:12]}　第{page.number}页，共{total}页"
    draw_centred(canvas, faces, WIDTH / 2, 32, foot, 8)


def _draw_identity(canvas: Canvas, faces: Typefaces, page: SheetPage) -> None:
    """Fields to write in at the left, the candidate number in digits and bubbles at the right."""
    canvas.setLineWidth(0.7)
    for row, name in enumerate(("姓名", "考场", "座位号", "日期")):
        y = HEIGHT - 128 - row * 30
        canvas.setFillColorRGB(0, 0, 0)
        canvas.setStrokeColorRGB(0, 0, 0)
        draw_text(canvas, faces, LEFT, y, f"{name}：", 10.5)
        canvas.line(LEFT + 48, y - 3, LEFT + 205, y - 3)
    for row, hint in enumerate(HINTS):
        draw_text(canvas, faces, LEFT, HEIGHT - 252 - row * 14, hint, 8)
    y = HEIGHT - 252 - 2 * 14 + 2.6
    canvas.roundRect(LEFT + 60, y - 3.6, 13, 7.6, 2, stroke=0, fill=1)
    draw_text(canvas, faces, LEFT + 92, y - 2.6, "错误填涂：", 8)
    canvas.setLineWidth(0.6)
    for at, mark in enumerate("√×○"):
        canvas.roundRect(LEFT + 148 + at * 20, y - 3.6, 13, 7.6, 2, stroke=1, fill=0)
        draw_centred(canvas, faces, LEFT + 154.5 + at * 20, y - 2.6, mark, 7)
    draw_text(canvas, faces, ID_LEFT - 9, ID_TOP + 38, "准考证号（从左起填写）", 9)
    canvas.setStrokeColorRGB(*PINK)
    for place in range(ID_DIGITS):
        canvas.rect(ID_LEFT + (place - 0.5) * ID_STEP, ID_TOP + 11, ID_STEP, 21, fill=0)
    canvas.rect(ID_LEFT - ID_STEP / 2, ID_TOP - 130, ID_STEP * ID_DIGITS, 141, fill=0)
    _draw_marks(canvas, faces, page.identity)


def _draw_bubbles(
    canvas: Canvas, faces: Typefaces, bubbles: Sequence[Bubble], multiple: set[str]
) -> None:
    """Rows with their numbers in front; a number of several right options stands in brackets."""
    first: dict[str, Bubble] = {}
    for bubble in bubbles:
        first.setdefault(bubble.question, bubble)
    canvas.setFillColorRGB(0, 0, 0)
    for question, bubble in first.items():
        label = f"[{question}]" if question in multiple else question
        x = bubble.x - 14 - faces.width(label, 9)
        draw_text(canvas, faces, x, bubble.y - 3.2, label, 9)
    _draw_marks(canvas, faces, bubbles)


def _draw_marks(canvas: Canvas, faces: Typefaces, bubbles: Sequence[Bubble]) -> None:
    width, height = BUBBLE
    canvas.setStrokeColorRGB(*PINK)
    canvas.setFillColorRGB(*PINK)
    canvas.setLineWidth(0.7)
    for bubble in bubbles:
        x, y = bubble.x - width / 2, bubble.y - height / 2
        canvas.roundRect(x, y, width, height, 2.2, stroke=1, fill=0)
        draw_centred(canvas, faces, bubble.x, bubble.y - 2.4, bubble.mark, 6.4)


def _draw_box(canvas: Canvas, faces: Typefaces, box: AnswerBox) -> None:
    """A line to write on, or a frame where there is room for several."""
    canvas.setFillColorRGB(0, 0, 0)
    canvas.setStrokeColorRGB(*PINK)
    canvas.setLineWidth(0.7)
    label = f"{box.question}."
    x = box.x - 6 - faces.width(label, 9)
    if box.height > NUMBER_ROOM:
        draw_text(canvas, faces, x, box.y + box.height - 11, label, 9)
        canvas.rect(box.x, box.y, min(box.width, RIGHT - box.x), box.height, fill=0)
    else:
        draw_text(canvas, faces, x, box.y + 3, label, 9)
        canvas.line(box.x, box.y, box.x + box.width, box.y)
