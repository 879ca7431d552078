"""Random numbers that depend on the seed alone, the same on every machine and Python version.

The generator is Mulberry32 (Tommy Ettinger, public domain): 32 bits of state, also used by
browser players, so that one seed shows the same numbers there.
"""

from fractions import Fraction

_MASK = 0xFFFFFFFF


class SeededRandom:
    """A stream of numbers in [0, 1)."""

    def __init__(self, seed: int) -> None:
        self._state = seed & _MASK

    def fraction(self) -> Fraction:
        """The next number in [0, 1), a multiple of 2**-32."""
        self._state = (self._state + 0x6D2B79F5) & _MASK
        mixed = self._state
        mixed = ((mixed ^ (mixed >> 15)) * (mixed | 1)) & _MASK
        mixed ^= (mixed + ((mixed ^ (mixed >> 7)) * (mixed | 61))) & _MASK
        return Fraction((mixed ^ (mixed >> 14)) & _MASK, _MASK + 1)

    def below(self, count: int) -> int:
        """An integer in [0, count); `count` is at least 1."""
        return int(self.fraction() * count)
