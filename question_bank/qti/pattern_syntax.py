"""Regular expressions of XML Schema (part 2, appendix F) as a syntax tree.

Reads what authors write beyond the dialect too, as other players do: `^` and `$` at the ends,
groups `(?:...)`, lazy quantifiers. What is not regular (look-around, back-references) is refused.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

LONGEST_PATTERN = 2_000
DEEPEST_GROUP = 30
MOST_REPEATS = 1_000
CharacterTest = Callable[[str], bool]


class UnreadablePattern(ValueError):
    """The pattern is not in the dialect, or larger than any real one."""


@dataclass(frozen=True, slots=True)
class Characters:
    """One character that passes a test."""

    test: CharacterTest


@dataclass(frozen=True, slots=True)
class Sequence:
    """Parts one after the other; none at all matches the empty text."""

    parts: "tuple[Pattern, ...]"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several branches."""

    branches: "tuple[Pattern, ...]"


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part several times; `most` None is without end."""

    part: "Pattern"
    least: int
    most: int | None


Pattern = Characters | Sequence | Choice | Repeat


def any_of(tests: list[CharacterTest], negated: bool) -> CharacterTest:
    """A character class of several members."""
    if negated:
        return lambda character: not any(test(character) for test in tests)
    return lambda character: any(test(character) for test in tests)


def _equals(wanted: str) -> CharacterTest:
    return lambda character: character == wanted


def _between(first: str, last: str) -> CharacterTest:
    return lambda character: first <= character <= last


def _in_category(name: str, negated: bool) -> CharacterTest:
    return lambda character: unicodedata.category(character).startswith(name) != negated


def _in_block(first: int, last: int, negated: bool) -> CharacterTest:
    return lambda character: (first <= ord(character) <= last) != negated


def _is_space(character: str) -> bool:
    return character in " \t\n\r"


def _is_word(character: str) -> bool:
    return unicodedata.category(character)[0] not in "PZC"


def _is_name_start(character: str) -> bool:
    return character.isalpha() or character in "_:"


def _is_name(character: str) -> bool:
    return character.isalnum() or character in "_:-.\u00b7" or unicodedata.combining(character) > 0


def _negation(test: CharacterTest) -> CharacterTest:
    return lambda character: not test(character)


def _is_digit(character: str) -> bool:
    return unicodedata.category(character) == "Nd"


_CLASSES: dict[str, CharacterTest] = {
    "s": _is_space,
    "d": _is_digit,
    "w": _is_word,
    "i": _is_name_start,
    "c": _is_name,
}
_CONTROL = {"n": "\n", "r": "\r", "t": "\t"}
_BLOCKS = {
    "BasicLatin": (0x00, 0x7F),
    "Latin-1Supplement": (0x80, 0xFF),
    "LatinExtended-A": (0x100, 0x17F),
    "Greek": (0x370, 0x3FF),
    "Cyrillic": (0x400, 0x4FF),
    "Arabic": (0x600, 0x6FF),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
}
_MEMBERS_OF = frozenset("LMNPZSC")


class PatternParser:
    """Reads one pattern from left to right."""

    def __init__(self, pattern: str) -> None:
        if len(pattern) > LONGEST_PATTERN:
            raise UnreadablePattern(f"longer than {LONGEST_PATTERN} characters")
        self._text = pattern
        self._at = 0
        self._depth = 0

    def parse(self) -> Pattern:
        """The whole pattern. Raises UnreadablePattern."""
        found = self._choice()
        if self._at < len(self._text):
            raise UnreadablePattern(f"unexpected {self._text[self._at]!r}")
        return found

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self) -> str:
        character = self._peek()
        if not character:
            raise UnreadablePattern("ends too early")
        self._at += 1
        return character

    def _skip(self, text: str) -> bool:
        if self._text.startswith(text, self._at):
            self._at += len(text)
            return True
        return False

    def _choice(self) -> Pattern:
        branches = [self._sequence()]
        while self._skip("|"):
            branches.append(self._sequence())
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def _sequence(self) -> Pattern:
        parts: list[Pattern] = []
        self._skip("^")  # the whole text is matched anyway
        while self._peek() not in ("", "|", ")"):
            if self._peek() == "$" and self._text[self._at + 1 : self._at + 2] in ("", "|", ")"):
                self._at += 1
                continue
            parts.append(self._quantified(self._atom()))
        return Sequence(tuple(parts))

    def _atom(self) -> Pattern:
        character = self._take()
        if character == "(":
            return self._group()
        if character == "[":
            return Characters(self._class())
        if character == ".":
            return Characters(lambda found: found not in "\n\r")
        if character == "\\":
            return Characters(self._escape())
        if character in "*+?{":
            raise UnreadablePattern(f"nothing before {character!r}")
        return Characters(_equals(character))

    def _group(self) -> Pattern:
        self._depth += 1
        if self._depth > DEEPEST_GROUP:
            raise UnreadablePattern("groups nested too deep")
        if self._peek() == "?" and not self._skip("?:"):
            raise UnreadablePattern("only (?: is known of the groups with a question mark")
        found = self._choice()
        if not self._skip(")"):
            raise UnreadablePattern("a group is not closed")
        self._depth -= 1
        return found

    def _quantified(self, part: Pattern) -> Pattern:
        for sign, least, most in (("*", 0, None), ("+", 1, None), ("?", 0, 1)):
            if self._skip(sign):
                self._skip("?")  # lazy: the same texts match
                return Repeat(part, least, most)
        if self._skip("{"):
            return self._counted(part)
        return part

    def _counted(self, part: Pattern) -> Pattern:
        end = self._text.find("}", self._at)
        first, comma, last = self._text[self._at : max(end, self._at)].partition(",")
        if end < 0 or not first.isdecimal() or not (last.isdecimal() or not last):
            raise UnreadablePattern("a count is not closed")
        self._at = end + 1
        self._skip("?")
        if max(len(first), len(last)) > 4:
            raise UnreadablePattern("a count is too large")
        least = int(first)
        most = int(last) if last else (None if comma else least)
        if max(least, most or 0) > MOST_REPEATS or (most is not None and most < least):
            raise UnreadablePattern("a count is too large")
        return Repeat(part, least, most)

    def _escape(self) -> CharacterTest:
        character = self._take()
        if character in "pP":
            return self._property(negated=character == "P")
        if character.lower() in _CLASSES:
            found = _CLASSES[character.lower()]
            return found if character.islower() else _negation(found)
        if character in _CONTROL:
            return _equals(_CONTROL[character])
        if character.isalnum():
            raise UnreadablePattern(f"unknown escape \\{character}")
        return _equals(character)

    def _property(self, negated: bool) -> CharacterTest:
        end = self._text.find("}", self._at)
        if not self._skip("{") or end < 0:
            raise UnreadablePattern("a category is not closed")
        name = self._text[self._at : end]
        self._at = end + 1
        if name.startswith("Is") and name[2:] in _BLOCKS:
            return _in_block(*_BLOCKS[name[2:]], negated)
        if not 1 <= len(name) <= 2 or name[0] not in _MEMBERS_OF:
            raise UnreadablePattern(f"unknown category {name}")
        return _in_category(name, negated)

    def _class(self) -> CharacterTest:
        negated = self._skip("^")
        members: list[CharacterTest] = []
        while not self._skip("]") or not members:
            if self._text.startswith("-[", self._at) and members:
                self._at += 2
                return self._subtracted(any_of(members, negated))
            members.append(self._member())
        return any_of(members, negated)

    def _subtracted(self, minuend: CharacterTest) -> CharacterTest:
        self._depth += 1
        if self._depth > DEEPEST_GROUP:
            raise UnreadablePattern("classes nested too deep")
        subtrahend = self._class()
        self._depth -= 1
        if not self._skip("]"):
            raise UnreadablePattern("a class is not closed")
        return lambda character: minuend(character) and not subtrahend(character)

    def _member(self) -> CharacterTest:
        first = self._take()
        if first == "\\":
            if self._peek() not in _CONTROL and self._peek().isalnum():
                return self._escape()
            first = _CONTROL.get(self._peek(), self._peek())
            self._take()
        following = self._text[self._at + 1 : self._at + 2]
        if self._peek() == "-" and following not in ("", "]", "["):
            self._at += 1
            last = self._take()
            if last == "\\":
                last = self._take()
                last = _CONTROL.get(last, last)
            if last < first:
                raise UnreadablePattern("a range runs backwards")
            return _between(first, last)
        return _equals(first)
