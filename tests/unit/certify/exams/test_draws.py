"""Draws: the same on every machine and in every replay, and as even as chance."""

from __future__ import annotations

import hashlib
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from certify.exams.draws import seeded_draw, seeded_uniforms


@given(seed=st.text(max_size=40), position=st.integers(0, 99), size=st.integers(1, 10**6))
def test_a_draw_is_in_range_and_repeatable(seed: str, position: int, size: int) -> None:
    drawn = seeded_draw(seed, position, size)
    assert 0 <= drawn < size
    assert seeded_draw(seed, position, size) == drawn


def test_a_draw_depends_on_each_of_its_arguments() -> None:
    draws = [seeded_draw("seed", position, 1000) for position in range(1, 200)]
    assert len(set(draws)) > 150
    assert seeded_draw("seed", 1, 10**9) != seeded_draw("other", 1, 10**9)
    assert seeded_draw("seed", 1, 10**9) != seeded_draw("seed", 1, 10**9, "option")


def test_a_draw_is_even() -> None:
    counts = Counter(seeded_draw(f"seed {number}", 1, 3) for number in range(3000))
    # 1000 expected, standard deviation 26
    assert all(900 < counts[drawn] < 1100 for drawn in range(3))


def test_a_draw_is_the_same_on_every_machine() -> None:
    """98 is the SHA-256 of the text 00ff/7/item as a number, modulo 1000 (by `sha256sum`)."""
    assert seeded_draw("00ff", 7, 1000) == 98


@given(seed=st.text(max_size=40), count=st.integers(0, 300))
def test_uniforms_are_in_range_and_begin_alike(seed: str, count: int) -> None:
    numbers = seeded_uniforms(seed, count, "eligibility")
    assert numbers.shape == (count,)
    assert ((numbers >= 0) & (numbers < 1)).all()
    np.testing.assert_array_equal(seeded_uniforms(seed, count + 5, "eligibility")[:count], numbers)


def test_uniforms_depend_on_seed_and_purpose() -> None:
    first = seeded_uniforms("seed", 100, "turn")
    assert not np.isin(first, seeded_uniforms("other", 100, "turn")).any()
    assert not np.isin(first, seeded_uniforms("seed", 100, "eligibility")).any()


def test_uniforms_are_even() -> None:
    numbers = seeded_uniforms("seed", 100_000, "turn")
    assert numbers.mean() == pytest.approx(0.5, abs=0.005)
    assert numbers.var() == pytest.approx(1 / 12, abs=0.002)


def test_uniforms_are_those_of_the_generator_as_published() -> None:
    """PCG64 seeded with 16 bytes of the SHA-256 of seed/purpose, 53 bits of each output."""
    number = int.from_bytes(hashlib.sha256(b"seed/turn").digest()[:16], "big")
    expected = np.random.Generator(np.random.PCG64(number)).random(5)
    np.testing.assert_array_equal(seeded_uniforms("seed", 5, "turn"), expected)
