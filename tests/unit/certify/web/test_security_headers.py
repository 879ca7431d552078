"""Security headers on every answer, and templates that the content policy lets work."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import certify.web

TEMPLATES = sorted((Path(certify.web.__file__).parent / "templates").rglob("*.html"))
INLINE = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*="),
    "a style element": re.compile(r"<style\b"),
    "an event attribute": re.compile(r"<[a-z][^>]*\son[a-z]+\s*="),
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)"),
    "an address elsewhere": re.compile(r"""(?:src|href)\s*=\s*["'](?:https?:)?//"""),
}


def test_headers_stand_on_every_answer(client: FlaskClient) -> None:
    for address in ("/_style", "/nothing", "/static/css/base.css"):
        headers = client.get(address, buffered=True).headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]


def test_pages_are_not_stored_by_caches(client: FlaskClient) -> None:
    assert client.get("/_style").headers["Cache-Control"] == "no-store"


def test_secure_connections_are_remembered_only_when_secure(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/_style").headers
    secure = client.get("/_style", base_url="https://localhost")
    assert "max-age" in secure.headers["Strict-Transport-Security"]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_nothing_the_policy_would_block(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    for what, pattern in INLINE.items():
        found = pattern.search(text)
        assert found is None, f"{template.name} has {what}: {found.group(0) if found else ''}"
