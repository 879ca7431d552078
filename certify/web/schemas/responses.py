"""Raw responses as the interface takes them. Whether one fits its item is decided elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import ValidationError, fields

from question_bank.interactions import (
    LONGEST_BLANK,
    LONGEST_ESSAY,
    LONGEST_MARKUP_RESPONSE,
)

MOST_PARTS = 50
LONGEST_PART_ID = 64
LONGEST_TYPED_NUMBER = 64

EXPECTED = (
    'Expected a list of option ids, {"value": "number as text"}, {"blanks": {id: text}}, '
    '{"pairs": {option: target}}, {"text": "…"} or {"responses": {identifier: value}}.'
)


class ResponseValue(fields.Field):
    """A raw response: option ids for choices and orders, an object of one name for the others."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        if is_choice(value) or is_named(value):
            return value
        raise ValidationError(EXPECTED)


def is_choice(value: Any) -> bool:
    """A list of option ids."""
    return (
        isinstance(value, list)
        and len(value) <= MOST_PARTS
        and all(is_text(entry, LONGEST_PART_ID) for entry in value)
    )


def is_named(value: Any) -> bool:
    """An object with the one name that says what it holds."""
    if not isinstance(value, dict) or len(value) != 1:
        return False
    ((name, held),) = value.items()
    return name in _NAMED and _NAMED[name](held)


def is_text(value: Any, longest: int) -> bool:
    return isinstance(value, str) and len(value) <= longest


def is_texts(value: Any) -> bool:
    """Texts by the id of a blank or of an option."""
    return (
        isinstance(value, dict)
        and len(value) <= MOST_PARTS
        and all(is_text(part, LONGEST_PART_ID) for part in value)
        and all(is_text(text, LONGEST_BLANK) for text in value.values())
    )


def is_markup_values(value: Any) -> bool:
    """Values by response identifier: text, lists of text, or nothing."""
    return (
        isinstance(value, dict)
        and len(value) <= MOST_PARTS
        and all(is_text(name, LONGEST_PART_ID) for name in value)
        and all(is_markup_value(held) for held in value.values())
    )


def is_markup_value(value: Any) -> bool:
    entries = value if isinstance(value, list) else [value]
    return all(entry is None or is_text(entry, LONGEST_MARKUP_RESPONSE) for entry in entries)


_NAMED: Mapping[str, Callable[[Any], bool]] = {
    "value": lambda held: is_text(held, LONGEST_TYPED_NUMBER),
    "text": lambda held: is_text(held, LONGEST_ESSAY),
    "blanks": is_texts,
    "pairs": is_texts,
    "responses": is_markup_values,
}


def _object_doc(name: str, held: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {name: held},
        "required": [name],
        "additionalProperties": False,
    }


_TEXTS_DOC = {
    "type": "object",
    "maxProperties": MOST_PARTS,
    "additionalProperties": {"type": "string", "maxLength": LONGEST_BLANK},
}
_TEXT_DOC = {"type": "string", "maxLength": LONGEST_MARKUP_RESPONSE}

RESPONSE_DOC = {
    "anyOf": [
        {
            "type": "array",
            "maxItems": MOST_PARTS,
            "items": {"type": "string", "maxLength": LONGEST_PART_ID},
        },
        _object_doc("value", {"type": "string", "maxLength": LONGEST_TYPED_NUMBER}),
        _object_doc("text", {"type": "string", "maxLength": LONGEST_ESSAY}),
        _object_doc("blanks", _TEXTS_DOC),
        _object_doc("pairs", _TEXTS_DOC),
        _object_doc(
            "responses",
            {
                "type": "object",
                "maxProperties": MOST_PARTS,
                "additionalProperties": {
                    "anyOf": [
                        {"type": "null"},
                        _TEXT_DOC,
                        {"type": "array", "items": {"anyOf": [{"type": "null"}, _TEXT_DOC]}},
                    ]
                },
            },
        ),
    ]
}
