"""One issuer, one credential and one sealed certificate for the tests of this room."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import pytest

from certificates.credential import Credential, DimensionResult
from certificates.credential_id import new_credential_id
from certificates.keys import KeyStore, create_key_store
from certificates.signing import issue_pdf
from certificates.trust import TrustStore

BASE = "HTTPS://CERTIFY.EXAMPLE.COM/V"
ISSUED_AT = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
DIMENSIONS = (
    DimensionResult("e", "电商数据", "E-commerce data", 1.21, 0.31, 14, "sufficient"),
    DimensionResult("S", "店铺和商品", "Store & Good", 0.42, 0.35, 12, "sufficient"),
    DimensionResult("T", "贸易交易", "Trade management", -0.38, 0.29, 18, "sufficient"),
    DimensionResult("O", "海外市场分析", "Oversea market analysis", 1.92, 0.62, 4, "limited"),
    DimensionResult("R", "客户关系", "Relationship with customer", None, None, 0, "not_assessed"),
    DimensionResult("M", "营销推广", "Marketing", 0.95, 0.33, 12, "sufficient"),
)
CREDENTIAL = Credential(
    credential_id=new_credential_id(lambda size: bytes(range(7, 7 + size))),
    holder_name="欧阳明月",
    programme_code="estorm-proficient",
    programme_version="1.0",
    programme_title_zh="e-STORM 跨境电子商务能力认证",
    programme_title_en="e-STORM Cross-border E-commerce Certification",
    level_code="proficient",
    level_title_zh="成熟",
    level_title_en="Proficient",
    level_probability=0.964,
    theta=0.84,
    se=0.18,
    dimensions=DIMENSIONS,
    issuer_name_zh="电子商务能力认证中心",
    issuer_name_en="Centre for E-commerce Certification",
    issuer_url="https://certify.example.com",
    issued_at=ISSUED_AT,
    valid_until=ISSUED_AT + timedelta(days=1096),
    transcript_sha256="0" * 64,
    release_digest="1" * 64,
    parameter_status="provisional",
    is_test=True,
    salt="ab" * 16,
)


class MakeCredential(Protocol):
    def __call__(self, **changes: Any) -> Credential: ...


@pytest.fixture
def make_credential() -> MakeCredential:
    """The standard credential with some fields changed."""

    def make(**changes: Any) -> Credential:
        return replace(CREDENTIAL, **changes)

    return make


@pytest.fixture
def credential() -> Credential:
    return CREDENTIAL


@pytest.fixture
def issued_at() -> datetime:
    return ISSUED_AT


@pytest.fixture(scope="session")
def key_store(tmp_path_factory: pytest.TempPathFactory) -> KeyStore:
    directory: Path = tmp_path_factory.mktemp("issuer") / "keys"
    return create_key_store(directory, "a passphrase", ISSUED_AT, issuer_name="Test Centre")


@pytest.fixture(scope="session")
def trust(key_store: KeyStore) -> TrustStore:
    return TrustStore.of_key_store(key_store)


@pytest.fixture(scope="session")
def pdf(key_store: KeyStore) -> bytes:
    return issue_pdf(CREDENTIAL, key_store, BASE, ISSUED_AT)
