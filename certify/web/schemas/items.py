"""Items and releases as teachers read and write them; `item` is the bank's own format."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf, Range

from certify.services.ports import StoredItem
from certify.services.releasing import LONGEST_TITLE
from certify.web.schemas.fields import PageAnswer, PageQuery, StrictSchema, described, text
from certify.web.schemas.item_content import ITEM_LEVELS, TYPES, ItemContent
from certify.web.vocabulary import DIMENSIONS
from question_bank.findings import Finding
from question_bank.item import ItemStatus

STATUSES = tuple(status.value for status in ItemStatus)
HIGHEST_VERSION = 1_000_000


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
