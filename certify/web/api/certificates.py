"""Certificates: the holder's PDF, and verification for strangers by number, name and file."""

from __future__ import annotations

from typing import Any

from flask import Response
from werkzeug.exceptions import RequestEntityTooLarge

from certificates.errors import CredentialIdError
from certify.errors import NotFound
from certify.services.issuing import get_own_certificate
from certify.services.verifying import PublicCertificate, confirm_name, find_public, verify_file
from certify.web.api.interface import ApiBlueprint
from certify.web.auth import current_person, public, require_roles, service_context
from certify.web.extensions import limiter
from certify.web.schemas.certificates import (
    CertificateUpload,
    NameCheck,
    NameCheckAnswer,
    PublicCertificateAnswer,
    VerificationAnswer,
    report_body,
)

bp = ApiBlueprint("certificates", "Certificates and their verification")
ONE = "/certificates/<string(maxlength=64):credential_id>"
LOOKUP_LIMIT = "60 per minute"
NAME_CHECK_LIMIT = "10 per minute; 60 per day"
FILE_LIMIT = "20 per minute"
LARGEST_PDF_BYTES = 8 * 1024 * 1024


@bp.get(f"{ONE}.pdf")
@require_roles("student")
@bp.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
@bp.refuses(404)
def get_pdf(credential_id: str) -> Response:
    """The signed PDF of one's own certificate."""
    try:
        stored = get_own_certificate(service_context(), current_person().id, credential_id)
    except CredentialIdError:
        raise NotFound(kind="Certificate", identifier=credential_id) from None
    response = Response(stored.pdf, mimetype="application/pdf")
    name = f"{stored.credential_id}.pdf"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@bp.get(ONE)
@public
@bp.response(200, PublicCertificateAnswer)
@bp.refuses(404)
@limiter.limit(LOOKUP_LIMIT)
def get_certificate(credential_id: str) -> PublicCertificate:
    """What anybody may know of a certificate: level, dates, status, and a masked name."""
    found = find_public(service_context(), credential_id)
    if found is None:
        # mistyped, never issued or withdrawn from view: all look the same
        raise NotFound(kind="Certificate", identifier=credential_id)
    return found


@bp.post(f"{ONE}/name-check")
@public
@bp.arguments(NameCheck)
@bp.response(200, NameCheckAnswer)
@bp.refuses(404)
@limiter.limit(NAME_CHECK_LIMIT)
def create_name_check(body: dict[str, str], credential_id: str) -> dict[str, bool]:
    """Whether a certificate was issued to this name."""
    return {"matches": confirm_name(service_context(), credential_id, body["name"])}


@bp.post("/certificates/verify")
@public
@bp.arguments(CertificateUpload, location="files")
@bp.response(200, VerificationAnswer)
@limiter.limit(FILE_LIMIT)
def create_verification(files: dict[str, Any]) -> dict[str, Any]:
    """Check a certificate's PDF file; nothing of it is kept."""
    data = files["file"].stream.read(LARGEST_PDF_BYTES + 1)
    if len(data) > LARGEST_PDF_BYTES:
        raise RequestEntityTooLarge()
    return report_body(verify_file(service_context(), data))
