"""The address of a list's pages: filters stay, only the page number changes."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from flask import request

HIGHEST_PAGE = 1_000_000


def page_number() -> int:
    """The page that was asked for, 1 for anything that is no page number."""
    text = request.args.get("page", "1")
    is_number = text.isascii() and text.isdigit() and len(text) < 8
    return min(max(int(text), 1), HIGHEST_PAGE) if is_number else 1


def pages_of() -> Callable[[int], str]:
    """Gives the address of page n of the list that is being shown."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]

    def address(number: int) -> str:
        return f"{request.path}?{urlencode([*kept, ('page', str(number))])}"

    return address
