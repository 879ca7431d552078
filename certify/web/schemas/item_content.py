"""One item in the bank's own format, as far as its shape and size; the bank judges the rest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields
from marshmallow.validate import Length, OneOf, Range

from certify.web.schemas.fields import NumberText, StrictSchema, described, text
from certify.web.vocabulary import DIMENSIONS, LEVELS
from question_bank.item import ItemType
from question_bank.scoring import ScoringRule

TYPES = tuple(kind.value for kind in ItemType)
ITEM_LEVELS = tuple(level for level in LEVELS if level != "none")
RULES = tuple(rule.value for rule in ScoringRule)
LONGEST_TEXT = 20_000
LONGEST_MARKUP = 500_000
LONGEST_ANSWER = 50_000
NUMBER_DOC = {"type": ["string", "number"]}


def optional_text(longest: int = LONGEST_TEXT) -> fields.String:
    return text(longest, shortest=0, required=False)


class TargetContent(StrictSchema):
    id = text(64)
    text = optional_text(2000)


class OptionContent(TargetContent):
    correct = fields.Boolean(truthy={True}, falsy={False})
    note = optional_text()


class NumericAnswer(StrictSchema):
    value = NumberText(required=True, metadata=NUMBER_DOC)
    tolerance = NumberText(required=True, metadata=NUMBER_DOC)
    decimals = fields.Integer(strict=True, required=True, validate=Range(0, 12))
    unit = optional_text(40)
    formula = optional_text(500)
    relative = fields.Boolean(truthy={True}, falsy={False})


class AnswerContent(fields.Field):
    """The key in the shape of its type; options of a choice carry their own.

    true or false; a number with its tolerance; blanks with what they accept; option ids in the
    right order; the target of each option; the reference of an essay.
    """

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return value

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        if isinstance(value, bool):
            return value
        if isinstance(value, dict) and (data or {}).get("type") == ItemType.NUMERIC:
            return NumericAnswer().load(value)
        if isinstance(value, dict | list) and len(json.dumps(value)) <= LONGEST_ANSWER:
            return value
        raise ValidationError("Expected true, false, a list or a mapping, as the type asks.")


class WrongAnswerContent(StrictSchema):
    value = NumberText(required=True, metadata=NUMBER_DOC)
    note = optional_text(2000)


class DifficultyContent(StrictSchema):
    p = NumberText(required=True, metadata=NUMBER_DOC)
    basis = optional_text(200)


class CalibrationContent(StrictSchema):
    a = NumberText(required=True, metadata=NUMBER_DOC)
    b = NumberText(required=True, metadata=NUMBER_DOC)
    c = NumberText(required=True, metadata=NUMBER_DOC)
    responses = fields.Integer(strict=True, required=True, validate=Range(0, 1_000_000_000))


class ScoringContent(StrictSchema):
    rule = fields.String(validate=OneOf(RULES))
    max_points = NumberText(metadata=NUMBER_DOC)
    mapping = fields.Dict(keys=text(64), values=NumberText(metadata=NUMBER_DOC))
    lower = NumberText(allow_none=True, metadata={"type": ["string", "number", "null"]})
    upper = NumberText(allow_none=True, metadata={"type": ["string", "number", "null"]})


class StimulusContent(StrictSchema):
    id = text(64)
    title = optional_text(200)
    text = optional_text()


class FileContent(StrictSchema):
    name = text(200)
    media_type = text(100)
    digest = text(64, metadata=described("SHA-256 of a file that the bank holds, in hexadecimal"))


class ItemContent(StrictSchema):
    """One item in the bank's own format. What an item does not have is left out."""

    id = text(32, required=False)
    node = text(8, shortest=0, metadata=described("Empty for an item not tagged yet"))
    dimension = fields.String(validate=OneOf((*DIMENSIONS, "")))
    level = fields.String(required=True, validate=OneOf((*ITEM_LEVELS, "")))
    type = fields.String(required=True, validate=OneOf(TYPES))
    point = optional_text(500)
    bloom = optional_text(64)
    stem = text(LONGEST_TEXT)
    options = fields.List(fields.Nested(OptionContent), validate=Length(max=50))
    targets = fields.List(fields.Nested(TargetContent), validate=Length(max=50))
    answer = AnswerContent(
        allow_none=True,
        metadata={
            "anyOf": [{"type": kind} for kind in ("boolean", "object", "array", "null")],
            **described(AnswerContent.__doc__ or ""),
        },
    )
    wrong_answers = fields.List(fields.Nested(WrongAnswerContent), validate=Length(max=20))
    scoring = fields.Nested(ScoringContent)
    explanation = optional_text()
    takeaway = optional_text()
    source = optional_text(1000)
    expected_seconds = fields.Integer(strict=True, required=True, validate=Range(1, 36_000))
    difficulty = fields.Nested(DifficultyContent, required=True)
    calibration = fields.Nested(CalibrationContent)
    enemies = fields.List(text(32), validate=Length(max=50))
    valid_until = text(10, required=False, metadata=described("A date such as 2027-10-31"))
    stimulus = fields.Nested(StimulusContent)
    work_area = optional_text(100)
    chapter = optional_text(100)
    files = fields.List(fields.Nested(FileContent), validate=Length(max=50))
    markup = optional_text(LONGEST_MARKUP)
    shuffle = fields.Boolean(truthy={True}, falsy={False})
