"""What stands in a cell of the workbook <-> parts of an item: answers, blanks, pairs, notes.

Reading takes what teachers type (full width, any separator, 对 or √); writing uses one form that
reads back exactly. A fault is a `CellFault` with the sentence to show.
"""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from question_bank.answer_key import AcceptedAnswer, Blank
from question_bank.exchange.field_reader import LARGEST_EXPONENT
from question_bank.exchange.problems import ProblemKind, lost
from question_bank.exchange.workbook.columns import NO, OPTION_LETTERS, YES, plain_name
from question_bank.interactions import read_number
from question_bank.item import WrongAnswer

BAD_LETTERS = lost("expected letters of the options such as A,C; found {found}")
BAD_TRUTH = lost("expected 对 or 错, found {found}")
BAD_NUMBER = lost("expected a number, found {found}")
BAD_PAIR = lost("expected pairs such as A-1,B-2; found {found}")
BAD_BLANK = lost("expected one line per blank such as 1：FOB|离岸价; found {found}")
BAD_LINE = lost("expected lines such as A：text; found {found}")
_RIGHT = frozenset((*YES, "√", "✓", "✔", "正确", "t", "right", "正", "v"))
_WRONG = frozenset((*NO, "×", "✗", "✘", "x", "错误", "f", "wrong", "误"))
_LINE = re.compile(r"\s*([^：:\s]{1,40})\s*[：:]\s?(.*)")
_LETTERED = re.compile(r"\s*([A-Za-z])\s*[：:.、．]\s?(.*)")
_NUMBERED = re.compile(r"\s*(\d{1,3})\s*[.、．:：)）]\s?(.*)")
_SHARE = re.compile(r"\s*\[(\d{1,9}(?:/\d{1,9})?)(%?)\]$")
_TOLERANCE = re.compile(r"\s*\[±(\d{1,40}(?:\.\d{1,40})?)\]$")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_SPECIAL = re.compile(r"([\\|;；\[\]\n])")


class CellFault(ValueError):
    """A cell that cannot be read: the kind of problem and its parameters."""

    def __init__(self, kind: ProblemKind, found: str) -> None:
        super().__init__(kind.template)
        self.kind, self.found = kind, found


def letters(text: str) -> list[str]:
    """Option letters out of AC, "A,C", "A、C", "Ａ；Ｃ"; each once, in the order written."""
    plain = re.sub(r"[\s,，、;；.|/+&和>→]+", "", unicodedata.normalize("NFKC", text).upper())
    if not plain or any(letter not in OPTION_LETTERS for letter in plain):
        raise CellFault(BAD_LETTERS, text)
    return list(dict.fromkeys(plain))


def truth(text: str) -> bool:
    """对, √, T, 正确, … or their contraries."""
    word = plain_name(text) or text.strip()
    if word in _RIGHT or word == "a":
        return True
    if word in _WRONG or word == "b":
        return False
    raise CellFault(BAD_TRUTH, text)


def decimal(text: str) -> Decimal:
    """A number as typed; exponents as far as our own format takes them."""
    value = read_number(text)
    if value is None:
        try:
            value = Decimal(text.strip()[:LARGEST_EXPONENT])
        except InvalidOperation:
            raise CellFault(BAD_NUMBER, text) from None
    if not value.is_finite() or abs(value.adjusted()) >= LARGEST_EXPONENT:
        raise CellFault(BAD_NUMBER, text)
    return value


def fraction(text: str) -> Fraction:
    """2, 0.5, 1/3 or 50%."""
    plain = unicodedata.normalize("NFKC", text).strip().replace("⁄", "/")
    found = re.fullmatch(r"([+-]?\d{1,20}(?:/\d{1,20}|\.\d{1,20})?)(%?)", plain)
    try:
        if found:
            return Fraction(found[1]) / (100 if found[2] else 1)
    except ZeroDivisionError:
        pass
    raise CellFault(BAD_NUMBER, text)


def yes(text: str) -> bool:
    """是 or 否."""
    word = plain_name(text)
    if word in YES or word in NO:
        return word in YES
    raise CellFault(BAD_TRUTH, text)


def pairs(text: str) -> list[tuple[str, int]]:
    """A-1, B-2 as letters and numbers of the second column."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text).upper())
    found = re.findall(r"([A-Z])[-—–=:>→]*(\d{1,3})", plain)
    if re.sub(r"[A-Z][-—–=:>→]*\d{1,3}|[,、;|.]", "", plain) or not found:
        raise CellFault(BAD_PAIR, text)
    return [(letter, int(number)) for letter, number in found]


def numbered_lines(text: str) -> list[str]:
    """The lines of the second column of a match, without their numbers."""
    return [_unescaped(_after_number(line)) for line in text.split("\n") if line.strip()]


def _after_number(line: str) -> str:
    found = _NUMBERED.fullmatch(line)
    return found[2] if found else line.strip()


def written_lines(texts: list[str]) -> str:
    """Numbered lines that `numbered_lines` reads back."""
    return "\n".join(f"{number}. {_escaped(text)}" for number, text in enumerate(texts, start=1))


def notes(text: str) -> dict[str, str]:
    """`A：…` per line; a line without a letter goes on with the one before."""
    found: dict[str, list[str]] = {}
    current = ""
    for line in text.split("\n"):
        marked = _LETTERED.fullmatch(line)
        if marked:
            current = marked[1].upper()
            found.setdefault(current, []).append(marked[2])
        elif current:
            found[current].append(line.removeprefix("\\"))
        elif line.strip():
            raise CellFault(BAD_LINE, text)
    return {letter: "\n".join(lines).strip() for letter, lines in found.items()}


def written_notes(by_letter: Mapping[str, str]) -> str:
    """Notes that `notes` reads back."""
    lines = []
    for letter, note in by_letter.items():
        first, *more = note.split("\n")
        kept = (f"\\{line}" if _LETTERED.match(line) or line[:1] == "\\" else line for line in more)
        lines.append("\n".join((f"{letter}：{first}", *kept)))
    return "\n".join(lines)


def blanks(text: str, exact: str, marked: list[str]) -> tuple[Blank, ...]:
    """One line per blank: `1：FOB|离岸价 [1/2]`; without names in the order of the stem's marks.

    `exact` is 是, 否, empty, or the blanks in which case matters: 空1,空3.
    """
    lines = [line for line in re.split(r"(?<!\\)[\n;；]", text) if line.strip()]
    if not lines:
        raise CellFault(BAD_BLANK, text)
    names = marked + [str(number) for number in range(len(marked) + 1, len(lines) + 1)]
    found = [_named_blank(line, names, name) for line, name in zip(lines, names, strict=False)]
    word = plain_name(exact)
    minding = {name for name, _accepted in found} if word in YES else set()
    if word not in YES and word not in NO and exact.strip():
        minding = set(re.split(r"[\s,，、;；]+", exact.replace("空", "").strip()))
    return tuple(Blank(name, accepted, name in minding) for name, accepted in found)


def _named_blank(
    line: str, names: list[str], next_name: str
) -> tuple[str, tuple[AcceptedAnswer, ...]]:
    name, colon, written = line.partition("：")
    if not colon or name.strip() not in names:
        name, written = next_name, line
    accepted = tuple(_accepted(part) for part in re.split(r"(?<!\\)\|", written))
    if not all(answer.text for answer in accepted):
        raise CellFault(BAD_BLANK, line)
    return name.strip(), accepted


def _accepted(written: str) -> AcceptedAnswer:
    share, tolerance = Fraction(1), None
    credited = _SHARE.search(written)
    if credited:
        share = fraction(f"{credited[1]}{credited[2]}")
        written = written[: credited.start()]
    bounded = _TOLERANCE.search(written)
    if bounded:
        tolerance = Decimal(bounded[1])
        written = written[: bounded.start()]
    return AcceptedAnswer(_unescaped(written.strip()), share, tolerance)


def written_blanks(listed: tuple[Blank, ...]) -> str:
    """Blanks that `blanks` reads back."""
    return "\n".join(
        f"{blank.id}：{'|'.join(_written_answer(answer) for answer in blank.accepted)}"
        for blank in listed
    )


def _written_answer(answer: AcceptedAnswer) -> str:
    share = "" if answer.share == 1 else f" [{answer.share}]"
    tolerance = "" if answer.tolerance is None else f" [±{answer.tolerance:f}]"
    return f"{_escaped(answer.text)}{tolerance}{share}"


def slips(text: str) -> tuple[WrongAnswer, ...]:
    """`900：漏加运费` per line."""
    found: list[WrongAnswer] = []
    for line in text.split("\n"):
        if not line.strip():
            continue
        marked = _LINE.fullmatch(line)
        if not marked:
            raise CellFault(BAD_LINE, text)
        found.append(WrongAnswer(decimal(marked[1]), _unescaped(marked[2])))
    return tuple(found)


def written_slips(listed: tuple[WrongAnswer, ...]) -> str:
    """Named wrong answers that `slips` reads back."""
    return "\n".join(f"{slip.value}：{_escaped(slip.note)}" for slip in listed)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda found: "\\n" if found[0] == "\n" else f"\\{found[0]}", text)


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: "\n" if found[1] == "n" else found[1], text)
