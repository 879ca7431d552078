"""Files made to deceive: each is caught by the check that is meant to catch it."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from certificates.cms import sign_cms
from certificates.credential import Credential
from certificates.fonts import FontChain, default_font_chain
from certificates.keys import KeyStore, certificate_sha256, create_key_store
from certificates.pdf import design, document
from certificates.pdf.truetype import TrueTypeTables
from certificates.qr import build_qr_content, qr_rectangles
from certificates.report import VerificationReport
from certificates.signing import issue_pdf
from certificates.trust import TrustStore
from certificates.verification import verify_certificate
from tests.unit.certificates.conftest import BASE, ISSUED_AT, MakeCredential


@pytest.fixture
def verify(trust: TrustStore) -> Callable[[bytes], VerificationReport]:
    def check(data: bytes) -> VerificationReport:
        return verify_certificate(data, trust, now=ISSUED_AT)

    return check


Verify = Callable[[bytes], VerificationReport]


def failed(report: VerificationReport) -> set[str]:
    return {check.name for check in report.checks if check.result == "failed"}


def sealed(unsigned: document.UnsignedDocument, key_store: KeyStore) -> bytes:
    """Sign whatever stands in the file with the issuer's own key."""
    return unsigned.with_signature(
        sign_cms(
            key_store.seal_certificate,
            [key_store.root_certificate],
            key_store.seal_key,
            unsigned.digest(),
        )
    )


def qr_content_of(credential: Credential, key_store: KeyStore) -> str:
    return build_qr_content(
        BASE,
        credential.credential_id,
        credential.canonical_sha256(),
        ISSUED_AT.date(),
        key_store.qr_key,
    )


def test_appended_revision_that_only_swaps_info_entries(pdf: bytes, verify: Verify) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    info = writer.trailer["/Info"]
    info[pdf_name("/Title")] = pdf_string("Another title")
    writer.update_container(info)
    out = io.BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    report = verify(out.getvalue())
    assert report.status == "invalid"
    assert {"single_revision", "signature_covers_file"} <= failed(report)


@pytest.mark.parametrize("tail", [b"\n", b"\0", b"% a comment\n", b"\nstartxref\n0\n%%EOF\n"])
def test_bytes_behind_the_end(pdf: bytes, verify: Verify, tail: bytes) -> None:
    report = verify(pdf + tail)
    assert report.status == "invalid"
    assert "single_revision" in failed(report)


def test_bytes_before_the_beginning(pdf: bytes, verify: Verify) -> None:
    assert verify(b"\n" + pdf).status == "invalid"


def test_something_hidden_in_the_padding(pdf: bytes, verify: Verify) -> None:
    end = pdf.index(b">", pdf.index(b"/Contents <"))
    report = verify(pdf[: end - 4] + b"beef" + pdf[end:])
    assert failed(report) == {"contents_padding"}
    assert report.status == "invalid"


def test_contents_in_upper_case(pdf: bytes, verify: Verify) -> None:
    start = pdf.index(b"/Contents <") + len(b"/Contents <")
    report = verify(pdf[:start] + pdf[start : start + 3000].upper() + pdf[start + 3000 :])
    assert failed(report) == {"contents_padding"}


def test_byte_range_that_leaves_out_more_than_the_signature(pdf: bytes, verify: Verify) -> None:
    at = pdf.index(b"/ByteRange [") + len(b"/ByteRange [0 ")
    first = int(pdf[at : pdf.index(b" ", at)])
    wider = str(first - 1).encode()
    report = verify(pdf[:at] + wider + pdf[at + len(wider) :])
    assert "signature_covers_file" in failed(report)


def test_second_issuer_of_the_same_name(
    tmp_path: Path, credential: Credential, verify: Verify
) -> None:
    other = create_key_store(tmp_path / "keys", "x", ISSUED_AT, issuer_name="Test Centre")
    report = verify(issue_pdf(credential, other, BASE, ISSUED_AT))
    assert report.status == "invalid"
    assert failed(report) == {"signer_pinned"}
    assert report.credential is None


def timestamping_certificate(key_store: KeyStore, key: ec.EllipticCurvePrivateKey) -> Any:
    """A certificate of the same root for another purpose."""
    root_key = load_pem_private_key(
        (key_store.directory / "root.key").read_bytes(), b"a passphrase"
    )
    assert isinstance(root_key, ec.EllipticCurvePrivateKey)
    usage = dict.fromkeys(
        (
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(key_store.seal_certificate.subject)
        .issuer_name(key_store.root_certificate.subject)
        .public_key(key.public_key())
        .serial_number(4711)
        .not_valid_before(ISSUED_AT)
        .not_valid_after(ISSUED_AT + timedelta(days=100))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=True, **usage), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(root_key, hashes.SHA256())
    )


def test_timestamp_key_under_the_same_root(
    key_store: KeyStore, credential: Credential, trust: TrustStore
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = timestamping_certificate(key_store, key)
    impostor = replace(key_store, seal_certificate=certificate, seal_key=key)
    data = issue_pdf(credential, impostor, BASE, ISSUED_AT)
    pinned = replace(
        trust.anchors[0], seal_fingerprints=frozenset({certificate_sha256(certificate)})
    )
    report = verify_certificate(data, TrustStore((pinned,)), now=ISSUED_AT)
    assert failed(report) == {"signer_pinned"}
    assert "usage" in report.check("signer_pinned").reason


def test_pinned_seal_of_another_root(
    key_store: KeyStore, pdf: bytes, trust: TrustStore, tmp_path: Path
) -> None:
    other = create_key_store(tmp_path / "keys", "x", ISSUED_AT, issuer_name="Test Centre")
    anchor = replace(trust.anchors[0], root_certificate=other.root_certificate)
    report = verify_certificate(pdf, TrustStore((anchor,)), now=ISSUED_AT)
    assert failed(report) == {"signer_pinned"}


def draw_instead(
    monkeypatch: pytest.MonkeyPatch, change: Callable[[Credential], Credential]
) -> None:
    """Let the next certificate show another credential than the one it carries."""

    def draw(
        credential: Credential, qr_content: str, address: str, chain: FontChain
    ) -> design.DrawnPage:
        return design.draw_certificate(change(credential), qr_content, address, chain)

    monkeypatch.setattr(document, "draw_certificate", draw)


@pytest.mark.parametrize(
    "changes",
    [
        {"holder_name": "欧阳朋月"},
        {"level_title_zh": "精英", "level_title_en": "Elite"},
        {"issued_at": ISSUED_AT - timedelta(days=400)},
        {"valid_until": None},
        {"is_test": False},
        {"theta": 2.84},
    ],
)
def test_page_that_says_something_else_under_the_right_seal(
    monkeypatch: pytest.MonkeyPatch,
    credential: Credential,
    key_store: KeyStore,
    verify: Verify,
    changes: dict[str, Any],
) -> None:
    with monkeypatch.context() as patch:
        draw_instead(patch, lambda shown: replace(shown, **changes))
        data = issue_pdf(credential, key_store, BASE, ISSUED_AT)
    report = verify(data)
    assert report.status == "invalid"
    assert "page_matches_credential" in failed(report)
    assert report.check("signature_intact").result == "passed"


def test_name_painted_over_under_the_right_seal(
    monkeypatch: pytest.MonkeyPatch, credential: Credential, key_store: KeyStore, verify: Verify
) -> None:
    def draw(*arguments: Any) -> design.DrawnPage:
        page = design.draw_certificate(*arguments)
        return replace(page, page=page.page + b"q 1 1 1 rg 200 340 440 50 re f Q\n")

    with monkeypatch.context() as patch:
        patch.setattr(document, "draw_certificate", draw)
        data = issue_pdf(credential, key_store, BASE, ISSUED_AT)
    assert failed(verify(data)) == {"page_matches_credential"}


def test_other_template_under_the_right_seal(
    monkeypatch: pytest.MonkeyPatch, credential: Credential, key_store: KeyStore, verify: Verify
) -> None:
    def draw(*arguments: Any) -> design.DrawnPage:
        page = design.draw_certificate(*arguments)
        return replace(page, ground=page.ground.replace(b".3 w", b".4 w", 1))

    with monkeypatch.context() as patch:
        patch.setattr(document, "draw_certificate", draw)
        data = issue_pdf(credential, key_store, BASE, ISSUED_AT)
    report = verify(data)
    assert failed(report) == {"page_matches_credential"}
    assert "/Contents/0" in report.check("page_matches_credential").reason


def test_qr_code_of_another_certificate_under_the_right_seal(
    make_credential: MakeCredential, key_store: KeyStore, verify: Verify
) -> None:
    mine, theirs = make_credential(), make_credential(holder_name="王芳", salt="cd" * 16)
    content = qr_content_of(theirs, key_store)
    unsigned = document.build_document(mine, content, ISSUED_AT, default_font_chain())
    report = verify(sealed(unsigned, key_store))
    assert failed(report) == {"qr_matches_credential"}
    assert "another credential" in report.check("qr_matches_credential").reason


def test_drawn_qr_code_that_differs_from_its_link(
    monkeypatch: pytest.MonkeyPatch,
    make_credential: MakeCredential,
    key_store: KeyStore,
    verify: Verify,
) -> None:
    other = qr_content_of(make_credential(holder_name="王芳"), key_store)
    with monkeypatch.context() as patch:
        patch.setattr(design, "qr_rectangles", lambda content: qr_rectangles(other))
        data = issue_pdf(make_credential(), key_store, BASE, ISSUED_AT)
    assert failed(verify(data)) == {"qr_matches_credential"}


def test_qr_code_signed_by_a_stranger(
    tmp_path: Path, credential: Credential, key_store: KeyStore, verify: Verify
) -> None:
    stranger = create_key_store(tmp_path / "keys", "x", ISSUED_AT)
    content = qr_content_of(credential, stranger)
    unsigned = document.build_document(credential, content, ISSUED_AT, default_font_chain())
    assert failed(verify(sealed(unsigned, key_store))) == {"qr_matches_credential"}


def test_letters_whose_shapes_were_exchanged(
    monkeypatch: pytest.MonkeyPatch, credential: Credential, key_store: KeyStore, verify: Verify
) -> None:
    real = TrueTypeTables.subset

    def exchanged(tables: TrueTypeTables, glyphs: list[int]) -> bytes:
        return real(tables, [glyphs[0], *reversed(glyphs[1:])])

    with monkeypatch.context() as patch:
        patch.setattr(TrueTypeTables, "subset", exchanged)
        data = issue_pdf(credential, key_store, BASE, ISSUED_AT)
    assert failed(verify(data)) == {"glyphs_match_font"}


def test_other_edition_of_the_font_is_no_forgery(
    monkeypatch: pytest.MonkeyPatch, credential: Credential, key_store: KeyStore, verify: Verify
) -> None:
    face = default_font_chain().faces[0]
    with monkeypatch.context() as patch:
        patch.setitem(face.__dict__, "edition", "OLDONE")
        data = issue_pdf(credential, key_store, BASE, ISSUED_AT)
    report = verify(data)
    assert report.status == "valid"
    assert report.check("glyphs_match_font").result == "skipped"


def test_unknown_design_leaves_it_open(
    monkeypatch: pytest.MonkeyPatch, credential: Credential, key_store: KeyStore, verify: Verify
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(document, "DESIGN", "standard-9")
        data = issue_pdf(credential, key_store, BASE, ISSUED_AT)
    report = verify(data)
    assert report.status == "cannot_tell"
    assert "standard-9" in report.check("page_matches_credential").reason


@pytest.mark.parametrize("attachment", [b"", b"{}", b"[1]", b'{"certifyRecord":{}}', b"\xff"])
def test_broken_credential_under_the_right_seal(
    monkeypatch: pytest.MonkeyPatch,
    credential: Credential,
    key_store: KeyStore,
    verify: Verify,
    attachment: bytes,
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(document, "canonical_bytes", lambda value: attachment)
        data = issue_pdf(credential, key_store, BASE, ISSUED_AT)
    report = verify(data)
    assert report.status == "invalid"
    assert report.credential is None
    assert failed(report) & {"credential_present", "credential_schema"}


def test_credential_dated_after_its_seal(
    make_credential: MakeCredential, key_store: KeyStore, verify: Verify
) -> None:
    later: datetime = ISSUED_AT + timedelta(days=2)
    credential = make_credential(issued_at=later)
    content = qr_content_of(credential, key_store)
    unsigned = document.build_document(credential, content, ISSUED_AT, default_font_chain())
    assert "signer_validity" in failed(verify(sealed(unsigned, key_store)))


def test_real_credential_under_a_test_seal(
    make_credential: MakeCredential, key_store: KeyStore, verify: Verify
) -> None:
    credential = make_credential(is_test=False)
    content = qr_content_of(credential, key_store)
    unsigned = document.build_document(credential, content, ISSUED_AT, default_font_chain())
    assert failed(verify(sealed(unsigned, key_store))) == {"credential_schema"}
