"""RFC 8785: the published vectors, byte for byte, and what has no canonical form."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from certificates.canonical import canonical_bytes, canonical_sha256
from certificates.errors import CanonicalFormError


@pytest.fixture
def vectors(shared_path: Callable[[str], Path]) -> Path:
    return shared_path("testdata/rfc8785")


def test_published_documents_give_the_published_bytes(vectors: Path) -> None:
    names = sorted(path.name for path in (vectors / "input").glob("*.json"))
    assert names
    for name in names:
        value = json.loads((vectors / "input" / name).read_bytes())
        assert canonical_bytes(value) == (vectors / "output" / name).read_bytes()


def test_published_numbers_give_the_published_text(vectors: Path) -> None:
    for case in json.loads((vectors / "numbers.json").read_bytes()):
        (number,) = struct.unpack(">d", bytes.fromhex(case["ieee754_hex"]))
        if case["json"] == "null":
            with pytest.raises(CanonicalFormError):
                canonical_bytes(number)
        else:
            assert canonical_bytes(number).decode() == case["json"]


def test_order_of_members_and_blanks_do_not_matter() -> None:
    assert canonical_bytes({"b": 1, "a": "é"}) == '{"a":"é","b":1}'.encode()
    assert canonical_sha256({"b": 1.0, "a": 2}) == canonical_sha256({"a": 2.0, "b": 1})


@pytest.mark.parametrize("value", [math.nan, math.inf, 2**53, {1: 2}, "\ud800", object()])
def test_value_without_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(CanonicalFormError):
        canonical_bytes(value)
