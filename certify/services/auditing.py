"""Auditors follow one certificate back to the answers, and have it computed again."""

import hashlib
import json
from dataclasses import dataclass, fields

from certificates.credential import Credential
from certificates.credential_id import parse_credential_id
from certificates.errors import CredentialIdError
from certify.errors import NotFound
from certify.exams.attempt import AttemptRecord
from certify.exams.transcript import transcript_digest
from certify.services.administering import MOST_MONTHS
from certify.services.context import ServiceContext
from certify.services.deciding import (
    decide_report,
    decision_from_mapping,
    replay_attempt,
)
from certify.services.examining import programme_of_attempt
from certify.services.ports import (
    CredentialFilter,
    Page,
    Person,
    StoredCredential,
    StoredResult,
    UnitOfWork,
)
from certify.services.verifying import verify_file
from rubrics.level_decision import LevelDecision

EXPERIENCE_MISSING = "experience_missing"


@dataclass(frozen=True, slots=True)
class Link:
    """One joint of the chain: a stable code, and whether the two ends agree."""

    code: str
    holds: bool


@dataclass(frozen=True, slots=True)
class CertificateChain:
    """Everything that stands behind one certificate. `stored` holds the file and its hash."""

    stored: StoredCredential
    credential: Credential
    holder: Person | None
    record: AttemptRecord
    result: StoredResult
    decision: LevelDecision
    links: tuple[Link, ...]

    @property
    def is_whole(self) -> bool:
        return all(link.holds for link in self.links)


@dataclass(frozen=True, slots=True)
class Recomputation:
    """What a second computation found; `differences` is empty when it agrees bit for bit."""

    theta: float
    se: float
    items: int
    awarded_level: str
    differences: tuple[str, ...]


def search_credentials(
    context: ServiceContext, conditions: CredentialFilter, *, number: int = 1, size: int = 50
) -> Page:
    """Issued certificates as `ListedCredential`, the one issued last first."""
    with context.database.reading() as work:
        return work.credentials.page(conditions, number=number, size=size)


def view_chain(context: ServiceContext, credential_id: str) -> CertificateChain:
    """The chain of one certificate, every hash computed again. Raises NotFound."""
    with context.database.reading() as work:
        stored = _stored(work, credential_id)
        record = work.attempts.get(stored.attempt_id)
        result = work.results.get(stored.attempt_id)
        holder = work.people.get(stored.holder_id)
    if record is None or result is None:
        raise NotFound(kind="Attempt", identifier=stored.attempt_id)
    credential = Credential.from_document(json.loads(stored.document))
    return CertificateChain(
        stored=stored,
        credential=credential,
        holder=holder,
        record=record,
        result=result,
        decision=decision_from_mapping(result.decision),
        links=_links(context, stored, credential, record, result),
    )


def get_transcript(context: ServiceContext, credential_id: str) -> bytes:
    """The canonical transcript behind a certificate. Raises NotFound."""
    with context.database.reading() as work:
        stored = _stored(work, credential_id)
        result = work.results.get(stored.attempt_id)
    if result is None:
        raise NotFound(kind="Result", identifier=stored.attempt_id)
    return result.transcript


def recompute_certificate(context: ServiceContext, credential_id: str) -> Recomputation:
    """Select, score and decide again from the transcript alone. Raises NotFound."""
    chain = view_chain(context, credential_id)
    replayed = replay_attempt(context, chain.stored.attempt_id)
    decided = decide_report(
        programme_of_attempt(context, chain.record),
        replayed.report,
        level=chain.record.level,
        experience_months=_experience_of(chain.decision),
    )
    differences = [
        *replayed.differences,
        *_differences(chain.decision, decided),
        *_quoted_differences(chain.credential, replayed.report.theta, replayed.report.se),
    ]
    if chain.credential.level_code != decided.awarded_level:
        differences.append(
            f"certificate level: stored {chain.credential.level_code}, "
            f"found {decided.awarded_level}"
        )
    return Recomputation(
        theta=replayed.report.theta,
        se=replayed.report.se,
        items=replayed.report.items,
        awarded_level=decided.awarded_level,
        differences=tuple(differences),
    )


def _stored(work: UnitOfWork, credential_id: str) -> StoredCredential:
    try:
        stored = work.credentials.get(parse_credential_id(credential_id))
    except CredentialIdError:
        stored = None
    if stored is None:
        raise NotFound(kind="Certificate", identifier=credential_id)
    return stored


def _links(
    context: ServiceContext,
    stored: StoredCredential,
    credential: Credential,
    record: AttemptRecord,
    result: StoredResult,
) -> tuple[Link, ...]:
    report = verify_file(context, stored.pdf)
    return (
        Link("release", credential.release_digest == record.release_digest),
        Link("transcript", transcript_digest(result.transcript) == result.transcript_sha256),
        Link("credential", credential.transcript_sha256 == result.transcript_sha256),
        Link("file", hashlib.sha256(stored.pdf).hexdigest() == stored.pdf_sha256),
        Link("seal", report.status in ("valid", "revoked", "expired")),
        Link("content", report.credential == credential),
    )


def _experience_of(decision: LevelDecision) -> int:
    """The months that the decision was taken with, as far as they mattered.

    The decision states them where they were too few; where it does not, any number that
    suffices gives the same decision, whatever the person declares today.
    """
    missing = [r.value for r in decision.reasons if r.code == EXPERIENCE_MISSING]
    return int(missing[0]) if missing and missing[0] is not None else MOST_MONTHS


def _differences(stored: LevelDecision, found: LevelDecision) -> list[str]:
    return [
        f"{field.name}: stored {getattr(stored, field.name)}, found {getattr(found, field.name)}"
        for field in fields(LevelDecision)
        if getattr(stored, field.name) != getattr(found, field.name)
    ]


def _quoted_differences(credential: Credential, theta: float, se: float) -> list[str]:
    """The certificate's own numbers against the recomputed ones."""
    pairs = (("theta", credential.theta, theta), ("se", credential.se, se))
    return [
        f"certificate {name}: stored {stored!r}, found {found!r}"
        for name, stored, found in pairs
        if stored != found
    ]
