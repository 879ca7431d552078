"""Where everything stands on an answer sheet: the same numbers draw it and let a machine read it.

Points from the lower left corner of an A4 page. Four corner squares give the page its place and
angle, ticks at the left edge give each row of bubbles its height.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from certify.exams.fixed_forms.key_letters import LETTERS
from certify.papers.contents import PaperTask
from certify.papers.wording import FALSE_SIGN, TRUE_SIGN
from question_bank.answer_key import BlanksKey
from question_bank.item import ItemType

WIDTH, HEIGHT = 595.276, 841.89
CORNER = 14.0
CORNERS = ((24.0, 24.0), (WIDTH - 38.0, 24.0), (24.0, HEIGHT - 38.0), (WIDTH - 38.0, HEIGHT - 38.0))
LEFT, RIGHT = 56.0, WIDTH - 56.0
TICK = (26.0, 10.0, 4.0)
"""Left edge, width and height of a row's tick."""
ID_DIGITS = 12
ID_LEFT, ID_TOP, ID_STEP, ID_ROW = 300.0, HEIGHT - 172.0, 19.5, 13.5
BUBBLE = (13.0, 8.6)
"""Width and height of a bubble."""
FIRST_TOP, OTHER_TOP, FLOOR = HEIGHT - 330.0, HEIGHT - 110.0, 66.0
ROW, GROUP, GROUP_GAP = 16.5, 5, 8.0
COLUMNS = 4
MARK_STEP = 17.5
NUMBER_ROOM = 24.0
LINE_ROW = 27.0
ESSAY_HEIGHT = 150.0

CHOICES = (ItemType.SINGLE, ItemType.MULTIPLE, ItemType.TRUE_FALSE)


@dataclass(frozen=True, slots=True)
class Bubble:
    """One place to fill in; `question` is its number, or the column of the candidate number."""

    question: str
    mark: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class AnswerBox:
    """A place to write; `y` is its lower edge."""

    question: str
    x: float
    y: float
    width: float
    height: float


@dataclass(slots=True)
class SheetPage:
    """One page; the ticks are the heights of its rows of bubbles."""

    number: int
    identity: list[Bubble] = field(default_factory=list)
    bubbles: list[Bubble] = field(default_factory=list)
    boxes: list[AnswerBox] = field(default_factory=list)

    @property
    def ticks(self) -> list[float]:
        """Each height once, from the top."""
        return sorted({bubble.y for bubble in (*self.identity, *self.bubbles)}, reverse=True)


def lay_out_sheet(tasks: Sequence[PaperTask]) -> tuple[SheetPage, ...]:
    """Bubbles for what is chosen, then places to write for everything else."""
    pages = [SheetPage(1, identity=list(_identity()))]
    top = _place_bubbles(pages, [task for task in tasks if task.item.type in CHOICES])
    _place_boxes(pages, [task for task in tasks if task.item.type not in CHOICES], top)
    return tuple(pages)


def layout_mapping(pages: Sequence[SheetPage], digest: str) -> dict[str, Any]:
    """For programs that read scanned sheets: points from the lower left, centres of bubbles."""
    return {
        "form": digest,
        "unit": "pt",
        "page": [round(WIDTH, 2), round(HEIGHT, 2)],
        "corners": [[x, round(y, 2), CORNER] for x, y in CORNERS],
        "bubble": list(BUBBLE),
        "pages": [
            {
                "number": page.number,
                "ticks": [round(y, 2) for y in page.ticks],
                "identity": [_entry(bubble) for bubble in page.identity],
                "bubbles": [_entry(bubble) for bubble in page.bubbles],
                "boxes": [
                    [b.question, round(b.x, 2), round(b.y, 2), round(b.width, 2), b.height]
                    for b in page.boxes
                ],
            }
            for page in pages
        ],
    }


def marks_of(task: PaperTask) -> str:
    """What can be filled in: letters, or the signs of true and false."""
    if task.item.type is ItemType.TRUE_FALSE:
        return TRUE_SIGN + FALSE_SIGN
    return LETTERS[: len(task.options)]


def written_labels(task: PaperTask) -> Mapping[str, ItemType]:
    """The numbers of the places to write for one item: one a blank, else one."""
    key, number = task.item.answer_key, str(task.entry.number)
    if isinstance(key, BlanksKey) and len(key.blanks) > 1:
        return {f"{number}.{at}": task.item.type for at in range(1, len(key.blanks) + 1)}
    return {number: task.item.type}


def _entry(bubble: Bubble) -> list[Any]:
    return [bubble.question, bubble.mark, round(bubble.x, 2), round(bubble.y, 2)]


def _identity() -> Iterator[Bubble]:
    for digit in range(10):
        y = ID_TOP - digit * ID_ROW
        for place in range(ID_DIGITS):
            yield Bubble(f"ID{place + 1}", str(digit), ID_LEFT + place * ID_STEP, y)


def _place_bubbles(pages: list[SheetPage], tasks: Sequence[PaperTask]) -> float:
    """Down the columns, page after page; gives the height below which the last page is free."""
    left = list(tasks)
    top = FIRST_TOP
    while left:
        rows = min(_rows_below(top), max(GROUP, -(-len(left) // COLUMNS)))
        rows = -(-rows // GROUP) * GROUP if rows < _rows_below(top) else rows
        here, left = left[: rows * COLUMNS], left[rows * COLUMNS :]
        for at, task in enumerate(here):
            _place_task(pages[-1], task, top, *divmod(at, rows))
        if left:
            pages.append(SheetPage(len(pages) + 1))
            top = OTHER_TOP
            continue
        return _height(top, min(rows, len(here)) - 1) - ROW * 1.6
    return top


def _place_task(page: SheetPage, task: PaperTask, top: float, column: int, row: int) -> None:
    x = LEFT + column * (RIGHT - LEFT) / COLUMNS + NUMBER_ROOM
    y = _height(top, row)
    for at, mark in enumerate(marks_of(task)):
        page.bubbles.append(Bubble(str(task.entry.number), mark, x + (at + 0.5) * MARK_STEP, y))


def _height(top: float, row: int) -> float:
    return top - row * ROW - row // GROUP * GROUP_GAP


def _rows_below(top: float) -> int:
    rows = 0
    while _height(top, rows) > FLOOR + ROW:
        rows += 1
    return rows


def _place_boxes(pages: list[SheetPage], tasks: Sequence[PaperTask], top: float) -> None:
    """Two short lines side by side; an essay has a box of the whole width."""
    half = (RIGHT - LEFT) / 2
    at_left = True
    for label, kind in ((label, k) for task in tasks for label, k in written_labels(task).items()):
        is_long = kind is ItemType.ESSAY
        if is_long and not at_left:
            at_left, top = True, top - LINE_ROW
        height = ESSAY_HEIGHT if is_long else LINE_ROW
        if at_left and top - height < FLOOR:
            pages.append(SheetPage(len(pages) + 1))
            top = OTHER_TOP
        x = LEFT if at_left else LEFT + half
        width = (RIGHT - LEFT if is_long else half - 14) - NUMBER_ROOM - 6
        pages[-1].boxes.append(
            AnswerBox(label, x + NUMBER_ROOM + 6, top - height + 6, width, height - 8)
        )
        if is_long or not at_left:
            top -= height
            at_left = True
        else:
            at_left = False
