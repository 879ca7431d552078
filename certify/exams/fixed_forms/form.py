"""A fixed paper: which item versions, in which order, with which options first. Never changes.

Its digest is the SHA-256 of its canonical content, so two papers with one digest are one paper.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from certify.exams.errors import MalformedForm

FORMAT = "certify.exam-form.1"


@dataclass(frozen=True, slots=True)
class FormItem:
    """One item at its place on the paper; `number` counts from 1 through all sections.

    `stimulus` is the id of the block it belongs to, or empty. The orders hold ids.
    """

    number: int
    item_id: str
    version: int
    section: str
    stimulus: str
    option_order: tuple[str, ...]
    target_order: tuple[str, ...]
    points: Fraction


@dataclass(frozen=True)
class ExamForm:
    """`letter` tells the parallel forms of one assembly apart: A, B, C."""

    title: str
    letter: str
    level: str
    minutes: int
    blueprint_id: str
    blueprint_version: int
    release_digest: str
    seed: str
    items: tuple[FormItem, ...]

    @property
    def total_points(self) -> Fraction:
        """What the whole paper is worth."""
        return sum((item.points for item in self.items), Fraction(0))

    @cached_property
    def content(self) -> bytes:
        """Sorted keys, no blanks, UTF-8, no floats: the same bytes on every machine."""
        data = {"format": FORMAT, **asdict(self)}
        data["items"] = [{**entry, "points": str(entry["points"])} for entry in data["items"]]
        return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    @cached_property
    def digest(self) -> str:
        """In hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


def read_form(content: bytes, digest: str) -> ExamForm:
    """Rebuild a form from its stored content. Raises MalformedForm when it was altered."""
    found = hashlib.sha256(content).hexdigest()
    if found != digest:
        raise MalformedForm(reason=f"digest {digest[:12]} expected, {found[:12]} found")
    data = json.loads(content)
    if data.pop("format") != FORMAT:
        raise MalformedForm(reason="another format")
    items = tuple(_item(entry) for entry in data.pop("items"))
    return ExamForm(**data, items=items)


def _item(entry: Mapping[str, Any]) -> FormItem:
    return FormItem(
        **{
            **entry,
            "option_order": tuple(entry["option_order"]),
            "target_order": tuple(entry["target_order"]),
            "points": Fraction(entry["points"]),
        }
    )
