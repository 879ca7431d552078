"""An import in two steps: files are sent and looked at, then taken over by the same person.

Between the steps they wait in the database, so that any process may answer; not for long.
Reading and storing items is the business of `exchanging`.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath, PureWindowsPath
from tempfile import TemporaryDirectory
from typing import Any

from certify.errors import InvalidField, NotFound, Phrase
from certify.services.acting import TEACHER, Actor
from certify.services.context import ServiceContext
from certify.services.exchanging import ImportReport, Progress, TagDefaults, import_files
from certify.services.ports import StoredUpload, UnitOfWork, UploadedFile
from question_bank.exchange.formats import format_of
from question_bank.exchange.problems import Problem, ProblemSeverity
from question_bank.exchange.workbook import write_template

__all__ = [
    "LARGEST_UPLOAD",
    "MOST_FILES",
    "FileFacts",
    "PendingImport",
    "UploadedFile",
    "apply_upload",
    "check_upload",
    "get_upload",
    "keep_upload",
    "workbook_template",
]

LARGEST_UPLOAD = 50 * 1024 * 1024
"""Bytes of all files of one upload together."""
MOST_FILES = 20
MOST_WAITING = 5
"""Uploads of one person that are kept; with the next one the oldest goes."""
KEPT = dt.timedelta(hours=24)
LONGEST_NAME = 200
"""Bytes of a file name: file systems allow 255."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is known of a file that was sent; `form` is the format it is read as."""

    name: str
    size: int
    form: str


@dataclass(frozen=True, slots=True)
class PendingImport:
    """An upload on its way: what was sent, how it is read, and what came of it so far.

    `report` is None before the files were read.
    """

    id: str
    created_at: dt.datetime
    files: tuple[FileFacts, ...]
    defaults: TagDefaults
    report: ImportReport | None

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(one.size for one in self.files)

    @property
    def expires_at(self) -> dt.datetime:
        """When it is forgotten."""
        return self.created_at + KEPT


def keep_upload(
    context: ServiceContext,
    files: Sequence[UploadedFile],
    *,
    form: str | None = None,
    defaults: TagDefaults | None = None,
    actor: Actor,
) -> str:
    """Keep files until they are taken over or a day is gone; the id of the upload.

    Raises NotPermitted, or InvalidField for no file, too many or too large ones.
    """
    actor.require(TEACHER)
    _check_files(files)
    named = _with_names(files)
    facts = [
        asdict(FileFacts(one.name, len(one.content), form or _format_of(one))) for one in named
    ]
    upload = StoredUpload(
        id=context.new_id(),
        author=actor.name,
        created_at=context.clock(),
        settings={"files": facts, "form": form, "defaults": asdict(defaults or TagDefaults())},
    )
    with context.database.writing() as work:
        work.uploads.delete_before(context.clock() - KEPT)
        for old in work.uploads.of_author(actor.name)[MOST_WAITING - 1 :]:
            work.uploads.delete(old.id)
        work.uploads.add(upload, named)
        work.commit()
    return upload.id


def get_upload(context: ServiceContext, upload_id: str, *, actor: Actor) -> PendingImport:
    """One's own upload. Raises NotPermitted or NotFound."""
    actor.require(TEACHER)
    with context.database.reading() as work:
        return _pending(_find(context, work, upload_id, actor))


def check_upload(
    context: ServiceContext, upload_id: str, *, actor: Actor, progress: Progress | None = None
) -> ImportReport:
    """Read the files and keep what an import would do; the bank stays as it is.

    Raises NotPermitted, NotFound, or InvalidField for defaults that the bank does not know.
    """
    return _run(context, upload_id, actor, progress, apply=False, note="")


def apply_upload(
    context: ServiceContext,
    upload_id: str,
    *,
    actor: Actor,
    note: str = "",
    progress: Progress | None = None,
) -> ImportReport:
    """Take the files over, and forget them; what came of it can still be looked at.

    What was taken over before is not taken again. Raises NotPermitted, NotFound, EditConflict, or
    InvalidField for a note that is too long.
    """
    pending = get_upload(context, upload_id, actor=actor)
    if pending.report is not None and pending.report.is_applied:
        return pending.report
    return _run(context, upload_id, actor, progress, apply=True, note=note)


def workbook_template() -> bytes:
    """The workbook to fill in, with examples and help."""
    stream = BytesIO()
    write_template(stream)
    return stream.getvalue()


def _run(
    context: ServiceContext,
    upload_id: str,
    actor: Actor,
    progress: Progress | None,
    *,
    apply: bool,
    note: str,
) -> ImportReport:
    actor.require(TEACHER)
    with context.database.reading() as work:
        upload = _find(context, work, upload_id, actor)
        files = work.uploads.files(upload_id)
    with _on_disk(files) as paths:
        report = import_files(
            context,
            paths,
            actor=actor,
            form=upload.settings["form"],
            defaults=TagDefaults(**upload.settings["defaults"]),
            apply=apply,
            note=note,
            progress=progress,
        )
    with context.database.writing() as work:
        work.uploads.set_report(upload_id, _report_data(report))
        if apply:
            work.uploads.drop_files(upload_id)
        work.commit()
    return report


def _find(context: ServiceContext, work: UnitOfWork, upload_id: str, actor: Actor) -> StoredUpload:
    upload = work.uploads.get(upload_id)
    is_there = upload is not None and upload.created_at >= context.clock() - KEPT
    if upload is None or not is_there or upload.author != actor.name:
        raise NotFound(kind="Upload", identifier=upload_id)
    return upload


@contextmanager
def _on_disk(files: Sequence[UploadedFile]) -> Iterator[list[Path]]:
    """The files in a folder of their own, which is gone afterwards."""
    with TemporaryDirectory(prefix="certify-import-") as folder:
        paths = [Path(folder) / one.name for one in files]
        for path, one in zip(paths, files, strict=True):
            path.write_bytes(one.content)
        yield paths


def _format_of(file: UploadedFile) -> str:
    with _on_disk([file]) as (path,):
        return format_of(path)


def _check_files(files: Sequence[UploadedFile]) -> None:
    if not 0 < len(files) <= MOST_FILES:
        expected = Phrase("1 to {highest} files", {"highest": MOST_FILES})
        raise InvalidField(field="files", expected=expected, found=len(files))
    if sum(len(one.content) for one in files) > LARGEST_UPLOAD:
        expected = Phrase("at most {highest} MB", {"highest": LARGEST_UPLOAD // 2**20})
        found = Phrase("more")
        raise InvalidField(field="files", expected=expected, found=found)


def _with_names(files: Sequence[UploadedFile]) -> list[UploadedFile]:
    """The files under bare names that a file system takes, each once."""
    taken: set[str] = set()
    named: list[UploadedFile] = []
    for number, one in enumerate(files, start=1):
        name = _plain_name(one.name) or f"file-{number}"
        # compared without case: some file systems do so too
        if name.casefold() in taken:
            name = f"{number}-{name}"
        taken.add(name.casefold())
        named.append(UploadedFile(name, one.content))
    return named


def _plain_name(offered: str) -> str:
    """The last part of a path of any system, its end kept where it is too long."""
    bare = PureWindowsPath(PurePosixPath(offered).name).name
    plain = "".join(char for char in bare if char.isprintable()).strip(" .")
    return plain.encode("utf-8", "ignore")[-LONGEST_NAME:].decode("utf-8", "ignore")


def _pending(upload: StoredUpload) -> PendingImport:
    return PendingImport(
        id=upload.id,
        created_at=upload.created_at,
        files=tuple(FileFacts(**one) for one in upload.settings["files"]),
        defaults=TagDefaults(**upload.settings["defaults"]),
        report=None if upload.report is None else _report_of(upload.report),
    )


def _report_data(report: ImportReport) -> dict[str, Any]:
    return {
        "new": list(report.new),
        "changed": list(report.changed),
        "unchanged": list(report.unchanged),
        "problems": [
            {**asdict(problem), "params": _plain_params(problem.params)}
            for problem in report.problems
        ],
        "is_applied": report.is_applied,
    }


def _plain_params(params: Mapping[str, object]) -> dict[str, object]:
    """Numbers and texts as they are; anything else as it would be told."""
    return {
        name: value if isinstance(value, int | float | str) else str(value)
        for name, value in params.items()
    }


def _report_of(data: Mapping[str, Any]) -> ImportReport:
    problems = (
        Problem(**{**one, "severity": ProblemSeverity(one["severity"])}) for one in data["problems"]
    )
    return ImportReport(
        new=tuple(data["new"]),
        changed=tuple(data["changed"]),
        unchanged=tuple(data["unchanged"]),
        problems=tuple(problems),
        is_applied=data["is_applied"],
    )
