"""What full marks for an item are: as it says, or as the best answer we can name earns."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from itertools import islice

from question_bank.errors import UnboundedProcessing
from question_bank.qti.areas import point_within
from question_bank.qti.definition import AreaMapping, Declaration, ItemDefinition, PointMapping
from question_bank.qti.session import ItemSession
from question_bank.qti.sitting import SCORE, begin, points_of, respond
from question_bank.qti.tree import Node
from question_bank.qti.values import BaseType, Cardinality, Scalar, Value, parse_scalar

MAXSCORE = "MAXSCORE"
UNKNOWN_MAXIMUM = Fraction(1)
"""Full marks of an item that says nothing and whose best answer earns nothing."""
MOST_TRIALS = 30
ATTEMPTS_TRIED = 8
"""How often the best answer is given again to an adaptive item."""


Answers = Mapping[str, Value | None]


def full_marks(definition: ItemDefinition, session: ItemSession, seed: int) -> Fraction:
    """Full marks: the outcome MAXSCORE, else SCORE's normal maximum, else what the correct
    responses or the best mapped ones earn, else 1."""
    said = points_of(session.outcomes.get(MAXSCORE))
    if said > 0:
        return said
    declared = definition.outcomes.get(SCORE)
    if declared is not None and declared.normal_maximum and declared.normal_maximum > 0:
        return declared.normal_maximum
    best = _best_earned(definition, seed if definition.templates else 0)
    return best if best > 0 else UNKNOWN_MAXIMUM


@lru_cache(maxsize=512)
def _best_earned(definition: ItemDefinition, seed: int) -> Fraction:
    return max(_earned(definition, seed), default=Fraction(0))


def _earned(definition: ItemDefinition, seed: int) -> Iterator[Fraction]:
    for answers in islice(_answers(definition, begin(definition, seed)), MOST_TRIALS):
        session = begin(definition, seed)
        session.responses.update(answers)
        try:
            for attempt in range(1, ATTEMPTS_TRIED + 1 if definition.adaptive else 2):
                session.start_attempt(attempt)
                respond(session)
                yield points_of(session.outcomes.get(SCORE))
        except UnboundedProcessing:
            return


def _answers(definition: ItemDefinition, session: ItemSession) -> Iterator[Answers]:
    """Answers worth trying: the correct ones, the best mapped ones, and where nothing says what
    is right, each option."""
    declared = definition.responses
    correct = {name: _best(definition, each, session, False) for name, each in declared.items()}
    yield correct
    yield {name: _best(definition, each, session, True) for name, each in declared.items()}
    for name, value in correct.items():
        if value is None:
            for option in _options(definition, declared[name]):
                yield {**correct, name: option}


def _options(definition: ItemDefinition, declared: Declaration) -> Iterator[Value]:
    """Each option of a response's interaction, and all of them at once."""
    if declared.base_type is not BaseType.IDENTIFIER:
        return
    found = tuple(
        choice.get("identifier").strip()
        for node in definition.interactions
        if node.get("response-identifier").strip() == declared.identifier
        for choice in node.walk()
        if choice.name.endswith(("-choice", "hottext"))
    )
    for option in found:
        yield Value(declared.base_type, (option,), declared.cardinality)
    if declared.cardinality is not Cardinality.SINGLE and found:
        yield Value(declared.base_type, found, declared.cardinality)


def _best(
    definition: ItemDefinition,
    declared: Declaration,
    session: ItemSession,
    prefers_mapping: bool,
) -> Value | None:
    correct = session.correct.get(declared.identifier)
    mapped = _best_mapped(definition, declared)
    first, second = (mapped, correct) if prefers_mapping else (correct, mapped)
    return first if first is not None else second


def _best_mapped(definition: ItemDefinition, declared: Declaration) -> Value | None:
    if declared.mapping is not None:
        ranked = _ranked_keys(declared, declared.mapping)
    elif declared.area_mapping is not None:
        ranked = _ranked_points(declared.area_mapping)
    else:
        return None
    if not ranked:
        return None
    if declared.cardinality is Cardinality.SINGLE:
        return Value(declared.base_type, ranked[:1])
    most = _most_values(definition, declared.identifier) or len(ranked)
    return Value(declared.base_type, ranked[:most], declared.cardinality)


def _ranked_keys(declared: Declaration, mapping: PointMapping) -> tuple[Scalar, ...]:
    """The keys that earn points, best first."""
    entries = sorted(mapping.entries, key=lambda entry: entry.points, reverse=True)
    found = (parse_scalar(entry.text, declared.base_type) for entry in entries if entry.points > 0)
    return tuple(item for item in found if item is not None)


def _ranked_points(mapping: AreaMapping) -> tuple[Scalar, ...]:
    entries = sorted(mapping.entries, key=lambda entry: entry.points, reverse=True)
    found = (point_within(entry.area) for entry in entries if entry.points > 0)
    return tuple(item for item in found if item is not None)


def _most_values(definition: ItemDefinition, identifier: str) -> int:
    """How many values the interaction lets one give; 0 is without limit."""
    for node in definition.interactions:
        if node.get("response-identifier").strip() == identifier:
            return _limit(node)
    return 0


def _limit(node: Node) -> int:
    for name in ("max-choices", "max-associations", "max-strings"):
        text = node.get(name).strip()
        if text.isdecimal() and len(text) < 6:
            return int(text)
    return 0
