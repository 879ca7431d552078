"""Anybody checks certificates by ID, by QR code and by file; nobody learns more than that."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certificates import content_checks, verification
from certify.services.issuing import revoke_credential
from certify.web.check_words import CHECK_WORDS, VERDICT_NEWS
from tests.examined import Examined
from tests.unit.certify.services.test_verifying import qr_proof
from tests.unit.certify.web.pages.visiting import make_app, visitor, words_of

UNKNOWN = "0" * 20


@pytest.fixture
def app(examined: Examined) -> Flask:
    return make_app(examined)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return visitor(app)


def upload(client: FlaskClient, data: bytes, name: str = "certificate.pdf") -> tuple[int, str]:
    form = {"certificate": (io.BytesIO(data), name)}
    page = client.post("/verify/file", data=form, content_type="multipart/form-data")
    return page.status_code, words_of(page.text)


@pytest.mark.parametrize(("language", "heading"), [("zh", "证书验证"), ("en", "Verify a cert")])
def test_the_entrance_is_open_to_everybody(app: Flask, language: str, heading: str) -> None:
    page = visitor(app, language=language).get("/verify")
    assert page.status_code == 200
    assert heading in page.text
    assert "noindex" in page.headers["X-Robots-Tag"]


def test_a_typed_id_leads_to_its_result(client: FlaskClient, examined: Examined) -> None:
    typed = examined.credential_id.lower().replace("0", "o").replace("1", "i")
    groups = " - ".join(typed[start : start + 4] for start in range(0, 20, 4))
    page = client.get("/verify", query_string={"id": groups})
    assert (page.status_code, page.location) == (303, f"/v/{examined.credential_id}")


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("0000-0000-0000-0000-0001", "typing error"),
        ("0000-0000", "20 letters and digits, found 8"),
        ("0000-0000-0000-0000-000!", "has no '!'"),
    ],
)
def test_a_typing_error_is_named_without_a_look_up(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, typed: str, named: str
) -> None:
    monkeypatch.setattr("certify.web.pages.verifying.find_public", lambda *args: pytest.fail())
    for address in (f"/verify?id={typed}", f"/v/{typed}", f"/V/{typed}/ABC"):
        page = client.get(address)
        assert page.status_code == 422
        assert named in words_of(page.text)
        assert f'value="{typed}"' in page.text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_result_shows_public_facts_and_no_full_name(
    app: Flask, examined: Examined, language: str
) -> None:
    page = visitor(app, language=language).get(f"/v/{examined.credential_id}")
    words = words_of(page.text)
    expected = {
        "zh": ("有效", "林**", "测试证书", "暂定"),
        "en": ("Valid", "林**", "Test certificate", "Provisional"),
    }
    for word in expected[language]:
        assert word in words
    assert examined.people["student"].display_name not in page.text
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert page.headers["Cache-Control"] == "no-store"


def test_a_revoked_certificate_says_when_and_why(client: FlaskClient, examined: Examined) -> None:
    revoke_credential(examined.context, examined.credential_id, reason="冒名顶替", actor="admin")
    words = words_of(client.get(f"/v/{examined.credential_id}").text)
    assert "Revoked" in words
    assert "冒名顶替" in words


def test_an_unknown_id_is_answered_in_the_same_shape(
    client: FlaskClient, examined: Examined
) -> None:
    known = client.get(f"/v/{examined.credential_id}")
    unknown = client.get(f"/v/{UNKNOWN}")
    assert (known.status_code, unknown.status_code) == (200, 200)
    assert "Not found" in words_of(unknown.text)

    def shape(page: str) -> list[str]:
        return re.findall(r"<(?:dt|form|h1|h2)\b", page)

    assert shape(known.text) == shape(unknown.text)


@pytest.mark.parametrize(
    ("name", "answer"),
    [("林晓雨", "Yes: the name agrees"), ("王芳", "No: the name does not agree")],
)
def test_a_name_is_answered_with_yes_or_no_once(
    client: FlaskClient, examined: Examined, name: str, answer: str
) -> None:
    address = f"/v/{examined.credential_id}"
    sent = client.post(address, data={"name": name})
    assert (sent.status_code, sent.location) == (303, f"{address}#name-check")
    page = client.get(address)
    assert answer in words_of(page.text)
    assert name not in page.text
    assert answer not in words_of(client.get(address).text)


def test_a_name_for_an_unknown_id_is_answered_no(client: FlaskClient) -> None:
    client.post(f"/v/{UNKNOWN}", data={"name": "林晓雨"})
    assert "No: the name does not agree" in words_of(client.get(f"/v/{UNKNOWN}").text)


def test_guessing_names_is_slow(examined: Examined) -> None:
    client = visitor(make_app(examined, environment="development"))
    address = f"/v/{examined.credential_id}"
    answers = [client.post(address, data={"name": "王"}).status_code for _ in range(7)]
    assert answers == [303] * 5 + [429] * 2
    assert client.get(address).status_code == 200


def test_forms_need_their_token(app: Flask, examined: Examined) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    client = visitor(app)
    assert client.post(f"/v/{UNKNOWN}", data={"name": "王"}).status_code == 400
    assert client.post("/verify/hash", json={"sha256": "0" * 64}).status_code == 400


@pytest.mark.parametrize("prefix", ["v", "V"])
def test_a_scanned_code_shows_that_it_is_genuine(
    client: FlaskClient, examined: Examined, prefix: str
) -> None:
    page = client.get(f"/{prefix}/{examined.credential_id}/{qr_proof(examined)}")
    words = words_of(page.text)
    assert "The QR code is genuine" in words
    assert "1 March 2027" in words
    assert "林**" in words


def test_a_code_signed_for_the_visited_address_is_genuine(
    client: FlaskClient, examined: Examined
) -> None:
    proof = qr_proof(examined, "http://localhost/v")
    page = client.get(f"/V/{examined.credential_id}/{proof}")
    assert "The QR code is genuine" in words_of(page.text)


def test_a_forged_code_is_told_beside_the_result(client: FlaskClient, examined: Examined) -> None:
    words = words_of(client.get(f"/V/{UNKNOWN}/{qr_proof(examined)}").text)
    assert "The QR code was not signed by this issuer" in words
    words = words_of(client.get(f"/V/{examined.credential_id}/ABC").text)
    assert "The signature of the QR code cannot be read" in words
    assert "Valid" in words


def test_a_name_check_after_a_scan_keeps_the_code(client: FlaskClient, examined: Examined) -> None:
    proof = qr_proof(examined)
    address = f"/v/{examined.credential_id}/{proof}"
    assert client.post(address, data={"name": "林晓雨"}).location == f"{address}#name-check"


@pytest.mark.parametrize("address", ["/v", "/V", "/verify/file"])
def test_addresses_without_a_subject_lead_to_the_entrance(
    client: FlaskClient, address: str
) -> None:
    assert client.get(address).location.startswith("/verify")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_genuine_file_passes_all_checks(app: Flask, examined: Examined, language: str) -> None:
    status, words = upload(visitor(app, language=language), examined.stored.pdf)
    assert status == 200
    assert {"zh": "文件真实、未被改动", "en": "genuine and unchanged"}[language] in words
    assert {"zh": "未通过", "en": "Failed"}[language] not in words
    assert "ISO 32000-2" in words


def test_a_changed_file_is_refused_with_the_check_that_failed_first(
    client: FlaskClient, examined: Examined
) -> None:
    pdf = bytearray(examined.stored.pdf)
    pdf[len(pdf) // 3] ^= 1
    status, words = upload(client, bytes(pdf))
    assert status == 200
    assert "Not valid" in words
    assert words.index("Failed") < words.index("Passed")
    assert examined.people["student"].display_name not in words


def test_a_revoked_file_is_told(client: FlaskClient, examined: Examined) -> None:
    revoke_credential(examined.context, examined.credential_id, reason="冒名顶替", actor="admin")
    _, words = upload(client, examined.stored.pdf)
    assert "the issuer has withdrawn the certificate" in words


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (b"", "An empty file cannot be checked"),
        (b"\x89PNG\r\n", "This is not a PDF file"),
        (b"%PDF-1.7\n" + b"0" * (10 * 1024 * 1024), "larger than 10 MB"),
    ],
    ids=["empty", "picture", "too large"],
)
def test_a_file_that_is_no_certificate_is_refused_in_words(
    client: FlaskClient, data: bytes, named: str
) -> None:
    status, words = upload(client, data)
    assert status == 422
    assert named in words


def test_no_file_at_all_is_refused_in_words(client: FlaskClient) -> None:
    page = client.post("/verify/file", data={})
    assert page.status_code == 422
    assert "An empty file cannot be checked" in words_of(page.text)


def test_a_hash_is_compared_without_the_file(client: FlaskClient, examined: Examined) -> None:
    answer = client.post("/verify/hash", json={"sha256": examined.stored.pdf_sha256})
    address = f"/v/{examined.credential_id}"
    assert answer.json == {"known": True, "status": "valid", "address": address}


def test_the_file_of_a_revoked_certificate_is_not_told_to_be_in_force(
    client: FlaskClient, examined: Examined
) -> None:
    revoke_credential(
        examined.context, examined.credential_id, reason="identity", actor="administrator"
    )
    answer = client.post("/verify/hash", json={"sha256": examined.stored.pdf_sha256})
    assert answer.json["status"] == "revoked"


@pytest.mark.parametrize(
    "body", [{"sha256": "0" * 64}, {"sha256": None}, {}, [], "x", {"sha256": {"a": 1}}]
)
def test_an_unknown_or_unfit_hash_is_unknown(client: FlaskClient, body: object) -> None:
    answer = client.post("/verify/hash", json=body)
    assert (answer.status_code, answer.json) == (200, {"known": False})


def test_every_check_and_verdict_has_its_words() -> None:
    assert set(CHECK_WORDS) == set(verification._CLAUSE) | set(content_checks._CLAUSE)
    assert set(VERDICT_NEWS) == {"valid", "revoked", "expired", "invalid", "cannot_tell"}
