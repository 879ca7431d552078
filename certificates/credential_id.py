"""Credential IDs: 18 random Crockford base-32 symbols and 2 Reed-Solomon check symbols.

The code is a shortened RS(20, 18) over GF(32) with generator (x - 1)(x - a): its minimum
distance is 3, so every single and every double symbol error is caught, adjacent swaps among
them (a swap is a double error). IDs are random, never sequential; uniqueness in a registry is
the caller's (90 random bits). Alphabet: Douglas Crockford, Base 32 (no I, L, O, U).
"""

from __future__ import annotations

from collections.abc import Callable

from certificates.errors import (
    CredentialIdChecksumError,
    CredentialIdLengthError,
    CredentialIdSymbolError,
)

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
DATA_SYMBOLS = 18
LENGTH = 20
GROUP = 4
_LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
# Typed dashes come in many shapes: hyphen, minus, en and em dash, full-width hyphen.
_SEPARATORS = "-\u2010\u2011\u2012\u2013\u2014\u2212\uff0d"
_PRIMITIVE_POLYNOMIAL = 0b100101  # x^5 + x^2 + 1 over GF(2)


def _powers_of_a() -> tuple[int, ...]:
    powers = [1]
    while len(powers) < 31:
        value = powers[-1] << 1
        powers.append(value ^ _PRIMITIVE_POLYNOMIAL if value & 32 else value)
    return tuple(powers)


_EXP = _powers_of_a()
_LOG = {value: exponent for exponent, value in enumerate(_EXP)}


def _multiply(left: int, right: int) -> int:
    if left == 0 or right == 0:
        return 0
    return _EXP[(_LOG[left] + _LOG[right]) % 31]


def _divide(left: int, right: int) -> int:
    return 0 if left == 0 else _EXP[(_LOG[left] - _LOG[right]) % 31]


def _syndromes(symbols: list[int]) -> tuple[int, int]:
    """The word's polynomial at 1 and at a; both zero for a code word (position 0 = x^0)."""
    plain = weighted = 0
    for position, symbol in enumerate(symbols):
        plain ^= symbol
        weighted ^= _multiply(symbol, _EXP[position])
    return plain, weighted


def _check_symbols(data: list[int]) -> list[int]:
    """Two symbols p, q at positions 18, 19 that bring both syndromes to zero."""
    plain, weighted = _syndromes(data)
    # p + q = plain and p*a^18 + q*a^19 = weighted
    last = _divide(
        weighted ^ _multiply(plain, _EXP[DATA_SYMBOLS]),
        _EXP[DATA_SYMBOLS] ^ _EXP[DATA_SYMBOLS + 1],
    )
    return [plain ^ last, last]


def new_credential_id(random_bytes: Callable[[int], bytes]) -> str:
    """A fresh ID from 90 bits of `random_bytes(n)` (secrets.token_bytes in production)."""
    number = int.from_bytes(random_bytes(12), "big")
    data = [(number >> (5 * index)) & 31 for index in range(DATA_SYMBOLS)]
    return "".join(ALPHABET[symbol] for symbol in data + _check_symbols(data))


def parse_credential_id(text: str) -> str:
    """The plain 20-symbol form of a typed ID.

    Case, blanks and dashes are forgiven; O reads as 0, I and L as 1. Raises CredentialIdError
    (length, foreign symbol, or check symbols that do not agree).
    """
    plain = "".join(c for c in text if not c.isspace() and c not in _SEPARATORS)
    plain = plain.upper().translate(_LOOK_ALIKES)
    for position, symbol in enumerate(plain, start=1):
        if symbol not in ALPHABET:
            raise CredentialIdSymbolError(symbol=symbol, position=position)
    if len(plain) != LENGTH:
        raise CredentialIdLengthError(expected=LENGTH, found=len(plain))
    if _syndromes([ALPHABET.index(symbol) for symbol in plain]) != (0, 0):
        raise CredentialIdChecksumError(text=format_credential_id(plain))
    return plain


def format_credential_id(credential_id: str) -> str:
    """Five groups of four, for the eye: XXXX-XXXX-XXXX-XXXX-XXXX."""
    return "-".join(credential_id[i : i + GROUP] for i in range(0, len(credential_id), GROUP))
