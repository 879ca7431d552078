"""What strangers learn about a certificate: public facts, a name check, named checks of a file."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask_smorest.fields import Upload
from marshmallow import Schema, fields

from certificates.report import VerificationReport
from certify.web.schemas.fields import StrictSchema, described, text


class PublicCertificateAnswer(Schema):
    credential_id = fields.String(required=True)
    status = fields.String(required=True)
    programme_title_zh = fields.String(required=True)
    programme_title_en = fields.String(required=True)
    level_title_zh = fields.String(required=True)
    level_title_en = fields.String(required=True)
    masked_name = fields.String(required=True)
    issued_at = fields.AwareDateTime(required=True)
    valid_until = fields.AwareDateTime(required=True, allow_none=True)
    revoked_at = fields.AwareDateTime(required=True, allow_none=True)
    revocation_reason = fields.String(required=True)
    is_test = fields.Boolean(required=True)
    is_provisional = fields.Boolean(required=True)


class NameCheck(StrictSchema):
    name = text(100)


class NameCheckAnswer(Schema):
    matches = fields.Boolean(
        required=True, metadata=described("False for an unknown certificate too")
    )


class CertificateUpload(StrictSchema):
    file = Upload(required=True)


class CheckAnswer(Schema):
    name = fields.String(required=True)
    result = fields.String(required=True)
    reason = fields.String(required=True)
    clause = fields.String(required=True)


class VerificationAnswer(Schema):
    status = fields.String(required=True)
    checks = fields.List(fields.Nested(CheckAnswer), required=True)
    pdf_sha256 = fields.String(required=True)


def report_body(report: VerificationReport) -> dict[str, Any]:
    return {
        "status": report.status,
        "checks": [asdict(check) for check in report.checks],
        "pdf_sha256": report.pdf_sha256,
    }
