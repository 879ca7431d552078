"""The shape of every refusal: problem details (RFC 9457)."""

from __future__ import annotations

from marshmallow import Schema, fields

from certify.web.schemas.fields import described


class FieldProblem(Schema):
    """One field that does not fit."""

    pointer = fields.String(metadata=described("JSON pointer into the body (RFC 6901)"))
    parameter = fields.String(metadata=described("Name of a query parameter or upload"))
    detail = fields.String(required=True)


class ProblemDetails(Schema):
    """What went wrong, for people (title, detail) and for programs (status, code)."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    instance = fields.String(required=True)
    code = fields.String(required=True, metadata=described("Stable name for programs"))
    request_id = fields.String(required=True, metadata=described("Also in the server's log"))
    errors = fields.List(fields.Nested(FieldProblem))
