"""How bodies and queries are read: one type of content, bounded, and nothing unknown.

Text that no database stores (NUL, half of a surrogate pair) is refused here, once for all fields.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

from flask import Request
from marshmallow import RAISE, Schema, ValidationError
from webargs.flaskparser import FlaskParser
from webargs.multidictproxy import MultiDictProxy
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

LARGEST_JSON_BYTES = 256 * 1024
UNSTORABLE = "This text holds a character that cannot be stored."


class StrictParser(FlaskParser):
    """Reads arguments for a schema; each failure is an HTTP error of its own."""

    DEFAULT_UNKNOWN_BY_LOCATION = {  # noqa: RUF012 - the library's attribute
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "json": RAISE,
        "query": RAISE,
        "files": RAISE,
    }

    def load_json(self, req: Request, schema: Schema) -> Any:
        """The decoded body. 415, 413 or 400 before any field is looked at."""
        if req.mimetype != "application/json":
            raise UnsupportedMediaType()
        if (req.content_length or 0) > LARGEST_JSON_BYTES:
            raise RequestEntityTooLarge()
        body = req.get_data()
        if len(body) > LARGEST_JSON_BYTES:
            raise RequestEntityTooLarge()
        try:
            return decode(body)
        except (ValueError, RecursionError) as error:
            raise BadRequest() from error

    def load_querystring(self, req: Request, schema: Schema) -> Any:
        refuse_unstorable(req.args.to_dict(flat=False))
        return super().load_querystring(req, schema)

    def load_files(self, req: Request, schema: Schema) -> Any:
        if req.mimetype != "multipart/form-data":
            raise UnsupportedMediaType()
        return MultiDictProxy(req.files, schema)


def decode(body: bytes) -> Any:
    """The JSON of a body. Raises ValueError, RecursionError, or ValidationError for odd text."""
    data = json.loads(body, parse_constant=refuse_constant)
    refuse_unstorable(data)
    return data


def refuse_constant(name: str) -> NoReturn:
    """NaN and the infinities are no JSON (RFC 8259, section 6)."""
    raise ValueError(name)


def refuse_unstorable(data: Any) -> None:
    """Raise ValidationError for text that cannot be encoded or holds NUL, at any depth."""
    pending = [data]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            pending.extend(value.keys())
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)
        elif isinstance(value, str) and not is_storable(value):
            raise ValidationError(UNSTORABLE)


def is_storable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text
