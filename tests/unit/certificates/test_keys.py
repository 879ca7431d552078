"""The key store: made once, closed to strangers, honest about what is broken."""

from __future__ import annotations

import stat
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from certificates.errors import (
    EmptyPassphraseError,
    KeyStoreCorruptError,
    KeyStoreExistsError,
    KeyStoreMissingError,
    WrongPassphraseError,
)
from certificates.keys import create_key_store, open_key_store
from certificates.x509_making import DOCUMENT_SIGNING

PASSPHRASE = "correct horse"


@pytest.fixture
def directory(tmp_path: Path, issued_at: datetime) -> Path:
    target = tmp_path / "keys"
    create_key_store(target, PASSPHRASE, issued_at, issuer_name="Test Centre")
    return target


def test_store_opens_again_with_the_same_keys(tmp_path: Path, issued_at: datetime) -> None:
    made = create_key_store(tmp_path / "keys", PASSPHRASE, issued_at)
    opened = open_key_store(tmp_path / "keys", PASSPHRASE)
    assert opened.seal_certificate == made.seal_certificate
    assert opened.qr_key_id == made.qr_key_id
    assert opened.is_test
    assert "Private" not in repr(opened)


def test_seal_is_issued_by_the_root_for_sealing_only(directory: Path, issued_at: datetime) -> None:
    store = open_key_store(directory, PASSPHRASE)
    root, seal = store.root_certificate, store.seal_certificate
    seal.verify_directly_issued_by(root)
    assert isinstance(seal.public_key(), ec.EllipticCurvePublicKey)
    usage = seal.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert usage.content_commitment
    assert not usage.key_cert_sign
    purposes = seal.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(purposes) == [DOCUMENT_SIGNING]
    assert root.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    lifetime = seal.not_valid_after_utc - issued_at
    assert timedelta(days=365) <= lifetime <= timedelta(days=3 * 366)
    assert "TEST" in root.subject.rfc4514_string()
    assert "TEST" in seal.subject.rfc4514_string()


def test_private_keys_are_encrypted_and_only_the_owner_reads_them(directory: Path) -> None:
    key_files = sorted(directory.glob("*.key"))
    assert [path.name for path in key_files] == ["qr-1.key", "root.key", "seal-1.key"]
    for path in key_files:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert path.read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700


def test_openssl_opens_the_root_key(directory: Path) -> None:
    path = str(directory / "root.key")
    command = ["openssl", "pkey", "-in", path, "-passin", f"pass:{PASSPHRASE}"]
    try:
        result = subprocess.run(
            [*command, "-noout", "-check"], capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        pytest.skip("openssl is not on PATH")
    assert "Key is valid" in result.stdout + result.stderr


def test_existing_store_is_never_overwritten(directory: Path, issued_at: datetime) -> None:
    before = {path.name: path.read_bytes() for path in directory.iterdir()}
    with pytest.raises(KeyStoreExistsError):
        create_key_store(directory, PASSPHRASE, issued_at)
    assert {path.name: path.read_bytes() for path in directory.iterdir()} == before


def test_failed_creation_leaves_nothing_behind(
    tmp_path: Path, issued_at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(OSError, match="No space"):
        create_key_store(tmp_path / "keys", PASSPHRASE, issued_at)
    assert list(tmp_path.iterdir()) == []


def test_wrong_passphrase_is_said(directory: Path) -> None:
    with pytest.raises(WrongPassphraseError, match="passphrase"):
        open_key_store(directory, "wrong")


def test_empty_passphrase_is_refused(tmp_path: Path, directory: Path, issued_at: datetime) -> None:
    with pytest.raises(EmptyPassphraseError):
        create_key_store(tmp_path / "new", "", issued_at)
    with pytest.raises(EmptyPassphraseError):
        open_key_store(directory, "")


@pytest.mark.parametrize("name", ["keystore.json", "root.pem", "seal-1.pem", "seal-1.key"])
def test_missing_file_is_named(directory: Path, name: str) -> None:
    (directory / name).unlink()
    with pytest.raises(KeyStoreMissingError, match=name):
        open_key_store(directory, PASSPHRASE)


def test_missing_store_is_said(tmp_path: Path) -> None:
    with pytest.raises(KeyStoreMissingError, match="nowhere"):
        open_key_store(tmp_path / "nowhere", PASSPHRASE)


@pytest.mark.parametrize("name", ["keystore.json", "root.pem", "seal-1.pem", "seal-1.key"])
@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff\xfe garbage"])
def test_corrupt_file_is_named(directory: Path, name: str, content: bytes) -> None:
    (directory / name).write_bytes(content)
    with pytest.raises(KeyStoreCorruptError, match=name):
        open_key_store(directory, PASSPHRASE)


def test_damaged_key_is_not_blamed_on_the_passphrase(directory: Path) -> None:
    path = directory / "seal-1.key"
    path.write_bytes(path.read_bytes()[:60] + b"\n-----END ENCRYPTED PRIVATE KEY-----\n")
    with pytest.raises(KeyStoreCorruptError, match=r"seal-1\.key"):
        open_key_store(directory, PASSPHRASE)


def test_key_of_another_seal_is_found_out(
    directory: Path, tmp_path: Path, issued_at: datetime
) -> None:
    other = create_key_store(tmp_path / "other", PASSPHRASE, issued_at)
    (directory / "seal-1.key").write_bytes((other.directory / "seal-1.key").read_bytes())
    with pytest.raises(KeyStoreCorruptError, match="not the key of the seal"):
        open_key_store(directory, PASSPHRASE)
