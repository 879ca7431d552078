"""Reads the declarations of an item from its normalised element tree, leniently.

What is no value of its type is left out rather than refused: an item with one bad number can still
be read, and its author sees the rest.
"""

from collections.abc import Iterable
from fractions import Fraction

from question_bank.qti.definition import (
    Area,
    AreaEntry,
    AreaMapping,
    Declaration,
    LookupEntry,
    LookupTable,
    MapEntry,
    PointMapping,
)
from question_bank.qti.numbers import read_float
from question_bank.qti.tree import Node
from question_bank.qti.values import BaseType, Cardinality, Value, parse_scalar

_BASE_TYPES = {member.value.lower(): member for member in BaseType}


def read_declarations(root: Node, kind: str) -> dict[str, Declaration]:
    """The declarations of one kind (response, outcome, template, context), by identifier."""
    nodes = root.all(f"qti-{kind}-declaration")
    declared = (read_declaration(node) for node in nodes)
    return {declaration.identifier: declaration for declaration in declared}


def read_declaration(node: Node) -> Declaration:
    """One variable declaration with everything that hangs on it."""
    cardinality = read_cardinality(node.get("cardinality"))
    base_type = read_base_type(node.get("base-type"))
    return Declaration(
        identifier=node.get("identifier").strip(),
        cardinality=cardinality,
        base_type=base_type,
        default=_default(node, cardinality, base_type),
        correct=read_value(node.child("qti-correct-response"), cardinality, base_type),
        mapping=_mapping(node.child("qti-mapping")),
        area_mapping=_area_mapping(node.child("qti-area-mapping")),
        table=_table(node, base_type),
        normal_maximum=number_of(node, "normal-maximum"),
        normal_minimum=number_of(node, "normal-minimum"),
        external_scored=node.get("external-scored").strip().lower(),
    )


def read_cardinality(text: str) -> Cardinality:
    """The cardinality named; single where the name is missing or unknown."""
    try:
        return Cardinality(text.strip().lower())
    except ValueError:
        return Cardinality.SINGLE


def read_base_type(text: str) -> BaseType | None:
    """The base type named; None where it is missing or unknown."""
    return _BASE_TYPES.get(text.strip().lower())


def read_value(
    holder: Node | None, cardinality: Cardinality, base_type: BaseType | None
) -> Value | None:
    """The value that the `qti-value` elements of a default or correct response say."""
    if holder is None:
        return None
    nodes = holder.all("qti-value")
    if cardinality is Cardinality.RECORD:
        fields = {node.get("field-identifier"): _field(node) for node in nodes}
        return Value(None, (), cardinality, fields) if fields else None
    found = (parse_scalar(value_text(node), _typed(node, base_type)) for node in nodes)
    items = tuple(item for item in found if item is not None)
    if cardinality is Cardinality.SINGLE:
        items = items[:1]
    return Value(base_type, items, cardinality) if items else None


def value_text(node: Node) -> str:
    """The text of a value; blanks around it come from the layout of the file."""
    return node.text.strip()


def _typed(node: Node, base_type: BaseType | None) -> BaseType | None:
    return base_type or read_base_type(node.get("base-type"))


def _field(node: Node) -> Value | None:
    base_type = read_base_type(node.get("base-type"))
    item = parse_scalar(value_text(node), base_type)
    return None if item is None else Value(base_type, (item,))


def _default(node: Node, cardinality: Cardinality, base_type: BaseType | None) -> Value | None:
    holder = node.child("qti-default-value")
    if holder is None and "default-value" in node.attributes:
        # not QTI, but seen: the default as an attribute
        holder = Node("", children=(Node("qti-value", children=(node.get("default-value"),)),))
    return read_value(holder, cardinality, base_type)


def number_of(node: Node, name: str) -> Fraction | None:
    """A numeric attribute; None where it is missing or no number."""
    return read_float(node.get(name))


def _mapping(node: Node | None) -> PointMapping | None:
    if node is None:
        return None
    sensitive = node.flag("case-sensitive", default=True)
    entries = (
        MapEntry(
            entry.get("map-key"),
            number_of(entry, "mapped-value") or Fraction(0),
            entry.flag("case-sensitive", default=sensitive),
        )
        for entry in node.all("qti-map-entry")
    )
    return PointMapping(tuple(entries), *_bounds(node))


def _area_mapping(node: Node | None) -> AreaMapping | None:
    if node is None:
        return None
    entries = (
        AreaEntry(read_area(entry), number_of(entry, "mapped-value") or Fraction(0))
        for entry in node.all("qti-area-map-entry")
    )
    return AreaMapping(tuple(entries), *_bounds(node))


def _bounds(node: Node) -> tuple[Fraction, Fraction | None, Fraction | None]:
    default = number_of(node, "default-value") or Fraction(0)
    return default, number_of(node, "lower-bound"), number_of(node, "upper-bound")


def read_area(node: Node) -> Area:
    """The shape that an element's attributes `shape` and `coords` describe."""
    words = node.get("coords").replace(",", " ").replace("%", " ").split()
    numbers = (read_float(word) for word in words)
    return Area(
        node.get("shape", "default").strip().lower(),
        tuple(number for number in numbers if number is not None),
    )


def _table(node: Node, base_type: BaseType | None) -> LookupTable | None:
    table = node.child("qti-match-table", "qti-interpolation-table")
    if table is None:
        return None
    default = table.attributes.get("default-value")
    return LookupTable(
        tuple(_lookup_entries(table, base_type)),
        None if default is None else _target(default, base_type),
        table.name == "qti-interpolation-table",
    )


def _lookup_entries(table: Node, base_type: BaseType | None) -> Iterable[LookupEntry]:
    for entry in table.elements:
        source = number_of(entry, "source-value")
        if source is not None:
            yield LookupEntry(
                source,
                _target(entry.get("target-value"), base_type),
                entry.flag("include-boundary", default=True),
            )


def _target(text: str, base_type: BaseType | None) -> Value | None:
    item = parse_scalar(text, base_type)
    return None if item is None else Value(base_type, (item,))
