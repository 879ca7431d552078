"""Auditors see the whole chain, broken where it is broken, and may have it computed again."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest

from certify.errors import NotFound
from certify.services import auditing
from certify.services.administering import change_person
from certify.services.auditing import (
    get_transcript,
    recompute_certificate,
    search_credentials,
    view_chain,
)
from certify.services.issuing import revoke_credential
from certify.services.ports import CredentialFilter
from tests.examined import NOW, Examined

UNKNOWN = "0" * 20


def test_every_link_of_an_untouched_certificate_holds(examined: Examined) -> None:
    chain = view_chain(examined.context, examined.credential_id)
    assert chain.is_whole, [link for link in chain.links if not link.holds]
    assert chain.holder == examined.people["student"]
    assert chain.entry.attempt.id == chain.stored.attempt_id == examined.attempt_id
    assert chain.decision.awarded_level == chain.credential.level_code


def test_a_revoked_certificate_keeps_a_whole_chain(examined: Examined) -> None:
    revoke_credential(examined.context, examined.credential_id, reason="冒名", actor="admin")
    chain = view_chain(examined.context, examined.credential_id)
    assert chain.is_whole
    assert chain.stored.revocation_reason == "冒名"


def test_a_changed_transcript_breaks_its_link_alone(
    examined: Examined, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditing, "transcript_digest", lambda transcript: "0" * 64)
    chain = view_chain(examined.context, examined.credential_id)
    assert [link.code for link in chain.links if not link.holds] == ["transcript"]


def test_recomputation_agrees_bit_for_bit(examined: Examined) -> None:
    found = recompute_certificate(examined.context, examined.credential_id)
    chain = view_chain(examined.context, examined.credential_id)
    assert found.differences == ()
    assert (found.theta, found.se) == (chain.credential.theta, chain.credential.se)
    assert found.awarded_level == chain.credential.level_code


def test_experience_declared_later_does_not_change_the_recomputation(examined: Examined) -> None:
    student = examined.people["student"]
    change_person(
        examined.context,
        student.id,
        display_name=student.display_name,
        roles=student.roles,
        experience_months=0,
        is_active=True,
        actor="admin",
    )
    assert recompute_certificate(examined.context, examined.credential_id).differences == ()


def test_recomputation_names_what_differs(
    examined: Examined, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain = view_chain(examined.context, examined.credential_id)
    raised = replace(chain.decision, placed_level="elite", probability=0.999)
    monkeypatch.setattr(auditing, "decision_from_mapping", lambda data: raised)
    differences = recompute_certificate(examined.context, examined.credential_id).differences
    assert [line.split(":")[0] for line in differences] == ["placed_level", "probability"]


def test_transcript_is_handed_out_as_it_was_hashed(examined: Examined) -> None:
    transcript = get_transcript(examined.context, examined.credential_id)
    assert json.loads(transcript)["attempt_id"] == examined.attempt_id
    assert examined.people["student"].display_name.encode() not in transcript


def test_certificates_are_searched(examined: Examined) -> None:
    def total(**conditions: object) -> int:
        return search_credentials(examined.context, CredentialFilter(**conditions)).total  # type: ignore[arg-type]

    assert total() == 1
    assert total(text=examined.people["student"].display_name) == 1
    assert total(issued_from=NOW + dt.timedelta(days=2)) == 0


@pytest.mark.parametrize("credential_id", [UNKNOWN, "typing error", ""])
def test_unknown_certificate_is_not_found(examined: Examined, credential_id: str) -> None:
    for use_case in (view_chain, get_transcript, recompute_certificate):
        with pytest.raises(NotFound):
            use_case(examined.context, credential_id)


def test_each_test_has_an_installation_of_its_own(examined: Examined, tmp_path: Path) -> None:
    assert str(tmp_path) in examined.installation.config.database_url
