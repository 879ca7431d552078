"""Trust bundles: public, complete, refused when damaged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from certificates.errors import TrustBundleError
from certificates.keys import KeyStore, certificate_sha256
from certificates.trust import TrustStore, export_trust_bundle


def test_bundle_carries_root_pins_and_qr_key(key_store: KeyStore, tmp_path: Path) -> None:
    export_trust_bundle(key_store, tmp_path / "public")
    export_trust_bundle(key_store, tmp_path / "public")
    (anchor,) = TrustStore.load([tmp_path / "public"]).anchors
    assert anchor.issuer_name == "Test Centre"
    assert anchor.is_test
    assert anchor.root_certificate == key_store.root_certificate
    assert anchor.seal_fingerprints == {certificate_sha256(key_store.seal_certificate)}
    assert list(anchor.qr_keys) == [key_store.qr_key_id]


def test_bundle_holds_nothing_secret(key_store: KeyStore, tmp_path: Path) -> None:
    export_trust_bundle(key_store, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["root.pem", "trust.json"]
    assert all(b"PRIVATE" not in path.read_bytes() for path in tmp_path.iterdir())


def test_several_bundles_stand_side_by_side(key_store: KeyStore, tmp_path: Path) -> None:
    directories = [tmp_path / "a", tmp_path / "b"]
    for directory in directories:
        export_trust_bundle(key_store, directory)
    assert len(TrustStore.load(directories).anchors) == 2


def test_missing_bundle_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrustBundleError, match=r"trust\.json"):
        TrustStore.load([tmp_path])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("format", 2),
        ("root", "absent.pem"),
        ("seals", ["AB"]),
        ("seals", 3),
        ("qr_keys", ["?"]),
        ("qr_keys", ["AAAA"]),
    ],
)
def test_damaged_bundle_is_refused(
    key_store: KeyStore, tmp_path: Path, field: str, value: object
) -> None:
    export_trust_bundle(key_store, tmp_path)
    path = tmp_path / "trust.json"
    bundle = json.loads(path.read_bytes()) | {field: value}
    path.write_text(json.dumps(bundle), encoding="utf-8")
    with pytest.raises(TrustBundleError):
        TrustStore.load([tmp_path])


def test_bundle_that_does_not_say_it_is_real_counts_as_a_test(
    key_store: KeyStore, tmp_path: Path
) -> None:
    export_trust_bundle(key_store, tmp_path)
    path = tmp_path / "trust.json"
    bundle = json.loads(path.read_bytes()) | {"is_test": "no"}
    path.write_text(json.dumps(bundle), encoding="utf-8")
    assert TrustStore.load([tmp_path]).anchors[0].is_test
