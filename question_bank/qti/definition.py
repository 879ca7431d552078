"""One assessment item as a pure model: declarations, body, processing, feedback. Reads no text.

`root` is the whole normalised element tree; everything else is a reading of it, so that writing
the item back loses nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from question_bank.qti.tree import Node, to_text
from question_bank.qti.values import BaseType, Cardinality, Value

INTERACTION_SUFFIX = "-interaction"


@dataclass(frozen=True, slots=True)
class MapEntry:
    """What one value of a response is worth; `text` is the key as written."""

    text: str
    points: Fraction
    case_sensitive: bool = True


@dataclass(frozen=True, slots=True)
class PointMapping:
    """A table from response values to points (qti-mapping)."""

    entries: tuple[MapEntry, ...]
    default: Fraction = Fraction(0)
    lower: Fraction | None = None
    upper: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Area:
    """A shape on a picture, in its coordinates (rect, circle, poly, ellipse, default)."""

    shape: str
    coordinates: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class AreaEntry:
    """What a point within an area is worth."""

    area: Area
    points: Fraction


@dataclass(frozen=True, slots=True)
class AreaMapping:
    """A table from areas to points (qti-area-mapping)."""

    entries: tuple[AreaEntry, ...]
    default: Fraction = Fraction(0)
    lower: Fraction | None = None
    upper: Fraction | None = None


@dataclass(frozen=True, slots=True)
class LookupEntry:
    """One line of a lookup table: from this source value on, or exactly at it."""

    source: Fraction
    target: Value | None
    include_boundary: bool = True


@dataclass(frozen=True, slots=True)
class LookupTable:
    """A match table (exact) or an interpolation table (first entry not above the source)."""

    entries: tuple[LookupEntry, ...]
    default: Value | None
    interpolates: bool


@dataclass(frozen=True, slots=True)
class Declaration:
    """A variable of the item: a response, an outcome, a template or a context variable."""

    identifier: str
    cardinality: Cardinality
    base_type: BaseType | None
    default: Value | None = None
    correct: Value | None = None
    mapping: PointMapping | None = None
    area_mapping: AreaMapping | None = None
    table: LookupTable | None = None
    normal_maximum: Fraction | None = None
    normal_minimum: Fraction | None = None
    external_scored: str = ""


Declarations = Mapping[str, Declaration]


@dataclass(frozen=True, slots=True, eq=False)
class ItemDefinition:
    """An assessment item, equal to itself alone: what was found out about it can be remembered.

    `unknown` names elements in its processing that QTI does not have.
    """

    root: Node
    identifier: str
    title: str
    language: str = ""
    adaptive: bool = False
    responses: Declarations = field(default_factory=dict)
    outcomes: Declarations = field(default_factory=dict)
    templates: Declarations = field(default_factory=dict)
    contexts: Declarations = field(default_factory=dict)
    template_processing: Node | None = None
    response_processing: Node | None = None
    body: Node | None = None
    modal_feedback: tuple[Node, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def interactions(self) -> tuple[Node, ...]:
        """The interactions of the body in document order."""
        return interactions_of(self.body) if self.body is not None else ()


def interactions_of(node: Node) -> tuple[Node, ...]:
    """The interactions at or below an element, in document order."""
    return tuple(
        found
        for found in node.walk()
        if found.name.endswith(INTERACTION_SUFFIX) and found.name.startswith("qti-")
    )


def to_markup(definition: ItemDefinition) -> str:
    """The item as a QTI 3.0 document."""
    return to_text(definition.root)
