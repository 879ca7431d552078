"""Matches texts against regular expressions of XML Schema in time linear in the text.

All states that the text so far can lead to are followed at once (Thompson's construction), so no
pattern and no text can make the matcher run away.
"""

from dataclasses import dataclass, field
from functools import lru_cache

from question_bank.qti.pattern_syntax import (
    Characters,
    CharacterTest,
    Choice,
    Pattern,
    PatternParser,
    Repeat,
    Sequence,
    UnreadablePattern,
)

MOST_STATES = 3_000
__all__ = ["MOST_WORK", "UnreadablePattern", "matched", "matches"]


@dataclass(slots=True)
class _Automaton:
    """States by number: `moves` on one character, `free` without one."""

    moves: list[tuple[CharacterTest, int] | None] = field(default_factory=list)
    free: list[list[int]] = field(default_factory=list)

    def state(self) -> int:
        if len(self.moves) >= MOST_STATES:
            raise UnreadablePattern("too large")
        self.moves.append(None)
        self.free.append([])
        return len(self.moves) - 1

    def build(self, pattern: Pattern, start: int) -> int:
        """Add a pattern behind a state; the state where it ends."""
        if isinstance(pattern, Characters):
            end = self.state()
            self.moves[start] = (pattern.test, end)
            return self._after(end)
        if isinstance(pattern, Sequence):
            for part in pattern.parts:
                start = self.build(part, start)
            return start
        if isinstance(pattern, Choice):
            return self._choice(pattern, start)
        return self._repeat(pattern, start)

    def _after(self, state: int) -> int:
        """A fresh state behind another: a state has one move, and it may be the next part's."""
        following = self.state()
        self.free[state].append(following)
        return following

    def _choice(self, pattern: Choice, start: int) -> int:
        end = self.state()
        for branch in pattern.branches:
            self.free[self.build(branch, self._after(start))].append(end)
        return end

    def _repeat(self, pattern: Repeat, start: int) -> int:
        for _ in range(pattern.least):
            start = self.build(pattern.part, start)
        if pattern.most is None:
            loop = self._after(start)
            self.free[self.build(pattern.part, self._after(loop))].append(loop)
            return self._after(loop)
        end = self.state()
        for _ in range(pattern.most - pattern.least):
            self.free[start].append(end)
            start = self.build(pattern.part, self._after(start))
        self.free[start].append(end)
        return end

    def closure(self, states: set[int]) -> set[int]:
        """All states reachable without a character."""
        pending, reached = list(states), set(states)
        while pending:
            for following in self.free[pending.pop()]:
                if following not in reached:
                    reached.add(following)
                    pending.append(following)
        return reached


@lru_cache(maxsize=128)
def _compiled(pattern: str) -> tuple[_Automaton, int]:
    automaton = _Automaton()
    start = automaton.state()
    return automaton, automaton.build(PatternParser(pattern).parse(), start)


MOST_WORK = 400_000
"""States times characters that one match may visit."""


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text fits the pattern. Raises UnreadablePattern."""
    return matched(pattern, text)[0]


def matched(pattern: str, text: str) -> tuple[bool, int]:
    """Whether the whole text fits, and how many states were visited. Raises UnreadablePattern."""
    automaton, end = _compiled(pattern)
    current = automaton.closure({0})
    work = 0
    for character in text:
        work += len(current)
        if work > MOST_WORK:
            raise UnreadablePattern("too much work for this text")
        reached = {
            move[1]
            for move in (automaton.moves[state] for state in current)
            if move is not None and move[0](character)
        }
        if not reached:
            return False, work
        current = automaton.closure(reached)
    return end in current, work
