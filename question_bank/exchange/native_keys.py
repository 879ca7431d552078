"""Options, answer keys and scoring rules in our own item format, both ways."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from question_bank.answer_key import (
    AcceptedAnswer,
    AnswerKey,
    Blank,
    BlanksKey,
    ChoiceKey,
    EssayKey,
    MatchKey,
    NumericKey,
    OrderKey,
)
from question_bank.exchange.field_reader import FieldReader
from question_bank.interactions import TRUE_FALSE_IDS
from question_bank.item import Item, ItemType, Option
from question_bank.scoring import PLAIN_SCORING, Scoring, ScoringRule

TRUE_FALSE_TEXT = {"true": "正确", "false": "错误"}
CHOICE_TYPES = (ItemType.SINGLE, ItemType.MULTIPLE)
"""Types whose key stands on their options."""
OPTION_TYPES = (*CHOICE_TYPES, ItemType.ORDER, ItemType.MATCH)
"""Types whose options the author writes."""


def read_options(reader: FieldReader, item_type: str) -> tuple[Option, ...]:
    """The options of the type; those of a true/false item are fixed."""
    if item_type == ItemType.TRUE_FALSE:
        return tuple(Option(option_id, TRUE_FALSE_TEXT[option_id]) for option_id in TRUE_FALSE_IDS)
    return _labelled(reader, "options") if item_type in OPTION_TYPES else ()


def read_targets(reader: FieldReader, item_type: str) -> tuple[Option, ...]:
    """What the options of a matching item are matched with."""
    return _labelled(reader, "targets") if item_type == ItemType.MATCH else ()


def read_answer_key(reader: FieldReader, item_type: str) -> AnswerKey | None:
    """The key in the shape of its type; None where it is missing."""
    if item_type in CHOICE_TYPES:
        chosen = [part.text("id") for part in reader.parts("options") if part.flag("correct")]
        return ChoiceKey(frozenset(chosen)) if chosen else None
    read = _KEY_READERS.get(ItemType(item_type))
    return None if read is None or reader.data.get("answer") is None else read(reader)


def key_to_mapping(item: Item) -> dict[str, Any]:
    """The fields of an item's options, targets and key."""
    data: dict[str, Any] = {}
    if item.type in OPTION_TYPES:
        data["options"] = [_option_to_mapping(item, option) for option in item.options]
    if item.type is ItemType.MATCH:
        data["targets"] = [{"id": target.id, "text": target.text} for target in item.targets]
    if item.type is ItemType.NUMERIC:
        data["wrong_answers"] = [
            {"value": str(wrong.value), "note": wrong.note}
            for wrong in item.explanation.wrong_answers
        ]
    answer = _answer_to_value(item)
    if answer is not None:
        data["answer"] = answer
    return data


def read_scoring(reader: FieldReader) -> Scoring:
    """The scoring rule; one point for no fault where none is named."""
    if reader.data.get("scoring") is None:
        return PLAIN_SCORING
    part = reader.part("scoring")
    return Scoring(
        rule=ScoringRule(part.choice("rule", tuple(ScoringRule), ScoringRule.ALL_OR_NOTHING)),
        max_points=part.fraction("max_points", Fraction(1)) or Fraction(1),
        mapping=part.fractions("mapping"),
        lower=part.fraction("lower", Fraction(0)),
        upper=part.fraction("upper", None),
    )


def scoring_to_mapping(scoring: Scoring) -> dict[str, Any]:
    """Fractions travel as text such as 1/3."""
    return {
        "rule": scoring.rule.value,
        "max_points": str(scoring.max_points),
        "mapping": {option: str(points) for option, points in scoring.mapping.items()},
        "lower": None if scoring.lower is None else str(scoring.lower),
        "upper": None if scoring.upper is None else str(scoring.upper),
    }


def _labelled(reader: FieldReader, name: str) -> tuple[Option, ...]:
    return tuple(Option(part.text("id"), _label(part)) for part in reader.parts(name))


def _label(part: FieldReader) -> str:
    value = part.data.get("text")
    # YAML reads 40 as a number, which is the same as text; 2.50 would come out as 2.5
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return part.text("text", default="")


def _option_to_mapping(item: Item, option: Option) -> dict[str, Any]:
    data = {
        "id": option.id,
        "text": option.text,
        "note": item.explanation.option_notes.get(option.id, ""),
    }
    if item.type not in CHOICE_TYPES:
        return data
    key = item.answer_key
    return {**data, "correct": isinstance(key, ChoiceKey) and option.id in key.correct}


def _answer_to_value(item: Item) -> Any:
    """The field `answer`; a choice has none, for its key stands on the options."""
    match item.answer_key:
        case NumericKey() as key:
            return _number_to_mapping(key)
        case ChoiceKey(correct=correct) if item.type is ItemType.TRUE_FALSE:
            return sorted(correct) == ["true"]
        case BlanksKey(blanks=blanks):
            return [_blank_to_mapping(blank) for blank in blanks]
        case OrderKey(sequence=sequence):
            return list(sequence)
        case MatchKey(pairs=pairs):
            return dict(sorted(pairs))
        case EssayKey() as key:
            return {"reference": key.reference, "most_characters": key.most_characters}
        case _:
            return None


def _number_to_mapping(key: NumericKey) -> dict[str, Any]:
    data: dict[str, Any] = {
        "value": str(key.value),
        "tolerance": str(key.tolerance),
        "decimals": key.decimals,
        "unit": key.unit,
        "formula": key.formula,
    }
    return {**data, "relative": True} if key.relative else data


def _blank_to_mapping(blank: Blank) -> dict[str, Any]:
    data: dict[str, Any] = {
        "blank": blank.id,
        "accepted": [_accepted_to_value(answer) for answer in blank.accepted],
    }
    return {**data, "case_sensitive": True} if blank.case_sensitive else data


def _accepted_to_value(answer: AcceptedAnswer) -> Any:
    """A plain text where there is nothing more to say."""
    data: dict[str, Any] = {"text": answer.text}
    if answer.share != 1:
        data["share"] = str(answer.share)
    if answer.tolerance is not None:
        data["tolerance"] = str(answer.tolerance)
    return data if len(data) > 1 else answer.text


def _read_truth(reader: FieldReader) -> ChoiceKey:
    answer = reader.data.get("answer")
    if not isinstance(answer, bool):
        raise reader.fault("answer", "true or false", answer)
    return ChoiceKey(frozenset({"true" if answer else "false"}))


def _read_number(reader: FieldReader) -> NumericKey:
    part = reader.part("answer")
    return NumericKey(
        value=part.decimal("value"),
        tolerance=part.decimal("tolerance"),
        decimals=part.integer("decimals"),
        unit=part.text("unit", default=""),
        formula=part.text("formula", default=""),
        relative=part.flag("relative"),
    )


def _read_blanks(reader: FieldReader) -> BlanksKey:
    return BlanksKey(
        tuple(
            Blank(
                part.text("blank"),
                tuple(_accepted(part, value) for value in part.entries("accepted")),
                part.flag("case_sensitive"),
            )
            for part in reader.parts("answer")
        )
    )


def _accepted(blank: FieldReader, value: Any) -> AcceptedAnswer:
    """A text, or a mapping with share and tolerance; a blank's tolerance serves all its answers."""
    written = value if isinstance(value, Mapping) else {"text": value}
    part = FieldReader(written, f"{blank.where}, field accepted")
    tolerance = written.get("tolerance", blank.data.get("tolerance"))
    return AcceptedAnswer(
        _label(part),
        part.fraction("share", Fraction(1)) or Fraction(0),
        None
        if tolerance is None
        else FieldReader({"tolerance": tolerance}, part.where).decimal("tolerance"),
    )


def _read_order(reader: FieldReader) -> OrderKey:
    return OrderKey(reader.names("answer", "a list of option ids in the right order"))


def _read_match(reader: FieldReader) -> MatchKey:
    part = reader.part("answer")
    return MatchKey(frozenset((str(option), part.text(str(option))) for option in part.data))


def _read_essay(reader: FieldReader) -> EssayKey:
    part = reader.part("answer")
    most = part.integer("most_characters") if "most_characters" in part.data else 0
    return EssayKey(part.text("reference", default=""), most)


_KEY_READERS: Mapping[ItemType, Callable[[FieldReader], AnswerKey]] = {
    ItemType.TRUE_FALSE: _read_truth,
    ItemType.NUMERIC: _read_number,
    ItemType.FILL_IN: _read_blanks,
    ItemType.ORDER: _read_order,
    ItemType.MATCH: _read_match,
    ItemType.ESSAY: _read_essay,
}
