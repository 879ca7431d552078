"""Items -> GIFT. What GIFT cannot say is found by reading the text back, and named.

Our tags travel as `[tag:…]` in comments, which Moodle takes for its own tags.
"""

import re
from collections.abc import Callable, Iterable, Mapping

from question_bank.answer_key import BlanksKey, ChoiceKey, MatchKey, NumericKey
from question_bank.exchange.credit import natural_scoring, percent_of_share, shares_of_item
from question_bank.exchange.explained import general_feedback
from question_bank.exchange.fidelity import problems_of_writing
from question_bank.exchange.gift.grammar import FORMATS, parse_gift
from question_bank.exchange.gift.reading import FORMAT, items_of
from question_bank.exchange.html_text import looks_like_html
from question_bank.exchange.labels import STIMULUS, labels_of
from question_bank.exchange.markdown_text import plain_of_markdown, without_marks
from question_bank.exchange.problems import Problem
from question_bank.exchange.stem_gaps import GAP
from question_bank.exchange.text_files import Target, write_text
from question_bank.interactions import BLANK_MARK
from question_bank.item import Item, ItemType, Stimulus
from question_bank.scoring_rules import absolute_tolerance

_SPECIAL = re.compile(r"[\\~=#{}:]")
_FORMAT_MARK = re.compile(rf"\s*\[(?:{'|'.join(FORMATS)})\]", re.IGNORECASE)
_CATEGORY_ROOT = "$course$/top"


def write_items(items: Iterable[Item], target: Target) -> tuple[Problem, ...]:
    """Write items as GIFT; a problem for each item that GIFT cannot hold as it is."""
    listed = tuple(items)
    text = gift_text(listed)
    write_text(text, target)
    return problems_of_writing(listed, items_of(parse_gift(text), "")[0], FORMAT)


def gift_text(items: Iterable[Item]) -> str:
    """The text of a GIFT file, in the order of the items."""
    blocks, chapter = [], ""
    stimuli: set[str] = set()
    for item in items:
        written = _Writer(item).block()
        if written is None:
            continue
        if item.chapter != chapter:
            chapter = item.chapter
            blocks.append(f"$CATEGORY: {_CATEGORY_ROOT}{'/' if chapter else ''}{chapter}")
        if item.stimulus and item.stimulus.id not in stimuli:
            stimuli.add(item.stimulus.id)
            blocks.append(_stimulus_block(item.stimulus))
        blocks.append(written)
    return "\n\n".join(blocks) + "\n" if blocks else ""


def _stimulus_block(stimulus: Stimulus) -> str:
    label = _comment(stimulus.id, [f"{STIMULUS}{stimulus.id}"])
    title = f"::{_escaped(stimulus.title)}::" if stimulus.title else ""
    return f"{label}\n{title}[markdown]{_escaped(stimulus.text)}"


class _Writer:
    """One item: its texts are all plain, or all Markdown, as the stem says."""

    def __init__(self, item: Item) -> None:
        self.item = item
        texts = (
            *BLANK_MARK.sub("", item.stem).split("\n"),
            general_feedback(item),
            *(option.text for option in item.options),
            *item.explanation.option_notes.values(),
            *(slip.note for slip in item.explanation.wrong_answers),
        )
        self.is_plain = all(_is_plain(text) for text in texts)

    def block(self) -> str | None:
        """The question with its comment; None where GIFT has no such type."""
        shape = _SHAPES.get(self.item.type)
        answers = shape(self) if shape else None
        if answers is None:
            return None
        item = self.item
        general = general_feedback(item)
        feedback = f"####{self._text(general)}" if general else ""
        mark = "" if self.is_plain else "[markdown]"
        labels = labels_of(item, natural_scoring(item))
        stem = self._text(self._stem())
        title = f"::{_escaped(item.id)}::"
        return f"{_comment(item.id, labels)}\n{title}{mark}{stem}{{{answers}{feedback}}}"

    def _stem(self) -> str:
        """A blank at the end goes without saying, elsewhere it is underlined."""
        stem = self.item.stem
        if self.item.type is not ItemType.FILL_IN:
            return stem
        marks = list(BLANK_MARK.finditer(stem))
        if len(marks) == 1 and marks[0].end() == len(stem) and "\n\n" in stem:
            before, _gap, last = stem.rpartition("\n\n")
            if last == marks[0][0]:
                return before
        return BLANK_MARK.sub(GAP, stem)

    def _text(self, markdown: str) -> str:
        if not self.is_plain:
            return _escaped(markdown)
        parts = [plain_of_markdown(part) or "" for part in markdown.split(GAP)]
        return _escaped(GAP.join(parts))

    def _note(self, note: str) -> str:
        return f"#{self._text(note)}" if note else ""

    def choice(self) -> str | None:
        item, lines = self.item, []
        single = item.type is ItemType.SINGLE
        shares = shares_of_item(item)
        for option in item.options:
            share = shares[option.id]
            sign = "=" if single and share == 1 else "~"
            text = self._text(option.text)
            plain = single and share in (0, 1) and not text.startswith("%")
            weight = "" if plain else f"%{percent_of_share(share)}%"
            note = self._note(item.explanation.option_notes.get(option.id, ""))
            if note and "<" in text:
                text += "\n\t\t"  # a tag that is left open would reach into the feedback
            lines.append(f"{sign}{weight}{text}{note}")
        return _lines(lines)

    def true_false(self) -> str | None:
        key = self.item.answer_key
        return None if key is None else str("true" in _correct(key)).upper()

    def numeric(self) -> str | None:
        key = self.item.answer_key
        if not isinstance(key, NumericKey):
            return None
        right = f"{key.value:f}:{absolute_tolerance(key):f}"
        slips = self.item.explanation.wrong_answers
        if not slips:
            return f"#{right}"
        wrong = [f"=%0%{slip.value:f}:0{self._note(slip.note)}" for slip in slips]
        return f"#{_lines([f'=%100%{right}', *wrong])}"

    def fill_in(self) -> str | None:
        key = self.item.answer_key
        if not isinstance(key, BlanksKey) or len(key.blanks) != 1:
            return None
        accepted = key.blanks[0].accepted
        numbers = [answer for answer in accepted if answer.tolerance is not None]
        if numbers and len(numbers) < len(accepted):
            return None
        if not accepted or (not numbers and all("->" in answer.text for answer in accepted)):
            return None
        lines = []
        for answer in accepted:
            weight = "" if answer.share == 1 else f"%{percent_of_share(answer.share)}%"
            text = _escaped(answer.text)
            if answer.tolerance is not None:
                text = f"{answer.text}:{answer.tolerance:f}"
            elif text.startswith("%") and not weight:
                weight = "%100%"
            lines.append(f"={weight}{text}")
        return f"{'#' if numbers else ''}{_lines(lines)}"

    def match(self) -> str | None:
        key = self.item.answer_key
        if not isinstance(key, MatchKey):
            return None
        targets = {target.id: without_marks(target.text) for target in self.item.targets}
        pairs = dict(key.pairs)
        lines = [
            f"={self._text(option.text)} -> {_escaped(targets[pairs[option.id]])}"
            for option in self.item.options
            if pairs.get(option.id) in targets
        ]
        used = set(pairs.values())
        lines += [f"= -> {_escaped(text)}" for name, text in targets.items() if name not in used]
        return _lines(lines)

    def essay(self) -> str | None:
        return ""


def _correct(key: object) -> frozenset[str]:
    return key.correct if isinstance(key, ChoiceKey) else frozenset()


def _is_plain(markdown: str) -> bool:
    plain = plain_of_markdown(markdown)
    return plain is not None and not (looks_like_html(plain) or _FORMAT_MARK.match(plain))


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda found: f"\\{found[0]}", text).replace("\n", "\\n")


def _comment(item_id: str, labels: Iterable[str]) -> str:
    def bare(text: str) -> str:
        return re.sub(r"([\\\]])", r"\\\1", " ".join(text.split()))

    tags = "".join(f" [tag:{bare(label)}]" for label in labels)
    return f"// [id:{bare(item_id)}]{tags}"


def _lines(answers: Iterable[str]) -> str:
    return "".join(f"\n\t{answer}" for answer in answers) + "\n"


_SHAPES: Mapping[ItemType, Callable[[_Writer], str | None]] = {
    ItemType.SINGLE: _Writer.choice,
    ItemType.MULTIPLE: _Writer.choice,
    ItemType.TRUE_FALSE: _Writer.true_false,
    ItemType.NUMERIC: _Writer.numeric,
    ItemType.FILL_IN: _Writer.fill_in,
    ItemType.MATCH: _Writer.match,
    ItemType.ESSAY: _Writer.essay,
}
