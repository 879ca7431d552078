"""Static files: compressed for those who take it, the same file in any case, and kept for long."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

GZIP = {"Accept-Encoding": "gzip, deflate"}
STYLE, SCRIPT = "/static/css/exam.css", "/static/js/exam.js"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.mark.parametrize("address", [STYLE, SCRIPT])
def test_styles_and_scripts_are_compressed(client: FlaskClient, app: Flask, address: str) -> None:
    plain, small = (
        client.get(address, buffered=True),
        client.get(address, headers=GZIP, buffered=True),
    )
    assert plain.headers.get("Content-Encoding") is None
    assert small.headers["Content-Encoding"] == "gzip"
    assert len(small.data) < 0.6 * len(plain.data)
    file = Path(app.static_folder or "") / address.removeprefix("/static/")
    assert gzip.decompress(small.data) == plain.data == file.read_bytes()
    assert int(small.headers["Content-Length"]) == len(small.data)
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Accept-Encoding" in small.headers["Vary"]


def test_a_compressed_file_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get(STYLE, headers=GZIP, buffered=True)
    again = client.get(
        STYLE, headers={**GZIP, "If-None-Match": first.headers["ETag"]}, buffered=True
    )
    assert again.status_code == 304
    assert again.data == b""


def test_a_part_of_a_file_is_a_part_of_the_plain_one(client: FlaskClient) -> None:
    part = client.get(STYLE, headers={**GZIP, "Range": "bytes=0-9"}, buffered=True)
    assert part.headers.get("Content-Encoding") is None
    assert part.data == client.get(STYLE, buffered=True).data[: len(part.data)]


def test_pages_are_not_compressed(client: FlaskClient) -> None:
    assert client.get("/login", headers=GZIP, buffered=True).headers.get("Content-Encoding") is None
