"""Everything this room raises, as one tree under CertificateError.

Each concrete class carries a one-line English `template` with named parameters; the pages
translate the template, the command line prints str(error).
"""

from __future__ import annotations

from typing import ClassVar


class CertificateError(Exception):
    """Base of everything this room raises."""

    template: ClassVar[str] = "{reason}"

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(self.template.format(**params))


class CanonicalFormError(CertificateError):
    """A value has no RFC 8785 form (NaN, an integer beyond 2^53, a key that is no string)."""

    template = "This value cannot be written as canonical JSON (RFC 8785): {reason}."


# --- identifiers ---------------------------------------------------------------------------


class CredentialIdError(CertificateError):
    """Base of what can be wrong with a typed credential ID."""


class CredentialIdLengthError(CredentialIdError):
    template = (
        "A credential ID has {expected} letters and digits, found {found}: "
        "compare it with the certificate."
    )


class CredentialIdSymbolError(CredentialIdError):
    template = (
        "A credential ID has no '{symbol}' (position {position}): "
        "it is made of digits and the letters A-Z without I, L, O and U."
    )


class CredentialIdChecksumError(CredentialIdError):
    template = (
        "The credential ID {text} contains a typing error (its check symbols do not agree): "
        "compare it with the certificate."
    )


# --- credentials ---------------------------------------------------------------------------


class CredentialFieldError(CertificateError):
    template = "Credential field {field}: expected {expected}, found {found}."


class CredentialDocumentError(CertificateError):
    template = (
        "The credential document is not one of ours: at {where} expected {expected}, found {found}."
    )


# --- keys and trust ------------------------------------------------------------------------


class KeyStoreError(CertificateError):
    """Base of what can be wrong with a key store."""


class KeyStoreExistsError(KeyStoreError):
    template = "The directory {directory} is not empty: choose a new directory for the key store."


class KeyStoreMissingError(KeyStoreError):
    template = "No {file} in the key store {directory}: create the key store or restore its backup."


class KeyStoreCorruptError(KeyStoreError):
    template = "The key store file {file} cannot be read ({reason}): restore it from its backup."


class WrongPassphraseError(KeyStoreError):
    template = "The passphrase does not open {file}: check the configured key store passphrase."


class EmptyPassphraseError(KeyStoreError):
    template = "The key store passphrase is empty: private keys are only kept encrypted, set one."


class TrustBundleError(CertificateError):
    template = "The trust bundle {file} cannot be used ({reason}): fetch it again from the issuer."


# --- issuing -------------------------------------------------------------------------------


class FontMissingError(CertificateError):
    template = "The font {font} was not found ({reason}): reinstall the package that carries it."


class GlyphMissingError(CertificateError):
    template = (
        "No installed font can print the character {character} ({code_point}): "
        "install a font that has it (for example fonts-babelstone-han) and issue again."
    )


class QrContentError(CertificateError):
    template = "The QR content is not one of ours ({reason}): scan the code again."


class VerifyAddressError(CertificateError):
    template = "The verification address {address} cannot stand in a QR code: {reason}."


class LayoutError(CertificateError):
    template = "The text '{text}' does not fit on the certificate: shorten it."


class TestIssuerError(CertificateError):
    """A self-made test root must never put its seal under a certificate that claims to be real."""

    __test__ = False
    template = (
        "The key store of {issuer} is a test issuer but the credential is not marked as a test: "
        "mark it, or configure the keys of a real issuer."
    )


class IssuedInFutureError(CertificateError):
    template = (
        "The credential is dated {issued_at}, later than the signing time {now}: "
        "check the clock and the date of issue."
    )


class SealNotValidError(CertificateError):
    template = (
        "The seal certificate is valid from {not_before} to {not_after}, not at {now}: "
        "renew the seal before issuing."
    )


# --- verification --------------------------------------------------------------------------


class UnreadableCertificate(CertificateError):
    template = "This is not a PDF file ({reason}): choose the certificate's PDF file."


class CertificateFileMissing(UnreadableCertificate):
    template = "The file cannot be read ({reason}): check the path and the permissions."
