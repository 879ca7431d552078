"""An item as a flat mapping of named fields, for what is compared and merged field by field.

Options and targets come apart into their order (`options`) and the texts of each
(`options.b.text`), a stimulus into id, title and text; the answer key stays whole, as half of
one key and half of another would be no key.
"""

from collections.abc import Mapping
from typing import Any

from question_bank.answer_key import ChoiceKey
from question_bank.exchange.native import item_to_mapping
from question_bank.item import Item

ANSWER = "answer"
LABELLED = ("options", "targets")
_TEXTS = ("text", "note")
_IDENTITY = "id"


def fields_of(item: Item) -> dict[str, Any]:
    """What an item says, by field, in the order of the native format; its id is left out."""
    mapping = item_to_mapping(item)
    flat: dict[str, Any] = {}
    for name, value in mapping.items():
        if name in LABELLED:
            flat[name] = [part[_IDENTITY] for part in value]
            for part in value:
                flat |= {f"{name}.{part['id']}.{t}": part[t] for t in _TEXTS if t in part}
        elif name == "stimulus":
            flat |= {f"stimulus.{part}": text for part, text in value.items()}
        elif name != _IDENTITY:
            flat[name] = value
    if isinstance(item.answer_key, ChoiceKey) and ANSWER not in mapping:
        flat[ANSWER] = sorted(item.answer_key.correct)
    return flat


def mapping_of(item_id: str, flat: Mapping[str, Any]) -> dict[str, Any]:
    """The native mapping of an item with these fields."""
    mapping: dict[str, Any] = {_IDENTITY: item_id}
    stimulus = {}
    for name, value in flat.items():
        head, _, rest = name.partition(".")
        if name in LABELLED:
            mapping[name] = [_labelled(flat, name, part) for part in value]
        elif head == "stimulus":
            stimulus[rest] = value
        elif not rest:
            mapping[name] = value
    if stimulus.get(_IDENTITY):
        mapping["stimulus"] = {_IDENTITY: "", "title": "", "text": "", **stimulus}
    if mapping.get("type") in ("single", "multiple"):
        keyed = mapping.pop(ANSWER, None) or []
        for option in mapping.get("options", []):
            option["correct"] = option[_IDENTITY] in keyed
    return mapping


def _labelled(flat: Mapping[str, Any], name: str, part: str) -> dict[str, Any]:
    texts = {text: flat.get(f"{name}.{part}.{text}") for text in _TEXTS}
    return {_IDENTITY: part, **{text: value for text, value in texts.items() if value is not None}}
