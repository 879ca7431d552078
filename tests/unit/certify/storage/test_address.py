"""Database URLs: which are read, which are refused, and that no password is shown."""

from __future__ import annotations

import pytest

from certify.errors import InvalidSetting
from certify.storage.address import masked, parse_address, without_password

SECRET = "s3cr3t-pass"


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_postgresql_uses_psycopg(scheme: str) -> None:
    assert parse_address(f"{scheme}://u@h/n").drivername == "postgresql+psycopg"


def test_sqlite_file_is_read() -> None:
    assert parse_address(" sqlite:////data/certify.db\n").database == "/data/certify.db"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "certify.db",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:///a.db?timeout=5",
        "sqlite://host/a.db",
        f"mysql://u:{SECRET}@h/n",
        f"postgresql+asyncpg://u:{SECRET}@h/n",
        f"postgresql://u:{SECRET}@h:port/n",
        f"nonsense://u:{SECRET}@h:1:2:3/n?password={SECRET}",
        f"post gresql://u:{SECRET}@h/n",
        f"oracle://h/n?password={SECRET}",
    ],
)
def test_unusable_address_is_one_line_without_password(address: str) -> None:
    with pytest.raises(InvalidSetting) as caught:
        parse_address(address)
    message = str(caught.value)
    assert "CERTIFY_DATABASE_URL" in message
    assert "\n" not in message
    assert SECRET not in message


def test_password_is_hidden_wherever_it_stands() -> None:
    url = parse_address(f"postgresql://u:{SECRET}@h/n?password={SECRET}&sslmode=require")
    assert SECRET not in masked(url)
    assert "sslmode=require" in masked(url)
    assert SECRET not in without_password(url, f"bad\nconninfo: {SECRET}")
    assert "\n" not in without_password(url, "two\nlines")
