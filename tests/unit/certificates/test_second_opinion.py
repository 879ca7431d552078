"""pyHanko's validator as an oracle: it shares no code with our writer, container or verifier.

What we seal, it must accept; what it refuses, we must refuse. The other way round we are
stricter on purpose, and the last tests say where.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import KeyUsageConstraints, validate_pdf_signature
from pyhanko.sign.validation.ades import ades_basic_validation
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.policy_decl import SignatureValidationSpec
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import NO_REVOCATION, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

from certificates.keys import KeyStore, create_key_store
from certificates.signing import issue_pdf
from certificates.trust import TrustStore
from certificates.verification import verify_certificate
from tests.unit.certificates.conftest import BASE, ISSUED_AT, MakeCredential

SEALING = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"})


def root_of(key_store: KeyStore) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(key_store.root_certificate.public_bytes(Encoding.DER))


def signature_of(data: bytes) -> Any:
    (signature,) = PdfFileReader(io.BytesIO(data)).embedded_signatures
    return signature


def oracle(data: bytes, key_store: KeyStore) -> Any:
    """pyHanko's status of the one signature, with the key store's root as only trust anchor."""
    context = ValidationContext(
        trust_roots=[root_of(key_store)], allow_fetching=False, moment=ISSUED_AT
    )
    return validate_pdf_signature(signature_of(data), context, key_usage_settings=SEALING)


def oracle_accepts(data: bytes, key_store: KeyStore) -> bool:
    try:
        return bool(oracle(data, key_store).bottom_line)
    except (PdfError, SignatureValidationError, ValueError):
        return False


@pytest.mark.parametrize("name", ["王芳", "𬱖𫍯", "José Ñandú (何塞) <&>"])
def test_issued_file_is_valid_over_the_entire_file(
    make_credential: MakeCredential, key_store: KeyStore, trust: TrustStore, name: str
) -> None:
    data = issue_pdf(make_credential(holder_name=name), key_store, BASE, ISSUED_AT)
    status = oracle(data, key_store)
    assert status.bottom_line
    assert status.intact
    assert status.valid
    assert status.trusted
    assert status.docmdp_ok
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert status.modification_level is ModificationLevel.NONE
    assert verify_certificate(data, trust, now=ISSUED_AT).status == "valid"


def test_certificate_of_a_real_issuer_is_valid(
    make_credential: MakeCredential, tmp_path: Path
) -> None:
    issuer = create_key_store(tmp_path / "keys", "x", ISSUED_AT, is_test=False)
    data = issue_pdf(make_credential(is_test=False), issuer, BASE, ISSUED_AT)
    assert oracle_accepts(data, issuer)


def test_container_passes_the_ades_basic_validation(pdf: bytes, key_store: KeyStore) -> None:
    # ETSI EN 319 102-1, section 5.3, on the container and the digest of the file.
    signature = signature_of(pdf)
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build([root_of(key_store)]),
        revinfo_policy=CertRevTrustPolicy(NO_REVOCATION),
    )
    result = asyncio.run(
        ades_basic_validation(
            signature.signed_data,
            SignatureValidationSpec(policy, key_usage_settings=SEALING),
            raw_digest=signature.compute_digest(),
            timing_info=ValidationTimingInfo(ISSUED_AT, ISSUED_AT, point_in_time_validation=True),
        )
    )
    assert result.ades_subindic is AdESPassed.OK


def test_both_refuse_a_changed_byte_wherever_it_stands(
    pdf: bytes, key_store: KeyStore, trust: TrustStore
) -> None:
    gap = range(pdf.index(b"/Contents <"), pdf.index(b">", pdf.index(b"/Contents <")))
    places = [place for place in range(40, len(pdf), len(pdf) // 24) if place not in gap]
    for place in places:
        changed = bytearray(pdf)
        changed[place] ^= 0x01
        assert not oracle_accepts(bytes(changed), key_store)
        assert verify_certificate(bytes(changed), trust, now=ISSUED_AT).status == "invalid"


def test_both_refuse_another_issuer(pdf: bytes, tmp_path: Path) -> None:
    other = create_key_store(tmp_path / "keys", "x", ISSUED_AT)
    assert not oracle_accepts(pdf, other)
    report = verify_certificate(pdf, TrustStore.of_key_store(other), now=ISSUED_AT)
    assert report.status == "invalid"


def upper_case_contents(data: bytes) -> bytes:
    start = data.index(b"/Contents <") + len(b"/Contents <")
    return data[:start] + data[start : start + 3000].upper() + data[start + 3000 :]


def bytes_in_the_padding(data: bytes) -> bytes:
    end = data.index(b">", data.index(b"/Contents <"))
    return data[: end - 4] + b"beef" + data[end:]


@pytest.mark.parametrize(
    "change", [upper_case_contents, bytes_in_the_padding, lambda data: data + b"% more\n"]
)
def test_we_refuse_what_the_oracle_lets_pass(
    pdf: bytes, key_store: KeyStore, trust: TrustStore, change: Callable[[bytes], bytes]
) -> None:
    changed = change(pdf)
    assert oracle_accepts(changed, key_store)
    assert verify_certificate(changed, trust, now=ISSUED_AT).status == "invalid"
