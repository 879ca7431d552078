"""Items -> Moodle XML. What Moodle cannot say is found by reading the file back, and named.

Texts are written in Moodle's Markdown format, pictures embedded, our tags as Moodle's tags.
"""

import base64
import re
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from io import BytesIO
from pathlib import Path

from lxml import etree

from question_bank.answer_key import BlanksKey, ChoiceKey, EssayKey, MatchKey, NumericKey, OrderKey
from question_bank.exchange.credit import natural_scoring, percent_of_share, shares_of_item
from question_bank.exchange.explained import general_feedback
from question_bank.exchange.fidelity import problems_of_writing
from question_bank.exchange.labels import STIMULUS, labels_of
from question_bank.exchange.moodle_xml.gaps import written_gap
from question_bank.exchange.moodle_xml.reading import FORMAT, items_of
from question_bank.exchange.moodle_xml.source import PLUGIN_FILE
from question_bank.exchange.problems import Problem
from question_bank.exchange.text_files import Target
from question_bank.interactions import BLANK_MARK, TRUE_FALSE_IDS
from question_bank.item import Item, ItemFile, ItemType, Stimulus
from question_bank.scoring import Scoring, ScoringRule
from question_bank.scoring_rules import absolute_tolerance

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PICTURE = re.compile(r"(!\[[^\]]*\]\(<?)([^)>\s]+)")


def write_items(items: Iterable[Item], target: Target) -> tuple[Problem, ...]:
    """Write items as Moodle XML; a problem for each that Moodle cannot hold as it is."""
    listed = tuple(items)
    content = moodle_document(listed)
    if isinstance(target, str | Path):
        Path(target).write_bytes(content)
    else:
        target.write(content)  # type: ignore[arg-type]  # a stream of bytes
    return problems_of_writing(listed, items_of(content, "")[0], FORMAT)


def moodle_document(items: Iterable[Item]) -> bytes:
    """The whole file, in the order of the items."""
    quiz, chapter = etree.Element("quiz"), ""
    stimuli: set[str] = set()
    for item in items:
        question = _Writer(item).question()
        if question is None:
            continue
        if item.chapter != chapter:
            chapter = item.chapter
            quiz.append(_category(chapter))
        if item.stimulus and item.stimulus.id not in stimuli:
            stimuli.add(item.stimulus.id)
            quiz.append(_description(item.stimulus))
        quiz.append(question)
    stream = BytesIO()
    etree.ElementTree(quiz).write(stream, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return stream.getvalue()


def _element(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(parent, name)
    if text is not None:
        element.text = _NOT_XML.sub("", text)
    return element


def _category(chapter: str) -> etree._Element:
    question = etree.Element("question", type="category")
    path = f"$course$/top{'/' if chapter else ''}{chapter}"
    _element(_element(question, "category"), "text", path)
    return question


def _description(stimulus: Stimulus) -> etree._Element:
    question = etree.Element("question", type="description")
    _element(_element(question, "name"), "text", stimulus.title)
    _text(question, "questiontext", stimulus.text)
    _element(question, "idnumber", stimulus.id)
    _tags(question, [f"{STIMULUS}{stimulus.id}"])
    return question


def _tags(question: etree._Element, labels: Iterable[str]) -> None:
    tags = _element(question, "tags")
    for label in labels:
        _element(_element(tags, "tag"), "text", label)


def _text(
    parent: etree._Element, name: str, markdown: str, files: Iterable[ItemFile] = ()
) -> etree._Element:
    """A text element in Markdown; pictures of the item are addressed as Moodle does."""
    held = {file.name for file in files}

    def address(found: re.Match[str]) -> str:
        inside = found[2] in held
        return f"{found[1]}{PLUGIN_FILE if inside else ''}{found[2]}"

    element = etree.SubElement(parent, name, format="markdown")
    _element(element, "text", _PICTURE.sub(address, markdown))
    return element


class _Writer:
    """One item as a question element."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self.element = etree.Element("question")

    def question(self) -> etree._Element | None:
        """The question; None where Moodle has no such type."""
        shape = _SHAPES.get(self.item.type)
        if shape is None:
            return None
        item, element = self.item, self.element
        _element(_element(element, "name"), "text", item.id)
        self.asked = _text(element, "questiontext", item.stem, item.files)
        for file in item.files:
            part = _element(self.asked, "file", base64.b64encode(file.content).decode())
            part.set("name", file.name)
            part.set("path", "/")
            part.set("encoding", "base64")
        _text(element, "generalfeedback", general_feedback(item), item.files)
        _element(element, "defaultgrade", f"{float(item.scoring.max_points):.7f}")
        _element(element, "idnumber", item.id)
        kind, natural = shape(self)
        if kind is None:
            return None
        element.set("type", kind)
        _tags(element, labels_of(item, natural, points=False))
        return element

    def _answer(self, text: str, fraction: str, note: str = "", *, plain: bool = False) -> None:
        if plain:
            answer = etree.SubElement(self.element, "answer", format="plain_text")
            _element(answer, "text", text)
        else:
            answer = _text(self.element, "answer", text, self.item.files)
        answer.set("fraction", fraction)
        if note:
            _text(answer, "feedback", note, self.item.files)

    def choice(self) -> tuple[str | None, Scoring]:
        item = self.item
        _element(self.element, "single", str(item.type is ItemType.SINGLE).lower())
        _element(self.element, "shuffleanswers", str(item.shuffle).lower())
        shares = shares_of_item(item)
        for option in item.options:
            note = item.explanation.option_notes.get(option.id, "")
            self._answer(option.text, percent_of_share(shares[option.id]), note)
        return "multichoice", natural_scoring(item)

    def true_false(self) -> tuple[str | None, Scoring]:
        key = self.item.answer_key
        correct = key.correct if isinstance(key, ChoiceKey) else frozenset[str]()
        for name in TRUE_FALSE_IDS:
            self._answer(name, "100" if name in correct else "0", plain=True)
        return "truefalse", self._plain()

    def _plain(self) -> Scoring:
        return Scoring(max_points=self.item.scoring.max_points)

    def numeric(self) -> tuple[str | None, Scoring]:
        key = self.item.answer_key
        if not isinstance(key, NumericKey):
            return None, self._plain()
        self._answer(f"{key.value:f}", "100", plain=True)
        _element(self.element.find("answer"), "tolerance", f"{absolute_tolerance(key):f}")
        for slip in self.item.explanation.wrong_answers:
            self._answer(f"{slip.value:f}", "0", slip.note, plain=True)
        if key.unit:
            unit = _element(_element(self.element, "units"), "unit")
            _element(unit, "multiplier", "1")
            _element(unit, "unit_name", key.unit)
        return "numerical", self._plain()

    def fill_in(self) -> tuple[str | None, Scoring]:
        """Every blank stands in the text, as Moodle's embedded answers."""
        key, points = self.item.answer_key, self.item.scoring.max_points
        if not isinstance(key, BlanksKey) or not all(blank.accepted for blank in key.blanks):
            return None, self._plain()
        blanks = {blank.id: blank for blank in key.blanks}
        weights = _weights(self.item, key)

        def gap(found: re.Match[str]) -> str:
            name = found[1]
            return written_gap(blanks[name], weights[name]) if name in blanks else found[0]

        part = self.asked.find("text")
        part.text = _NOT_XML.sub("", BLANK_MARK.sub(gap, part.text or ""))
        mapped = len(blanks) > 1
        return "cloze", Scoring(ScoringRule.MAPPED, points) if mapped else natural_scoring(
            self.item
        )

    def order(self) -> tuple[str | None, Scoring]:
        key, texts = self.item.answer_key, {o.id: o.text for o in self.item.options}
        if not isinstance(key, OrderKey) or not set(key.sequence) <= set(texts):
            return None, self._plain()
        places = {option: number for number, option in enumerate(key.sequence, start=1)}
        for name, text in texts.items():
            self._answer(text, str(places.get(name, 0)))
        grading = {ScoringRule.PRECEDENCE: "3", ScoringRule.PARTIAL: "0"}
        rule = self.item.scoring.rule
        written = rule if rule in grading else ScoringRule.ALL_OR_NOTHING
        _element(self.element, "gradingtype", grading.get(rule, "-1"))
        return "ordering", Scoring(written, self.item.scoring.max_points)

    def match(self) -> tuple[str | None, Scoring]:
        key = self.item.answer_key
        if not isinstance(key, MatchKey):
            return None, self._plain()
        targets = {target.id: target.text for target in self.item.targets}
        pairs = dict(key.pairs)
        asked = [(option.text, pairs.get(option.id, "")) for option in self.item.options]
        asked += [("", name) for name in targets if name not in pairs.values()]
        for text, target in asked:
            part = _text(self.element, "subquestion", text, self.item.files)
            _text(part, "answer", targets.get(target, ""), self.item.files)
        return "matching", natural_scoring(self.item)

    def essay(self) -> tuple[str | None, Scoring]:
        key = self.item.answer_key
        if isinstance(key, EssayKey):
            _text(self.element, "graderinfo", key.reference, self.item.files)
        return "essay", self._plain()


def _weights(item: Item, key: BlanksKey) -> dict[str, int]:
    """Whole weights in the proportion of the points by blank; alike without a mapping."""
    points = {blank.id: item.scoring.mapping.get(blank.id, Fraction(0)) for blank in key.blanks}
    if item.scoring.rule is not ScoringRule.MAPPED or min(points.values()) <= 0:
        return dict.fromkeys(points, 1)
    least = min(points.values())
    return {name: max(1, round(earned / least)) for name, earned in points.items()}


_SHAPES: Mapping[ItemType, Callable[[_Writer], tuple[str | None, Scoring]]] = {
    ItemType.SINGLE: _Writer.choice,
    ItemType.MULTIPLE: _Writer.choice,
    ItemType.TRUE_FALSE: _Writer.true_false,
    ItemType.NUMERIC: _Writer.numeric,
    ItemType.FILL_IN: _Writer.fill_in,
    ItemType.ORDER: _Writer.order,
    ItemType.MATCH: _Writer.match,
    ItemType.ESSAY: _Writer.essay,
}
