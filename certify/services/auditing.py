"""Auditors follow one certificate back to the answers, and have it computed again."""

import hashlib
import json
from dataclasses import dataclass

from certificates.credential import Credential
from certificates.credential_id import parse_credential_id
from certificates.errors import CredentialIdError
from certify.errors import NotFound
from certify.exams.transcript import transcript_digest
from certify.services.context import ServiceContext
from certify.services.deciding import decision_from_mapping, replay_attempt
from certify.services.ports import (
    AttemptEntry,
    CredentialFilter,
    Page,
    Person,
    StoredCredential,
    StoredResult,
    UnitOfWork,
)
from certify.services.replaying import decide_again
from certify.services.verifying import verify_file
from rubrics.level_decision import LevelDecision


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
    entry: AttemptEntry
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
        entry = work.attempts.entry(stored.attempt_id)
        result = work.results.get(stored.attempt_id)
        holder = work.people.get(stored.holder_id)
    if entry is None or result is None:
        raise NotFound(kind="Attempt", identifier=stored.attempt_id)
    credential = Credential.from_document(json.loads(stored.document))
    return CertificateChain(
        stored=stored,
        credential=credential,
        holder=holder,
        entry=entry,
        result=result,
        decision=decision_from_mapping(result.decision),
        links=_links(context, stored, credential, entry, result),
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
    decided, otherwise = decide_again(context, chain.entry, chain.decision, replayed.report)
    differences = [
        *replayed.differences,
        *otherwise,
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
    entry: AttemptEntry,
    result: StoredResult,
) -> tuple[Link, ...]:
    report = verify_file(context, stored.pdf)
    return (
        Link("release", credential.release_digest == entry.attempt.started_terms.release_digest),
        Link("transcript", transcript_digest(result.transcript) == result.transcript_sha256),
        Link("credential", credential.transcript_sha256 == result.transcript_sha256),
        Link("file", hashlib.sha256(stored.pdf).hexdigest() == stored.pdf_sha256),
        Link("seal", report.status in ("valid", "revoked", "expired")),
        Link("content", report.credential == credential),
    )


def _quoted_differences(credential: Credential, theta: float, se: float) -> list[str]:
    """The certificate's own numbers against the recomputed ones."""
    pairs = (("theta", credential.theta, theta), ("se", credential.se, se))
    return [
        f"certificate {name}: stored {stored!r}, found {found!r}"
        for name, stored, found in pairs
        if stored != found
    ]
