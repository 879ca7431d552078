"""Each type of Moodle question -> item type and the parts of the item that say what is right."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from lxml import etree

from question_bank.answer_key import (
    AcceptedAnswer,
    Blank,
    BlanksKey,
    ChoiceKey,
    EssayKey,
    MatchKey,
    NumericKey,
    OrderKey,
)
from question_bank.exchange.credit import (
    blanks_scoring,
    keyed_by_shares,
    pairs_scoring,
    share_of_percent,
)
from question_bank.exchange.drafts import labelled, option_id, targets_of
from question_bank.exchange.labels import decimal_places
from question_bank.exchange.moodle_xml.gaps import NUMBERED_GAP, UnknownGap, cloze_gaps
from question_bank.exchange.moodle_xml.source import Texts, text_of
from question_bank.exchange.native_keys import TRUE_FALSE_TEXT
from question_bank.exchange.problems import (
    NO_ANSWER_GIVEN,
    PATTERN_ANSWER,
    SEVERAL_SINGLE,
    ProblemKind,
    changed,
)
from question_bank.exchange.stem_gaps import with_gap
from question_bank.interactions import TRUE_FALSE_IDS
from question_bank.item import Explanation, ItemType, Option, WrongAnswer
from question_bank.scoring import Scoring, ScoringRule

OFFERED_IN_TEXT = changed("gaps with a list to choose from became blanks with the list beside them")
GROUPS_JOINED = changed(
    "the gaps choose from groups of their own; here all choices are offered to all"
)
FURTHER_UNITS = changed("only the first unit {unit} is taken over; {others} are not accepted")
TEMPLATE_LEFT = changed("the template of the response is not taken over: {text}")
MOST_OPTIONS = 200
_ORDER_RULES = {"0": ScoringRule.PARTIAL, "-1": ScoringRule.ALL_OR_NOTHING}
"""Moodle's ordering: -1 all or nothing; the others count places or neighbours."""

Fields = dict[str, Any]


class Unfit(ValueError):
    """A question that lacks what its type needs."""


class QuestionTexts:
    """One question element, its texts and points; gathers the feedback on single answers."""

    def __init__(self, element: etree._Element, source: Texts, points: Fraction) -> None:
        self.element, self.source, self.points = element, source, points
        self.answer_feedback: list[tuple[str, str]] = []
        self._stem: str | None = None

    def stem(self) -> str:
        """The question text as Markdown."""
        if self._stem is None:
            self._stem = self.source.markdown(self.element.find("questiontext"))
        return self._stem

    def tell(self, kind: ProblemKind, **params: str) -> None:
        """A problem at this question."""
        self.source.tell(kind, self.element.sourceline, **params)

    def answers(self) -> list[etree._Element]:
        """The answers; Unfit where there are unreasonably many."""
        found: list[etree._Element] = self.element.findall("answer")
        if len(found) > MOST_OPTIONS:
            raise Unfit(f"more than {MOST_OPTIONS} answers")
        return found

    def feedback(self, answer: etree._Element) -> str:
        """The feedback on an answer."""
        return self.source.markdown(answer.find("feedback"))


def _share(answer: etree._Element) -> Fraction:
    return share_of_percent(Fraction(_decimal(answer.get("fraction", "0"))))


def _decimal(text: str) -> Decimal:
    try:
        value = Decimal(text.strip()[:60] or 0)
    except InvalidOperation:
        raise Unfit(f"expected a number, found {text[:40]}") from None
    if not value.is_finite() or abs(value.adjusted()) > 60:
        raise Unfit(f"expected a number, found {text[:40]}")
    return value


def _multichoice(texts: QuestionTexts) -> tuple[ItemType, Fields]:
    answers = texts.answers()
    options = labelled(texts.source.markdown(answer) for answer in answers)
    single = text_of(texts.element, "single", "true") not in ("0", "false")
    pairs = list(zip(options, answers, strict=True))
    shares = {option.id: _share(answer) for option, answer in pairs}
    key, scoring = keyed_by_shares(shares, single=single, points=texts.points)
    if key is None:
        texts.tell(NO_ANSWER_GIVEN)
    elif single and sum(share > 0 for share in shares.values()) > 1:
        texts.tell(SEVERAL_SINGLE)
    notes = {option.id: texts.feedback(answer) for option, answer in pairs}
    return ItemType.SINGLE if single else ItemType.MULTIPLE, {
        "options": options,
        "answer_key": key,
        "scoring": scoring,
        "explanation": Explanation("", option_notes=notes),
    }


def _multichoiceset(texts: QuestionTexts) -> tuple[ItemType, Fields]:
    """The plugin "all or nothing": an answer is right or not."""
    answers = texts.answers()
    options = labelled(texts.source.markdown(answer) for answer in answers)
    pairs = list(zip(options, answers, strict=True))
    correct = frozenset(option.id for option, answer in pairs if _share(answer) > 0)
    notes = {option.id: texts.feedback(answer) for option, answer in pairs}
    return ItemType.MULTIPLE, {
        "options": options,
        "answer_key": ChoiceKey(correct) if correct else None,
        "scoring": Scoring(max_points=texts.points),
        "explanation": Explanation("", option_notes=notes),
    }


def _truefalse(texts: QuestionTexts) -> tuple[ItemType, Fields]:
    correct = set()
    for answer in texts.answers():
        name = text_of(answer, "text").lower()
        texts.answer_feedback.append(("", texts.feedback(answer)))
        if _share(answer) > 0 and name in TRUE_FALSE_IDS:
            correct.add(name)
    if len(correct) != 1:
        texts.tell(NO_ANSWER_GIVEN)
    return ItemType.TRUE_FALSE, {
        "options": tuple(Option(name, TRUE_FALSE_TEXT[name]) for name in TRUE_FALSE_IDS),
        "answer_key": ChoiceKey(frozenset(correct)) if len(correct) == 1 else None,
        "scoring": Scoring(max_points=texts.points),
    }


def _shortanswer(texts: QuestionTexts) -> tuple[ItemType, Fields]:
    accepted = []
    for answer in texts.answers():
        text, share = text_of(answer, "text"), _share(answer)
        texts.answer_feedback.append((text, texts.feedback(answer)))
        if share > 0:
            accepted.append(AcceptedAnswer(text, share))
            if "*" in text:
                texts.tell(PATTERN_ANSWER, answer=text)
    exact = text_of(texts.element, "usecase", "0") in ("1", "true")
    return _one_blank(texts, Blank("1", tuple(accepted), exact))


def _one_blank(texts: QuestionTexts, blank: Blank) -> tuple[ItemType, Fields]:
    if not blank.accepted:
        texts.tell(NO_ANSWER_GIVEN)
    return ItemType.FILL_IN, {
        "stem": with_gap(texts.stem()),
        "answer_key": BlanksKey((blank,)) if blank.accepted else None,
        "scoring": blanks_scoring((blank,), texts.points),
    }


def _numerical(texts: QuestionTexts) -> tuple[ItemType, Fields]:
    numbers = [
        (_decimal(text_of(a, "text")), abs(_decimal(text_of(a, "tolerance", "0"))), _share(a), a)
        for a in texts.answers()
        if text_of(a, "text") != "*"
    ]
    rewarded = [number for number in numbers if number[2] > 0]
    if len(rewarded) != 1 or rewarded[0][2] != 1:
        for value, _tolerance, _credit, answer in numbers:
            texts.answer_feedback.append((f"{value:f}", texts.feedback(answer)))
        accepted = [AcceptedAnswer(f"{v:f}", share, t) for v, t, share, _a in rewarded]
        return _one_blank(texts, Blank("1", tuple(accepted)))
    value, tolerance, _credit, right = rewarded[0]
    texts.answer_feedback.append(("", texts.feedback(right)))
    slips = [WrongAnswer(v, texts.feedback(a)) for v, _t, _s, a in numbers if a is not right]
    key = NumericKey(value, tolerance, decimal_places(value), _unit(texts))
    return ItemType.NUMERIC, {
        "answer_key": key,
        "scoring": Scoring(max_points=texts.points),
        "explanation": Explanation("", wrong_answers=tuple(slips)),
    }


def _unit(texts: QuestionTexts) -> str:
    names = [text_of(unit, "unit_name") for unit in texts.element.iterfind("units/unit")]
    if len(names) > 1:
        texts.tell(FURTHER_UNITS, unit=names[0], others=", ".join(names[1:]))
    return names[0] if names else ""


def _matching(texts: QuestionTexts) -> tuple[ItemType, Fields]:
    asked, answers = [], []
    for part in texts.element.iterfind("subquestion"):
        asked.append(texts.source.markdown(part))
        answers.append(texts.source.markdown(part.find("answer")))
    if not any(asked) or len(asked) > MOST_OPTIONS:
        raise Unfit("no pair to match, or too many")
    names = {text: f"t{number}" for number, text in enumerate(dict.fromkeys(answers), start=1)}
    pairs = [(text, names[answer]) for text, answer in zip(asked, answers, strict=True) if text]
    return _pairs_fields(texts, pairs, tuple(names))


def _pairs_fields(
    texts: QuestionTexts, pairs: list[tuple[str, str]], targets: tuple[str, ...]
) -> tuple[ItemType, Fields]:
    keyed = frozenset((option_id(number), target) for number, (_text, target) in enumerate(pairs))
    return ItemType.MATCH, {
        "options": labelled(text for text, _target in pairs),
        "targets": targets_of(targets),
        "answer_key": MatchKey(keyed),
        "scoring": pairs_scoring(keyed, texts.points),
    }


def _essay(texts: QuestionTexts) -> tuple[ItemType, Fields]:
    template = texts.source.markdown(texts.element.find("responsetemplate"))
    if template:
        texts.tell(TEMPLATE_LEFT, text=template)
    return ItemType.ESSAY, {
        "answer_key": EssayKey(texts.source.markdown(texts.element.find("graderinfo"))),
        "scoring": Scoring(max_points=texts.points),
    }


def _ordering(texts: QuestionTexts) -> tuple[ItemType, Fields]:
    answers = texts.answers()
    options = labelled(texts.source.markdown(answer) for answer in answers)
    if len(options) < 2:
        raise Unfit("fewer than two parts to order")
    places = {o.id: _decimal(a.get("fraction", "0")) for o, a in zip(options, answers, strict=True)}
    sequence = sorted(places, key=lambda option: places[option])
    grading = text_of(texts.element, "gradingtype", "-1")
    rule = {"ALL_OR_NOTHING": "-1", "ABSOLUTE_POSITION": "0"}.get(grading, grading)
    return ItemType.ORDER, {
        "options": options,
        "answer_key": OrderKey(tuple(sequence)),
        "scoring": Scoring(_ORDER_RULES.get(rule, ScoringRule.PRECEDENCE), texts.points),
    }


def _cloze(texts: QuestionTexts) -> tuple[ItemType, Fields]:
    asked = texts.element.find("questiontext")
    if asked is None:
        raise Unfit("no text")
    is_html = asked.get("format", "html") not in ("markdown", "plain_text")
    try:
        written, gaps = cloze_gaps(text_of(asked, "text"), is_html=is_html)
    except UnknownGap as error:
        raise Unfit(f"gap {error}") from None
    stem = texts.source.markdown(asked, written)
    if not gaps or not all(gap.blank.accepted for gap in gaps):
        raise Unfit("a gap without an answer")
    if any(gap.choices for gap in gaps):
        texts.tell(OFFERED_IN_TEXT)
    if any(gap.has_pattern for gap in gaps):
        texts.tell(PATTERN_ANSWER, answer="*")
    for gap in gaps:
        texts.answer_feedback += gap.feedback
    weight = sum(gap.weight for gap in gaps) or Fraction(1)
    mapping = {gap.blank.id: gap.weight / weight * texts.points for gap in gaps}
    mapped = Scoring(ScoringRule.MAPPED, texts.points, mapping)
    blanks = tuple(gap.blank for gap in gaps)
    return ItemType.FILL_IN, {
        "stem": stem,
        "answer_key": BlanksKey(blanks),
        "scoring": mapped if len(gaps) > 1 else blanks_scoring(blanks, texts.points),
    }


def _gaps_in_text(texts: QuestionTexts) -> tuple[ItemType, Fields]:
    """Select or drag into text: the gaps are matched with the choices, which stand in groups."""
    element = texts.element
    boxes = [*element.iterfind("dragbox"), *element.iterfind("selectoption")]
    choices = [text_of(box, "text") for box in boxes]
    found = [int(found[1]) for found in NUMBERED_GAP.finditer(texts.stem())]
    if not found or not all(1 <= number <= len(choices) for number in found):
        raise Unfit("a gap without its choice")
    if len({text_of(box, "group", "1") for box in boxes}) > 1:
        texts.tell(GROUPS_JOINED)
    order = iter(range(1, len(found) + 1))
    stem = NUMBERED_GAP.sub(lambda _found: f"（{next(order)}）\\_\\_\\_", texts.stem())
    names = {text: f"t{number}" for number, text in enumerate(dict.fromkeys(choices), start=1)}
    pairs = [(f"（{n}）", names[choices[gap - 1]]) for n, gap in enumerate(found, start=1)]
    item_type, fields = _pairs_fields(texts, pairs, tuple(names))
    return item_type, {**fields, "stem": re.sub(r"\s+\n", "\n", stem)}


TYPES: Mapping[str, Callable[[QuestionTexts], tuple[ItemType, Fields]]] = {
    "multichoice": _multichoice,
    "multichoiceset": _multichoiceset,
    "truefalse": _truefalse,
    "shortanswer": _shortanswer,
    "numerical": _numerical,
    "matching": _matching,
    "ddmatch": _matching,
    "essay": _essay,
    "ordering": _ordering,
    "cloze": _cloze,
    "multianswer": _cloze,
    "gapselect": _gaps_in_text,
    "ddwtos": _gaps_in_text,
}
