"""Draws that depend on an attempt's seed alone, the same on every machine and in every replay."""

import hashlib

import numpy as np

from certify.psychometrics.irt import FloatArray


def seeded_draw(seed: str, position: int, size: int, purpose: str = "item") -> int:
    """A number in [0, size) that depends only on its arguments."""
    digest = hashlib.sha256(f"{seed}/{position}/{purpose}".encode()).digest()
    return int.from_bytes(digest, "big") % size


def seeded_uniforms(seed: str, count: int, purpose: str) -> FloatArray:
    """Numbers in [0, 1), shape (count,): raw PCG64 output, whose stream numpy never changes."""
    number = int.from_bytes(hashlib.sha256(f"{seed}/{purpose}".encode()).digest()[:16], "big")
    raw = np.random.PCG64(number).random_raw(count)
    return np.asarray((raw >> np.uint64(11)) * 2.0**-53)
