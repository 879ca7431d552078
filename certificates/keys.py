"""The issuer's private keys: created once, encrypted at rest, opened with a passphrase.

A key store is one directory: keystore.json names its files; private keys are encrypted PKCS#8
with mode 0600. It is written beside its place and renamed into it, so a crash leaves no half
store. The root's key stays closed after creation; only a rotation opens it again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    load_pem_private_key,
)

from certificates.encrypted_keys import encrypted_pem
from certificates.errors import (
    EmptyPassphraseError,
    KeyStoreCorruptError,
    KeyStoreExistsError,
    KeyStoreMissingError,
    WrongPassphraseError,
)
from certificates.x509_making import make_root_certificate, make_seal_certificate

MANIFEST = "keystore.json"
ROOT_CERTIFICATE = "root.pem"
ROOT_KEY = "root.key"
FORMAT = 1
DEFAULT_ISSUER = "Certificate Test Issuer"


@dataclass(frozen=True, slots=True)
class KeyStore:
    """An opened key store: what issuing needs. The root's private key is not among it."""

    directory: Path
    issuer_name: str
    is_test: bool
    root_certificate: x509.Certificate
    seal_certificate: x509.Certificate
    seal_key: ec.EllipticCurvePrivateKey = field(repr=False)
    qr_key: Ed25519PrivateKey = field(repr=False)

    @property
    def qr_key_id(self) -> str:
        return qr_key_id(self.qr_key.public_key())


def qr_key_id(public_key: Ed25519PublicKey) -> str:
    """Eight hex digits: the first four bytes of the SHA-256 of the raw public key."""
    return hashlib.sha256(public_key.public_bytes_raw()).hexdigest()[:8]


def certificate_sha256(certificate: x509.Certificate) -> str:
    """The fingerprint by which a seal is pinned, lower-case hex."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def create_key_store(
    directory: Path,
    passphrase: str,
    now: datetime,
    *,
    issuer_name: str = DEFAULT_ISSUER,
    is_test: bool = True,
    seal_years: int = 2,
) -> KeyStore:
    """Make a root, a seal (both ECDSA P-256) and an Ed25519 QR key in a new directory.

    Raises KeyStoreExistsError where the directory holds anything: keys are never overwritten.
    """
    if not passphrase:
        raise EmptyPassphraseError()
    if directory.exists() and any(directory.iterdir()):
        raise KeyStoreExistsError(directory=directory)
    root_key = ec.generate_private_key(ec.SECP256R1())
    root = make_root_certificate(root_key, issuer_name, now, is_test=is_test)
    seal_key = ec.generate_private_key(ec.SECP256R1())
    seal = make_seal_certificate(root, root_key, seal_key.public_key(), now, seal_years)
    qr_key = Ed25519PrivateKey.generate()
    manifest = {
        "format": FORMAT,
        "issuer_name": issuer_name,
        "is_test": is_test,
        "created_at": now.isoformat(),
        "root": ROOT_CERTIFICATE,
        # Lists, newest last: a rotation appends and keeps what earlier certificates need.
        "seals": [{"certificate": "seal-1.pem", "key_file": "seal-1.key"}],
        "qr_keys": [{"key_file": "qr-1.key"}],
    }
    files = {
        MANIFEST: json.dumps(manifest, ensure_ascii=False, indent=2).encode(),
        ROOT_CERTIFICATE: root.public_bytes(Encoding.PEM),
        ROOT_KEY: encrypted_pem(root_key, passphrase),
        "seal-1.pem": seal.public_bytes(Encoding.PEM),
        "seal-1.key": encrypted_pem(seal_key, passphrase),
        "qr-1.key": encrypted_pem(qr_key, passphrase),
    }
    _write_directory(directory, files)
    return KeyStore(directory, issuer_name, is_test, root, seal, seal_key, qr_key)


def open_key_store(directory: Path, passphrase: str) -> KeyStore:
    """Open the newest seal and QR key of a store.

    Raises KeyStoreMissingError, KeyStoreCorruptError or WrongPassphraseError, naming the file.
    """
    manifest = _read_manifest(directory)
    try:
        seal_files = manifest["seals"][-1]
        seal = _read_certificate(directory, seal_files["certificate"])
        seal_key = _read_key(directory, seal_files["key_file"], passphrase)
        qr_file = manifest["qr_keys"][-1]["key_file"]
        qr_key = _read_key(directory, qr_file, passphrase)
        root = _read_certificate(directory, manifest["root"])
        issuer_name, is_test = str(manifest["issuer_name"]), manifest["is_test"] is not False
    except (KeyError, IndexError, TypeError) as error:
        raise KeyStoreCorruptError(file=directory / MANIFEST, reason=f"no {error}") from error
    if not isinstance(seal_key, ec.EllipticCurvePrivateKey) or (
        seal_key.public_key() != seal.public_key()
    ):
        raise KeyStoreCorruptError(
            file=directory / seal_files["key_file"], reason="not the key of the seal certificate"
        )
    if not isinstance(qr_key, Ed25519PrivateKey):
        raise KeyStoreCorruptError(file=directory / qr_file, reason="not an Ed25519 key")
    return KeyStore(directory, issuer_name, is_test, root, seal, seal_key, qr_key)


def _write_directory(directory: Path, files: dict[str, bytes]) -> None:
    directory.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{directory.name}-", dir=directory.parent))
    try:
        for name, content in files.items():
            mode = 0o600 if name.endswith(".key") else 0o644
            handle = os.open(draft / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
        draft.rename(directory)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        # Another process may have made its store between the look and the rename.
        if directory.exists() and any(directory.iterdir()):
            raise KeyStoreExistsError(directory=directory) from error
        raise


def _read(directory: Path, name: str) -> bytes:
    try:
        return (directory / name).read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise KeyStoreMissingError(file=name, directory=directory) from error
    except OSError as error:
        raise KeyStoreCorruptError(file=directory / name, reason=error.strerror) from error


def _read_manifest(directory: Path) -> dict[str, Any]:
    content = _read(directory, MANIFEST)
    try:
        manifest = json.loads(content)
    except ValueError as error:
        raise KeyStoreCorruptError(file=directory / MANIFEST, reason="no JSON") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise KeyStoreCorruptError(file=directory / MANIFEST, reason=f"not format {FORMAT}")
    return manifest


def _read_certificate(directory: Path, name: str) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(_read(directory, name))
    except ValueError as error:
        raise KeyStoreCorruptError(file=directory / name, reason="no certificate") from error


def _read_key(directory: Path, name: str, passphrase: str) -> PrivateKeyTypes:
    content = _read(directory, name)
    if not content.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----"):
        raise KeyStoreCorruptError(file=directory / name, reason="no encrypted PKCS#8 key")
    if not passphrase:
        raise EmptyPassphraseError()
    try:
        return load_pem_private_key(content, passphrase.encode())
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        if "password" in str(error).lower() or "decrypt" in str(error).lower():
            raise WrongPassphraseError(file=directory / name) from error
        raise KeyStoreCorruptError(file=directory / name, reason="damaged key") from error
