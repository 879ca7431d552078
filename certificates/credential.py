"""The claim that a certificate makes: one frozen Credential, checked when it is built.

Its Open Badges dress is made in open_badge.py; proofs, status lists and the log stand elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Literal

from certificates.canonical import canonical_bytes, canonical_sha256
from certificates.credential_fields import (
    CODE,
    HEX_64,
    SALT,
    check_count,
    check_instant,
    check_number,
    check_pattern,
    check_text,
    reject,
)
from certificates.credential_id import parse_credential_id
from certificates.errors import CredentialDocumentError, CredentialFieldError, CredentialIdError
from certificates.open_badge import (
    credential_document,
    document_record,
    instant_text,
    parse_instant,
)

Evidence = Literal["sufficient", "limited", "not_assessed"]
ParameterStatus = Literal["provisional", "calibrated"]

MAX_ABS_THETA = 10.0


@dataclass(frozen=True, slots=True)
class DimensionResult:
    """One row of the profile.

    theta, se: logistic metric, D = 1; both None exactly where evidence is "not_assessed".
    items: number of scored items behind the estimate.
    """

    code: str
    title_zh: str
    title_en: str
    theta: float | None
    se: float | None
    items: int
    evidence: Evidence

    def __post_init__(self) -> None:
        where = f"dimensions[{self.code}]"
        check_pattern(f"{where}.code", self.code, CODE, "a code of letters and digits")
        check_text(f"{where}.title_zh", self.title_zh)
        check_text(f"{where}.title_en", self.title_en)
        if self.evidence not in ("sufficient", "limited", "not_assessed"):
            reject(f"{where}.evidence", "sufficient, limited or not_assessed", self.evidence)
        check_count(f"{where}.items", self.items)
        if self.evidence == "not_assessed":
            if self.theta is not None or self.se is not None:
                reject(where, "no theta and no se where nothing was assessed", self.theta)
            return
        check_number(f"{where}.theta", self.theta, -MAX_ABS_THETA, MAX_ABS_THETA)
        check_number(f"{where}.se", self.se, 0.0, MAX_ABS_THETA)


@dataclass(frozen=True, slots=True)
class Credential:
    """What the issuer asserts of one holder. Times are aware UTC; hashes are lower-case hex.

    level_probability: posterior probability that the holder is at or above the level, 0 to 1.
    transcript_sha256: hash of the transcript that replays to this result.
    release_digest: SHA-256 of the bank release the exam ran against.
    salt: 16 to 64 random bytes as hex, so that the hash does not give the name away.
    Raises CredentialFieldError, naming the field, for anything out of range.
    """

    credential_id: str
    holder_name: str
    programme_code: str
    programme_version: str
    programme_title_zh: str
    programme_title_en: str
    level_code: str
    level_title_zh: str
    level_title_en: str
    level_probability: float
    theta: float
    se: float
    dimensions: tuple[DimensionResult, ...]
    issuer_name_zh: str
    issuer_name_en: str
    issuer_url: str
    issued_at: datetime
    valid_until: datetime | None
    transcript_sha256: str
    release_digest: str
    parameter_status: ParameterStatus
    is_test: bool
    salt: str

    def __post_init__(self) -> None:
        self._check_identity()
        self._check_measurement()
        self._check_provenance()

    def _check_identity(self) -> None:
        try:
            normal = parse_credential_id(self.credential_id)
        except CredentialIdError as error:
            raise CredentialFieldError(
                field="credential_id", expected="a credential ID", found=str(error)
            ) from error
        if normal != self.credential_id:
            reject("credential_id", f"the plain form {normal}", self.credential_id)
        for field in (
            "holder_name",
            "programme_title_zh",
            "programme_title_en",
            "level_title_zh",
            "level_title_en",
            "issuer_name_zh",
            "issuer_name_en",
        ):
            check_text(field, getattr(self, field))
        for field in ("programme_code", "programme_version", "level_code"):
            check_pattern(field, getattr(self, field), CODE, "a code of letters and digits")

    def _check_measurement(self) -> None:
        check_number("level_probability", self.level_probability, 0.0, 1.0)
        check_number("theta", self.theta, -MAX_ABS_THETA, MAX_ABS_THETA)
        check_number("se", self.se, 0.0, MAX_ABS_THETA)
        if not isinstance(self.dimensions, tuple) or not 1 <= len(self.dimensions) <= 8:
            reject("dimensions", "a tuple of 1 to 8 dimensions", self.dimensions)
        codes = [dimension.code for dimension in self.dimensions]
        if len(set(codes)) != len(codes):
            reject("dimensions", "each code once", codes)

    def _check_provenance(self) -> None:
        check_text("issuer_url", self.issuer_url)
        if not re.fullmatch(r"https?://[!-~]+", self.issuer_url):
            reject("issuer_url", "an http(s) address", self.issuer_url)
        check_instant("issued_at", self.issued_at)
        if self.valid_until is not None:
            check_instant("valid_until", self.valid_until)
            if self.valid_until <= self.issued_at:
                reject("valid_until", "a time after issued_at", self.valid_until)
        check_pattern("transcript_sha256", self.transcript_sha256, HEX_64, "64 hex digits")
        check_pattern("release_digest", self.release_digest, HEX_64, "64 hex digits")
        if self.parameter_status not in ("provisional", "calibrated"):
            reject("parameter_status", "provisional or calibrated", self.parameter_status)
        if not isinstance(self.is_test, bool):
            reject("is_test", "true or false", self.is_test)
        check_pattern("salt", self.salt, SALT, "16 to 64 bytes as lower-case hex")

    def to_document(self) -> dict[str, Any]:
        """The Open Badges 3.0 / VC 2.0 credential without proofs, as JSON-able values."""
        return credential_document(_to_record(self))

    @classmethod
    def from_document(cls, document: object) -> Credential:
        """Read back what to_document wrote; raises CredentialDocumentError for anything else.

        Every member of the document is rebuilt from the record inside it and compared, so no
        Open Badges member can say something else than the record.
        """
        credential = _from_record(document_record(document))
        if canonical_bytes(credential.to_document()) != canonical_bytes(document):
            raise CredentialDocumentError(
                where="$",
                expected="members that agree with certifyRecord",
                found="a member that differs",
            )
        return credential

    def canonical_sha256(self) -> str:
        """Hash of the canonical document: the value that the log, the QR and the replay quote."""
        return canonical_sha256(self.to_document())


_INSTANTS = ("issued_at", "valid_until")


def _to_record(credential: Credential) -> dict[str, Any]:
    record = asdict(credential)
    record["dimensions"] = list(record["dimensions"])
    for name in _INSTANTS:
        record[name] = instant_text(record[name]) if record[name] is not None else None
    return record


def _from_record(record: dict[str, Any]) -> Credential:
    values = _exact_members("certifyRecord", record, Credential)
    rows = values["dimensions"]
    if not isinstance(rows, list):
        raise CredentialDocumentError(where="dimensions", expected="a list", found=repr(rows))
    values["dimensions"] = tuple(
        DimensionResult(**_exact_members(f"dimensions[{index}]", row, DimensionResult))
        for index, row in enumerate(rows)
    )
    for name in _INSTANTS:
        values[name] = parse_instant(name, values[name]) if values[name] is not None else None
    return Credential(**values)


def _exact_members(where: str, value: object, shape: type[Any]) -> dict[str, Any]:
    names = {field.name for field in fields(shape)}
    if not isinstance(value, dict) or set(value) != names:
        found = sorted(set(value) ^ names) if isinstance(value, dict) else type(value).__name__
        raise CredentialDocumentError(
            where=where, expected="exactly the members of the format", found=found
        )
    return dict(value)
