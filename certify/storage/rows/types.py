"""Column types that behave alike on SQLite and PostgreSQL."""

import datetime as dt
import re

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import TSVECTOR

BOUNDARY = "\u00b6"
"""Between heading and body, so that no phrase runs across; no text is split into this word."""
MOST_PLACES = 250
"""Of one word in one text: PostgreSQL keeps 255."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

LongCount = BigInteger().with_variant(Integer(), "sqlite")
"""An integer of 64 bits; SQLite counts up only in a column declared INTEGER, which has as many."""


class UtcDateTime(TypeDecorator[dt.datetime]):
    """An instant: aware goes in, aware UTC comes out. Raises ValueError for a naive datetime."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """To UTC, so that SQLite, which drops the zone, orders instants rightly."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError(f"expected an aware datetime, found {value!r} without a zone")
        return value.astimezone(dt.UTC)

    def process_result_value(
        self, value: dt.datetime | None, dialect: Dialect
    ) -> dt.datetime | None:
        """SQLite gives naive UTC, PostgreSQL the zone of its connection."""
        if value is None:
            return None
        if value.tzinfo is None:
            return value.replace(tzinfo=dt.UTC)
        return value.astimezone(dt.UTC)


class PlainText(TypeDecorator[str]):
    """Text that sorts by code point and compares alike on both databases.

    NUL, which PostgreSQL refuses, and lone surrogates, which neither can encode, become U+FFFD.
    """

    # on PostgreSQL the order must not depend on the server's locale
    impl = Text().with_variant(Text(collation="C"), "postgresql")
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """What no database can hold is replaced visibly; searching for it then finds nothing."""
        return None if value is None else _UNSTORABLE.sub("\ufffd", value)


class SearchWords(TypeDecorator[tuple[list[str], list[str]]]):
    """The words that a search finds an item by, those of its heading first and of more weight.

    On SQLite a text that FTS5 splits at its blanks, the heading twice; on PostgreSQL a tsvector
    with the heading's words of weight A.
    """

    impl = Text().with_variant(TSVECTOR(), "postgresql")
    cache_ok = True

    def process_bind_param(
        self, value: tuple[list[str], list[str]] | None, dialect: Dialect
    ) -> str | None:
        """From the words in the order of the text."""
        if value is None:
            return None
        heading, body = value
        if dialect.name != "postgresql":
            return " ".join((*heading, BOUNDARY, *heading, BOUNDARY, *body))
        places: dict[str, list[str]] = {}
        for place, word in enumerate(heading, start=1):
            places.setdefault(word, []).append(f"{place}A")
        # one place stays empty, so that no phrase runs from the heading into the body
        for place, word in enumerate(body, start=len(heading) + 2):
            places.setdefault(word, []).append(str(place))
        return " ".join(
            f"'{word}':{','.join(at[:MOST_PLACES])}" for word, at in sorted(places.items())
        )
