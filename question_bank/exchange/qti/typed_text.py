r"""What a blank accepts, as a pattern: our tolerance of width, case and blanks said in QTI.

`scoring_rules.plain_text` compares texts after they were normalised, which QTI cannot. The pattern
lists instead what is normalised to the accepted answer: `[aAａＡ]` for each sign, `\s*` where a
blank does not matter; for a number also leading zeros, commas between thousands and zeros at the
end. Not listed are powers of ten (1.2e3) and digits of other scripts.
"""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from question_bank.interactions import read_number
from question_bank.scoring_rules import plain_text

_RANGES = ((0x20, 0x378), (0x378, 0xD800), (0xF900, 0x10000))
_SPECIAL = re.compile(r"[\\\[\]^-]")
DIGITS = {str(digit): f"{digit}{chr(0xFF10 + digit)}" for digit in range(10)}


def accepted_pattern(text: str, case_sensitive: bool) -> str:
    """The pattern of XML Schema that fits what counts as this answer, whole."""
    number = read_number(text)
    whole = f"{_blanks()}*{_words(plain_text(text, case_sensitive), case_sensitive)}{_blanks()}*"
    return whole if number is None else f"{whole}|{_number(number)}"


def something_pattern() -> str:
    """The pattern of a text that is not blank."""
    return rf"[\s\S]*[^{_blank_signs()}][\s\S]*"


@cache
def _sources(case_sensitive: bool) -> Mapping[str, str]:
    """What single signs become when a text is normalised -> all the signs that become it."""
    sources: dict[str, list[str]] = {}
    for first, last in _RANGES:
        for code in range(first, last):
            sign = chr(code)
            plain = unicodedata.normalize("NFKC", sign)
            sources.setdefault(plain if case_sensitive else plain.casefold(), []).append(sign)
    return {plain: "".join(signs) for plain, signs in sources.items()}


@cache
def _runs(case_sensitive: bool) -> Mapping[str, tuple[str, ...]]:
    """Runs that single signs stand for (kg, fi), longest first, by their first sign."""
    runs: dict[str, list[str]] = {}
    for plain in _sources(case_sensitive):
        if len(plain) > 1:
            runs.setdefault(plain[0], []).append(plain)
    return {first: tuple(sorted(found, key=len, reverse=True)) for first, found in runs.items()}


@cache
def _blank_signs() -> str:
    signs = {chr(code) for code in range(0x20, 0x3100) if chr(code).isspace()}
    return rf"\s{''.join(sorted(signs))}"


def _blanks() -> str:
    return f"[{_blank_signs()}]"


def _sign_class(signs: str) -> str:
    return f"[{_SPECIAL.sub(lambda found: chr(92) + found[0], signs)}]"


def _words(plain: str, case_sensitive: bool) -> str:
    written, at = "", 0
    while at < len(plain):
        run = _run_at(plain, at, case_sensitive)
        written += _gap(plain, at) + _spelled(run, case_sensitive)
        at += len(run)
    return written


def _run_at(plain: str, at: int, case_sensitive: bool) -> str:
    longer = _runs(case_sensitive).get(plain[at], ())
    return next((run for run in longer if plain.startswith(run, at)), plain[at])


def _gap(plain: str, at: int) -> str:
    """Blanks allowed before a sign: none between Latin letters, any where they do not matter."""
    if at == 0 or plain[at] == " " or plain[at - 1] == " ":
        return ""
    return "" if plain[at - 1].isascii() and plain[at].isascii() else f"{_blanks()}*"


def _spelled(run: str, case_sensitive: bool) -> str:
    if run == " ":
        return f"{_blanks()}+"
    signs = _sources(case_sensitive).get(run, run if len(run) == 1 else "")
    ways = [_sign_class(signs)] if signs else []
    if len(run) > 1:
        single = "".join(
            _gap(run, place) + _spelled(sign, case_sensitive) for place, sign in enumerate(run)
        )
        ways.append(single)
    for sign in signs:
        apart = unicodedata.normalize("NFD", sign)
        if len(apart) > 1:
            ways.append("".join(_sign_class(part) for part in apart))
    return ways[0] if len(ways) == 1 else f"({'|'.join(ways)})"


def _number(value: Decimal) -> str:
    """The ways to type a number: sign, zeros in front and behind, thousands, blanks between."""
    whole, _, part = format(abs(value), "f").partition(".")
    whole, part = whole.lstrip("0"), part.rstrip("0")
    point = f"{_sign_class(_sources(True)['.'])}{_space()}"
    zeros, tail = f"({_digit('0')})*", f"({_digit('0')})*"
    digits = "".join(map(_digit, whole))
    if part:
        fraction = f"{point}{''.join(map(_digit, part))}{tail}"
        plain = f"{zeros}{digits}{fraction}"
    else:
        fraction = f"{point}{_digit('0')}{tail}"
        integer = f"{zeros}{digits}" if digits else f"{_digit('0')}{zeros}"
        plain = f"{integer}({point}{tail})?" + ("" if digits else f"|{fraction}")
    grouped = _grouped(whole)
    ending = fraction if part else f"({fraction})?"
    forms = [plain, f"{grouped}{ending}"] if grouped else [plain]
    return f"{_blanks()}*{_sign(value)}{_space()}({'|'.join(forms)}){_blanks()}*"


def _sign(value: Decimal) -> str:
    minus = _sign_class(_sources(True)["-"] + _sources(True)["−"])
    plus = _sign_class(_sources(True)["+"])
    if value < 0:
        return minus
    return f"({plus}|{minus})?" if value == 0 else f"{plus}?"


def _digit(digit: str) -> str:
    return f"[{DIGITS[digit]}]{_space()}"


@cache
def _space() -> str:
    return f"{_sign_class(_sources(True)[' '])}*"


def _grouped(whole: str) -> str:
    """Digits with commas between thousands; nothing for fewer than four."""
    if len(whole) < 4:
        return ""
    first = len(whole) % 3 or 3
    groups = [whole[:first], *(whole[at : at + 3] for at in range(first, len(whole), 3))]
    comma = f"{_sign_class(_sources(True)[','])}{_space()}"
    lead = f"({_digit('0')})?" * (3 - first)
    return lead + comma.join("".join(map(_digit, group)) for group in groups)
