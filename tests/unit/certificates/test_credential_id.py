"""Credential IDs: what people type is forgiven, what they mistype is caught."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.credential_id import (
    ALPHABET,
    LENGTH,
    format_credential_id,
    new_credential_id,
    parse_credential_id,
)
from certificates.errors import (
    CredentialIdChecksumError,
    CredentialIdError,
    CredentialIdLengthError,
    CredentialIdSymbolError,
)


def seeded(seed: int) -> Callable[[int], bytes]:
    return random.Random(seed).randbytes


def is_caught(text: str) -> bool:
    try:
        parse_credential_id(text)
    except CredentialIdChecksumError:
        return True
    return False


@given(st.integers(0, 2**64))
def test_new_id_reads_back_in_every_spelling(seed: int) -> None:
    plain = new_credential_id(seeded(seed))
    assert len(plain) == LENGTH
    assert set(plain) <= set(ALPHABET)
    shown = format_credential_id(plain)
    assert len(shown) == 24
    assert shown.count("-") == 4
    for spelling in (
        shown,
        shown.lower(),
        f"  {shown.replace('-', ' ')}\n",
        shown.replace("0", "o").replace("1", "l"),
        shown.replace("0", "O").replace("1", "I").replace("-", "—"),
    ):
        assert parse_credential_id(spelling) == plain


def test_every_single_symbol_error_is_caught() -> None:
    plain = new_credential_id(seeded(1))
    for position, symbol in itertools.product(range(LENGTH), ALPHABET):
        if symbol != plain[position]:
            assert is_caught(plain[:position] + symbol + plain[position + 1 :])


def test_every_double_symbol_error_is_caught() -> None:
    # The code is linear: an error is caught for one ID exactly if it is caught for all.
    plain = new_credential_id(seeded(2))
    numbers = [ALPHABET.index(symbol) for symbol in plain]
    for one, two in itertools.combinations(range(LENGTH), 2):
        for shift_one, shift_two in itertools.product(range(1, 32), repeat=2):
            wrong = list(numbers)
            wrong[one] ^= shift_one
            wrong[two] ^= shift_two
            assert is_caught("".join(ALPHABET[number] for number in wrong))


@given(st.integers(0, 2**64))
def test_every_adjacent_swap_is_caught(seed: int) -> None:
    plain = new_credential_id(seeded(seed))
    for index in range(LENGTH - 1):
        if plain[index] != plain[index + 1]:
            swapped = plain[:index] + plain[index + 1] + plain[index] + plain[index + 2 :]
            assert is_caught(swapped)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_with_a_reason(text: str) -> None:
    try:
        assert len(parse_credential_id(text)) == LENGTH
    except CredentialIdError as error:
        assert str(error)


def test_missing_symbol_is_named_as_such() -> None:
    with pytest.raises(CredentialIdLengthError, match=r"20 .* found 19"):
        parse_credential_id(new_credential_id(seeded(3))[:-1])


@pytest.mark.parametrize("symbol", ["U", "!", "张", "\u0130"])
def test_foreign_symbol_is_named_with_its_place(symbol: str) -> None:
    plain = new_credential_id(seeded(4))
    with pytest.raises(CredentialIdSymbolError, match="position 3"):
        parse_credential_id(plain[:2] + symbol + plain[3:])
