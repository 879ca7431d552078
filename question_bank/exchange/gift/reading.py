"""GIFT questions -> items. Weights become scoring rules, feedback becomes explanation."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from question_bank.answer_key import (
    AcceptedAnswer,
    Blank,
    BlanksKey,
    ChoiceKey,
    EssayKey,
    MatchKey,
    NumericKey,
)
from question_bank.exchange.credit import (
    blanks_scoring,
    keyed_by_shares,
    pairs_scoring,
    share_of_percent,
)
from question_bank.exchange.drafts import (
    draft_item,
    gathered,
    identifier,
    labelled,
    targets_of,
)
from question_bank.exchange.explained import Explained
from question_bank.exchange.gift.grammar import (
    GiftChoice,
    GiftFile,
    GiftNumber,
    GiftQuestion,
    GiftText,
    GiftType,
    parse_gift,
)
from question_bank.exchange.html_text import looks_like_html, markdown_of_html
from question_bank.exchange.kept_texts import KeptTexts
from question_bank.exchange.labels import decimal_places, labelled_item
from question_bank.exchange.markdown_text import markdown_of_plain
from question_bank.exchange.native_keys import TRUE_FALSE_TEXT
from question_bank.exchange.problems import (
    LABELS_LEFT,
    NO_ANSWER_GIVEN,
    NOTHING_FOUND,
    PATTERN_ANSWER,
    SEVERAL_SINGLE,
    Problem,
    ProblemKind,
)
from question_bank.exchange.stem_gaps import with_gap
from question_bank.exchange.text_files import LARGEST_PLAIN_FILE, read_text
from question_bank.item import Explanation, Item, ItemType, Option, WrongAnswer

FORMAT = "GIFT"


def read_items(path: Path) -> tuple[tuple[Item, ...], tuple[Problem, ...]]:
    """The items of a GIFT file, and what could not be taken over as it stands."""
    text = read_text(Path(path), LARGEST_PLAIN_FILE)
    if isinstance(text, Problem):
        return (), (text,)
    return items_of(parse_gift(text, path.name), path.name)


def items_of(parsed: GiftFile, file: str) -> tuple[tuple[Item, ...], tuple[Problem, ...]]:
    """The items of parsed questions; a category becomes the chapter of what follows it."""
    problems, found = list(parsed.problems), []
    texts, chapter = KeptTexts(file), ""
    for question in parsed.questions:
        if question.type is GiftType.CATEGORY:
            chapter = chapter_of(question.title or "")
        elif question.type is GiftType.DESCRIPTION:
            title = question.title or ""
            texts.keep(title, _markdown(question.stem), question.row, question.tags)
        else:
            reader = _Reader(question, file, texts)
            found.append((replace(reader.item(), chapter=chapter), question.row))
            problems += reader.problems
    items, repeated = gathered(found, file)
    problems += [*repeated, *texts.problems()]
    if not items and not problems:
        problems.append(NOTHING_FOUND.at(file, format=FORMAT))
    return tuple(items), tuple(problems)


def chapter_of(category: str) -> str:
    """The path of a category without Moodle's own roots."""
    parts = [part.strip() for part in category.split("/")]
    while parts and parts[0] in {"$course$", "$module$", "$system$", "$cat1$", "top", ""}:
        parts.pop(0)
    return "/".join(parts)


class _Reader:
    """One question: the item, and the problems met on the way."""

    def __init__(self, question: GiftQuestion, file: str, texts: KeptTexts) -> None:
        self.question, self.file, self.texts = question, file, texts
        self.problems: list[Problem] = []
        self.explained = Explained(_markdown(question.feedback))
        title = question.title or ""
        self.id = identifier(question.id or "", title, content=replace(question, row=0))
        self.source = "" if title in {"", self.id} else title

    def item(self) -> Item:
        item = replace(_SHAPES[self.question.type](self), source=self.source)
        slips = item.explanation.wrong_answers
        notes = item.explanation.option_notes
        explanation = self.explained.explanation(option_notes=notes, wrong_answers=slips)
        tags = self.question.tags
        item = self.texts.beside(replace(item, explanation=explanation), tags)
        item, strange = labelled_item(item, [tag for tag in tags if not self.texts.is_known(tag)])
        if strange:
            self._tell(LABELS_LEFT, labels=", ".join(strange))
        return item

    def _tell(self, kind: ProblemKind, **params: Any) -> None:
        row = self.question.row
        self.problems.append(kind.at(self.file, row=row, item_id=self.id, **params))

    def _draft(self, item_type: ItemType, **fields: Any) -> Item:
        stem = fields.pop("stem", None)
        written = _markdown(self.question.stem) if stem is None else str(stem)
        return draft_item(self.id, item_type, written, **fields)

    def choice(self) -> Item:
        choices = self.question.choices
        options = labelled(_markdown(choice.text) for choice in choices)
        full = any(choice.is_correct and _share(choice) == 1 for choice in choices)
        shares = {
            option.id: _share(choice) for option, choice in zip(options, choices, strict=True)
        }
        key, scoring = keyed_by_shares(shares, single=full)
        if key is None:
            self._tell(NO_ANSWER_GIVEN)
        elif full and sum(share > 0 for share in shares.values()) > 1:
            self._tell(SEVERAL_SINGLE)
        notes = {
            option.id: _markdown(choice.feedback)
            for option, choice in zip(options, choices, strict=True)
        }
        return self._draft(
            ItemType.SINGLE if full else ItemType.MULTIPLE,
            options=options,
            answer_key=key,
            scoring=scoring,
            explanation=Explanation("", option_notes=notes),
        )

    def true_false(self) -> Item:
        question = self.question
        self.explained.add("", _markdown(question.true_feedback))
        self.explained.add("", _markdown(question.false_feedback))
        return self._draft(
            ItemType.TRUE_FALSE,
            options=tuple(Option(name, text) for name, text in TRUE_FALSE_TEXT.items()),
            answer_key=ChoiceKey(frozenset({"true" if question.is_true else "false"})),
        )

    def short(self) -> Item:
        accepted = []
        for choice in self.question.choices:
            text = choice.text.text if isinstance(choice.text, GiftText) else ""
            self.explained.add(text, _markdown(choice.feedback))
            share = max(_share(choice), Fraction(0))
            if "*" in text and share:
                self._tell(PATTERN_ANSWER, answer=text)
            if share:
                accepted.append(AcceptedAnswer(text, share))
        return self._blank(tuple(accepted))

    def _blank(self, accepted: tuple[AcceptedAnswer, ...]) -> Item:
        blanks = (Blank("1", accepted),) if accepted else ()
        if not blanks:
            self._tell(NO_ANSWER_GIVEN)
        return self._draft(
            ItemType.FILL_IN,
            stem=with_gap(_markdown(self.question.stem)),
            answer_key=BlanksKey(blanks) if blanks else None,
            scoring=blanks_scoring(blanks),
        )

    def numerical(self) -> Item:
        question = self.question
        if question.number is not None:
            return self._draft(ItemType.NUMERIC, answer_key=_numeric_key(question.number))
        rewarded = [choice for choice in question.choices if _share(choice) > 0]
        if len(rewarded) == 1 and _share(rewarded[0]) == 1:
            return self._one_number(rewarded[0])
        for choice in question.choices:
            self.explained.add(str(_number(choice).low), _markdown(choice.feedback))
        keys = [(_numeric_key(_number(choice)), _share(choice)) for choice in rewarded]
        return self._blank(
            tuple(AcceptedAnswer(str(key.value), share, key.tolerance) for key, share in keys)
        )

    def _one_number(self, right: GiftChoice) -> Item:
        self.explained.add("", _markdown(right.feedback))
        slips = tuple(
            WrongAnswer(_numeric_key(_number(choice)).value, _markdown(choice.feedback))
            for choice in self.question.choices
            if choice is not right
        )
        return self._draft(
            ItemType.NUMERIC,
            answer_key=_numeric_key(_number(right)),
            explanation=Explanation("", wrong_answers=slips),
        )

    def matching(self) -> Item:
        pairs = [pair for pair in self.question.pairs if pair.subquestion.text]
        options = labelled(_markdown(pair.subquestion) for pair in pairs)
        answers = dict.fromkeys(pair.subanswer for pair in self.question.pairs)
        targets = targets_of(markdown_of_plain(answer) for answer in answers)
        target_ids = {text: target.id for text, target in zip(answers, targets, strict=True)}
        keyed = frozenset(
            (option.id, target_ids[pair.subanswer])
            for option, pair in zip(options, pairs, strict=True)
        )
        return self._draft(
            ItemType.MATCH,
            options=options,
            targets=targets,
            answer_key=MatchKey(keyed) if keyed else None,
            scoring=pairs_scoring(keyed),
        )

    def essay(self) -> Item:
        return self._draft(ItemType.ESSAY, answer_key=EssayKey())


def _share(choice: GiftChoice) -> Fraction:
    """The credit of an answer; without a weight all of it or nothing, by its sign."""
    if choice.weight is None:
        return Fraction(choice.is_correct)
    return share_of_percent(Fraction(choice.weight))


def _number(choice: GiftChoice) -> GiftNumber:
    return choice.text if isinstance(choice.text, GiftNumber) else GiftNumber("simple", Decimal(0))


def _numeric_key(number: GiftNumber) -> NumericKey:
    """A range is its middle with half its width."""
    value, tolerance = number.low, number.tolerance
    if number.type == "high-low":
        value, tolerance = (number.low + number.high) / 2, (number.high - number.low) / 2
    return NumericKey(value, tolerance, decimal_places(value))


def _markdown(text: GiftText | GiftNumber | None) -> str:
    """HTML is converted, Markdown stays, plain text keeps its characters.

    Moodle's own format is either: HTML where there are tags.
    """
    if not isinstance(text, GiftText):
        return ""
    if text.format == "markdown":
        return text.text
    if text.format == "html" or (text.format == "moodle" and looks_like_html(text.text)):
        return markdown_of_html(text.text.replace("\n", "<br>" if text.format != "html" else "\n"))
    return markdown_of_plain(text.text)


_SHAPES: Mapping[GiftType, Callable[[_Reader], Item]] = {
    GiftType.CHOICE: _Reader.choice,
    GiftType.TRUE_FALSE: _Reader.true_false,
    GiftType.SHORT: _Reader.short,
    GiftType.NUMERICAL: _Reader.numerical,
    GiftType.MATCHING: _Reader.matching,
    GiftType.ESSAY: _Reader.essay,
}
