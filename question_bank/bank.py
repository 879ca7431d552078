"""A bank release: an immutable snapshot of item versions that hashes to its digest.

An exam runs against a release; editing an item changes the next release, never this one.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from question_bank.errors import CorruptRelease, DuplicateItem, EmptyRelease, InvalidRelease
from question_bank.exchange.native import item_from_mapping, item_to_mapping
from question_bank.findings import Severity
from question_bank.item import Item, ItemStatus, ItemVersion
from question_bank.skills import SkillModel
from question_bank.validation import validate_bank

FORMAT = "certify.bank-release.1"
RELEASED = (ItemStatus.OPERATIONAL, ItemStatus.PRETEST)
"""Statuses of versions that enter a release."""


@dataclass(frozen=True)
class BankRelease:
    """`items` are ordered by item id; `digest` is the SHA-256 of `content`.

    They are operational or pretest; only the former are selected for exams and scored.
    """

    title: str
    created_at: dt.datetime
    items: tuple[ItemVersion, ...]
    content: bytes
    digest: str

    @cached_property
    def by_id(self) -> Mapping[str, Item]:
        """Items by their id."""
        return {version.item.id: version.item for version in self.items}

    @cached_property
    def operational(self) -> tuple[Item, ...]:
        """The items that exams select and score, ordered by id."""
        return tuple(v.item for v in self.items if v.status is ItemStatus.OPERATIONAL)


def compose_release(
    versions: Iterable[ItemVersion], *, title: str, created_at: dt.datetime, model: SkillModel
) -> BankRelease:
    """Freeze operational and pretest item versions into a release.

    Raises EmptyRelease without operational items, DuplicateItem when an item is offered in two
    versions, or InvalidRelease when any item has a finding of severity error.
    """
    items = tuple(
        sorted(
            (version for version in versions if version.status in RELEASED),
            key=lambda version: version.item.id,
        )
    )
    if not any(version.status is ItemStatus.OPERATIONAL for version in items):
        raise EmptyRelease()
    for former, later in pairwise(items):
        if former.item.id == later.item.id:
            raise DuplicateItem(where="bank release", item_id=later.item.id)
    errors = [
        finding
        for finding in validate_bank((version.item for version in items), model)
        if finding.severity is Severity.ERROR
    ]
    if errors:
        raise InvalidRelease(
            count=len({finding.item_id for finding in errors}),
            item_id=errors[0].item_id,
            message=errors[0].message,
        )
    content = _canonical(title, created_at, items)
    return BankRelease(title, created_at, items, content, hashlib.sha256(content).hexdigest())


def read_release(content: bytes, digest: str, model: SkillModel) -> BankRelease:
    """Rebuild a release from its stored content. Raises CorruptRelease when the hash differs."""
    found = hashlib.sha256(content).hexdigest()
    if found != digest:
        raise CorruptRelease(digest=digest, found=found)
    data = json.loads(content)
    if data["format"] != FORMAT:
        raise CorruptRelease(digest=digest, found=f"format {data['format']}")
    return BankRelease(
        title=data["title"],
        created_at=dt.datetime.fromisoformat(data["created_at"]),
        items=tuple(_version_from_mapping(entry, model) for entry in data["items"]),
        content=content,
        digest=digest,
    )


def _canonical(title: str, created_at: dt.datetime, items: tuple[ItemVersion, ...]) -> bytes:
    """Sorted keys, no blanks, UTF-8, no floats: the same bytes on every machine."""
    data = {
        "format": FORMAT,
        "title": title,
        "created_at": created_at.astimezone(dt.UTC).isoformat(),
        "items": [_version_to_mapping(version) for version in items],
    }
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _version_to_mapping(version: ItemVersion) -> dict[str, Any]:
    """The status stands only where it is not operational, so that old digests stay."""
    data = {
        "item": item_to_mapping(version.item),
        "version": version.version,
        "author": version.author,
        "created_at": version.created_at.astimezone(dt.UTC).isoformat(),
    }
    if version.status is not ItemStatus.OPERATIONAL:
        data["status"] = version.status.value
    return data


def _version_from_mapping(data: Mapping[str, Any], model: SkillModel) -> ItemVersion:
    return ItemVersion(
        item=item_from_mapping(data["item"], model, "bank release"),
        version=data["version"],
        status=ItemStatus(data.get("status", ItemStatus.OPERATIONAL)),
        author=data["author"],
        created_at=dt.datetime.fromisoformat(data["created_at"]),
    )
