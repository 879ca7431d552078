"""What a browser would send of the form of an item, with some fields changed."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

UNSET = "\0"
"""Of a selection whose options have not come yet; without a selected one, the first is sent."""


class _Fields(HTMLParser):
    """What a browser would send of the item form, untouched."""

    def __init__(self) -> None:
        super().__init__()
        self.values: list[tuple[str, str]] = []
        self.inside = False
        self.area = self.choice = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.inside = "data-item-form" in given
        if not self.inside:
            return
        name = given.get("name", "")
        if tag == "textarea":
            self.area = name
            self.values.append((name, ""))
        elif tag == "select":
            self.choice = name
            self.values.append((name, UNSET))
        elif (tag == "option" and "selected" in given) or (
            tag == "option" and self.values[-1:] == [(self.choice, UNSET)]
        ):
            self.values[-1] = (self.choice, given["value"])
        elif tag == "input" and name and is_sent(given):
            self.values.append((name, given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        if tag == "textarea":
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.values[-1] = (self.area, self.values[-1][1] + data)


def is_sent(given: dict[str, str]) -> bool:
    return given.get("type") not in ("radio", "checkbox") or "checked" in given


def fields_of(page: str, within: str = "", **changes: Any) -> MultiDict[str, str]:
    """The fields of the item form, or of the form that has a field of the given name."""
    parser = _Fields()
    if within:
        parts = page.split("<form")
        page = next(f"<form data-item-form {part}" for part in parts if f'"{within}"' in part)
    parser.feed(page)
    sent = MultiDict(parser.values)
    sent["intent"] = "save"
    for name, value in changes.items():
        sent.setlist(name, value if isinstance(value, list) else [value])
    return sent


def edit_form(client: FlaskClient, item_id: str = "01-001", **changes: Any) -> MultiDict[str, str]:
    return fields_of(client.get(f"/items/{item_id}/edit").text, **changes)
