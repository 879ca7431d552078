"""The factory: settings, cookies, static files, request identifiers."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certify.web.app import create_app
from certify.web.errors import SecretKeyTooShort, UnknownLanguage, UnknownTimeZone
from certify.web.settings import WebSettings

LONG_SECRET = "k" * 40


def test_the_service_context_is_reachable(settings: WebSettings) -> None:
    context = object()
    assert create_app(context, settings).extensions["certify"] is context


def test_production_refuses_a_short_secret_key() -> None:
    with pytest.raises(SecretKeyTooShort, match="found 6"):
        WebSettings(secret_key="secret", environment="production")


def test_an_unknown_language_is_named() -> None:
    with pytest.raises(UnknownLanguage, match="fr"):
        WebSettings(secret_key=LONG_SECRET, language="fr")


def test_an_unknown_time_zone_is_named() -> None:
    with pytest.raises(UnknownTimeZone, match="Asia/Peking"):
        WebSettings(secret_key=LONG_SECRET, time_zone="Asia/Peking")


def test_cookies_are_closed_in_production() -> None:
    app = create_app(object(), WebSettings(secret_key=LONG_SECRET))
    response = app.test_client().get("/nothing?lang=en", base_url="https://localhost")
    cookies = response.headers.getlist("Set-Cookie")
    assert cookies
    for cookie in cookies:
        assert "Secure" in cookie
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie


def test_static_files_with_their_hash_are_kept_for_a_year(client: FlaskClient) -> None:
    page = client.get("/_style").text
    address = page.split('<link rel="stylesheet" href="')[1].split('"')[0]
    assert "?v=" in address
    assert "immutable" in client.get(address, buffered=True).headers["Cache-Control"]


def test_static_files_without_the_present_hash_are_checked_again(client: FlaskClient) -> None:
    for address in ("/static/js/messages.js", "/static/js/messages.js?v=0123456789ab"):
        response = client.get(address, buffered=True)
        assert response.headers["Cache-Control"] == "no-cache"
        assert response.headers["ETag"]


def test_a_request_id_from_outside_is_kept_only_when_it_looks_like_one(app: Flask) -> None:
    client = app.test_client()
    kept = client.get("/_style", headers={"X-Request-ID": "proxy-0123456789"})
    assert kept.headers["X-Request-ID"] == "proxy-0123456789"
    replaced = client.get("/_style", headers={"X-Request-ID": "short"})
    assert replaced.headers["X-Request-ID"] != "short"
