"""One row of the item sheet -> an item, with a problem for each cell that cannot be read."""

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from question_bank.exchange.drafts import (
    GUESSED_DIFFICULTY,
    GUESSED_SECONDS,
    draft_item,
    identifier,
    option_id,
)
from question_bank.exchange.native_keys import OPTION_TYPES
from question_bank.exchange.problems import (
    NO_ANSWER_GIVEN,
    lost,
)
from question_bank.exchange.workbook import cells
from question_bank.exchange.workbook.answers import NO_SUCH_OPTION, AnswerReader
from question_bank.exchange.workbook.cells import CellFault
from question_bank.exchange.workbook.columns import (
    BLOOM_NAMES,
    LEVEL_NAMES,
    OPTION_LETTERS,
    TYPE_NAMES,
    code_of,
)
from question_bank.exchange.workbook.row_cells import STRANGE_WORD, RowCells
from question_bank.item import (
    CalibratedParameters,
    Explanation,
    Item,
    ItemType,
    Option,
    ProvisionalDifficulty,
    Stimulus,
)
from question_bank.skills import load_skill_model

NO_STEM = lost("the row has no stem; write the question")
NO_TYPE = lost("the type cannot be told from the answer; choose one in this column")
OPTION_GAP = lost("this option is empty and a later one is not; move the options up")
UNKNOWN_STIMULUS = lost("no stimulus {found} stands in the sheet of stimuli; add it there")
BAD_DATE = lost("expected a date such as 2027-10-31, found {found}")
MOST_SECONDS = 86_400
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s00:00:00)?")
_DIFFICULTY_WORDS = {
    "易": "0.8",
    "容易": "0.8",
    "简单": "0.8",
    "中": "0.6",
    "中等": "0.6",
    "一般": "0.6",
    "难": "0.4",
    "困难": "0.4",
    "较难": "0.4",
}


def item_of_row(row: RowCells, stimuli: Mapping[str, Stimulus], type_hint: str = "") -> Item | None:
    """The item of a row, or None where a cell forbids it; the row then holds the problem."""
    return _Row(row, stimuli, type_hint).item()


class _Row:
    """Builds the item of one row."""

    def __init__(self, row: RowCells, stimuli: Mapping[str, Stimulus], type_hint: str) -> None:
        self.row, self.stimuli, self.type_hint = row, stimuli, type_hint

    def item(self) -> Item | None:
        """The item, or None where a cell forbids it."""
        if not self.row.cell("stem"):
            self.row.tell(NO_STEM, "stem")
        item_type = self._type()
        if item_type is None or not self.row.is_sound():
            return None
        options = self._options()
        answers = AnswerReader(self.row, item_type, options)
        fields = answers.fields()
        if fields["answer_key"] is None and self.row.is_sound():
            self.row.tell(NO_ANSWER_GIVEN, "answer")
        tags = self._tags()
        explanation = self._explanation(options, item_type)
        if not self.row.is_sound():
            return None
        stem = fields.pop("stem", self.row.cell("stem"))
        content = (item_type.value, stem, self.row.cell("answer"), [o.text for o in options])
        self.row.item_id = identifier(self.row.item_id, content=content)
        return draft_item(
            self.row.item_id, item_type, stem, explanation=explanation, **tags, **fields
        )

    def _type(self) -> ItemType | None:
        text = self.row.cell("type")
        found = code_of(text or self.type_hint, TYPE_NAMES)
        if found is not None:
            return ItemType(found)
        if text:
            expected = "、".join(names[0] for names in TYPE_NAMES.values())
            self.row.tell(STRANGE_WORD, "type", expected=expected, found=text)
            return None
        told = self._told_type()
        if told is None:
            self.row.tell(NO_TYPE, "type")
        return told

    def _told_type(self) -> ItemType | None:
        """The type as the answer shows it: letters of options, or 对 and 错."""
        answer = self.row.cell("answer")
        if self.row.cell("option_A"):
            try:
                return ItemType.SINGLE if len(cells.letters(answer)) == 1 else ItemType.MULTIPLE
            except CellFault:
                return None
        try:
            cells.truth(answer)
        except CellFault:
            return None
        return ItemType.TRUE_FALSE

    def _options(self) -> tuple[Option, ...]:
        texts = [self.row.cell(f"option_{letter}") for letter in OPTION_LETTERS]
        while texts and not texts[-1]:
            texts.pop()
        for letter, text in zip(OPTION_LETTERS, texts, strict=False):
            if not text:
                self.row.tell(OPTION_GAP, f"option_{letter}")
        return tuple(Option(option_id(number), text) for number, text in enumerate(texts))

    def _explanation(self, options: tuple[Option, ...], item_type: ItemType) -> Explanation:
        by_letter = self.row.read("notes", cells.notes, dict[str, str]())
        ids = {OPTION_LETTERS[number]: option.id for number, option in enumerate(options)}
        strange = sorted(set(by_letter) - set(ids))
        if strange and item_type in OPTION_TYPES:
            self.row.tell(NO_SUCH_OPTION, "notes", found=", ".join(strange), count=len(options))
        slips = self.row.read("slips", cells.slips, ())
        return Explanation(
            self.row.cell("explanation"),
            self.row.cell("takeaway"),
            {ids[letter]: note for letter, note in by_letter.items() if letter in ids},
            slips if item_type is ItemType.NUMERIC else (),
        )

    def _tags(self) -> dict[str, Any]:
        model = load_skill_model()
        node = self.row.cell("node")
        code = node.zfill(2) if node.isdecimal() else node
        if code and code not in model.nodes:
            self.row.tell(STRANGE_WORD, "node", expected="10, T3", found=node)
            code = ""
        dimensions = model.dimension_codes
        dimension = self.row.cell("dimension")
        if dimension and dimension not in dimensions:
            self.row.tell(
                STRANGE_WORD, "dimension", expected=", ".join(dimensions), found=dimension
            )
        primary = model.nodes[code].primary if code else ""
        stimulus = self.row.cell("stimulus")
        if stimulus and stimulus not in self.stimuli:
            self.row.tell(UNKNOWN_STIMULUS, "stimulus", found=stimulus)
        enemies = re.split(r"[\s,，、;；]+", self.row.cell("enemies"))
        return {
            "node": code,
            "dimension": dimension or primary,
            "level": self.row.code("level", LEVEL_NAMES, "新手、成熟、精英"),
            "point": self.row.cell("point"),
            "bloom": self.row.code("bloom", BLOOM_NAMES, "记忆、理解、应用、分析、评价、创造"),
            "source": self.row.cell("source"),
            "expected_seconds": self.row.read("seconds", _seconds, GUESSED_SECONDS),
            "difficulty": self._difficulty(),
            "calibration": self.row.read("calibration", _calibration, None),
            "enemies": tuple(enemy for enemy in enemies if enemy),
            "valid_until": self._date(),
            "stimulus": self.stimuli.get(stimulus),
            "work_area": self.row.cell("work_area"),
            "chapter": self.row.cell("chapter"),
            "shuffle": self.row.read("shuffle", cells.yes, True),
        }

    def _difficulty(self) -> ProvisionalDifficulty:
        basis = self.row.cell("basis") or GUESSED_DIFFICULTY.basis
        p = self.row.read("difficulty", _difficulty, GUESSED_DIFFICULTY.p)
        return ProvisionalDifficulty(p, basis)

    def _date(self) -> dt.date | None:
        text = self.row.cell("valid_until")
        if not text:
            return None
        found = _DATE.fullmatch(text)
        try:
            if found:
                return dt.date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            pass
        self.row.tell(BAD_DATE, "valid_until", found=text)
        return None


def _seconds(text: str) -> int:
    value = cells.decimal(text)
    if value != value.to_integral_value() or not 0 < value < MOST_SECONDS:
        raise CellFault(cells.BAD_NUMBER, text)
    return int(value)


def _difficulty(text: str) -> Decimal:
    value = cells.decimal(_DIFFICULTY_WORDS.get(text, text))
    if not 0 < value < 1:
        raise CellFault(cells.BAD_NUMBER, text)
    return value


def _calibration(text: str) -> CalibratedParameters:
    parts = text.split()
    if len(parts) != 4 or not parts[3].isdecimal():
        raise CellFault(cells.BAD_NUMBER, text)
    a, b, c = (float(cells.decimal(part)) for part in parts[:3])
    return CalibratedParameters(a, b, c, int(parts[3]))
