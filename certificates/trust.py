"""Whom a verifier trusts: public roots, pinned seals and QR keys, read from files.

A trust bundle is a directory with trust.json and the root in PEM; it holds nothing secret and
travels to whoever verifies offline. Fetches nothing and knows no private key.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding

from certificates.errors import TrustBundleError
from certificates.keys import (
    FORMAT,
    ROOT_CERTIFICATE,
    KeyStore,
    certificate_sha256,
    qr_key_id,
)

BUNDLE = "trust.json"


@dataclass(frozen=True, slots=True)
class TrustAnchor:
    """One issuer: its root, the SHA-256 fingerprints of its seals, its QR keys by key id."""

    issuer_name: str
    is_test: bool
    root_certificate: x509.Certificate
    seal_fingerprints: frozenset[str]
    qr_keys: Mapping[str, Ed25519PublicKey]


@dataclass(frozen=True, slots=True)
class TrustStore:
    """All issuers that a verifier trusts."""

    anchors: tuple[TrustAnchor, ...]

    @classmethod
    def load(cls, directories: Iterable[Path]) -> TrustStore:
        """Read the bundle of each directory; raises TrustBundleError, naming the file."""
        return cls(tuple(_read_anchor(directory) for directory in directories))

    @classmethod
    def of_key_store(cls, key_store: KeyStore) -> TrustStore:
        """Trust in one's own newest keys, without a bundle on disk."""
        public_key = key_store.qr_key.public_key()
        anchor = TrustAnchor(
            issuer_name=key_store.issuer_name,
            is_test=key_store.is_test,
            root_certificate=key_store.root_certificate,
            seal_fingerprints=frozenset({certificate_sha256(key_store.seal_certificate)}),
            qr_keys={qr_key_id(public_key): public_key},
        )
        return cls((anchor,))

    def anchor_of_seal(self, fingerprint: str) -> TrustAnchor | None:
        for anchor in self.anchors:
            if fingerprint in anchor.seal_fingerprints:
                return anchor
        return None


def export_trust_bundle(key_store: KeyStore, directory: Path) -> None:
    """Write the public trust bundle of a key store; an older bundle there is replaced."""
    anchor = TrustStore.of_key_store(key_store).anchors[0]
    bundle = {
        "format": FORMAT,
        "issuer_name": anchor.issuer_name,
        "is_test": anchor.is_test,
        "root": ROOT_CERTIFICATE,
        "seals": sorted(anchor.seal_fingerprints),
        "qr_keys": [
            base64.b64encode(public_key.public_bytes_raw()).decode()
            for public_key in anchor.qr_keys.values()
        ],
    }
    directory.mkdir(parents=True, exist_ok=True)
    root = anchor.root_certificate.public_bytes(Encoding.PEM)
    _replace(directory / ROOT_CERTIFICATE, root)
    _replace(directory / BUNDLE, json.dumps(bundle, ensure_ascii=False, indent=2).encode())


def _replace(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}.new")
    draft.write_bytes(content)
    draft.replace(path)


def _read_anchor(directory: Path) -> TrustAnchor:
    path = directory / BUNDLE
    try:
        bundle = json.loads(path.read_bytes())
        if bundle["format"] != FORMAT:
            raise TrustBundleError(file=path, reason=f"it is not of format {FORMAT}")
        return _anchor(bundle, (directory / str(bundle["root"])).read_bytes())
    except OSError as error:
        raise TrustBundleError(file=path, reason=error.strerror) from error
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise TrustBundleError(file=path, reason=f"it is damaged: {error}") from error


def _anchor(bundle: dict[str, Any], root: bytes) -> TrustAnchor:
    public_keys = [
        Ed25519PublicKey.from_public_bytes(base64.b64decode(text, validate=True))
        for text in bundle["qr_keys"]
    ]
    fingerprints = frozenset(str(text) for text in bundle["seals"])
    if not all(len(text) == 64 and text == text.lower() for text in fingerprints):
        raise ValueError("a seal fingerprint is not 64 lower-case hex digits")
    return TrustAnchor(
        issuer_name=str(bundle["issuer_name"]),
        is_test=bundle["is_test"] is not False,
        root_certificate=x509.load_pem_x509_certificate(root),
        seal_fingerprints=fingerprints,
        qr_keys={qr_key_id(public_key): public_key for public_key in public_keys},
    )
