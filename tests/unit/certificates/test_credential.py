"""The claim: strict when built, strict when read back."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from certificates.canonical import canonical_bytes
from certificates.credential import Credential, DimensionResult
from certificates.errors import (
    CertificateError,
    CredentialDocumentError,
    CredentialFieldError,
)
from tests.unit.certificates.conftest import MakeCredential


def test_document_reads_back_to_the_same_credential(credential: Credential) -> None:
    text = json.dumps(credential.to_document())
    assert Credential.from_document(json.loads(text)) == credential


def test_canonical_bytes_read_back_and_keep_their_hash(make_credential: MakeCredential) -> None:
    credential = make_credential(theta=1.0, valid_until=None, holder_name="𬱖·é")
    again = Credential.from_document(json.loads(canonical_bytes(credential.to_document())))
    assert again == credential
    assert again.canonical_sha256() == credential.canonical_sha256()


def test_negative_zero_reads_back_from_the_canonical_form(make_credential: MakeCredential) -> None:
    row = DimensionResult("e", "电商数据", "E-commerce data", -0.0, 0.3, 9, "sufficient")
    credential = make_credential(dimensions=(row,), theta=-0.0)
    again = Credential.from_document(json.loads(canonical_bytes(credential.to_document())))
    assert again.canonical_sha256() == credential.canonical_sha256()


def test_document_has_the_shape_of_an_open_badge(credential: Credential) -> None:
    document = credential.to_document()
    assert document["@context"][0] == "https://www.w3.org/ns/credentials/v2"
    assert document["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert document["validFrom"] == "2026-11-20T06:30:00Z"
    subject = document["credentialSubject"]
    assert subject["type"] == ["AchievementSubject"]
    assert subject["identifier"][0]["identityHash"] == "欧阳明月"
    assert subject["achievement"]["criteria"]["narrative"]
    # One level and five assessed dimensions; what was not assessed has no result, not a zero.
    assert len(subject["result"]) == 6
    described = {entry["id"] for entry in subject["achievement"]["resultDescription"]}
    assert {entry["resultDescription"] for entry in subject["result"]} == described


def test_salt_and_name_change_the_hash(make_credential: MakeCredential) -> None:
    hashes = {
        make_credential().canonical_sha256(),
        make_credential(salt="cd" * 16).canonical_sha256(),
        make_credential(holder_name="欧阳朋月").canonical_sha256(),
    }
    assert len(hashes) == 3


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("credential_id", "0" * 19),
        ("credential_id", "J840-H7R1-D03P-0541-8RBJ"),
        ("holder_name", ""),
        ("holder_name", " 张三"),
        ("holder_name", "张\u202e三"),
        ("holder_name", "张\n三"),
        ("holder_name", "x" * 201),
        ("programme_code", "a b"),
        ("level_probability", 1.01),
        ("level_probability", float("nan")),
        ("level_probability", True),
        ("theta", 10.5),
        ("theta", "1"),
        ("se", -0.1),
        ("dimensions", ()),
        ("issuer_url", "javascript:alert(1)"),
        ("issued_at", datetime(2026, 11, 20)),  # noqa: DTZ001 - the missing zone is the fault
        ("issued_at", datetime(2026, 11, 20, tzinfo=timezone(timedelta(hours=8)))),
        ("valid_until", datetime(2026, 11, 20, 6, 30, tzinfo=UTC)),
        ("transcript_sha256", "A" * 64),
        ("release_digest", "0" * 63),
        ("parameter_status", "final"),
        ("is_test", 1),
        ("salt", "ab" * 15),
    ],
)
def test_field_out_of_range_is_named(
    make_credential: MakeCredential, field: str, value: object
) -> None:
    with pytest.raises(CredentialFieldError, match=field):
        make_credential(**{field: value})


def test_dimension_not_assessed_carries_no_number() -> None:
    with pytest.raises(CredentialFieldError, match=r"dimensions\[R\]"):
        DimensionResult("R", "客户关系", "Relationship", 0.0, 1.0, 0, "not_assessed")


def test_dimension_assessed_needs_its_numbers() -> None:
    with pytest.raises(CredentialFieldError, match=r"dimensions\[R\].theta"):
        DimensionResult("R", "客户关系", "Relationship", None, None, 3, "limited")


def test_dimension_twice_is_refused(make_credential: MakeCredential) -> None:
    row = DimensionResult("R", "客户关系", "Relationship", 0.0, 1.0, 3, "limited")
    with pytest.raises(CredentialFieldError, match="each code once"):
        make_credential(dimensions=(row, row))


def mutations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Documents that each differ from the good one in a single place."""
    found: dict[str, dict[str, Any]] = {}

    def altered(name: str) -> dict[str, Any]:
        found[name] = copy.deepcopy(document)
        return found[name]

    altered("another shown name")["credentialSubject"]["identifier"][0]["identityHash"] = "李四"
    altered("another level")["credentialSubject"]["result"][0]["value"] = "elite"
    altered("an added member")["note"] = "x"
    altered("an added record member")["certifyRecord"]["note"] = "x"
    altered("a missing record member")["certifyRecord"].pop("salt")
    altered("a missing record").pop("certifyRecord")
    altered("a number for a flag")["certifyRecord"]["is_test"] = 1
    altered("no zone in a date")["certifyRecord"]["issued_at"] = "2026-11-20T06:30:00"
    altered("dimensions as object")["certifyRecord"]["dimensions"] = {}
    altered("a dimension as text")["certifyRecord"]["dimensions"][0] = "e"
    return found


def test_document_altered_in_any_place_is_refused(credential: Credential) -> None:
    for name, document in mutations(credential.to_document()).items():
        with pytest.raises(CertificateError):
            Credential.from_document(document)
            pytest.fail(f"accepted a document with {name}")


@pytest.mark.parametrize("document", [None, [], "x", {"certifyRecord": []}])
def test_what_is_no_document_is_refused(document: object) -> None:
    with pytest.raises(CredentialDocumentError):
        Credential.from_document(document)
