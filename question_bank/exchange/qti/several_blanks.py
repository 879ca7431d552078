"""An item of several typed answers -> our fill-in type, where that gives the same points.

The file's rules are tried, not read: each text that they mention alone, and many combinations. Only
where all earn what our rule gives is the type taken over.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from question_bank.answer_key import AcceptedAnswer, Blank, BlanksKey
from question_bank.errors import UnboundedProcessing
from question_bank.exchange.qti.item_text import markdown_of
from question_bank.item import Item, ItemType
from question_bank.qti.definition import ItemDefinition
from question_bank.qti.marking import needs_marking
from question_bank.qti.responses import read_response
from question_bank.qti.sitting import SCORE, begin, points_of, respond
from question_bank.qti.tree import Node
from question_bank.qti.values import BaseType, Cardinality, write_scalar
from question_bank.scoring import Scoring, ScoringRule

ENTRY = "qti-text-entry-interaction"
UNSAID = "\u2603 no such answer"
RANDOM_TRIALS = 30
MOST_TEXTS = 40
MOST_WORK = 20_000
"""Elements of rules times responses beyond which nothing is tried."""
_UNSURE = ("qti-pattern-match", "qti-substring", "qti-custom-operator", "qti-equal", "qti-index")
"""Tests whose accepted texts no list holds."""
Texts = Mapping[str, str | None]


def as_fill_in(item: Item, definition: ItemDefinition) -> Item:
    """The item as fill-in where that says the same; else the item as it is."""
    names = [node.get("response-identifier").strip() for node in definition.interactions]
    if not _is_plain(definition, names):
        return item
    key = _Trial(definition, names, item.scoring.max_points).key()
    if key is None:
        return item
    marks = {name: str(place) for place, name in enumerate(names, start=1)}

    def marked(node: Node) -> str | None:
        if node.name == ENTRY:
            return f"{{{{{marks[node.get('response-identifier').strip()]}}}}}"
        return None

    body = definition.body or Node("")
    scoring = replace(key.scoring, max_points=item.scoring.max_points)
    stem = markdown_of([body], marked)
    return replace(
        item, type=ItemType.FILL_IN, stem=stem, answer_key=key.answer_key, scoring=scoring
    )


def _is_plain(definition: ItemDefinition, names: list[str]) -> bool:
    if len(names) < 2 or len(set(names)) < len(names) or set(names) != set(definition.responses):
        return False
    if definition.templates or definition.adaptive or needs_marking(definition):
        return False
    if definition.body is None or not definition.outcomes.get(SCORE):
        return False
    if any(node.name != ENTRY for node in definition.interactions):
        return False
    declared = definition.responses.values()
    if any(
        each.base_type is not BaseType.STRING or each.cardinality is not Cardinality.SINGLE
        for each in declared
    ):
        return False
    rules = definition.response_processing
    if rules is None or sum(1 for _ in rules.walk()) * len(names) > MOST_WORK:
        return False
    return not any(node.name in _UNSURE for node in rules.walk())


@dataclass(frozen=True, slots=True)
class _Found:
    answer_key: BlanksKey
    scoring: Scoring


class _Trial:
    """One item being tried out."""

    def __init__(self, definition: ItemDefinition, names: list[str], most: Fraction) -> None:
        self._definition = definition
        self._names = names
        self._most = most
        self._texts = {name: list(self._mentioned(name))[:MOST_TEXTS] for name in names}

    def _mentioned(self, name: str) -> Iterator[str]:
        """The texts that declaration and rules compare a response with, each once."""
        declared = self._definition.responses[name]
        texts = [write_scalar(item) for item in declared.correct.items] if declared.correct else []
        texts += [entry.text for entry in declared.mapping.entries] if declared.mapping else []
        rules = self._definition.response_processing or Node("")
        for node in rules.walk():
            if any(_reads(child, name) for child in node.elements):
                texts += [each.text.strip() for each in node.all("qti-base-value")]
        yield from dict.fromkeys(text for text in texts if text)

    def _earned(self, texts: Texts) -> Fraction:
        session = begin(self._definition, 0)
        for name, declared in self._definition.responses.items():
            session.responses[name] = read_response(declared, texts.get(name))
        session.start_attempt(1)
        try:
            respond(session)
        except UnboundedProcessing:
            return Fraction(-1)
        return points_of(session.outcomes.get(SCORE))

    def key(self) -> _Found | None:
        """Key and rule that give the points of the file; None where none does."""
        if not all(self._texts.values()) or self._earned({}):
            return None
        alone = {
            name: {text: self._earned({name: text}) for text in texts}
            for name, texts in self._texts.items()
        }
        best = {name: max(worth.values()) for name, worth in alone.items()}
        if min(best.values()) > 0 and sum(best.values()) == self._most:
            return self._added_up(alone, best)
        return self._all_together()

    def _added_up(
        self, alone: Mapping[str, Mapping[str, Fraction]], best: Mapping[str, Fraction]
    ) -> _Found | None:
        shares = {
            name: {text: points / best[name] for text, points in worth.items() if points}
            for name, worth in alone.items()
        }
        if any(not 0 < share <= 1 for held in shares.values() for share in held.values()):
            return None
        for texts in self._combinations():
            worth = (shares[n].get(t or "", Fraction(0)) * best[n] for n, t in texts.items())
            if self._earned(texts) != sum(worth, Fraction(0)):
                return None
        points = {str(place): best[name] for place, name in enumerate(self._names, start=1)}
        return self._found(shares, Scoring(ScoringRule.MAPPED, self._most, points))

    def _all_together(self) -> _Found | None:
        right: dict[str, str | None] = {name: texts[0] for name, texts in self._texts.items()}
        if self._earned(right) != self._most:
            return None
        shares = {
            name: {t: Fraction(1) for t in texts if self._earned({**right, name: t}) == self._most}
            for name, texts in self._texts.items()
        }
        for texts in self._combinations():
            full = all(text in shares[name] for name, text in texts.items())
            if self._earned(texts) != (self._most if full else 0):
                return None
        return self._found(shares, Scoring())

    def _combinations(self) -> Iterator[Texts]:
        """Each response alone wrong, and a mixture that is the same for the same item."""
        right = {name: texts[0] for name, texts in self._texts.items()}
        for name in self._names:
            yield {**right, name: UNSAID}
            yield {**right, name: None}
        draw = random.Random(len(self._names))  # noqa: S311 - nothing secret
        for _ in range(RANDOM_TRIALS):
            yield {name: draw.choice([*texts, UNSAID, None]) for name, texts in self._texts.items()}

    def _found(
        self, shares: Mapping[str, Mapping[str, Fraction]], scoring: Scoring
    ) -> _Found | None:
        blanks = []
        for place, name in enumerate(self._names, start=1):
            sensitive = self._is_sensitive(name, shares)
            if sensitive is None:
                return None
            accepted = (AcceptedAnswer(text, share) for text, share in shares[name].items())
            blanks.append(Blank(str(place), tuple(accepted), sensitive))
        return _Found(BlanksKey(tuple(blanks)), scoring)

    def _is_sensitive(self, name: str, shares: Mapping[str, Mapping[str, Fraction]]) -> bool | None:
        """Whether case matters in a blank; None where it does for some answers only."""
        right = {each: next(iter(held)) for each, held in shares.items()}
        matters = set()
        for text in shares[name]:
            other = text.swapcase()
            if other.casefold() == text.casefold() and other not in shares[name] and other != text:
                same = self._earned({**right, name: other}) == self._earned({**right, name: text})
                matters.add(not same)
        return None if len(matters) > 1 else matters == {True}


def _reads(node: Node, name: str) -> bool:
    return node.name == "qti-variable" and node.get("identifier").strip() == name
