"""The response variables of an item that came from QTI 1.x, and everything they may hold."""

from collections.abc import Iterable
from dataclasses import dataclass

from question_bank.exchange.questestinterop.responses import MATCHED, Kind, Response
from question_bank.qti.tree import Node


@dataclass(frozen=True, slots=True)
class Asked:
    """One response variable; `pool` are its possible values where they can be listed."""

    name: str
    cardinality: str
    base_type: str
    pool: tuple[str, ...] = ()
    kind: Kind = Kind.CHOICE


def asked_variables(responses: Iterable[Response]) -> tuple[Asked, ...]:
    """The variables in the order of the presentation; the rows of a matching are one."""
    listed = tuple(responses)
    rows = [response for response in listed if response.kind in MATCHED]
    found: dict[str, Asked] = {}
    for response in listed:
        if response.variable not in found:
            found[response.variable] = _matching(rows) if response in rows else _asked(response)
    return tuple(found.values())


def _matching(rows: list[Response]) -> Asked:
    pool = tuple(
        f"{row.name} {label.name}" if row.kind is Kind.ROW else f"{label.name} {row.name}"
        for row in rows
        for label in row.labels
    )
    return Asked(rows[0].variable, "multiple", "directedPair", pool, rows[0].kind)


def _asked(response: Response) -> Asked:
    names = tuple(label.name for label in response.labels)
    single = "multiple" if response.is_multiple else "single"
    match response.kind:
        case Kind.ORDER:
            return Asked(response.variable, "ordered", "identifier", names, response.kind)
        case Kind.TEXT | Kind.ESSAY:
            words = tuple(label.text.strip("^$") for label in response.labels)
            return Asked(response.variable, "single", "string", words, response.kind)
        case Kind.NUMBER | Kind.SLIDER:
            return Asked(response.variable, "single", "float", (), response.kind)
        case Kind.UPLOAD:
            return Asked(response.variable, "single", "file", (), response.kind)
        case Kind.POINT:
            return Asked(response.variable, single, "point", (), response.kind)
        case Kind.GROUP:
            pool = tuple(f"{a} {b}" for a in names for b in names if a != b)
            return Asked(response.variable, "multiple", "directedPair", pool, response.kind)
    return Asked(response.variable, single, "identifier", names, response.kind)


def declaration(asked: Asked, *inner: Node) -> Node:
    """The declaration of a variable with its right response and mapping."""
    held = {
        "identifier": asked.name,
        "cardinality": asked.cardinality,
        "base-type": asked.base_type,
    }
    return Node("qti-response-declaration", held, inner)
