"""Responses mapped to points: by value and by area; and the lookup tables of outcomes."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from question_bank.qti.areas import contains_point
from question_bank.qti.definition import AreaMapping, LookupTable, MapEntry, PointMapping
from question_bank.qti.expressions.operands import Operands, Operator, number
from question_bank.qti.session import ItemSession
from question_bank.qti.tree import Node
from question_bank.qti.values import (
    BaseType,
    Cardinality,
    Value,
    comparables,
    is_null,
    parse_scalar,
    real,
)


def _map_response(_operands: Operands, node: Node, session: ItemSession) -> Value | None:
    identifier = node.get("identifier").strip()
    declared = session.definition.responses.get(identifier)
    if declared is None or declared.mapping is None:
        return None
    value = session.responses.get(identifier)
    if is_null(value) and declared.cardinality is Cardinality.SINGLE:
        value = Value(BaseType.STRING, ("",))
    return real(mapped_points(value, declared.mapping))


def mapped_points(value: Value | None, mapping: PointMapping) -> Fraction:
    """The points of a response: each distinct value counts once, the sum stays in the bounds.

    An empty text stands for a single NULL: it is worth what an entry for it says, else the
    default. A container without values is worth nothing.
    """
    singles = _distinct(value) if value is not None else ()
    total = sum((_points(each, mapping) for each in singles), Fraction(0))
    return clamped(total, mapping.lower, mapping.upper)


def clamped(total: Fraction, lower: Fraction | None, upper: Fraction | None) -> Fraction:
    """A sum of points within the bounds of its mapping."""
    if upper is not None:
        total = min(total, upper)
    return total if lower is None else max(total, lower)


def _distinct(value: Value) -> Iterable[Value]:
    seen = dict(zip(comparables(value), value.items, strict=True))
    return (Value(value.base_type, (item,)) for item in seen.values())


def _points(single: Value, mapping: PointMapping) -> Fraction:
    for entry in mapping.entries:
        if _is_keyed(single, entry):
            return entry.points
    return mapping.default


def _is_keyed(single: Value, entry: MapEntry) -> bool:
    base_type = single.base_type
    if base_type in (BaseType.STRING, BaseType.FILE, BaseType.URI, None):
        held, wanted = str(single.single), entry.text
        if not entry.case_sensitive:
            held, wanted = held.casefold(), wanted.casefold()
        return held in (wanted, wanted.strip())
    item = parse_scalar(entry.text, base_type)
    if item is None:
        return False
    if not entry.case_sensitive and isinstance(item, str):
        return str(single.single).casefold() == item.casefold()
    return comparables(single) == comparables(Value(base_type, (item,)))


def _map_response_point(_operands: Operands, node: Node, session: ItemSession) -> Value | None:
    identifier = node.get("identifier").strip()
    declared = session.definition.responses.get(identifier)
    if declared is None or declared.area_mapping is None:
        return None
    return real(area_points(session.responses.get(identifier), declared.area_mapping))


def area_points(value: Value | None, mapping: AreaMapping) -> Fraction:
    """The points of points: each area counts once; a point in no area is worth the default."""
    total, used = Fraction(0), set()
    for item in value.items if value is not None else ():
        hits = [at for at, entry in enumerate(mapping.entries) if contains_point(entry.area, item)]
        if not hits:
            total += mapping.default
        elif hits[0] not in used:
            used.add(hits[0])
            total += mapping.entries[hits[0]].points
    return clamped(total, mapping.lower, mapping.upper)


def looked_up(source: Value | None, table: LookupTable) -> Value | None:
    """The target of a source value in a lookup table, its default where no entry fits."""
    found = None if is_null(source) else number(source)
    if found is None:
        return table.default
    for entry in table.entries:
        if table.interpolates:
            if found > entry.source or (entry.include_boundary and found == entry.source):
                return entry.target
        elif found == entry.source:
            return entry.target
    return table.default


MAPPING: Mapping[str, Operator] = {
    "map-response": _map_response,
    "map-response-point": _map_response_point,
}
