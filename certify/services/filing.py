"""Files of items: pictures and attachments, kept once by the digest of their content.

A file that any version of any item names is never deleted.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from certify.errors import NotFound
from certify.services.acting import ADMINISTRATOR, TEACHER, Actor
from certify.services.context import ServiceContext
from certify.services.ports import StoredFile, UnitOfWork
from certify.services.versioning import note_event
from question_bank.exchange.drafts import kept_file
from question_bank.item import Item, ItemFile
from question_bank.media import SHOWN, check_upload, media_type_of

KEPT_UNUSED = dt.timedelta(days=7)
"""How long an uploaded file waits for a version that names it."""


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file as it is sent: `is_shown` tells whether a page may show it, else it is downloaded."""

    stored: StoredFile
    content: bytes

    @property
    def is_shown(self) -> bool:
        """Whether its kind is one that a page shows."""
        return self.stored.media_type in SHOWN


def add_file(context: ServiceContext, name: str, content: bytes, *, actor: Actor) -> ItemFile:
    """Keep a file that a teacher adds to an item; the item then names it.

    Raises NotPermitted, UnfitFile or OversizedFile.
    """
    actor.require(TEACHER)
    media_type = check_upload(name, content)
    file = kept_file(name, media_type, content)
    with context.database.writing() as work:
        if keep_file(context, work, file, actor.name):
            note_event(context, work, actor.name, "file.add", file.digest, name[:80])
        work.commit()
    return file


def keep_file(context: ServiceContext, work: UnitOfWork, file: ItemFile, author: str) -> bool:
    """Store a file in an open unit of work; False where it is there already.

    What its content does not show to be fit for a page is kept to be downloaded only.
    """
    stored = StoredFile(
        digest=hashlib.sha256(file.content).hexdigest(),
        media_type=media_type_of(file.content),
        size=len(file.content),
        author=author,
        added_at=context.clock(),
    )
    return work.files.add(stored, file.content)


def get_file(context: ServiceContext, digest: str) -> FileContent:
    """A file by its digest. Raises NotFound."""
    with context.database.reading() as work:
        stored, content = work.files.get(digest), work.files.content(digest)
    if stored is None or content is None:
        raise NotFound(kind="File", identifier=digest)
    return FileContent(stored, content)


def with_files(work: UnitOfWork, items: Iterable[Item]) -> Iterable[Item]:
    """The items with the contents of their files, as far as these are here."""
    for item in items:
        if item.files:
            filled = (
                replace(file, content=work.files.content(file.digest) or b"") for file in item.files
            )
            yield replace(item, files=tuple(filled))
        else:
            yield item


def discard_unused_files(context: ServiceContext, *, actor: Actor) -> int:
    """Delete files that nothing has named for a week; how many. Raises NotPermitted."""
    actor.require(ADMINISTRATOR)
    with context.database.writing() as work:
        gone = work.files.delete_unused(context.clock() - KEPT_UNUSED)
        if gone:
            note_event(context, work, actor.name, "file.discard", "", str(gone))
        work.commit()
    return gone
