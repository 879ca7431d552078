"""From the start of an exam to a verified certificate, on SQLite and on PostgreSQL."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from certificates.signing import issue_pdf
from certify.errors import NotFound, NothingToCertify, ResultNotReady
from certify.exams.attempt import EndReason
from certify.services import issuing
from certify.services.attempt_history import list_attempts
from certify.services.concluding import conclude, concluded_result
from certify.services.context import ServiceContext
from certify.services.deciding import decide_if_ended, replay_attempt
from certify.services.delivering import hand_in, start_attempt
from certify.services.issuing import get_own_certificate, issue_credential, revoke_credential
from certify.services.ports import Person
from certify.services.verifying import confirm_name, find_public, verify_file
from tests.fakes import FakeClock
from tests.integration.services.sitting import PROGRAMME, sit_exam


def test_an_able_candidate_is_placed_certified_and_verified(
    context: ServiceContext, student: Person
) -> None:
    attempt_id = sit_exam(context, student.id, theta=1.6)
    result = concluded_result(context, student.id, attempt_id)
    assert result.decision.awarded_level == "proficient"
    assert result.decision.posterior.keys() == {"none", "novice", "proficient", "elite"}
    assert sum(result.decision.posterior.values()) == pytest.approx(1)
    assert result.report.parameter_status == "provisional"
    assert result.report.blueprint_kept
    rule = result.programme.exam("proficient")
    assert rule.min_items <= result.report.items <= rule.max_items
    assert result.report.max_exposure is not None
    assert result.attempt.end_reason in (EndReason.CONFIDENT, EndReason.MAX_ITEMS)
    assert len(result.learning_steps) == 3

    credential_id = result.credential_id
    assert credential_id is not None
    stored = get_own_certificate(context, student.id, credential_id)
    report = verify_file(context, stored.pdf)
    assert report.status == "valid"
    assert report.credential is not None
    assert report.credential.holder_name == student.display_name
    assert report.credential.transcript_sha256 == result.transcript_sha256
    assert report.credential.is_test

    public = find_public(context, credential_id)
    assert public is not None and public.status == "valid"
    assert student.display_name not in repr(public)
    assert confirm_name(context, credential_id, f" {student.display_name} ")
    assert not confirm_name(context, credential_id, "张三")


def test_a_decided_attempt_replays_to_the_same_record(
    context: ServiceContext, student: Person
) -> None:
    for theta in (-1.0, 0.3, 2.0):
        attempt_id = sit_exam(context, student.id, theta=theta, seed=int(theta * 10))
        assert conclude(context, attempt_id)
        assert replay_attempt(context, attempt_id).differences == ()


def test_a_weak_candidate_gets_a_result_and_no_certificate(
    context: ServiceContext, student: Person
) -> None:
    attempt_id = sit_exam(context, student.id, level="novice", theta=-3.5)
    result = concluded_result(context, student.id, attempt_id)
    assert result.decision.awarded_level == "none"
    assert result.credential_id is None
    with pytest.raises(NothingToCertify):
        issue_credential(context, attempt_id)


def test_an_exam_handed_in_empty_earns_nothing(context: ServiceContext, student: Person) -> None:
    for level in ("novice", "proficient", "elite"):
        attempt_id = start_attempt(context, student.id, PROGRAMME, level)
        hand_in(context, student.id, attempt_id)
        result = concluded_result(context, student.id, attempt_id)
        assert result.decision.placed_level == "none"
        assert result.decision.reasons[0].code == "too_few_answers"
        assert result.credential_id is None


def test_missing_experience_withholds_the_level_and_says_so(
    context: ServiceContext, student: Person
) -> None:
    attempt_id = sit_exam(context, student.id, level="elite", theta=3.5)
    decision = concluded_result(context, student.id, attempt_id).decision
    assert decision.placed_level == "elite"
    assert decision.awarded_level == "proficient"
    assert [r.code for r in decision.reasons if r.level == "elite"] == [
        "threshold_reached",
        "experience_missing",
    ]


def test_concurrent_issuing_gives_one_certificate(context: ServiceContext, student: Person) -> None:
    attempt_id = sit_exam(context, student.id, theta=1.6)
    assert decide_if_ended(context, attempt_id)
    with ThreadPoolExecutor(8) as threads:
        ids = set(threads.map(lambda _: issue_credential(context, attempt_id), range(8)))
    assert len(ids) == 1
    assert concluded_result(context, student.id, attempt_id).credential_id == ids.pop()


def test_a_failure_to_issue_keeps_the_result_and_can_be_retried(
    context: ServiceContext, student: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> bytes:
        raise NotFound(kind="Key", identifier="seal")

    monkeypatch.setattr(issuing, "issue_pdf", refuse)
    attempt_id = sit_exam(context, student.id, theta=1.6)
    assert concluded_result(context, student.id, attempt_id).credential_id is None
    monkeypatch.setattr(issuing, "issue_pdf", issue_pdf)
    credential_id = issue_credential(context, attempt_id)
    assert concluded_result(context, student.id, attempt_id).credential_id == credential_id


def test_a_revoked_certificate_says_when_and_why(
    context: ServiceContext, student: Person, clock: FakeClock
) -> None:
    attempt_id = sit_exam(context, student.id, theta=1.6)
    credential_id = concluded_result(context, student.id, attempt_id).credential_id
    assert credential_id is not None
    clock.advance(days=1)
    revoke_credential(context, credential_id, reason="身份核查未通过", actor="admin")
    public = find_public(context, credential_id)
    assert public is not None
    assert (public.status, public.revocation_reason) == ("revoked", "身份核查未通过")
    pdf = get_own_certificate(context, student.id, credential_id).pdf
    assert verify_file(context, pdf).status == "revoked"


def test_a_certificate_expires_after_its_validity(
    context: ServiceContext, student: Person, clock: FakeClock
) -> None:
    attempt_id = sit_exam(context, student.id, theta=1.6)
    credential_id = concluded_result(context, student.id, attempt_id).credential_id
    assert credential_id is not None
    clock.advance(days=365 * 3 + 2)
    public = find_public(context, credential_id)
    assert public is not None and public.status == "expired"


def test_nobody_sees_another_ones_result_or_certificate(
    context: ServiceContext, student: Person, people: dict[str, Person]
) -> None:
    attempt_id = sit_exam(context, student.id, theta=1.6)
    stranger = people["teacher"].id
    with pytest.raises(NotFound):
        concluded_result(context, stranger, attempt_id)
    credential_id = concluded_result(context, student.id, attempt_id).credential_id
    assert credential_id is not None
    with pytest.raises(NotFound):
        get_own_certificate(context, stranger, credential_id)


def test_there_is_no_result_while_the_exam_runs(context: ServiceContext, student: Person) -> None:
    attempt_id = start_attempt(context, student.id, PROGRAMME, "novice")
    with pytest.raises(ResultNotReady):
        concluded_result(context, student.id, attempt_id)
    assert list_attempts(context, student.id)[0]["placed_level"] is None


def test_validity_counts_months_to_the_last_day_of_a_shorter_month() -> None:
    start = dt.datetime(2027, 8, 31, 9, 0, tzinfo=dt.UTC)
    assert issuing.months_later(start, 6) == dt.datetime(2028, 2, 29, 9, 0, tzinfo=dt.UTC)
    assert issuing.months_later(start, None) is None
