"""What a form says in answer to an item: the same raw responses as the exam script sends."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from certify.services.raw_responses import is_blank_response, is_readable_number
from certify.services.showing import ItemView

Form = MultiDict[str, str]
LONGEST_PLACE = 4


def read_response(item: ItemView, form: Form) -> Any:
    """The raw response; of an order without a place for each option, the places as typed."""
    match item.type:
        case "numeric":
            return {"value": form.get("answer", "").strip()}
        case "fill_in":
            return {"blanks": {blank: form.get(f"blank-{blank}", "") for blank in item.blanks}}
        case "order":
            return _read_order(item, form)
        case "match":
            pairs = {option: form.get(f"pair-{option}", "") for option, _text in item.options}
            return {"pairs": {option: target for option, target in pairs.items() if target}}
        case "essay":
            return {"text": form.get("answer", "").replace("\r\n", "\n")}
        case "composite":
            return {"responses": _read_values(form)}
        case _:
            return form.getlist("answer")


def response_error(item: ItemView, response: Any) -> str:
    """What keeps an answer from being taken, or nothing: a slip of the hand is no wrong answer."""
    if is_blank_response(response):
        return ""
    if item.type == "numeric" and not is_readable_number(response["value"]):
        return gettext("Enter a number without words or units, for example 12.5")
    if item.type == "order" and isinstance(response, dict):
        return gettext("Give every entry a place of its own")
    if item.type == "essay" and len(response["text"]) > item.most_characters:
        return gettext("Shorten your answer to %(num)s characters", num=item.most_characters)
    return ""


def _read_values(form: Form) -> dict[str, list[str]]:
    """Values by response identifier: those of its fields, or its entries by their places."""
    values: dict[str, list[str]] = {}
    placed: dict[str, list[tuple[int, str]]] = {}
    for name, text in form.items(multi=True):
        kind, _, rest = name.partition(":")
        if kind == "response" and text.strip():
            values.setdefault(rest, []).append(text)
        elif kind == "place" and text.isdecimal() and len(text) < LONGEST_PLACE:
            identifier, _, entry = rest.partition(":")
            placed.setdefault(identifier, []).append((int(text), entry))
    ordered = {name: [entry for _place, entry in sorted(rows)] for name, rows in placed.items()}
    return values | ordered


def _read_order(item: ItemView, form: Form) -> Any:
    places = {option: form.get(f"place-{option}", "") for option, _text in item.options}
    if not any(places.values()):
        return []
    if sorted(places.values()) != sorted(str(n) for n in range(1, len(places) + 1)):
        return {"places": {option: place for option, place in places.items() if place}}
    return sorted(places, key=lambda option: int(places[option]))
