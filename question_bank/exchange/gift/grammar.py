"""GIFT text -> a faithful tree of its questions. What they mean as items is not known here.

GIFT is Moodle's plain-text question format (docs.moodle.org, "GIFT format"). Questions are
separated by blank lines; an unclosed brace holds a question together across one, as files edited
by hand have it. Nothing here raises: what cannot be read is a problem at its line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from question_bank.exchange.gift.lines import Block, blocks_of, hide_escapes, show_escapes
from question_bank.exchange.problems import (
    MOST_ITEMS,
    TOO_MANY_ITEMS,
    Problem,
    ProblemKind,
    lost,
)

BAD_ANSWERS = lost("what stands between the braces is no GIFT answer: {found}; correct it")
OPEN_BRACE = lost("a brace is opened and never closed, or closed and never opened; correct it")
BAD_NUMBER = lost("expected a number, found {found}; correct it")
TOO_LONG = lost("the question is longer than {most} characters; is a blank line missing?")
LONGEST_QUESTION = 2_000_000
FORMATS = ("html", "markdown", "moodle", "plain")
GAP = " _____ "
_FORMAT = re.compile(rf"\s*\[({'|'.join(FORMATS)})\]", re.IGNORECASE)
_TITLE = re.compile(r"\s*::(.*?)::", re.DOTALL)
_WEIGHT = re.compile(r"\s*%\s*(-?\d{1,9}(?:\.\d{0,9})?)\s*%")
_TRUTH = re.compile(r"\s*(TRUE|T|FALSE|F)\s*(?:#(.*?))?(?:#(.*))?", re.DOTALL | re.IGNORECASE)
_NUMBER = r"\s*([+-]?(?:\d{1,40}\.?\d{0,40}|\.\d{1,40})(?:[eE][+-]?\d{1,3})?)\s*"
_NUMERAL = re.compile(rf"{_NUMBER}(?:(?P<sign>:|\.\.){_NUMBER})?")
_MARKUP_TAG = r"</?[A-Za-z][^<>{}\n]*>"


class GiftType(StrEnum):
    """The kinds of question, told by the shape of the answers."""

    CHOICE = "MC"
    TRUE_FALSE = "TF"
    SHORT = "Short"
    NUMERICAL = "Numerical"
    MATCHING = "Matching"
    ESSAY = "Essay"
    DESCRIPTION = "Description"
    CATEGORY = "Category"


@dataclass(frozen=True, slots=True)
class GiftText:
    """A text and the format it is written in."""

    format: str
    text: str


@dataclass(frozen=True, slots=True)
class GiftNumber:
    """A numerical answer: `simple` (low), `range` (low, tolerance) or `high-low` (low, high)."""

    type: str
    low: Decimal
    tolerance: Decimal = Decimal(0)
    high: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class GiftChoice:
    """An answer: its sign (= is correct), its weight in percent, its content, its feedback."""

    is_correct: bool
    weight: Decimal | None
    text: GiftText | GiftNumber
    feedback: GiftText | None = None


@dataclass(frozen=True, slots=True)
class GiftPair:
    """A pair of a matching question; an empty subquestion is a target nothing belongs to."""

    subquestion: GiftText
    subanswer: str


@dataclass(frozen=True, slots=True)
class GiftQuestion:
    """A question as it stands; `row` is its first line."""

    type: GiftType
    row: int
    title: str | None = None
    stem: GiftText = GiftText("moodle", "")
    embedded: bool = False
    id: str | None = None
    tags: tuple[str, ...] = ()
    feedback: GiftText | None = None
    choices: tuple[GiftChoice, ...] = ()
    number: GiftNumber | None = None
    pairs: tuple[GiftPair, ...] = ()
    is_true: bool = False
    true_feedback: GiftText | None = None
    false_feedback: GiftText | None = None


@dataclass(frozen=True, slots=True)
class GiftFile:
    """The questions of a file in their order, and what could not be read."""

    questions: tuple[GiftQuestion, ...]
    problems: tuple[Problem, ...] = field(default=())


class _Unreadable(Exception):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem


def parse_gift(text: str, file: str = "") -> GiftFile:
    """All questions of a GIFT text."""
    questions, problems = [], []
    for number, block in enumerate(blocks_of(text), start=1):
        if number > MOST_ITEMS:
            problems.append(TOO_MANY_ITEMS.at(file, row=block.row, most=MOST_ITEMS))
            break
        try:
            questions.append(_Reader(block, file).question())
        except _Unreadable as error:
            problems.append(error.problem)
    return GiftFile(tuple(questions), tuple(problems))


class _Reader:
    """Reads one block; the format of its stem is the default of all its texts."""

    def __init__(self, block: Block, file: str) -> None:
        self.block, self.file, self.format = block, file, "moodle"

    def question(self) -> GiftQuestion:
        row = self.block.row
        if len(self.block.text) > LONGEST_QUESTION:
            raise self._fault(TOO_LONG, most=LONGEST_QUESTION)
        if self.block.category is not None:
            return GiftQuestion(GiftType.CATEGORY, row, self.block.category)
        body = hide_escapes(self.block.text)
        titled = _TITLE.match(body)
        title = show_escapes(titled[1]).strip() if titled else None
        body = body[titled.end() :] if titled else body
        before, answers, after = self._parts(body)
        stem = self._stem(before, after)
        found = GiftQuestion(
            GiftType.DESCRIPTION, row, title, stem, bool(after), self.block.id, self.block.tags
        )
        return found if answers is None else self._answered(found, answers)

    def _parts(self, body: str) -> tuple[str, str | None, str]:
        """Text before, between and after the braces; None between where there are none."""
        start = body.find("{")
        end = body.find("}")
        if start < 0 and end < 0:
            return body, None, ""
        if start < 0 or end < start or "{" in body[start + 1 : end]:
            raise self._fault(OPEN_BRACE)
        after = body[end + 1 :].strip()
        if "{" in after or "}" in after:
            raise self._fault(OPEN_BRACE)
        return body[:start], body[start + 1 : end], after

    def _stem(self, before: str, after: str) -> GiftText:
        marked = _FORMAT.match(before)
        if marked:
            self.format = marked[1].lower()
            before = before[marked.end() :]
        whole = f"{before.strip()}{GAP}{after}".strip() if after else before
        return _text(whole, self.format)

    def _answered(self, found: GiftQuestion, answers: str) -> GiftQuestion:
        answers, general = _split_at(answers, "####")
        found = replace(found, feedback=self.optional(general))
        answers = answers.strip()
        if not answers:
            return replace(found, type=GiftType.ESSAY)
        truth = _TRUTH.fullmatch(answers)
        if truth:
            return replace(
                found,
                type=GiftType.TRUE_FALSE,
                is_true=truth[1].upper().startswith("T"),
                true_feedback=self.optional(truth[2]),
                false_feedback=self.optional(truth[3]),
            )
        if answers.startswith("#"):
            return self._numerical(found, answers[1:].strip())
        return self._chosen(found, answers)

    def _numerical(self, found: GiftQuestion, answers: str) -> GiftQuestion:
        found = replace(found, type=GiftType.NUMERICAL)
        if not answers.startswith(("=", "~")):
            numeral, note = _split_at(answers, "#")
            general = found.feedback or self.optional(note)
            return replace(found, number=self._number(numeral), feedback=general)
        choices = [
            GiftChoice(sign == "=", weight, self._number(text), self.optional(note))
            for sign, weight, text, note in self._choices(answers)
        ]
        return replace(found, choices=tuple(choices))

    def _number(self, text: str) -> GiftNumber:
        parts = _NUMERAL.fullmatch(text)
        if not parts:
            raise self._fault(BAD_NUMBER, found=show_escapes(text).strip())
        low = Decimal(parts[1])
        if parts["sign"] is None:
            return GiftNumber("simple", low)
        other = Decimal(parts[3])
        if parts["sign"] == ":":
            return GiftNumber("range", low, tolerance=abs(other))
        return GiftNumber("high-low", min(low, other), high=max(low, other))

    def _chosen(self, found: GiftQuestion, answers: str) -> GiftQuestion:
        choices = list(self._choices(answers))
        if all(sign == "=" and "->" in text for sign, _weight, text, _note in choices):
            pairs = tuple(self._pair(text) for _sign, _weight, text, _note in choices)
            return replace(found, type=GiftType.MATCHING, pairs=pairs)
        short = all(sign == "=" for sign, _weight, _text, _note in choices)
        return replace(
            found,
            type=GiftType.SHORT if short else GiftType.CHOICE,
            choices=tuple(
                GiftChoice(sign == "=", weight, self.text(text), self.optional(note))
                for sign, weight, text, note in choices
            ),
        )

    def _pair(self, text: str) -> GiftPair:
        question, _arrow, answer = text.partition("->")
        return GiftPair(self.text(question), _text(answer, "plain").text)

    def _choices(self, answers: str) -> Iterator[tuple[str, Decimal | None, str, str | None]]:
        """Sign, weight, text and feedback of each answer; signs inside HTML tags are text."""
        starts = list(_outside_tags(answers, "[=~]"))
        if not starts or answers[: starts[0]].strip():
            raise self._fault(BAD_ANSWERS, found=show_escapes(answers))
        for start, end in zip(starts, [*starts[1:], len(answers)], strict=True):
            written = answers[start + 1 : end]
            weighted = _WEIGHT.match(written)
            weight = Decimal(weighted[1]) if weighted else None
            text, note = _split_at(written[weighted.end() :] if weighted else written, "#")
            yield answers[start], weight, text, note

    def text(self, raw: str) -> GiftText:
        marked = _FORMAT.match(raw)
        if marked:
            return _text(raw[marked.end() :], marked[1].lower())
        return _text(raw, self.format)

    def optional(self, raw: str | None) -> GiftText | None:
        found = self.text(raw or "")
        return found if found.text else None

    def _fault(self, kind: ProblemKind, **params: Any) -> _Unreadable:
        return _Unreadable(kind.at(self.file, row=self.block.row, **params))


def _split_at(text: str, mark: str) -> tuple[str, str | None]:
    """Text before and after the first mark outside HTML tags; None where there is no mark."""
    for place in _outside_tags(text, mark):
        return text[:place], text[place + len(mark) :]
    return text, None


def _outside_tags(text: str, marks: str) -> Iterator[int]:
    """Places of the marks (alternatives of a pattern) outside HTML tags and comments.

    A comment ends within its line; one that does not is text.
    """
    place = closing = line_end = 0
    pattern = re.compile(rf"(?P<comment><!--)|{_MARKUP_TAG}|(?P<mark>{marks})")
    while found := pattern.search(text, place):
        place = found.end()
        if found["mark"] is not None:
            yield found.start()
        elif found["comment"] is not None:
            # looked for once each, not once per comment: a file may open very many
            closing = closing if closing >= place else _found_or_end(text, "-->", place)
            line_end = line_end if line_end >= place else _found_or_end(text, "\n", place)
            place = closing if closing < line_end else place


def _found_or_end(text: str, part: str, start: int) -> int:
    place = text.find(part, start)
    return len(text) if place < 0 else place


def _text(raw: str, text_format: str) -> GiftText:
    """Line breaks are blanks in moodle and plain text, and stay in HTML and Markdown."""
    if text_format in {"moodle", "plain"}:
        raw = re.sub(r"\s*\n\s*", " ", raw)
    return GiftText(text_format, show_escapes(raw.strip()))
