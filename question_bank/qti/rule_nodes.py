"""Builders of QTI expressions and rules as element trees. They know no item."""

from collections.abc import Iterable
from fractions import Fraction

from question_bank.qti.tree import Node

MOST_DIGITS = 15
"""Figures that every reader's double keeps."""


def decimal_text(number: Fraction) -> str | None:
    """The number as a decimal without loss; None where it has no short one (a third)."""
    places = next((p for p in range(MOST_DIGITS) if not (number * 10**p).denominator > 1), None)
    if places is None:
        return None
    digits = str(abs(int(number * 10**places))).rjust(places + 1, "0")
    if len(digits) > MOST_DIGITS + 1:
        return None
    whole, part = digits[: len(digits) - places], digits[len(digits) - places :]
    return f"{'-' if number < 0 else ''}{whole}{'.' if part else ''}{part}"


def constant(base_type: str, text: str) -> Node:
    """A value written down."""
    return Node("qti-base-value", {"base-type": base_type}, (text,))


def number(value: Fraction | int) -> Node:
    """A number, exact: a decimal, or a quotient where it has none."""
    value = Fraction(value)
    text = decimal_text(value)
    if text is not None:
        return constant("float", text)
    parts = (constant("float", str(value.numerator)), constant("float", str(value.denominator)))
    return Node("qti-divide", {}, parts)


def identifier(text: str) -> Node:
    """An identifier written down."""
    return constant("identifier", text)


def variable(name: str) -> Node:
    """The value of a variable."""
    return Node("qti-variable", {"identifier": name})


def correct(name: str) -> Node:
    """The right response of a variable."""
    return Node("qti-correct", {"identifier": name})


def map_response(name: str) -> Node:
    """What the mapping of a response variable gives."""
    return Node("qti-map-response", {"identifier": name})


def operator(name: str, *operands: Node, **attributes: str) -> Node:
    """An operator by its name without the prefix; `tolerance_mode` becomes `tolerance-mode`."""
    named = {key.replace("_", "-"): value for key, value in attributes.items()}
    return Node(f"qti-{name}", named, operands)


def any_of(conditions: Iterable[Node]) -> Node:
    """One condition that holds where one of several does."""
    listed = tuple(conditions)
    return listed[0] if len(listed) == 1 else operator("or", *listed)


def all_of(conditions: Iterable[Node]) -> Node:
    """One condition that holds where all of several do."""
    listed = tuple(conditions)
    return listed[0] if len(listed) == 1 else operator("and", *listed)


def set_outcome(name: str, value: Node) -> Node:
    """The rule that gives an outcome variable a value."""
    return Node("qti-set-outcome-value", {"identifier": name}, (value,))


def choose(*branches: tuple[Node | None, Iterable[Node]]) -> Node:
    """if, else if, … else: a condition (None for the last) and the rules that follow from it."""
    written = []
    for place, (condition, rules) in enumerate(branches):
        if condition is None:
            written.append(Node("qti-response-else", {}, tuple(rules)))
        else:
            name = "qti-response-else-if" if place else "qti-response-if"
            written.append(Node(name, {}, (condition, *rules)))
    return Node("qti-response-condition", {}, tuple(written))


def values(name: str, texts: Iterable[str]) -> Node:
    """A `qti-correct-response` or `qti-default-value` with its values."""
    return Node(name, {}, tuple(Node("qti-value", {}, (text,)) for text in texts))


def response(name: str, cardinality: str, base_type: str, *inner: Node) -> Node:
    """The declaration of a response variable; `inner` are its right response and mapping."""
    attributes = {"identifier": name, "cardinality": cardinality, "base-type": base_type}
    return Node("qti-response-declaration", attributes, inner)


def outcome(name: str, base_type: str, default: str = "", **attributes: str) -> Node:
    """The declaration of a single outcome variable."""
    named = {key.replace("_", "-"): value for key, value in attributes.items()}
    inner = (values("qti-default-value", [default]),) if default else ()
    held = {"identifier": name, "cardinality": "single", "base-type": base_type, **named}
    return Node("qti-outcome-declaration", held, inner)
