"""The answer key of a paper: what is right and what it is worth.

A key is a CSV file with the columns 题号, 答案, 分值, 题型 (question, answer, points, type).
Alternatives are divided by `/` (A/D accepts either; `\\/` is a slash inside an answer); a
numeric answer may carry a tolerance (3.14±0.01, bounds included). Points are exact.
All faults of a key are reported together.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from certify.grading.encoding import decode
from certify.grading.errors import (
    AnswerKeyError,
    AnswerUnfitForType,
    BadPoints,
    DuplicateQuestion,
    FaultyKey,
    KeyMissesColumn,
    KeyRowBroken,
    KeyRowWithoutQuestion,
    KeyWithoutAnswer,
    KeyWithoutQuestions,
    UnknownItemType,
)
from certify.grading.headings import compact, question_label
from certify.grading.normalise import (
    DIGITS,
    FILL_IN,
    LETTERS,
    MULTIPLE,
    NUMERIC,
    SINGLE,
    TRUE_FALSE,
    TRUTH,
    parse_number,
    read_answer,
)
from certify.grading.problems import shown
from certify.grading.records import Header, Record, bare, find_header, records_after, split_lines

HIGHEST_POINTS: Final = 10000
_SEARCHED_ROWS: Final = 20
_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "题号": ("题号", "question", "questionno", "no"),
    "答案": ("答案", "正确答案", "标准答案", "answer", "key"),
    "分值": ("分值", "分数", "points"),
    "题型": ("题型", "type"),
}
_TYPES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("单选", "单选题", "单项选择", "单项选择题", "single"), SINGLE),
    **dict.fromkeys(("多选", "多选题", "多项选择", "多项选择题", "multiple"), MULTIPLE),
    **dict.fromkeys(("判断", "判断题", "truefalse", "true/false"), TRUE_FALSE),
    **dict.fromkeys(("填空", "填空题", "fillin"), FILL_IN),
    **dict.fromkeys(("数值", "数值题", "numeric"), NUMERIC),
}
_POINTS: Final = re.compile(r"[0-9]{1,5}(?:\.[0-9]{1,6})?|[0-9]{1,4}/[0-9]{1,4}")


@dataclass(frozen=True, slots=True)
class NumericRange:
    lowest: Fraction
    highest: Fraction


@dataclass(frozen=True, slots=True)
class KeyedItem:
    """One question of the key; `alphabet` is how the key writes marks (letters, digits, truth)."""

    question: str
    label: str
    row: int
    item_type: str
    points: Fraction
    alphabet: str
    accepted: frozenset[str]
    ranges: tuple[NumericRange, ...] = ()

    def accepts(self, value: str) -> bool:
        """Whether a value read by `read_answer` is right; a blank never is."""
        if value in self.accepted:
            return True
        if not self.ranges or value == "":
            return False
        number = Fraction(value)
        return any(bounds.lowest <= number <= bounds.highest for bounds in self.ranges)


@dataclass(frozen=True, slots=True)
class PaperKey:
    """A whole key, in the order of its file."""

    file: str
    encoding: str
    items: tuple[KeyedItem, ...]
    unused_columns: tuple[str, ...] = ()

    @property
    def max_points(self) -> Fraction:
        return sum((item.points for item in self.items), Fraction(0))


def read_key(data: bytes, file: str) -> PaperKey:
    """Read and check a key; raises FileError or AnswerKeyError."""
    decoded = decode(data, file)
    lines = split_lines(decoded.text)
    header = find_header(lines, _has_question_column, _SEARCHED_ROWS)
    if header is None:
        raise KeyMissesColumn(file=file, row=1, column="题号")
    columns = _columns(header, file)
    items: list[KeyedItem] = []
    errors: list[AnswerKeyError] = []
    first_rows: dict[str, int] = {}
    for record in records_after(lines, header):
        if record.blank:
            continue
        try:
            item = _item(record, header, columns, file)
            if item.label in first_rows:
                first = first_rows[item.label]
                raise DuplicateQuestion(
                    file=file, row=item.row, question=item.question, first_row=first
                )
        except AnswerKeyError as error:
            errors.append(error)
            continue
        first_rows[item.label] = item.row
        items.append(item)
    _raise(errors, file)
    if not items:
        raise KeyWithoutQuestions(file=file, row=header.row)
    used = set(columns.values())
    unused = tuple(cell for n, cell in enumerate(header.cells) if n not in used and bare(cell))
    return PaperKey(file, decoded.encoding, tuple(items), unused)


def _has_question_column(cells: list[str]) -> bool:
    found = {compact(cell) for cell in cells}
    return len(cells) > 1 and not found.isdisjoint(_COLUMNS["题号"])


def _columns(header: Header, file: str) -> dict[str, int]:
    compacted = [compact(cell) for cell in header.cells]
    columns = {}
    for column, spellings in _COLUMNS.items():
        found = next((s for s in spellings if s in compacted), None)
        if found is None:
            raise KeyMissesColumn(file=file, row=header.row, column=column)
        columns[column] = compacted.index(found)
    return columns


def _raise(errors: list[AnswerKeyError], file: str) -> None:
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise FaultyKey(file=file, errors=errors)


def _item(record: Record, header: Header, columns: Mapping[str, int], file: str) -> KeyedItem:
    cells = record.cells
    if cells is None or len(cells) < len(header.cells) or any(cells[len(header.cells) :]):
        found = "an open quotation mark" if cells is None else len(cells)
        raise KeyRowBroken(file=file, row=record.row, expected=len(header.cells), found=found)
    question, answer, points, kind = (bare(cells[columns[column]]) for column in _COLUMNS)
    if not question:
        raise KeyRowWithoutQuestion(file=file, row=record.row)
    item_type = _TYPES.get(compact(kind))
    if item_type is None:
        raise UnknownItemType(file=file, row=record.row, question=question, found=shown(kind))
    worth = _points(points)
    if worth is None:
        raise BadPoints(
            file=file,
            row=record.row,
            question=question,
            highest=HIGHEST_POINTS,
            found=shown(points),
        )
    if not answer:
        raise KeyWithoutAnswer(file=file, row=record.row, question=question)
    alphabet = _alphabet(answer, item_type)
    try:
        accepted, ranges = _accepted(_alternatives(answer), item_type, alphabet)
    except ValueError as error:
        raise AnswerUnfitForType(
            file=file,
            row=record.row,
            question=question,
            found=shown(answer),
            type=item_type,
            reason=str(error),
        ) from error
    return KeyedItem(
        question, question_label(question), record.row, item_type, worth, alphabet, accepted, ranges
    )


def _points(text: str) -> Fraction | None:
    plain = unicodedata.normalize("NFKC", text).removesuffix("分").strip()
    if _POINTS.fullmatch(plain) is None or plain.endswith(("/0", "/00", "/000", "/0000")):
        return None
    points = Fraction(plain)
    return points if 0 < points <= HIGHEST_POINTS else None


def _alternatives(answer: str) -> list[str]:
    narrow = answer.replace("／", "/")
    return [bare(part).replace("\\/", "/") for part in re.split(r"(?<!\\)/", narrow)]


def _alphabet(answer: str, item_type: str) -> str:
    """Options by letters or digits; true/false by words unless the key says A or B."""
    marks = unicodedata.normalize("NFKC", answer).upper()
    if item_type == TRUE_FALSE:
        return LETTERS if set(marks) <= set("AB/ ") else TRUTH
    return DIGITS if any("1" <= char <= "9" for char in marks) else LETTERS


def _accepted(
    alternatives: Iterable[str], item_type: str, alphabet: str
) -> tuple[frozenset[str], tuple[NumericRange, ...]]:
    values, ranges = set(), []
    for alternative in alternatives:
        value, _, tolerance = alternative.partition("±")
        if tolerance and item_type == NUMERIC:
            ranges.append(_range(value, tolerance))
            continue
        reading = read_answer(alternative, item_type, alphabet)
        if reading.fault is not None or reading.value == "":
            raise ValueError(f"'{shown(alternative)}' cannot be read as {item_type}")
        values.add(reading.value)
    return frozenset(values), tuple(ranges)


def _range(value: str, tolerance: str) -> NumericRange:
    middle = parse_number(read_answer(value, NUMERIC).value)
    margin = parse_number(unicodedata.normalize("NFKC", bare(tolerance)))
    if middle is None or margin is None or margin < 0:
        raise ValueError(f"'{shown(value)}±{shown(tolerance)}' is no number with a tolerance")
    return NumericRange(middle - margin, middle + margin)
