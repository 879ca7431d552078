"""Canonical JSON (RFC 8785) and its SHA-256: the bytes that are hashed, logged and signed.

Does not decide what a document contains; see credential.py.
"""

from __future__ import annotations

import hashlib
from typing import Any

import rfc8785

from certificates.errors import CanonicalFormError


def canonical_bytes(value: Any) -> bytes:
    """The RFC 8785 form of a JSON value, UTF-8.

    Raises CanonicalFormError for what JSON cannot carry unchanged: NaN, infinities, integers
    beyond 2^53 - 1, lone surrogates and keys that are no strings.
    """
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError) as error:
        raise CanonicalFormError(reason=str(error) or type(error).__name__) from error


def canonical_sha256(value: Any) -> str:
    """SHA-256 of the canonical bytes, lower-case hex."""
    return hashlib.sha256(canonical_bytes(value)).hexdigest()
