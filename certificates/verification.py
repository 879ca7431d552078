"""Is this file a certificate that its issuer sealed, unchanged, and does it still hold?

Offline and pure: the file, a trust store, an instant and, where known, a status entry go in;
named checks and one of five words come out. Fetches nothing and asks no database.

Whose code judges what: outer form (pdf/structure.py), container (cms.py, which also builds it
again), trust and content are our own; the curve arithmetic is cryptography's. pyHanko's reader
parses the objects once the signature is accepted (pdf/reading.py). Its validator is not called
here: it lets pass what we must refuse, and it is the independent second opinion in the tests.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from certificates.cms import CmsFormError, ReadCms, read_cms
from certificates.content_checks import check_content, skipped_content_checks
from certificates.credential import Credential
from certificates.errors import UnreadableCertificate
from certificates.fonts import FontChain, default_font_chain
from certificates.keys import certificate_sha256
from certificates.pdf.reading import READ_ERRORS, SealedFile
from certificates.pdf.structure import (
    SignatureGap,
    StructureError,
    find_gap,
    looks_like_pdf,
    read_contents,
    require_single_revision,
    signed_digest,
)
from certificates.report import (
    Check,
    CheckResult,
    ReportStatus,
    StatusEntry,
    VerificationReport,
)
from certificates.trust import TrustAnchor, TrustStore
from certificates.x509_making import CLOCK_ALLOWANCE, DOCUMENT_SIGNING

__all__ = ["Check", "StatusEntry", "VerificationReport", "verify_certificate"]

_CLAUSE = {
    "single_revision": "ISO 32000-2 7.5.6 (no incremental update)",
    "signature_covers_file": "ISO 32000-2 12.8.1; ETSI EN 319 142-1 5.5",
    "contents_padding": "ETSI EN 319 142-1 5.5; ISO 32000-2 7.3.4.3",
    "signature_intact": "RFC 5652 5.6; ETSI EN 319 142-1 6.3",
    "signer_pinned": "RFC 5280 4.2.1.3, 6.1; RFC 9336",
    "signer_validity": "RFC 5280 4.1.2.5",
    "revocation": "Open Badges 3.0 (credentialStatus)",
    "expiry": "VC 2.0 4.9 (validUntil)",
}
# A skipped check that leaves the verdict open; the others may be skipped on a valid file.
_MAY_BE_SKIPPED = {"glyphs_match_font", "revocation"}


@dataclass(frozen=True, slots=True)
class _Seal:
    """An intact signature and where it stands."""

    cms: ReadCms
    gap: SignatureGap


@dataclass(slots=True)
class _Findings:
    """The checks in order, as they are answered."""

    checks: list[Check]

    def add(self, name: str, result: CheckResult, reason: str) -> None:
        self.checks.append(Check(name, result, reason, _CLAUSE[name]))


def verify_certificate(
    data: bytes,
    trust: TrustStore,
    *,
    now: datetime,
    status: StatusEntry | None = None,
    fonts: FontChain | None = None,
) -> VerificationReport:
    """Check a certificate's PDF at an instant (aware UTC).

    Raises UnreadableCertificate only where the bytes are no PDF at all; every other fault,
    a truncated or damaged file included, is a failed check.
    """
    if not looks_like_pdf(data):
        found = f"{len(data)} bytes beginning with {data[:8]!r}" if data else "it is empty"
        raise UnreadableCertificate(reason=found)
    findings = _Findings([])
    credential = _check_file(data, trust, now, status, fonts or default_font_chain(), findings)
    return VerificationReport(
        status=_verdict(findings.checks),
        checks=tuple(findings.checks),
        credential=credential,
        pdf_sha256=hashlib.sha256(data).hexdigest(),
    )


def _check_file(
    data: bytes,
    trust: TrustStore,
    now: datetime,
    status: StatusEntry | None,
    fonts: FontChain,
    findings: _Findings,
) -> Credential | None:
    seal = _check_signature(data, findings)
    anchor = _check_signer(seal, trust, findings)
    credential = None
    if seal is None or anchor is None:
        reason = "not examined: the file is not sealed by an issuer that is trusted here"
        findings.add("signer_validity", "skipped", reason)
        findings.checks += skipped_content_checks(reason)
    else:
        try:
            file = SealedFile(data, seal.gap)
            signed_at = file.signed_at
        except READ_ERRORS as error:
            reason = f"the sealed file cannot be read: {error}"
            findings.add("signer_validity", "failed", reason)
            findings.checks += skipped_content_checks(reason)
        else:
            content = check_content(file, anchor, fonts)
            _check_validity(seal.cms.signer, signed_at, content.credential, now, findings)
            findings.checks += content.checks
            credential = content.credential
    _check_revocation(credential, status, findings)
    _check_expiry(credential, now, findings)
    return credential


def _check_signature(data: bytes, findings: _Findings) -> _Seal | None:
    """Outer form and signature; None unless all four checks passed."""
    try:
        require_single_revision(data)
        findings.add("single_revision", "passed", "the file has one revision")
    except StructureError as error:
        findings.add("single_revision", "failed", str(error))
    try:
        gap = find_gap(data)
        findings.add("signature_covers_file", "passed", "the signature covers the whole file")
    except StructureError as error:
        findings.add("signature_covers_file", "failed", str(error))
        findings.add("contents_padding", "skipped", "there is no signature to read")
        findings.add("signature_intact", "skipped", "there is no signature to read")
        return None
    try:
        contents = read_contents(data, gap)
        findings.add("contents_padding", "passed", "nothing hides beside the signature")
    except StructureError as error:
        findings.add("contents_padding", "failed", str(error))
        findings.add("signature_intact", "skipped", "the signature cannot be read")
        return None
    cms = _read_intact(contents, signed_digest(data, gap), findings)
    if cms is None or any(check.result == "failed" for check in findings.checks):
        return None
    return _Seal(cms, gap)


def _read_intact(contents: bytes, digest: bytes, findings: _Findings) -> ReadCms | None:
    name = "signature_intact"
    try:
        cms = read_cms(contents, digest)
    except CmsFormError as error:
        findings.add(name, "failed", f"the file was changed after it was sealed ({error})")
        return None
    if not cms.signature_holds():
        findings.add(name, "failed", "the seal does not agree with the file")
        return None
    findings.add(name, "passed", "the file is as it was sealed")
    return cms


def _check_signer(seal: _Seal | None, trust: TrustStore, findings: _Findings) -> TrustAnchor | None:
    name = "signer_pinned"
    if seal is None:
        findings.add(name, "skipped", "there is no intact signature")
        return None
    if not trust.anchors:
        findings.add(name, "skipped", "no issuer is trusted here: add a trust bundle")
        return None
    fingerprint = certificate_sha256(seal.cms.signer)
    anchor = trust.anchor_of_seal(fingerprint)
    if anchor is None:
        findings.add(name, "failed", f"no trusted issuer uses the seal {fingerprint[:16]}…")
        return None
    fault = _signer_fault(seal.cms, anchor.root_certificate)
    if fault:
        findings.add(name, "failed", fault)
        return None
    findings.add(name, "passed", f"sealed by {anchor.issuer_name}")
    return anchor


def _signer_fault(cms: ReadCms, root: x509.Certificate) -> str:
    """Why a pinned certificate may not seal, empty where it may."""
    try:
        cms.signer.verify_directly_issued_by(root)
        usage = cms.signer.extensions.get_extension_for_class(x509.KeyUsage).value
        purposes = cms.signer.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        constraints = cms.signer.extensions.get_extension_for_class(x509.BasicConstraints).value
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound) as error:
        return f"the seal was not issued by the trusted root: {error}"
    if constraints.ca or not usage.digital_signature or not usage.content_commitment:
        return "the signing certificate is not made for sealing (key usage)"
    if DOCUMENT_SIGNING not in purposes:
        return "the signing certificate is not made for documents (extended key usage)"
    if any(other != root for other in cms.others):
        return "the signature carries a foreign certificate"
    return ""


def _check_validity(
    seal: x509.Certificate,
    signed_at: datetime,
    credential: Credential | None,
    now: datetime,
    findings: _Findings,
) -> None:
    name = "signer_validity"
    issued_at = credential.issued_at if credential else signed_at
    start, end = seal.not_valid_before_utc, seal.not_valid_after_utc
    if not start <= signed_at <= end:
        findings.add(name, "failed", f"sealed outside the seal's validity ({start} to {end})")
    elif issued_at > signed_at + CLOCK_ALLOWANCE:
        findings.add(name, "failed", f"dated {issued_at}, but sealed before, at {signed_at}")
    elif signed_at > now + CLOCK_ALLOWANCE:
        findings.add(name, "skipped", f"sealed at {signed_at}, which this clock has not reached")
    else:
        findings.add(name, "passed", "the seal was valid when it was set")


def _check_revocation(
    credential: Credential | None, status: StatusEntry | None, findings: _Findings
) -> None:
    name = "revocation"
    if credential is None:
        findings.add(name, "skipped", "there is no credential to look up")
    elif status is None:
        findings.add(name, "skipped", "no status was given: ask the issuer whether it was revoked")
    elif status.credential_id != credential.credential_id:
        findings.add(name, "skipped", "the status given belongs to another credential")
    elif status.revoked:
        when = f" at {status.revoked_at.isoformat()}" if status.revoked_at else ""
        findings.add(name, "failed", f"revoked{when}: {status.reason or 'no reason given'}")
    else:
        findings.add(name, "passed", f"not revoked at {status.checked_at.isoformat()}")


def _check_expiry(credential: Credential | None, now: datetime, findings: _Findings) -> None:
    if credential is None:
        findings.add("expiry", "skipped", "there is no credential to date")
    elif credential.valid_until is None:
        findings.add("expiry", "passed", "the certificate has no expiry date")
    elif now >= credential.valid_until:
        findings.add("expiry", "failed", f"expired at {credential.valid_until.isoformat()}")
    else:
        findings.add("expiry", "passed", f"valid until {credential.valid_until.isoformat()}")


def _verdict(checks: list[Check]) -> ReportStatus:
    """The worst answer wins; an open question is never a yes."""
    failed = {check.name for check in checks if check.result == "failed"}
    if failed - {"revocation", "expiry"}:
        return "invalid"
    skipped = {check.name for check in checks if check.result == "skipped"}
    if skipped - _MAY_BE_SKIPPED:
        return "cannot_tell"
    if "revocation" in failed:
        return "revoked"
    return "expired" if failed else "valid"
