"""Admission tickets (准考证): four to an A4 page, to be cut apart, with a QR code of the number."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from certify.papers.pages import draw_centred, draw_text
from certify.papers.qr_drawing import draw_qr
from certify.papers.typefaces import Typefaces, open_typefaces

WIDTH, HEIGHT = A4
PER_PAGE = 4
TICKET_HEIGHT = HEIGHT / PER_PAGE
SIDE, QR_SIDE = 40.0, 78.0
LABEL_WIDTH = 62.0
MARK_LENGTH = 14.0
RULES = (
    "1. 请提前30分钟到达考场，凭准考证和有效身份证件入场，对号入座。",
    "2. 进入考试须输入本考场的入场码，入场码由监考人员当场公布。",
    "3. 迟到超过规定时间不得入场；迟到不补时，考试在规定时间结束。",
    "4. 考试中如遇断网、死机，请举手报告，已保存的答案不会丢失。",
)


@dataclass(frozen=True, slots=True)
class AdmissionTicket:
    """What one ticket says; all of it is printed as it stands."""

    title: str
    session: str
    name: str
    admission_number: str
    username: str
    centre: str
    room: str
    seat: str
    time: str
    entry: str


def admission_tickets_pdf(tickets: Sequence[AdmissionTicket], fonts: Sequence[Path]) -> bytes:
    """A PDF of all tickets; the same tickets give the same bytes."""
    faces = open_typefaces(tuple(fonts))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1, lang="zh-CN")
    canvas.setTitle("准考证")
    for number, ticket in enumerate(tickets):
        place = number % PER_PAGE
        if number and not place:
            canvas.showPage()
        bottom = HEIGHT - (place + 1) * TICKET_HEIGHT
        _draw_ticket(canvas, faces, ticket, bottom)
        if place < PER_PAGE - 1:
            _draw_cut(canvas, bottom)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _draw_ticket(canvas: Canvas, faces: Typefaces, ticket: AdmissionTicket, bottom: float) -> None:
    top = bottom + TICKET_HEIGHT
    canvas.setFillColorRGB(0, 0, 0)
    _draw_fitting(canvas, faces, WIDTH / 2, top - 34, f"{ticket.title} 准考证", 14)
    _draw_fitting(canvas, faces, WIDTH / 2, top - 50, ticket.session, 9.5)
    rows = (
        ("姓名", ticket.name, "准考证号", ticket.admission_number),
        ("考点", ticket.centre, "登录用户名", ticket.username),
        ("考场", ticket.room, "座位", ticket.seat),
        ("考试时间", ticket.time, "", ""),
        ("入场时间", ticket.entry, "", ""),
    )
    for at, (first, said, second, also) in enumerate(rows):
        y = top - 74 - at * 16
        _draw_field(canvas, faces, SIDE, y, first, said, 350 if not second else 150)
        if second:
            _draw_field(canvas, faces, SIDE + 222, y, second, also, 150)
    x = WIDTH - SIDE - QR_SIDE
    draw_qr(canvas, ticket.admission_number, x, top - 72 - QR_SIDE + 12, QR_SIDE)
    canvas.setFillColorRGB(0.25, 0.25, 0.25)
    for at, rule in enumerate(RULES):
        draw_text(canvas, faces, SIDE, bottom + 50 - at * 11, rule, 7.6)


def _draw_field(
    canvas: Canvas, faces: Typefaces, x: float, y: float, label: str, said: str, room: float
) -> None:
    canvas.setFillColorRGB(0.35, 0.35, 0.35)
    draw_text(canvas, faces, x, y, label, 8.5)
    canvas.setFillColorRGB(0, 0, 0)
    draw_text(canvas, faces, x + LABEL_WIDTH, y, said, _fitting(faces, said, 10.5, room))


def _draw_fitting(
    canvas: Canvas, faces: Typefaces, x: float, y: float, text: str, size: float
) -> None:
    draw_centred(canvas, faces, x, y, text, _fitting(faces, text, size, WIDTH - 2 * SIDE))


def _fitting(faces: Typefaces, text: str, size: float, room: float) -> float:
    """The size at which a long text still fits; a name is never cut off."""
    width = faces.width(text, size)
    return size if width <= room else size * room / width


def _draw_cut(canvas: Canvas, y: float) -> None:
    """A dashed line between two tickets."""
    canvas.saveState()
    canvas.setStrokeColorRGB(0.6, 0.6, 0.6)
    canvas.setLineWidth(0.4)
    canvas.setDash(3, 3)
    canvas.line(MARK_LENGTH, y, WIDTH - MARK_LENGTH, y)
    canvas.restoreState()
