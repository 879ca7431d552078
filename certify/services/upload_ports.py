"""What the use cases of an import in two steps need from storage: records and a protocol.

`ports` hands these on together with everybody else's.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class StoredUpload:
    """Files somebody sent to be looked at before they are taken over, without their contents.

    `settings` say how to read them, `report` what came of it; None before they were read.
    """

    id: str
    author: str
    created_at: dt.datetime
    settings: Mapping[str, Any]
    report: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """One file as it was sent."""

    name: str
    content: bytes


class UploadRepository(Protocol):
    """Uploads that wait for their import, and what came of them."""

    def add(self, upload: StoredUpload, files: Sequence[UploadedFile]) -> None: ...
    def get(self, upload_id: str) -> StoredUpload | None: ...
    def files(self, upload_id: str) -> tuple[UploadedFile, ...]:
        """In the order they were sent; none once they were dropped."""
        ...

    def set_report(self, upload_id: str, report: Mapping[str, Any]) -> None: ...
    def drop_files(self, upload_id: str) -> None:
        """Forget the contents, which nobody needs after the import."""
        ...

    def of_author(self, author: str) -> tuple[StoredUpload, ...]:
        """Newest first."""
        ...

    def delete(self, upload_id: str) -> None: ...
    def delete_before(self, instant: dt.datetime) -> int:
        """Remove uploads that came before an instant; how many."""
        ...
