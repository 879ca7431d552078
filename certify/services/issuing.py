"""Credentials and their signed PDFs: exactly one for an attempt that reached a level."""

import datetime as dt
import hashlib
import logging

from certificates.canonical import canonical_bytes
from certificates.credential import Credential, DimensionResult
from certificates.credential_id import new_credential_id, parse_credential_id
from certificates.errors import CertificateError
from certificates.signing import issue_pdf
from certify.errors import CertifyError, InvalidField, NotFound, NothingToCertify, Phrase
from certify.exams.scoring import DimensionScore
from certify.services.context import ServiceContext
from certify.services.deciding import ResultView, result_of
from certify.services.ports import AuditEvent, Person, StoredCredential
from question_bank.skills import SkillModel
from rubrics.level_scale import BELOW

SALT_BYTES = 16
LONGEST_REASON = 200
logger = logging.getLogger(__name__)


def issue_credential(context: ServiceContext, attempt_id: str) -> str:
    """The id of the attempt's credential, issuing it if that has not happened yet.

    Under double clicks and retries the database keeps one credential per attempt; whoever comes
    second gets that one. Raises NotFound, ResultNotReady or NothingToCertify.
    """
    with context.database.reading() as work:
        existing = work.credentials.of_attempt(attempt_id)
        if existing is not None:
            return existing.credential_id
        result = result_of(context, work, attempt_id)
        holder = work.people.get(result.candidate_id)
    if holder is None:
        raise NotFound(kind="Person", identifier=result.candidate_id)
    if result.decision.awarded_level == BELOW:
        raise NothingToCertify(attempt_id=attempt_id)
    credential = compose_credential(context, result, holder)
    stored = _sign(context, credential, attempt_id, holder.id)
    with context.database.writing() as work:
        if not work.credentials.add(stored):
            winner = work.credentials.of_attempt(attempt_id)
            if winner is not None:
                return winner.credential_id
        event = AuditEvent(
            context.clock(), "system", "credential.issue", credential.credential_id, attempt_id
        )
        work.audit.add(event)
        work.commit()
    return credential.credential_id


def issue_if_awarded(context: ServiceContext, attempt_id: str) -> str | None:
    """Issue where a level was awarded; None otherwise. A failure is logged and can be retried."""
    try:
        return issue_credential(context, attempt_id)
    except NothingToCertify:
        return None
    except (CertifyError, CertificateError):
        logger.exception("credential of attempt %s was not issued", attempt_id)
        return None


def compose_credential(context: ServiceContext, result: ResultView, holder: Person) -> Credential:
    """Translate a result into the claim of the certificate."""
    programme, decision, report = result.programme, result.decision, result.report
    level = programme.scale.level(decision.awarded_level)
    issued_at = context.clock().replace(microsecond=0)
    return Credential(
        credential_id=new_credential_id(context.random_bytes),
        holder_name=holder.display_name,
        programme_code=programme.code,
        programme_version=str(programme.version),
        programme_title_zh=programme.title_zh,
        programme_title_en=programme.title_en,
        level_code=level.code,
        level_title_zh=level.title_zh,
        level_title_en=level.title_en,
        level_probability=programme.scale.probability_at_or_above(
            level.code, report.theta, report.se
        ),
        theta=report.theta,
        se=report.se,
        dimensions=tuple(
            _dimension_result(context.skill_model, score) for score in report.dimensions
        ),
        issuer_name_zh=context.issuer.name_zh,
        issuer_name_en=context.issuer.name_en,
        issuer_url=context.issuer.url,
        issued_at=issued_at,
        valid_until=months_later(issued_at, programme.validity_months),
        transcript_sha256=result.transcript_sha256,
        release_digest=result.attempt.started_terms.release_digest,
        parameter_status=report.parameter_status,
        is_test=context.issuer.is_test,
        salt=context.random_bytes(SALT_BYTES).hex(),
    )


def revoke_credential(
    context: ServiceContext, credential_id: str, *, reason: str, actor: str
) -> None:
    """Revoke for good, with a reason that verifiers are shown.

    Raises NotFound, also for what is revoked already, or InvalidField for an unfit reason.
    """
    plain_id = parse_credential_id(credential_id)
    reason = " ".join(reason.split())
    if not 0 < len(reason) <= LONGEST_REASON or not reason.isprintable():
        raise InvalidField(
            field="reason",
            expected=Phrase("1 to {highest} characters", {"highest": LONGEST_REASON}),
            found=Phrase("{count} characters", {"count": len(reason)}),
        )
    with context.database.writing() as work:
        if not work.credentials.revoke(plain_id, context.clock(), reason):
            raise NotFound(kind="Certificate", identifier=credential_id)
        event = AuditEvent(context.clock(), actor, "credential.revoke", plain_id, reason)
        work.audit.add(event)
        work.commit()


def get_own_certificate(
    context: ServiceContext, holder_id: str, credential_id: str
) -> StoredCredential:
    """The holder's own certificate with its PDF. Raises NotFound for anybody else's."""
    with context.database.reading() as work:
        stored = work.credentials.get(parse_credential_id(credential_id))
    if stored is None or stored.holder_id != holder_id:
        raise NotFound(kind="Certificate", identifier=credential_id)
    return stored


def _sign(
    context: ServiceContext, credential: Credential, attempt_id: str, holder_id: str
) -> StoredCredential:
    pdf = issue_pdf(
        credential, context.open_keys(), context.issuer.verify_url, credential.issued_at
    )
    return StoredCredential(
        credential_id=credential.credential_id,
        attempt_id=attempt_id,
        holder_id=holder_id,
        document=canonical_bytes(credential.to_document()),
        pdf=pdf,
        pdf_sha256=hashlib.sha256(pdf).hexdigest(),
        issued_at=credential.issued_at,
        revoked_at=None,
        revocation_reason="",
    )


def _dimension_result(model: SkillModel, score: DimensionScore) -> DimensionResult:
    titles = {dimension.code: dimension for dimension in model.dimensions}
    return DimensionResult(
        code=score.code,
        title_zh=titles[score.code].title_zh,
        title_en=titles[score.code].title_en,
        theta=score.theta,
        se=score.se,
        items=score.items,
        evidence=score.evidence,
    )


def months_later(start: dt.datetime, months: int | None) -> dt.datetime | None:
    """The same day `months` later, or the last day of a month that lacks it; None for no end."""
    if months is None:
        return None
    count = start.month - 1 + months
    year, month = start.year + count // 12, count % 12 + 1
    for day in range(start.day, 27, -1):
        try:
            return start.replace(year=year, month=month, day=day)
        except ValueError:
            continue
    return start.replace(year=year, month=month)
