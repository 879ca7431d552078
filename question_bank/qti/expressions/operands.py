"""What all operators share: their type, and how operands and attributes are read as numbers."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from question_bank.qti.numbers import bounded, read_float
from question_bank.qti.session import ItemSession
from question_bank.qti.tree import Node
from question_bank.qti.values import BaseType, Value, integer, real

Operands = Sequence[Value | None]
Operator = Callable[[Operands, Node, ItemSession], Value | None]
Number = int | Fraction
_NUMBERS = (BaseType.INTEGER, BaseType.FLOAT, BaseType.DURATION)


def number(value: Value | None) -> Number | None:
    """The number a single value is; a text that reads as a number counts. None for the rest."""
    found = numbers([value])
    return found[0] if found is not None and len(found) == 1 else None


def numbers(operands: Operands) -> list[Number] | None:
    """All numbers of the operands, containers opened; None where one is NULL or no number."""
    found: list[Number] = []
    for value in operands:
        if value is None or not value.items:
            return None
        for item in value.items:
            read = _number(item, value.base_type)
            if read is None:
                return None
            found.append(read)
    return found or None


def _number(item: object, base_type: BaseType | None) -> Number | None:
    if isinstance(item, bool):
        return None
    if isinstance(item, (int, Fraction)):
        return item
    return read_float(item) if isinstance(item, str) and base_type not in _NUMBERS else None


def are_integers(operands: Operands) -> bool:
    """Whether all operands have base type integer, so that the result is one too."""
    return all(value is not None and value.base_type is BaseType.INTEGER for value in operands)


def result(found: Number | None, as_integer: bool) -> Value | None:
    """A number as a value, bounded in size; an integer where it is one and shall be one."""
    if found is None:
        return None
    kept = bounded(Fraction(found))
    if kept is None:
        return None
    return integer(int(kept)) if as_integer and kept.denominator == 1 else real(kept)


def truth(value: Value | None) -> bool | None:
    """The boolean a value is; None for NULL and for what is no boolean."""
    if value is None or len(value.items) != 1:
        return None
    item = value.items[0]
    if isinstance(item, bool):
        return item
    return {"true": True, "false": False}.get(item.strip()) if isinstance(item, str) else None


def text(value: Value | None) -> str | None:
    """The text a single value is; None for NULL."""
    if value is None or len(value.items) != 1:
        return None
    item = value.items[0]
    return item if isinstance(item, str) else None


def referred(name: str, session: ItemSession) -> Value | None:
    """The variable that an attribute names, with or without braces around it."""
    return session.variable(name.strip().strip("{}").strip())


def attribute_number(node: Node, name: str, session: ItemSession) -> Number | None:
    """A numeric attribute, or the number in the variable that it names."""
    written = node.get(name).strip()
    if not written:
        return None
    found = read_float(written)
    return found if found is not None else number(referred(written, session))


def attribute_numbers(node: Node, name: str, session: ItemSession) -> Iterator[Number]:
    """The numbers of a list attribute such as `tolerance`."""
    for word in node.get(name).split():
        found = read_float(word)
        read = found if found is not None else number(referred(word, session))
        if read is not None:
            yield read


def attribute_integer(node: Node, name: str, session: ItemSession) -> int | None:
    """An integer attribute, or the integer in the variable that it names."""
    return _whole(attribute_number(node, name, session))


def whole_number(value: Value | None) -> int | None:
    """The integer a single value is; None for the rest."""
    return _whole(number(value))


def _whole(found: Number | None) -> int | None:
    return int(found) if found is not None and found == int(found) else None
