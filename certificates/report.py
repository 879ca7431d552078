"""What a verification says: named checks, each with a result, a reason and a clause.

Only the hand-over; verification.py fills it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from certificates.credential import Credential

CheckResult = Literal["passed", "failed", "skipped"]
ReportStatus = Literal["valid", "revoked", "expired", "invalid", "cannot_tell"]


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """What the issuer says of one credential at one moment (times are aware UTC)."""

    credential_id: str
    revoked: bool
    checked_at: datetime
    revoked_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One named question put to the file; `clause` names the standard or paper it follows."""

    name: str
    result: CheckResult
    reason: str
    clause: str


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """The verdict; `credential` is set once the file's credential could be read and trusted."""

    status: ReportStatus
    checks: tuple[Check, ...]
    credential: Credential | None
    pdf_sha256: str

    def check(self, name: str) -> Check:
        """The check of that name; KeyError where there is none."""
        for entry in self.checks:
            if entry.name == name:
                return entry
        raise KeyError(name)
