"""The form of a blueprint: from a blueprint to fields, and from fields to a blueprint.

A field that cannot be read is an error beside it; whether the numbers fit one another is found out
by the use case.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeVar

from flask_babel import gettext

from certify.exams.fixed_forms.blueprint import (
    BLOCK,
    DIFFICULTIES,
    SECTIONS,
    Attribute,
    BlockRule,
    CountRule,
    FormBlueprint,
    InformationTarget,
    Unit,
)
from certify.services.context import ServiceContext
from certify.services.planning_papers import list_curriculum
from certify.web.item_words import BLOOM_NAMES
from certify.web.paper_words import field_words
from question_bank.skills import LEVELS

Number = TypeVar("Number", int, float, Fraction)

WHOLE = re.compile(r"\d{1,5}")
DECIMAL = re.compile(r"-?\d{1,5}(\.\d{1,4})?")
POINTS = re.compile(r"\d{1,4}(\.\d{1,3}|/\d{1,3})?")
ITEM_ID = re.compile(r"[^\s,，、;；]+")
LONGEST_LIST = 5_000
PLAIN_FIELDS = (
    "title",
    "level",
    "length",
    "minutes",
    "time_percent",
    "negative_percent",
    "blocks_least",
    "blocks_most",
    "block_least_items",
    "block_most_items",
    "forms",
    "uses",
    "offsets",
    "information",
    "required",
    "excluded",
)


@dataclass(frozen=True, slots=True)
class BlueprintForm:
    """What stands in the fields, by their names; `levels` are those ticked."""

    values: Mapping[str, str]
    levels: tuple[str, ...]
    balance_truth: bool

    def get(self, name: str) -> str:
        """A field's text, empty where there is none."""
        return self.values.get(name, "")


@dataclass(slots=True)
class FormReading:
    """A blueprint read from fields, or errors by field and no blueprint."""

    form: BlueprintForm
    errors: dict[str, str] = field(default_factory=dict)
    blueprint: FormBlueprint | None = None


def form_of(blueprint: FormBlueprint) -> BlueprintForm:
    """The fields that show a blueprint."""
    values = {
        "title": blueprint.title,
        "level": blueprint.level,
        "length": str(blueprint.length),
        "minutes": str(blueprint.minutes),
        "time_percent": str(blueprint.time_percent),
        "negative_percent": str(blueprint.negative_percent),
        "blocks_least": str(blueprint.blocks.least),
        "blocks_most": str(blueprint.blocks.most),
        "block_least_items": str(blueprint.blocks.least_items),
        "block_most_items": str(blueprint.blocks.most_items),
        "forms": str(blueprint.forms),
        "uses": str(blueprint.uses),
        "offsets": _numbers_text(blueprint.target.offsets),
        "information": _numbers_text(blueprint.target.values),
        "required": " ".join(sorted(blueprint.required)),
        "excluded": " ".join(sorted(blueprint.excluded)),
    }
    for section, worth in blueprint.points.items():
        values[f"points_{section}"] = _points_text(worth)
    for rule in blueprint.rules:
        place = f"{rule.attribute}-{rule.value}"
        values[f"min-{place}"] = "" if rule.minimum is None else str(rule.minimum)
        values[f"max-{place}"] = "" if rule.maximum is None else str(rule.maximum)
        values[f"unit-{rule.attribute}"] = rule.unit.value
    return BlueprintForm(values, blueprint.levels, blueprint.balance_truth)


def read_form(
    context: ServiceContext, sent: Mapping[str, str], levels: Iterable[str]
) -> FormReading:
    """A blueprint from what a browser sent; unknown fields mean nothing."""
    places = [
        f"{attribute}-{value}"
        for attribute, values in countable_values(context).items()
        for value in values
    ]
    names = [
        *PLAIN_FIELDS,
        *(f"points_{section}" for section in SECTIONS),
        *(f"{side}-{place}" for place in places for side in ("min", "max")),
        *(f"unit-{attribute}" for attribute in Attribute),
    ]
    values = {name: sent.get(name, "").strip()[:LONGEST_LIST] for name in names}
    ticked = tuple(level for level in LEVELS if level in set(levels))
    form = BlueprintForm(values, ticked, "balance_truth" in sent)
    reading = FormReading(form)
    blueprint = _blueprint(context, reading)
    reading.blueprint = None if reading.errors else blueprint
    return reading


def countable_values(context: ServiceContext) -> dict[Attribute, tuple[str, ...]]:
    """The values that rules may be about, in the order of the form."""
    curriculum = list_curriculum()
    return {
        Attribute.SECTION: SECTIONS,
        Attribute.DIMENSION: context.skill_model.dimension_codes,
        Attribute.LEVEL: LEVELS,
        Attribute.BLOOM: tuple(BLOOM_NAMES),
        Attribute.DIFFICULTY: DIFFICULTIES,
        Attribute.NODE: tuple(context.skill_model.nodes),
        Attribute.WORK_AREA: tuple(curriculum.work_areas),
        Attribute.CHAPTER: tuple(curriculum.chapters),
    }


def _blueprint(context: ServiceContext, reading: FormReading) -> FormBlueprint:
    form = reading.form

    def whole(name: str, default: int) -> int:
        return _number(reading, name, WHOLE, int, default)

    points = {
        section: _number(reading, f"points_{section}", POINTS, Fraction, Fraction(0))
        for section in SECTIONS
        if form.get(f"points_{section}")
    }
    offsets = _numbers(reading, "offsets")
    return FormBlueprint(
        title=" ".join(form.get("title").split()),
        level=form.get("level"),
        levels=form.levels,
        length=whole("length", 0),
        minutes=whole("minutes", 0),
        points=points,
        rules=tuple(_rules(context, reading)),
        blocks=BlockRule(
            whole("blocks_least", 0) if BLOCK in points else 0,
            whole("blocks_most", 0) if BLOCK in points else 0,
            whole("block_least_items", 2),
            whole("block_most_items", 6),
        ),
        time_percent=whole("time_percent", 90),
        negative_percent=whole("negative_percent", 10),
        balance_truth=form.balance_truth,
        required=frozenset(ITEM_ID.findall(form.get("required"))),
        excluded=frozenset(ITEM_ID.findall(form.get("excluded"))),
        target=InformationTarget(
            offsets or InformationTarget().offsets, _numbers(reading, "information")
        ),
        forms=whole("forms", 1),
        uses=whole("uses", 1),
    )


def _rules(context: ServiceContext, reading: FormReading) -> Iterable[CountRule]:
    for attribute, values in countable_values(context).items():
        is_percent = reading.form.get(f"unit-{attribute}") == Unit.PERCENT
        unit = Unit.PERCENT if is_percent and attribute is not Attribute.SECTION else Unit.ITEMS
        for value in values:
            sides = [
                _number(reading, name, WHOLE, int, 0) if reading.form.get(name) else None
                for name in (f"min-{attribute}-{value}", f"max-{attribute}-{value}")
            ]
            if sides != [None, None]:
                yield CountRule(attribute, value, sides[0], sides[1], unit)


def _number(
    reading: FormReading,
    name: str,
    pattern: re.Pattern[str],
    convert: Callable[[str], Number],
    default: Number,
) -> Number:
    text = reading.form.get(name)
    if not text:
        return default
    try:
        if not pattern.fullmatch(text):
            raise ValueError(text)
        return convert(text)
    except (ValueError, ZeroDivisionError):
        label = field_words("rules" if name.startswith(("min-", "max-")) else name)
        reading.errors[name] = gettext(
            "%(field)s: enter a number instead of “%(found)s”", field=label, found=text[:20]
        )
        return default


def _numbers(reading: FormReading, name: str) -> tuple[float, ...]:
    """Numbers with blanks or commas between them."""
    found = ITEM_ID.findall(reading.form.get(name).replace("\N{MINUS SIGN}", "-"))
    if all(DECIMAL.fullmatch(one) for one in found):
        return tuple(map(float, found))
    reading.errors[name] = gettext(
        "%(field)s: enter numbers with blanks between them, for example -0.5 0 0.5",
        field=field_words(name),
    )
    return ()


def _numbers_text(values: Iterable[float]) -> str:
    return " ".join(f"{value:g}" for value in values)


def _points_text(points: Fraction) -> str:
    as_decimal = f"{float(points):g}"
    return as_decimal if Fraction(as_decimal) == points else str(points)
