"""Where time comes in. Everything below takes instants as arguments."""

import datetime as dt
from collections.abc import Callable

Clock = Callable[[], dt.datetime]
"""Gives the present instant as an aware UTC datetime."""


def system_clock() -> dt.datetime:
    """The machine's time, in UTC."""
    return dt.datetime.now(dt.UTC)
