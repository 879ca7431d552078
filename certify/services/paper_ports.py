"""What the use cases of printed papers need from storage: records and protocols.

`ports` hands these on together with everybody else's.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from certify.services.pages import Page


@dataclass(frozen=True, slots=True)
class StoredBlueprint:
    """One version of a blueprint; `content` is the mapping of `certify.exams.fixed_forms`."""

    id: str
    version: int
    title: str
    level: str
    content: Mapping[str, Any]
    author: str
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class StoredForm:
    """An assembled form without its content."""

    digest: str
    title: str
    letter: str
    level: str
    item_count: int
    blueprint_id: str
    blueprint_version: int
    release_digest: str
    author: str
    created_at: dt.datetime


class BlueprintRepository(Protocol):
    """Blueprints of papers; every change is a version."""

    def add(self, blueprint: StoredBlueprint) -> bool:
        """Store a version; False where it is there already."""
        ...

    def get(self, blueprint_id: str, version: int) -> StoredBlueprint | None: ...
    def newest(self, blueprint_id: str) -> StoredBlueprint | None: ...
    def page(self, *, number: int, size: int) -> Page:
        """The newest version of each, the one changed last first."""
        ...


class FormRepository(Protocol):
    """Assembled forms; they are never changed."""

    def add(self, form: StoredForm, content: bytes) -> bool:
        """Store a form; False where it is there already."""
        ...

    def get(self, digest: str) -> StoredForm | None: ...
    def content(self, digest: str) -> bytes | None: ...
    def page(self, *, blueprint_id: str, number: int, size: int) -> Page:
        """Newest first; an empty blueprint means any."""
        ...

    def of_release(self, digest: str) -> int:
        """How many forms were made from a release."""
        ...
