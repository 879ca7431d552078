"""Levels and their cut scores on the ability scale, and what a normal posterior says about them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from rubrics.errors import MalformedDefinition, UnknownLevel

BELOW = "none"
"""Code of 未达标, the band below the lowest cut."""


@dataclass(frozen=True, slots=True)
class Level:
    """One level: where it begins (`cut`, theta) and the experience it presumes, in months."""

    code: str
    title_zh: str
    title_en: str
    cut: float
    experience_months: int


@dataclass(frozen=True, slots=True)
class LevelScale:
    """Levels in ascending order of their cuts; `basis` says how the cuts were set.

    `correlation` of any two dimension abilities in the population, in [0, 1).
    """

    code: str
    version: int
    basis: str
    below_title_zh: str
    below_title_en: str
    correlation: float
    levels: tuple[Level, ...]

    def __post_init__(self) -> None:
        """Raise MalformedDefinition unless there are levels of different codes with rising cuts."""
        place = f"level scale {self.code}"
        cuts = [level.cut for level in self.levels]
        rising = all(low < high for low, high in pairwise(cuts))
        if not cuts or not rising or not all(map(math.isfinite, cuts)):
            raise MalformedDefinition(where=place, expected="levels with rising cuts", found=cuts)
        if not 0 <= self.correlation < 1:
            raise MalformedDefinition(
                where=place, expected="a correlation in [0, 1)", found=self.correlation
            )
        codes = [BELOW, *(level.code for level in self.levels)]
        if len(set(codes)) < len(codes):
            raise MalformedDefinition(
                where=place, expected=f"each level code once and none called {BELOW}", found=codes
            )

    @property
    def cuts(self) -> Mapping[str, float]:
        """Cut by level code."""
        return {level.code: level.cut for level in self.levels}

    def level(self, code: str) -> Level:
        """The level of this code. Raises UnknownLevel."""
        for level in self.levels:
            if level.code == code:
                return level
        raise UnknownLevel(expected=", ".join(self.cuts), found=code)

    def rank(self, code: str) -> int:
        """0 below every cut, then 1, 2, ... Raises UnknownLevel."""
        return 0 if code == BELOW else self.levels.index(self.level(code)) + 1

    def probability_at_or_above(self, code: str, theta: float, se: float) -> float:
        """P(ability >= the level's cut) under a normal posterior N(theta, se^2).

        Raises ValueError unless theta is finite and se > 0: what is no estimate reaches no level.
        """
        if not (math.isfinite(theta) and se > 0):
            raise ValueError(
                f"expected a finite theta and a standard error above 0, found {theta}, {se}"
            )
        return upper_tail((self.level(code).cut - theta) / se)

    def posterior(self, theta: float, se: float) -> dict[str, float]:
        """Probability of each band, from BELOW upward; the values sum to one."""
        tails = [1.0, *(self.probability_at_or_above(c, theta, se) for c in self.cuts), 0.0]
        codes = (BELOW, *self.cuts)
        return {code: low - high for code, (low, high) in zip(codes, pairwise(tails), strict=True)}


def upper_tail(z: float) -> float:
    """P(Z >= z) of the standard normal."""
    return 0.5 * math.erfc(z / math.sqrt(2.0))
