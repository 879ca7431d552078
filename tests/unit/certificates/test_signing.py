"""The sealed file: one revision, deterministic, accepted by other readers."""

from __future__ import annotations

import io
import shutil
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from certificates.canonical import canonical_bytes
from certificates.credential import Credential
from certificates.errors import (
    GlyphMissingError,
    IssuedInFutureError,
    SealNotValidError,
    TestIssuerError,
    VerifyAddressError,
)
from certificates.keys import KeyStore
from certificates.pdf.document import SIGNATURE_BYTES
from certificates.signing import issue_pdf
from tests.unit.certificates.conftest import BASE, MakeCredential


def run_tool(name: str, *arguments: str | Path) -> str:
    if shutil.which(name) is None:
        pytest.skip(f"{name} (poppler-utils, qpdf) is not on PATH")
    result = subprocess.run([name, *arguments], capture_output=True, text=True, check=False)
    return result.stdout + result.stderr


def test_file_has_one_revision_and_one_signature(pdf: bytes) -> None:
    assert pdf.count(b"startxref") == pdf.count(b"%%EOF") == pdf.count(b"/ByteRange") == 1
    assert pdf.endswith(b"%%EOF\n")


def test_same_credential_gives_the_same_bytes(
    pdf: bytes, credential: Credential, key_store: KeyStore, issued_at: datetime
) -> None:
    assert issue_pdf(credential, key_store, BASE, issued_at) == pdf


def test_signature_size_is_fixed(
    pdf: bytes, make_credential: MakeCredential, key_store: KeyStore, issued_at: datetime
) -> None:
    other = issue_pdf(make_credential(holder_name="王芳"), key_store, BASE, issued_at)
    for data in (pdf, other):
        start = data.index(b"/Contents <") + len(b"/Contents <")
        assert data.index(b">", start) - start == 2 * SIGNATURE_BYTES


def test_pdfsig_judges_the_signature_valid_over_the_total_document(
    pdf: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "certificate.pdf"
    path.write_bytes(pdf)
    said = run_tool("pdfsig", path)
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said


def test_qpdf_finds_no_syntax_error(pdf: bytes, tmp_path: Path) -> None:
    path = tmp_path / "certificate.pdf"
    path.write_bytes(pdf)
    assert "No syntax or stream encoding errors" in run_tool("qpdf", "--check", path)


def test_credential_travels_as_canonical_associated_file(
    pdf: bytes, credential: Credential
) -> None:
    root = PdfFileReader(io.BytesIO(pdf)).root
    specification = root["/AF"][0]
    assert specification["/AFRelationship"] == "/Data"
    assert specification["/EF"]["/F"].data == canonical_bytes(credential.to_document())
    assert root["/Lang"] == "zh-CN"


def test_title_author_and_language_are_set(pdf: bytes) -> None:
    info = PdfFileReader(io.BytesIO(pdf)).trailer["/Info"]
    assert info["/Title"] == "能力等级证书 欧阳明月"
    assert info["/Author"] == "电子商务能力认证中心"


@pytest.mark.parametrize(
    "name",
    [
        "王芳",
        "欧阳明月",
        "阿不都热合曼·买买提",
        "𬱖𫍯",
        "Maximiliane Wolfeschlegelsteinhausen-Bergerdorff",
        "阿卜杜热依木·阿卜杜喀迪尔·买买提明·吐尔逊江",
        "José Ñandú (何塞) <&>",
    ],
)
def test_name_extracts_as_it_was_written(
    make_credential: MakeCredential,
    key_store: KeyStore,
    issued_at: datetime,
    tmp_path: Path,
    name: str,
) -> None:
    path = tmp_path / "certificate.pdf"
    path.write_bytes(issue_pdf(make_credential(holder_name=name), key_store, BASE, issued_at))
    text = run_tool("pdftotext", "-enc", "UTF-8", "-raw", path, "-")
    assert name in text.splitlines()


def test_page_says_test_provisional_and_not_assessed(pdf: bytes, tmp_path: Path) -> None:
    path = tmp_path / "certificate.pdf"
    path.write_bytes(pdf)
    text = run_tool("pdftotext", "-enc", "UTF-8", "-raw", path, "-")
    for words in (
        "TEST CERTIFICATE",
        "题目参数为专家暂定值，结果为暂定 / Provisional result",
        "未测评",
        "证据有限 Limited evidence",
        "J840-H7R1-D03P-0541-8RBJ",
        "2026年11月20日",
        "+1.92 ± 0.62",
        "−0.38 ± 0.29",
    ):
        assert words in text


def test_character_without_glyph_stops_the_issuing(
    make_credential: MakeCredential, key_store: KeyStore, issued_at: datetime
) -> None:
    with pytest.raises(GlyphMissingError, match=r"U\+0645"):
        issue_pdf(make_credential(holder_name="محمد"), key_store, BASE, issued_at)


def test_expired_seal_does_not_sign(
    credential: Credential, key_store: KeyStore, issued_at: datetime
) -> None:
    with pytest.raises(SealNotValidError):
        issue_pdf(credential, key_store, BASE, issued_at + timedelta(days=3000))


def test_credential_from_the_future_is_not_signed(
    make_credential: MakeCredential, key_store: KeyStore, issued_at: datetime
) -> None:
    ahead = make_credential(issued_at=issued_at + timedelta(days=1))
    with pytest.raises(IssuedInFutureError):
        issue_pdf(ahead, key_store, BASE, issued_at)


def test_test_issuer_does_not_sign_a_real_certificate(
    make_credential: MakeCredential, key_store: KeyStore, issued_at: datetime
) -> None:
    with pytest.raises(TestIssuerError, match="Test Centre"):
        issue_pdf(make_credential(is_test=False), key_store, BASE, issued_at)


def test_address_that_no_code_can_carry_stops_the_issuing(
    credential: Credential, key_store: KeyStore, issued_at: datetime
) -> None:
    with pytest.raises(VerifyAddressError):
        issue_pdf(credential, key_store, "https://x.example/?id=", issued_at)
