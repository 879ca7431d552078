"""The answer cell and its companions of each type <-> answer key, targets and scoring."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from question_bank.answer_key import (
    AnswerKey,
    BlanksKey,
    ChoiceKey,
    EssayKey,
    MatchKey,
    NumericKey,
    OrderKey,
)
from question_bank.exchange.drafts import targets_of
from question_bank.exchange.labels import decimal_places
from question_bank.exchange.native_keys import TRUE_FALSE_TEXT
from question_bank.exchange.problems import lost
from question_bank.exchange.workbook import cells
from question_bank.exchange.workbook.cells import CellFault
from question_bank.exchange.workbook.columns import OPTION_LETTERS, RULE_NAMES
from question_bank.exchange.workbook.row_cells import RowCells
from question_bank.interactions import BLANK_MARK
from question_bank.item import Item, ItemType, Option
from question_bank.scoring import Scoring, ScoringRule

NO_SUCH_OPTION = lost("this names {found}, but the row has {count} options; correct it")
SEVERAL_RIGHT = lost("a single choice has one right option, found {found}; correct it or the type")
NO_POINTS = lost("expected points above 0, found {found}")
BAD_MAPPING = lost("expected points by part such as A=0.5,B=-0.25; found {found}")
BAD_BOUNDS = lost("expected bounds such as 0~2 or 无~无; found {found}")
UNBOUNDED = "无"
MOST_DECIMALS = 400
_GAP = re.compile(r"(?:\\?_){2,}|（[\s　]*）|\([\s　]*\)|【[\s　]*】")


class AnswerReader:
    """Reads what is right from the cells of a row."""

    def __init__(self, row: RowCells, item_type: ItemType, options: tuple[Option, ...]) -> None:
        self.row, self.type, self.options = row, item_type, options
        self.stem = row.cell("stem")
        self.targets = targets_of(row.read("targets", cells.numbered_lines, []))

    def fields(self) -> dict[str, Any]:
        """Stem, options, targets, key and scoring of the item."""
        key = self.row.read("answer", _KEYS[self.type].__get__(self), None)
        if self.type is ItemType.ESSAY:
            key = self.essay(self.row.cell("answer"))
        options = self.options
        if self.type is ItemType.TRUE_FALSE:
            options = tuple(Option(name, text) for name, text in TRUE_FALSE_TEXT.items())
        elif self.type in (ItemType.NUMERIC, ItemType.FILL_IN, ItemType.ESSAY):
            options = ()
        return {
            "stem": self.stem,
            "options": options,
            "targets": self.targets if self.type is ItemType.MATCH else (),
            "answer_key": key,
            "scoring": self.scoring(),
        }

    def _named(self, letter: str, text: str) -> str:
        number = OPTION_LETTERS.index(letter)
        if number >= len(self.options):
            self.row.tell(NO_SUCH_OPTION, "answer", found=letter, count=len(self.options))
            return ""
        return self.options[number].id

    def choice(self, text: str) -> AnswerKey | None:
        chosen = [self._named(letter, text) for letter in cells.letters(text)]
        if self.type is ItemType.SINGLE and len(chosen) > 1:
            self.row.tell(SEVERAL_RIGHT, "answer", found=text)
        return ChoiceKey(frozenset(chosen))

    def truth(self, text: str) -> AnswerKey | None:
        texts = {letter: o.text for letter, o in zip(OPTION_LETTERS, self.options, strict=False)}
        is_true = cells.truth(texts.get(text.strip().upper(), text))
        return ChoiceKey(frozenset({"true" if is_true else "false"}))

    def numeric(self, text: str) -> AnswerKey | None:
        value = cells.decimal(text)
        tolerance = self.row.cell("tolerance")
        relative = tolerance.endswith(("%", "％"))
        allowed = self.row.read("tolerance", _tolerance, Decimal(0))
        decimals = self.row.read("decimals", _count, decimal_places(value))
        return NumericKey(
            value,
            allowed,
            decimals,
            self.row.cell("unit"),
            self.row.cell("formula"),
            relative,
        )

    def blanks(self, text: str) -> AnswerKey | None:
        marked = BLANK_MARK.findall(self.stem)
        found = cells.blanks(text, self.row.cell("exact"), marked)
        if not marked:
            names = iter([blank.id for blank in found])
            self.stem = _GAP.sub(lambda gap: _mark(next(names, "")) or gap[0], self.stem)
            self.stem += "".join(f"\n\n{_mark(name)}" for name in names)
        return BlanksKey(found)

    def order(self, text: str) -> AnswerKey | None:
        return OrderKey(tuple(self._named(letter, text) for letter in cells.letters(text)))

    def match(self, text: str) -> AnswerKey | None:
        found = set()
        for letter, number in cells.pairs(text):
            if not 1 <= number <= len(self.targets):
                self.row.tell(NO_SUCH_OPTION, "answer", found=str(number), count=len(self.targets))
            found.add((self._named(letter, text), f"t{number}"))
        return MatchKey(frozenset(found))

    def essay(self, text: str) -> AnswerKey | None:
        return EssayKey(text, self.row.read("characters", _count, 0))

    def scoring(self) -> Scoring:
        """Points, rule, mapping and bounds."""
        points = self.row.read("points", cells.fraction, Fraction(1))
        if points <= 0:
            self.row.tell(NO_POINTS, "points", found=str(points))
        rule = self.row.code("rule", RULE_NAMES, "、".join(n[0] for n in RULE_NAMES.values()))
        lower, upper = self.row.read("bounds", _bounds, (Fraction(0), None))
        return Scoring(
            ScoringRule(rule or ScoringRule.ALL_OR_NOTHING),
            points,
            self.row.read("mapping", self._mapping, {}),
            lower,
            upper,
        )

    def _mapping(self, text: str) -> dict[str, Fraction]:
        found = {}
        for part in re.split(r"[\n,，;；]+", text):
            name, equals, points = part.partition("=")
            pair = re.fullmatch(r"\s*([A-Za-z])(?:\s*-\s*(\d{1,3}))?\s*", name)
            if not equals:
                raise CellFault(BAD_MAPPING, text)
            if pair and self.type is not ItemType.FILL_IN:
                option = self._named(pair[1].upper(), text)
                name = f"{option} t{pair[2]}" if pair[2] else option
            found[name.strip()] = cells.fraction(points)
        return found


def _mark(name: str) -> str:
    return f"{{{{{name}}}}}" if name else ""


def _tolerance(text: str) -> Decimal:
    value = cells.decimal(text.rstrip("%％ "))
    if value < 0:
        raise CellFault(cells.BAD_NUMBER, text)
    return value / 100 if text.rstrip().endswith(("%", "％")) else value


def _count(text: str) -> int:
    value = cells.decimal(text)
    if value != value.to_integral_value() or not 0 <= value <= 10**6:
        raise CellFault(cells.BAD_NUMBER, text)
    return int(value)


def _bounds(text: str) -> tuple[Fraction | None, Fraction | None]:
    low, mark, high = text.partition("~")
    if not mark:
        raise CellFault(BAD_BOUNDS, text)
    return _bound(low), _bound(high)


def _bound(text: str) -> Fraction | None:
    return None if text.strip() in ("", UNBOUNDED) else cells.fraction(text)


_KEYS: Mapping[ItemType, Callable[[AnswerReader, str], AnswerKey | None]] = {
    ItemType.SINGLE: AnswerReader.choice,
    ItemType.MULTIPLE: AnswerReader.choice,
    ItemType.TRUE_FALSE: AnswerReader.truth,
    ItemType.NUMERIC: AnswerReader.numeric,
    ItemType.FILL_IN: AnswerReader.blanks,
    ItemType.ORDER: AnswerReader.order,
    ItemType.MATCH: AnswerReader.match,
    ItemType.ESSAY: AnswerReader.essay,
}


def written_answer(item: Item) -> dict[str, str]:
    """The cells that say what is right about an item, by field."""
    letters = {option.id: OPTION_LETTERS[n] for n, option in enumerate(item.options[:26])}
    match item.answer_key:
        case ChoiceKey(correct=correct) if item.type is ItemType.TRUE_FALSE:
            return {"answer": "对" if "true" in correct else "错"}
        case ChoiceKey(correct=correct):
            chosen = sorted(letters.get(option, "?") for option in correct)
            return {"answer": ",".join(chosen)}
        case NumericKey() as key:
            return _number_cells(key)
        case BlanksKey(blanks=blanks):
            exact = [f"空{blank.id}" for blank in blanks if blank.case_sensitive]
            everywhere = exact and len(exact) == len(blanks)
            return {
                "answer": cells.written_blanks(blanks),
                "exact": "是" if everywhere else ",".join(exact),
            }
        case OrderKey(sequence=sequence):
            return {"answer": ",".join(letters.get(option, "?") for option in sequence)}
        case MatchKey(pairs=pairs):
            numbers = {target.id: n for n, target in enumerate(item.targets, start=1)}
            written = sorted((letters.get(one, "?"), numbers.get(two, 0)) for one, two in pairs)
            return {"answer": ",".join(f"{letter}-{number}" for letter, number in written)}
        case EssayKey(reference=reference, most_characters=most):
            return {"answer": reference, "characters": str(most or "")}
        case _:
            return {}


def _number_cells(key: NumericKey) -> dict[str, str]:
    tolerance = f"{key.tolerance * 100}%" if key.relative else str(key.tolerance)
    return {
        "answer": str(key.value),
        "tolerance": tolerance,
        "decimals": str(key.decimals),
        "unit": key.unit,
        "formula": key.formula,
    }


def written_scoring(item: Item) -> dict[str, str]:
    """The cells of the scoring rule; empty for one point without any fault."""
    scoring = item.scoring
    letters = {option.id: OPTION_LETTERS[n] for n, option in enumerate(item.options[:26])}
    plain = scoring.rule is ScoringRule.ALL_OR_NOTHING
    bounds = (scoring.lower, scoring.upper)
    names = {target.id: str(n) for n, target in enumerate(item.targets, start=1)}
    mapping = []
    for name, points in scoring.mapping.items():
        option, blank, target = name.partition(" ")
        dash = f"-{names.get(target, target)}" if blank else ""
        mapping.append(f"{letters.get(option, option)}{dash}={points}")
    return {
        "points": "" if scoring.max_points == 1 else str(scoring.max_points),
        "rule": "" if plain else RULE_NAMES[scoring.rule][0],
        "mapping": ",".join(mapping),
        "bounds": ""
        if bounds == (Fraction(0), None)
        else "~".join(_written_bound(b) for b in bounds),
    }


def _written_bound(bound: Fraction | None) -> str:
    return UNBOUNDED if bound is None else str(bound)
