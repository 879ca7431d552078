"""A4 pages with a foot that counts them, and what every page of a kind of paper shows."""

import io
from collections.abc import Callable, Sequence
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from certify.papers.typefaces import Typefaces

WIDTH, HEIGHT = A4
LEFT, RIGHT, TOP, BOTTOM = 54.0, 54.0, 54.0, 56.0
BODY = WIDTH - LEFT - RIGHT
FOOT_SIZE = 8.5
RULE = (0.6, 0.6, 0.6)

PageMark = Callable[[Canvas, int], None]


def build_pages(
    story: Sequence[Flowable],
    faces: Typefaces,
    *,
    title: str,
    foot: str,
    head: str = "",
    mark: PageMark | None = None,
) -> bytes:
    """The PDF of a story; `head` stands above a rule from the second page on.

    The same story gives the same bytes: dates and identifiers are fixed.
    """
    buffer = io.BytesIO()
    document = BaseDocTemplate(
        buffer,
        pagesize=A4,
        leftMargin=LEFT,
        rightMargin=RIGHT,
        topMargin=TOP,
        bottomMargin=BOTTOM,
        title=title,
        author="",
        invariant=1,
        lang="zh-CN",
    )
    frame = Frame(
        LEFT, BOTTOM, BODY, HEIGHT - TOP - BOTTOM, leftPadding=0, rightPadding=0,
        topPadding=0, bottomPadding=0, id="body",
    )  # fmt: skip

    def decorate(canvas: Canvas, _: object) -> None:
        number = canvas.getPageNumber()
        canvas.saveState()
        canvas.setFillColorRGB(0.25, 0.25, 0.25)
        canvas.setStrokeColorRGB(*RULE)
        canvas.setLineWidth(0.5)
        draw_text(canvas, faces, LEFT, 34, foot, FOOT_SIZE)
        if head and number > 1:
            draw_text(canvas, faces, LEFT, HEIGHT - 38, head, FOOT_SIZE)
            canvas.line(LEFT, HEIGHT - 43, WIDTH - RIGHT, HEIGHT - 43)
        if mark is not None:
            mark(canvas, number)
        canvas.restoreState()

    document.addPageTemplates([PageTemplate(id="page", frames=[frame], onPage=decorate)])
    document.build(list(story), canvasmaker=lambda *a, **k: CountedCanvas(faces, *a, **k))
    return buffer.getvalue()


class CountedCanvas(Canvas):  # type: ignore[misc]
    """Keeps the pages back until their number is known: 第 1 页，共 6 页."""

    def __init__(self, faces: Typefaces, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._faces = faces
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - the library's name
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, state in enumerate(self._pages, 1):
            self.__dict__.update(state)
            words = f"第{number}页，共{len(self._pages)}页"
            self.setFillColorRGB(0.25, 0.25, 0.25)
            width = self._faces.width(words, FOOT_SIZE)
            draw_text(self, self._faces, WIDTH - RIGHT - width, 34, words, FOOT_SIZE)
            super().showPage()
        super().save()


def draw_text(canvas: Canvas, faces: Typefaces, x: float, y: float, text: str, size: float) -> None:
    """One line from the left, in whatever fonts its characters need."""
    for name, characters in faces.runs(text):
        canvas.setFont(name, size)
        canvas.drawString(x, y, characters)
        x += canvas.stringWidth(characters, name, size)


def draw_centred(
    canvas: Canvas, faces: Typefaces, x: float, y: float, text: str, size: float
) -> None:
    """One line around a middle."""
    draw_text(canvas, faces, x - faces.width(text, size) / 2, y, text, size)
