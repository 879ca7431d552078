"""Auditors follow certificates and recompute them; administrators revoke."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certify.services.auditing import recompute_certificate, view_chain
from tests.examined import Examined
from tests.unit.certify.web.pages.visiting import make_app, visitor, words_of

UNKNOWN = "0" * 20
PAGES = (
    "/audit",
    "/audit/trail",
    "/audit/certificates/{}",
    "/audit/certificates/{}/transcript.json",
)


@pytest.fixture
def app(examined: Examined) -> Flask:
    return make_app(examined)


@pytest.fixture
def auditor(app: Flask, examined: Examined) -> FlaskClient:
    return visitor(app, examined.people["auditor"])


@pytest.fixture
def admin(app: Flask, examined: Examined) -> FlaskClient:
    return visitor(app, examined.people["administrator"])


def chain_address(examined: Examined) -> str:
    return f"/audit/certificates/{examined.credential_id}"


def list_of(client: FlaskClient, **conditions: str) -> str:
    page = client.get("/audit", query_string=conditions).text
    return words_of(page[page.index('role="search"') :])


@pytest.mark.parametrize("page", PAGES)
def test_only_auditors_and_administrators_enter(app: Flask, examined: Examined, page: str) -> None:
    address = page.format(examined.credential_id)
    assert visitor(app).get(address).location.startswith("/login")
    for role in ("student", "teacher", "centre"):
        assert visitor(app, examined.people[role]).get(address).status_code == 403
    for role in ("auditor", "administrator"):
        assert visitor(app, examined.people[role]).get(address).status_code == 200


@pytest.mark.parametrize(("language", "room"), [("zh", "审核"), ("en", "Audit")])
def test_the_room_stands_in_the_navigation(
    app: Flask, examined: Examined, language: str, room: str
) -> None:
    page = visitor(app, examined.people["auditor"], language).get("/audit").text
    assert f'aria-current="page">{room}</a>' in page


def test_certificates_are_found_by_id_holder_date_and_state(
    auditor: FlaskClient, examined: Examined
) -> None:
    grouped = "-".join(examined.credential_id[n : n + 4] for n in range(0, 20, 4))
    for conditions in (
        {"text": grouped},
        {"text": grouped[:9].lower()},
        {"text": "晓雨"},
        {"text": "student"},
        {"from": "2027-03-01", "to": "2027-03-01"},
        {"status": "standing"},
        {"status": "no such state"},
    ):
        assert grouped in list_of(auditor, **conditions), conditions
    for conditions in (
        {"text": "王芳"},
        {"from": "2027-03-02"},
        {"to": "2027-02-28"},
        {"status": "revoked"},
    ):
        assert "No certificate was found" in list_of(auditor, **conditions), conditions


def test_an_unfit_day_is_told_and_kept(auditor: FlaskClient) -> None:
    page = auditor.get("/audit?from=yesterday")
    assert page.status_code == 422
    assert "Enter the day as year-month-day" in words_of(page.text)
    assert 'value="yesterday"' in page.text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_chain_shows_everything_behind_a_certificate(
    app: Flask, examined: Examined, language: str
) -> None:
    client = visitor(app, examined.people["auditor"], language)
    words = words_of(client.get(chain_address(examined)).text)
    chain = view_chain(examined.context, examined.credential_id)
    for fact in (
        chain.credential.holder_name,
        chain.stored.attempt_id,
        chain.stored.pdf_sha256,
        chain.result.transcript_sha256,
        chain.entry.attempt.started_terms.release_digest,
    ):
        assert fact in words
    assert words.count({"zh": "相符", "en": "Holds"}[language]) >= 6
    assert {"zh": "不符", "en": "Broken"}[language] not in words
    assert {"zh": "概率", "en": "the probability of being at or above its cut"}[language] in words


def test_a_second_computation_says_the_same_bit_for_bit(
    auditor: FlaskClient, examined: Examined
) -> None:
    assert "Computed again" not in words_of(auditor.get(chain_address(examined)).text)
    words = words_of(auditor.get(f"{chain_address(examined)}?recompute=yes").text)
    assert "Computed again: the same, bit for bit" in words
    assert repr(view_chain(examined.context, examined.credential_id).credential.theta) in words


def test_a_difference_is_shown_line_by_line(
    auditor: FlaskClient, examined: Examined, monkeypatch: pytest.MonkeyPatch
) -> None:
    same = recompute_certificate(examined.context, examined.credential_id)
    differs = replace(same, differences=("theta: stored 1.0, found 1.1", "se: stored 2, found 3"))
    monkeypatch.setattr(
        "certify.web.pages.auditing.recompute_certificate", lambda context, identifier: differs
    )
    words = words_of(auditor.get(f"{chain_address(examined)}?recompute=yes").text)
    assert "Computed again: it differs" in words
    assert "theta: stored 1.0, found 1.1" in words


def test_the_transcript_is_handed_out_as_it_was_hashed(
    auditor: FlaskClient, examined: Examined
) -> None:
    answer = auditor.get(f"{chain_address(examined)}/transcript.json")
    chain = view_chain(examined.context, examined.credential_id)
    assert hashlib.sha256(answer.data).hexdigest() == chain.credential.transcript_sha256
    assert "attachment" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("identifier", [UNKNOWN, "nonsense", "0000"])
def test_unknown_certificates_are_not_found(
    auditor: FlaskClient, admin: FlaskClient, identifier: str
) -> None:
    assert auditor.get(f"/audit/certificates/{identifier}").status_code == 404
    assert auditor.get(f"/audit/certificates/{identifier}/transcript.json").status_code == 404
    form = {"reason": "身份有误", "confirm": "yes"}
    address = f"/audit/certificates/{identifier}/revoke"
    assert admin.post(address, data=form).status_code in (404, 422)


def test_an_administrator_revokes_with_a_reason(admin: FlaskClient, examined: Examined) -> None:
    address = chain_address(examined)
    assert "Revoke this certificate" in words_of(admin.get(address).text)
    form = {"reason": " 身份\n有误 ", "confirm": "yes"}
    assert admin.post(f"{address}/revoke", data=form).status_code == 303
    words = words_of(admin.get(address).text)
    assert "The certificate was revoked." in words
    assert "身份 有误" in words
    assert "Revoke this certificate" not in words
    assert examined.stored.revoked_at == examined.clock.now
    trail = words_of(admin.get("/audit/trail?kind=credential").text)
    assert "Certificate revoked" in trail


@pytest.mark.parametrize(
    ("form", "named"),
    [
        ({"reason": "身份有误"}, "Confirm that the certificate shall lose its validity"),
        ({"reason": "  ", "confirm": "yes"}, "Enter a reason of 1 to 200 characters"),
        ({"reason": "长" * 201, "confirm": "yes"}, "Enter a reason of 1 to 200 characters"),
    ],
)
def test_revoking_needs_a_reason_and_a_confirmation(
    admin: FlaskClient, examined: Examined, form: dict[str, str], named: str
) -> None:
    page = admin.post(f"{chain_address(examined)}/revoke", data=form)
    assert page.status_code == 422
    assert named in words_of(page.text)
    assert form["reason"].strip() in page.text
    assert examined.stored.revoked_at is None


def test_an_auditor_cannot_revoke(auditor: FlaskClient, examined: Examined) -> None:
    assert "Revoke this certificate" not in words_of(auditor.get(chain_address(examined)).text)
    form = {"reason": "身份有误", "confirm": "yes"}
    answer = auditor.post(f"{chain_address(examined)}/revoke", data=form)
    assert answer.status_code == 403
    assert examined.stored.revoked_at is None


@pytest.mark.parametrize(
    ("conditions", "present", "absent"),
    [
        ("", ("Certificate issued", "Account created", "the system"), ()),
        ("?kind=person", ("Account created",), ("Certificate issued",)),
        ("?about=student", ("Attempt begun",), ("Certificate issued",)),
        ("?about=nobody", ("No entry was found",), ("Account created",)),
        ("?kind=nonsense&page=x", ("Certificate issued",), ()),
    ],
)
def test_the_trail_is_shown_and_filtered(
    auditor: FlaskClient, conditions: str, present: tuple[str, ...], absent: tuple[str, ...]
) -> None:
    words = words_of(auditor.get(f"/audit/trail{conditions}").text)
    for sentence in present:
        assert sentence in words
    for sentence in absent:
        assert sentence not in words


def test_forms_need_their_token(app: Flask, admin: FlaskClient, examined: Examined) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    form = {"reason": "身份有误", "confirm": "yes"}
    assert admin.post(f"{chain_address(examined)}/revoke", data=form).status_code == 400
