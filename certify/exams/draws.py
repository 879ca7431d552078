"""Draws that depend on an attempt's seed alone, the same on every machine and in every replay."""

import hashlib
from functools import lru_cache

import numpy as np

from certify.psychometrics.irt import FloatArray

DRAWS_KEPT = 2048
"""Some 6 kB each for a bank of 700 items."""


def seeded_draw(seed: str, position: int, size: int, purpose: str = "item") -> int:
    """A number in [0, size) that depends only on its arguments."""
    digest = hashlib.sha256(f"{seed}/{position}/{purpose}".encode()).digest()
    return int.from_bytes(digest, "big") % size


@lru_cache(maxsize=DRAWS_KEPT)
def seeded_uniforms(seed: str, count: int, purpose: str) -> FloatArray:
    """Numbers in [0, 1), shape (count,): raw PCG64 output, whose stream numpy never changes.

    Every step of an attempt asks for the same ones: they are kept, and cannot be written to.
    """
    number = int.from_bytes(hashlib.sha256(f"{seed}/{purpose}".encode()).digest()[:16], "big")
    raw = np.random.PCG64(number).random_raw(count)
    uniforms = np.asarray((raw >> np.uint64(11)) * 2.0**-53)
    uniforms.flags.writeable = False
    return uniforms
