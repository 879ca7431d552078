"""Moodle's questions with gaps in the text: embedded answers (cloze), select and drag into text."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from question_bank.answer_key import AcceptedAnswer, Blank
from question_bank.exchange.credit import share_of_percent

_KINDS = {
    "SHORTANSWER": "text",
    "SA": "text",
    "MW": "text",
    "SHORTANSWER_C": "exact",
    "SAC": "exact",
    "MWC": "exact",
    "NUMERICAL": "number",
    "NM": "number",
}
_CHOICES = re.compile(r"(?:MULTICHOICE|MC)(?:_?[VH]?S?)")
_GAP = re.compile(r"(?<!\\)\{\s*(\d{0,4})\s*:\s*([A-Z_]{2,20})\s*:((?:\\.|[^\\}]){0,20000})\}")
_ANSWER = re.compile(r"(?:=|%(-?\d{1,3}(?:\.\d{0,9})?)%)?")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_ESCAPED = re.compile(r"\\([}#~/\"\\])")
NUMBERED_GAP = re.compile(r"\[\[(\d{1,3})\]\]")
"""A gap of select or drag into text: [[1]]."""


@dataclass(frozen=True, slots=True)
class ClozeGap:
    """One gap: the blank, its weight, what may be chosen, and the feedback by answer."""

    blank: Blank
    weight: Fraction
    choices: tuple[str, ...]
    feedback: tuple[tuple[str, str], ...]
    has_pattern: bool


class UnknownGap(ValueError):
    """A gap of a kind that a blank cannot be."""


def cloze_gaps(text: str, *, is_html: bool) -> tuple[str, tuple[ClozeGap, ...]]:
    """The text with `{{1}}`, `{{2}}`, … in place of its gaps, and the gaps. Raises UnknownGap."""
    gaps: list[ClozeGap] = []

    def mark(found: re.Match[str]) -> str:
        written = html.unescape(_TAG.sub("", found[3])) if is_html else found[3]
        gap = _gap(str(len(gaps) + 1), found[1], found[2], written)
        gaps.append(gap)
        offered = f"（{' / '.join(gap.choices)}）" if gap.choices else ""
        return f"{{{{{gap.blank.id}}}}}{html.escape(offered) if is_html else offered}"

    return _GAP.sub(mark, text), tuple(gaps)


def _gap(gap_id: str, weight: str, kind: str, written: str) -> ClozeGap:
    answers = list(_answers(written))
    is_choice = _CHOICES.fullmatch(kind) is not None
    if kind not in _KINDS and not is_choice:
        raise UnknownGap(kind)
    tolerant = _KINDS.get(kind) == "number"
    accepted = tuple(
        _number(text, share) if tolerant else AcceptedAnswer(text, share)
        for text, share, _note in answers
        if share > 0
    )
    return ClozeGap(
        Blank(gap_id, accepted, case_sensitive=_KINDS.get(kind) == "exact"),
        Fraction(int(weight or 1)),
        tuple(text for text, _share, _note in answers) if is_choice else (),
        tuple((text, note) for text, _share, note in answers if note),
        not is_choice and not tolerant and any("*" in answer.text for answer in accepted),
    )


def _answers(written: str) -> Iterator[tuple[str, Fraction, str]]:
    """Text, share and feedback of each answer; answers are set apart by ~."""
    for part in re.split(r"(?<!\\)~", written):
        sign = _ANSWER.match(part)
        head = sign[0] if sign else ""
        share = Fraction(head == "=")
        if sign and sign[1] is not None:
            share = share_of_percent(Fraction(sign[1]))
        text, _mark, note = _at_note(part[len(head) :])
        yield _bare(text), share, _bare(note)


def _at_note(text: str) -> tuple[str, str, str]:
    found = re.search(r"(?<!\\)#", text)
    return (text[: found.start()], "#", text[found.end() :]) if found else (text, "", "")


def _bare(text: str) -> str:
    return _ESCAPED.sub(r"\1", text).strip()


def _number(text: str, share: Fraction) -> AcceptedAnswer:
    """`12.5:0.1` is a number with its tolerance. Raises UnknownGap for anything else."""
    value, _colon, tolerance = text.partition(":")
    try:
        number, allowed = Decimal(value.strip()), Decimal(tolerance.strip() or 0)
    except InvalidOperation:
        raise UnknownGap(text) from None
    if not (number.is_finite() and allowed.is_finite()):
        raise UnknownGap(text)
    return AcceptedAnswer(value.strip(), share, abs(allowed))


def written_gap(blank: Blank, weight: int) -> str:
    """A blank as Moodle writes it in the text."""
    numbers = any(answer.tolerance is not None for answer in blank.accepted)
    kind = "NUMERICAL" if numbers else "SHORTANSWER_C" if blank.case_sensitive else "SHORTANSWER"
    answers = "~".join(_written_answer(answer) for answer in blank.accepted)
    return f"{{{weight}:{kind}:{answers}}}"


def _written_answer(answer: AcceptedAnswer) -> str:
    sign = "=" if answer.share == 1 else f"%{float(answer.share * 100):g}%"
    tolerance = "" if answer.tolerance is None else f":{answer.tolerance:f}"
    text = re.sub(r"([}#~/\"\\])", r"\\\1", answer.text)
    return f"{sign}{text}{tolerance}"
