"""Moodle XML questions -> items: who a question is, its texts, labels, points and hints.

What each type asks is read in `question_types`; a type we do not have is kept as a draft with the
whole question attached.
"""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any

from lxml import etree

from question_bank.answer_key import EssayKey
from question_bank.exchange.drafts import draft_item, gathered, identifier, kept_file, with_files
from question_bank.exchange.explained import Explained
from question_bank.exchange.gift.reading import chapter_of
from question_bank.exchange.kept_texts import KeptTexts
from question_bank.exchange.labels import labelled_item
from question_bank.exchange.moodle_xml.question_types import TYPES, QuestionTexts, Unfit
from question_bank.exchange.moodle_xml.source import Texts, questions_of, text_of
from question_bank.exchange.problems import (
    LABELS_LEFT,
    MOST_ITEMS,
    NOTHING_FOUND,
    TOO_MANY_ITEMS,
    Problem,
    changed,
    lost,
)
from question_bank.exchange.text_files import MEGABYTE, read_bytes
from question_bank.item import Item, ItemType

FORMAT = "Moodle XML"
LARGEST_FILE = 64 * MEGABYTE
UNKNOWN_TYPE = lost(
    "questions of type {type} have no counterpart; kept as a draft essay with the file {name}"
)
UNFIT_QUESTION = lost("this question cannot be read ({reason}); kept as a draft with {name}")
PENALTY_LEFT = changed("a penalty for units or tries is not taken over: {penalty}")
STOCK_FEEDBACK = frozenset(
    (
        "Your answer is correct.",
        "Your answer is partially correct.",
        "Your answer is incorrect.",
        "回答正确",
        "部分正确",
        "回答错误",
    )
)
"""What Moodle writes by itself."""


def read_items(path: Path) -> tuple[tuple[Item, ...], tuple[Problem, ...]]:
    """The items of a Moodle XML file, and what could not be taken over as it stands."""
    content = read_bytes(Path(path), LARGEST_FILE)
    if isinstance(content, Problem):
        return (), (content,)
    return items_of(content, path.name)


def items_of(content: bytes, file: str) -> tuple[tuple[Item, ...], tuple[Problem, ...]]:
    """The items of a document; a category becomes the chapter of what follows it."""
    reader = _FileReader(file)
    found: list[tuple[Item, int | None]] = []
    for number, element in enumerate(questions_of(content, file), start=1):
        if number > MOST_ITEMS:
            reader.problems.append(TOO_MANY_ITEMS.at(file, most=MOST_ITEMS))
            break
        found += reader.take(element)
    items, repeated = gathered(found, file)
    problems = [*reader.problems, *repeated, *reader.texts.problems()]
    if not items and not problems:
        problems.append(NOTHING_FOUND.at(file, format=FORMAT))
    return tuple(items), tuple(problems)


class _FileReader:
    """What one question leaves for the next: the category, and texts that are no items."""

    def __init__(self, file: str) -> None:
        self.file, self.chapter = file, ""
        self.texts = KeptTexts(file)
        self.problems: list[Problem] = []

    def take(self, element: etree._Element | Problem) -> Iterator[tuple[Item, int | None]]:
        if isinstance(element, Problem):
            self.problems.append(element)
            return
        kind = element.get("type", "")
        if kind == "category":
            self.chapter = chapter_of(text_of(element, "category/text"))
            self._keep(element, "info")
        elif kind == "description":
            self._keep(element, "questiontext")
        else:
            yield self._item(element, kind), element.sourceline

    def _keep(self, element: etree._Element, name: str) -> None:
        texts = Texts(self.file, "")
        markdown = texts.markdown(element.find(name))
        if markdown:
            title = text_of(element, "name/text")
            self.texts.keep(title, markdown, element.sourceline, labels_in(element))
        self.problems += texts.problems

    def _item(self, element: etree._Element, kind: str) -> Item:
        title = text_of(element, "name/text")
        asked = text_of(element, "questiontext/text")
        answers = [text_of(part, "text") for part in element.iterfind("answer")]
        item_id = identifier(
            text_of(element, "idnumber"), title, content=(kind, title, asked, answers)
        )
        texts = QuestionTexts(element, Texts(self.file, item_id), points_of(element))
        item = self._asked(texts, item_id, kind)
        item = replace(
            item,
            chapter=self.chapter,
            source="" if title in {"", item_id} else title,
            explanation=self._explanation(texts, item),
            shuffle=text_of(element, "shuffleanswers", "true") not in ("0", "false"),
        )
        item = self._labelled(item, element, texts.source)
        item = with_files(item, texts.source.files.values())
        self.problems += texts.source.problems
        return item

    def _asked(self, texts: QuestionTexts, item_id: str, kind: str) -> Item:
        """What the question asks, as an item; a draft with the question attached where it fails."""
        element = texts.element
        read = TYPES.get(kind)
        name = "question.xml"
        try:
            if read is not None:
                item_type, fields = read(texts)
                stem = fields.pop("stem", None)
                stem = texts.stem() if stem is None else stem
                return draft_item(item_id, item_type, stem, **fields)
            texts.source.tell(UNKNOWN_TYPE, element.sourceline, type=kind or "?", name=name)
        except Unfit as error:
            row = element.sourceline
            texts.source.tell(UNFIT_QUESTION, row, reason=str(error), name=name)
        draft = draft_item(item_id, ItemType.ESSAY, texts.stem(), answer_key=EssayKey())
        whole = etree.tostring(element, encoding="utf-8", with_tail=False)
        return with_files(draft, [kept_file(name, "application/xml", whole)])

    def _explanation(self, texts: QuestionTexts, item: Item) -> Any:
        element, markdown = texts.element, texts.source.markdown
        explained = Explained(markdown(element.find("generalfeedback")))
        for answer, note in texts.answer_feedback:
            explained.add(answer, note)
        for name in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"):
            note = markdown(element.find(name))
            if note and note not in STOCK_FEEDBACK:
                explained.add("", note)
        for hint in element.iterfind("hint"):
            explained.add("", markdown(hint))
        held = item.explanation
        return explained.explanation(
            option_notes=held.option_notes, wrong_answers=held.wrong_answers
        )

    def _labelled(self, item: Item, element: etree._Element, texts: Texts) -> Item:
        labels = labels_in(element)
        item = self.texts.beside(item, labels)
        item, strange = labelled_item(
            item, [label for label in labels if not self.texts.is_known(label)]
        )
        if strange:
            texts.tell(LABELS_LEFT, element.sourceline, labels=", ".join(strange))
        penalty = text_of(element, "unitpenalty")
        if penalty.strip("0.") and text_of(element, "unitgradingtype", "0") != "0":
            texts.tell(PENALTY_LEFT, element.sourceline, penalty=penalty)
        return item


def labels_in(element: etree._Element) -> tuple[str, ...]:
    """The tags of a question."""
    return tuple(text_of(tag, "text") for tag in element.iterfind("tags/tag"))


def points_of(element: etree._Element) -> Fraction:
    """The default grade; 1 where there is none or it is not above zero."""
    try:
        points = Fraction(Decimal(text_of(element, "defaultgrade", "1")[:30]))
    except (InvalidOperation, ValueError, OverflowError):
        return Fraction(1)
    plain = points.limit_denominator(20)
    points = plain if abs(plain - points) < Fraction(1, 10**6) else points
    return points if points > 0 else Fraction(1)
