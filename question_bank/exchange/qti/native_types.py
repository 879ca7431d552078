"""An item of one plain interaction -> the native type that says the same, with key and rule.

Only what is exactly expressible is taken over; everything else stays COMPOSITE, and its markup
says what it asks.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

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
from question_bank.exchange.qti.item_text import markdown_of
from question_bank.item import ItemType, Option
from question_bank.qti.definition import Declaration, ItemDefinition, PointMapping
from question_bank.qti.marking import needs_marking
from question_bank.qti.scoring_shape import ScoringShape, ShapeKind, scoring_shape
from question_bank.qti.tree import Node
from question_bank.qti.values import NUMERIC, BaseType, Cardinality, Value, write_scalar
from question_bank.scoring import Scoring, ScoringRule

BLANK = "1"
TRUE_FALSE = ("true", "false")
_MAPPED = ScoringRule.MAPPED


@dataclass(frozen=True, slots=True)
class NativeForm:
    """What a native type says of an item. `gap` stands in the stem where the interaction was."""

    type: ItemType
    answer_key: AnswerKey | None
    scoring: Scoring
    options: tuple[Option, ...] = ()
    targets: tuple[Option, ...] = ()
    shuffle: bool = True
    gap: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)
    is_unscored: bool = False


@dataclass(frozen=True, slots=True)
class _Asked:
    """One interaction with its response and how that is scored."""

    definition: ItemDefinition
    node: Node
    declared: Declaration
    shape: ScoringShape
    most: Fraction


def native_form(definition: ItemDefinition, most: Fraction) -> NativeForm | None:
    """The native form of an item with `most` points; None where only the markup can say it."""
    nodes = definition.interactions
    if len(nodes) != 1 or len(definition.responses) != 1:
        return None
    node = nodes[0]
    declared = definition.responses.get(node.get("response-identifier").strip())
    reader = _READERS.get(node.name)
    if declared is None or reader is None or definition.unknown:
        return None
    if node.name != "qti-extended-text-interaction" and needs_marking(definition):
        return None
    shape = scoring_shape(definition, declared.identifier)
    return None if shape is None else reader(_Asked(definition, node, declared, shape, most))


def _options(nodes: Sequence[Node]) -> tuple[Option, ...]:
    return tuple(Option(node.get("identifier").strip(), markdown_of([node])) for node in nodes)


def _values(value: Value | None) -> tuple[str, ...]:
    return () if value is None else tuple(write_scalar(item) for item in value.items)


def _scoring(asked: _Asked, ids: Sequence[str]) -> Scoring | None:
    """The native rule of a choice or a matching; None where it would not give the same points."""
    if asked.shape.kind is ShapeKind.UNSCORED:
        return Scoring()
    if asked.shape.kind is ShapeKind.MATCHED:
        return Scoring(max_points=asked.shape.points)
    mapping = asked.declared.mapping
    if asked.shape.kind is not ShapeKind.MAPPED or mapping is None:
        return None
    points = _points_by_id(mapping, ids)
    if mapping.upper is not None and mapping.upper > asked.most:
        mapping = PointMapping(mapping.entries, mapping.default, mapping.lower, None)
    return Scoring(_MAPPED, asked.most, points, mapping.lower, mapping.upper)


def _points_by_id(mapping: PointMapping, ids: Sequence[str]) -> dict[str, Fraction]:
    keyed = {" ".join(entry.text.split()): entry.points for entry in reversed(mapping.entries)}
    points = {each: keyed.get(each, mapping.default) for each in ids}
    return {each: worth for each, worth in points.items() if worth}


def _choice(asked: _Asked) -> NativeForm | None:
    nodes = asked.node.all("qti-simple-choice")
    options = _options(nodes)
    ids = [option.id for option in options]
    if asked.declared.base_type is not BaseType.IDENTIFIER or len(set(ids)) != len(ids):
        return None
    cardinality = asked.declared.cardinality
    scoring = _scoring(asked, ids)
    key = _choice_key(asked, ids, scoring)
    if scoring is None or key is None or cardinality is Cardinality.ORDERED:
        return None
    if cardinality is Cardinality.MULTIPLE and not _allows(asked.node, len(key.correct)):
        return None
    if asked.shape.kind is ShapeKind.MAPPED and cardinality is Cardinality.SINGLE:
        scoring = _bounded_single(scoring)
    return NativeForm(
        _choice_type(cardinality, ids, scoring),
        key if key.correct else None,
        scoring,
        options,
        shuffle=asked.node.flag("shuffle"),
        notes=_choice_notes(nodes),
        is_unscored=asked.shape.kind is ShapeKind.UNSCORED,
    )


def _bounded_single(scoring: Scoring) -> Scoring:
    return Scoring(_MAPPED, scoring.max_points, scoring.mapping, scoring.lower, scoring.upper)


def _choice_type(cardinality: Cardinality, ids: Sequence[str], scoring: Scoring) -> ItemType:
    if cardinality is Cardinality.MULTIPLE:
        return ItemType.MULTIPLE
    plain = scoring.rule is ScoringRule.ALL_OR_NOTHING
    return ItemType.TRUE_FALSE if plain and sorted(ids) == sorted(TRUE_FALSE) else ItemType.SINGLE


def _choice_key(asked: _Asked, ids: Sequence[str], scoring: Scoring | None) -> ChoiceKey | None:
    """The right options; None where the file's right response names others than it offers."""
    correct = frozenset(_values(asked.declared.correct))
    if not correct and scoring is not None and scoring.rule is _MAPPED and scoring.mapping:
        worth = scoring.mapping
        best = [each for each in worth if worth[each] > 0]
        if asked.declared.cardinality is Cardinality.SINGLE and best:
            best = [max(best, key=lambda each: worth[each])]
        correct = frozenset(best)
    return ChoiceKey(correct) if correct <= set(ids) else None


def _allows(node: Node, count: int) -> bool:
    """Whether the interaction lets one choose as many as are right."""
    most = node.get("max-choices").strip()
    return not most.isdecimal() or int(most[:6]) == 0 or int(most[:6]) >= count


def _choice_notes(nodes: Sequence[Node]) -> dict[str, str]:
    """Feedback that stands within an option."""
    notes = {}
    for node in nodes:
        feedback = [each for each in node.walk() if each.name.startswith("qti-feedback-")]
        text = "\n\n".join(markdown_of(each.children) for each in feedback)
        if text.strip():
            notes[node.get("identifier").strip()] = text.strip()
    return notes


def _text_entry(asked: _Asked) -> NativeForm | None:
    if asked.declared.cardinality is not Cardinality.SINGLE:
        return None
    if asked.declared.base_type in NUMERIC:
        return _number(asked)
    if asked.declared.base_type is BaseType.STRING:
        return _blank(asked)
    return None


def _number(asked: _Asked) -> NativeForm | None:
    shape = asked.shape
    if shape.kind is ShapeKind.MAPPED:
        return None
    correct = _values(asked.declared.correct)
    number: Fraction | int | None = shape.number
    if number is None:
        found = asked.declared.correct.items[0] if asked.declared.correct is not None else None
        number = found if isinstance(found, (int, Fraction)) else None
    value = _decimal(number)
    tolerance = _decimal(shape.tolerance)
    if value is None or tolerance is None or (not correct and shape.number is None):
        return None
    decimals = max(0, -int(value.as_tuple().exponent))
    key = NumericKey(value, tolerance, decimals, relative=shape.relative)
    unscored = shape.kind is ShapeKind.UNSCORED
    points = Scoring(max_points=shape.points)
    return NativeForm(ItemType.NUMERIC, key, points, gap="＿＿＿＿", is_unscored=unscored)


def _decimal(number: Fraction | int | None) -> Decimal | None:
    """An exact decimal; None where there is none."""
    if number is None:
        return None
    found = Fraction(number)
    denominator = found.denominator
    places = 0
    while 10**places % denominator and places < 40:
        places += 1
    if 10**places % denominator:
        return None
    return Decimal(found.numerator * (10**places // denominator)).scaleb(-places)


def _blank(asked: _Asked) -> NativeForm | None:
    accepted = _accepted(asked)
    if accepted is None:
        return None
    answers, sensitive = accepted
    shares = {answer.share for answer in answers}
    rule = ScoringRule.ALL_OR_NOTHING if shares <= {Fraction(1)} else ScoringRule.PARTIAL
    key = BlanksKey((Blank(BLANK, answers, sensitive),)) if answers else None
    return NativeForm(
        ItemType.FILL_IN,
        key,
        Scoring(rule, asked.most),
        gap=f"{{{{{BLANK}}}}}",
        is_unscored=asked.shape.kind is ShapeKind.UNSCORED,
    )


def _accepted(asked: _Asked) -> tuple[tuple[AcceptedAnswer, ...], bool] | None:
    """The answers of a blank and whether their case matters; None where shares cannot say it."""
    if asked.shape.kind in (ShapeKind.MATCHED, ShapeKind.UNSCORED):
        return tuple(AcceptedAnswer(text) for text in _values(asked.declared.correct)), True
    mapping = asked.declared.mapping
    if asked.shape.kind is not ShapeKind.MAPPED or mapping is None or mapping.default:
        return None
    entries = [entry for entry in mapping.entries if entry.points]
    sensitive = {entry.case_sensitive for entry in entries}
    if len(sensitive) > 1 or any(not 0 < entry.points <= asked.most for entry in entries):
        return None
    if mapping.lower is not None and mapping.lower > 0:
        return None
    answers = (AcceptedAnswer(entry.text, entry.points / asked.most) for entry in entries)
    return tuple(answers), sensitive == {True}


def _order(asked: _Asked) -> NativeForm | None:
    options = _options(asked.node.all("qti-simple-choice"))
    sequence = _values(asked.declared.correct)
    if asked.shape.kind not in (ShapeKind.MATCHED, ShapeKind.UNSCORED):
        return None
    if sorted(sequence) != sorted(option.id for option in options):
        return None
    return NativeForm(
        ItemType.ORDER,
        OrderKey(sequence),
        Scoring(max_points=asked.shape.points),
        options,
        shuffle=asked.node.flag("shuffle"),
        is_unscored=asked.shape.kind is ShapeKind.UNSCORED,
    )


def _match(asked: _Asked) -> NativeForm | None:
    sets = asked.node.all("qti-simple-match-set")
    if len(sets) != 2 or asked.declared.base_type is not BaseType.DIRECTED_PAIR:
        return None
    options, targets = (_options(each.all("qti-simple-associable-choice")) for each in sets)
    words = [pair.split() for pair in _values(asked.declared.correct)]
    pairs = frozenset((word[0], word[1]) for word in words)
    if sorted(first for first, _ in pairs) != sorted(option.id for option in options):
        return None
    if not {second for _, second in pairs} <= {target.id for target in targets}:
        return None
    scoring = _scoring(asked, [f"{a.id} {b.id}" for a in options for b in targets])
    if scoring is None or asked.declared.cardinality is not Cardinality.MULTIPLE:
        return None
    return NativeForm(
        ItemType.MATCH,
        MatchKey(pairs),
        scoring,
        options,
        targets,
        shuffle=asked.node.flag("shuffle"),
        is_unscored=asked.shape.kind is ShapeKind.UNSCORED,
    )


def _essay(asked: _Asked) -> NativeForm | None:
    if not needs_marking(asked.definition) or asked.declared.base_type is not BaseType.STRING:
        return None
    reference = "\n".join(_values(asked.declared.correct))
    return NativeForm(ItemType.ESSAY, EssayKey(reference), Scoring(max_points=asked.most))


_READERS: Mapping[str, Callable[[_Asked], NativeForm | None]] = {
    "qti-choice-interaction": _choice,
    "qti-text-entry-interaction": _text_entry,
    "qti-order-interaction": _order,
    "qti-match-interaction": _match,
    "qti-extended-text-interaction": _essay,
}
