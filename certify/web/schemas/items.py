"""Items and releases as teachers read and write them; `item` is the bank's own format."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from marshmallow import Schema, ValidationError, fields
from marshmallow.validate import Length, OneOf, Range

from certify.services.banking import LONGEST_TITLE
from certify.services.ports import StoredItem
from certify.web.schemas.fields import (
    NumberText,
    PageAnswer,
    PageQuery,
    StrictSchema,
    described,
    text,
)
from certify.web.vocabulary import DIMENSIONS, LEVELS
from question_bank.findings import Finding
from question_bank.item import ItemStatus, ItemType

TYPES = tuple(kind.value for kind in ItemType)
STATUSES = tuple(status.value for status in ItemStatus)
ITEM_LEVELS = tuple(level for level in LEVELS if level != "none")
LONGEST_TEXT = 20_000
NUMBER_DOC = {"type": ["string", "number"]}
HIGHEST_VERSION = 1_000_000


def optional_text(longest: int = LONGEST_TEXT) -> fields.String:
    return text(longest, shortest=0, required=False)


class OptionContent(StrictSchema):
    id = text(16)
    text = optional_text(2000)
    correct = fields.Boolean(truthy={True}, falsy={False})
    note = optional_text()


class NumericAnswer(StrictSchema):
    value = NumberText(required=True, metadata=NUMBER_DOC)
    tolerance = NumberText(required=True, metadata=NUMBER_DOC)
    decimals = fields.Integer(strict=True, required=True, validate=Range(0, 12))
    unit = optional_text(40)
    formula = optional_text(500)


class AnswerContent(fields.Field):
    """true or false, or a number with its tolerance; options carry their own key."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return value

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        if isinstance(value, bool):
            return value
        if isinstance(value, dict):
            return NumericAnswer().load(value)
        raise ValidationError("Expected true, false or a mapping with value and tolerance.")


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


class ItemContent(StrictSchema):
    """One item in the bank's own format."""

    id = text(32, required=False)
    node = text(8)
    dimension = fields.String(validate=OneOf(DIMENSIONS))
    level = fields.String(required=True, validate=OneOf(ITEM_LEVELS))
    type = fields.String(required=True, validate=OneOf(TYPES))
    point = optional_text(500)
    bloom = optional_text(64)
    stem = text(LONGEST_TEXT)
    options = fields.List(fields.Nested(OptionContent), validate=Length(max=20))
    answer = AnswerContent(
        allow_none=True,
        metadata={"anyOf": [{"type": "boolean"}, {"type": "object"}, {"type": "null"}]},
    )
    wrong_answers = fields.List(fields.Nested(WrongAnswerContent), validate=Length(max=20))
    explanation = optional_text()
    takeaway = optional_text()
    source = optional_text(1000)
    expected_seconds = fields.Integer(strict=True, required=True, validate=Range(1, 36_000))
    difficulty = fields.Nested(DifficultyContent, required=True)
    calibration = fields.Nested(CalibrationContent)
    enemies = fields.List(text(32), validate=Length(max=50))
    valid_until = text(10, required=False, metadata=described("A date such as 2027-10-31"))


class ItemQuery(PageQuery):
    text = fields.String(load_default="", validate=Length(max=100))
    node = fields.String(load_default="", validate=Length(max=8))
    dimension = fields.String(load_default="", validate=OneOf(DIMENSIONS))
    level = fields.String(load_default="", validate=OneOf(ITEM_LEVELS))
    type = fields.String(load_default="", validate=OneOf(TYPES))
    status = fields.String(load_default="", validate=OneOf(STATUSES))


class ItemEntry(Schema):
    id = fields.String(required=True)
    version = fields.Integer(required=True)
    node = fields.String(required=True)
    dimension = fields.String(required=True)
    level = fields.String(required=True)
    type = fields.String(required=True)
    status = fields.String(required=True)
    stem = fields.String(required=True)
    author = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)


class ItemsAnswer(PageAnswer):
    items = fields.List(fields.Nested(ItemEntry), required=True)


class VersionsAnswer(Schema):
    versions = fields.List(fields.Nested(ItemEntry), required=True)


class FindingAnswer(Schema):
    severity = fields.String(required=True)
    rule = fields.String(required=True)
    field = fields.String(required=True)
    message = fields.String(required=True)


class ItemVersionAnswer(Schema):
    id = fields.String(required=True)
    version = fields.Integer(required=True)
    status = fields.String(required=True)
    author = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    item = fields.Nested(ItemContent, required=True)
    findings = fields.List(
        fields.Nested(FindingAnswer),
        required=True,
        metadata=described("Errors forbid a release, warnings advise"),
    )


class NewItem(StrictSchema):
    item = fields.Nested(ItemContent, required=True)
    status = fields.String(load_default=ItemStatus.DRAFT.value, validate=OneOf(STATUSES))


class ItemChange(NewItem):
    based_on = fields.Integer(
        strict=True,
        required=True,
        validate=Range(1, HIGHEST_VERSION),
        metadata=described("The version that was edited"),
    )


class ReleaseEntry(Schema):
    digest = fields.String(required=True)
    title = fields.String(required=True)
    item_count = fields.Integer(required=True)
    created_at = fields.AwareDateTime(required=True)
    author = fields.String(required=True)


class ReleasesAnswer(Schema):
    releases = fields.List(fields.Nested(ReleaseEntry), required=True)


class NewRelease(StrictSchema):
    title = text(LONGEST_TITLE)


def entry_body(stored: StoredItem) -> dict[str, Any]:
    """An item version without its content."""
    return {
        "id": stored.item_id,
        "version": stored.version,
        "node": stored.node,
        "dimension": stored.dimension,
        "level": stored.level,
        "type": stored.type,
        "status": stored.status,
        "stem": stored.stem,
        "author": stored.author,
        "created_at": stored.created_at,
    }


def version_body(stored: StoredItem, findings: list[Finding]) -> dict[str, Any]:
    """An item version with its content and what is wrong with it."""
    return {
        "id": stored.item_id,
        "version": stored.version,
        "status": stored.status,
        "author": stored.author,
        "created_at": stored.created_at,
        "item": stored.content,
        "findings": [finding_body(finding) for finding in findings],
    }


def finding_body(finding: Finding) -> dict[str, str]:
    """A finding in the language of the request."""
    return {
        "severity": finding.severity.value,
        "rule": finding.rule,
        "field": finding.field,
        "message": gettext(finding.template).format(**finding.params),
    }
