"""The files of a form: paper, answer sheet and key as PDF, key and sheet layout for programs."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from certificates.fonts import SYSTEM_FONTS, default_font_path
from certify.errors import NotFound
from certify.exams.fixed_forms.key_table import key_table
from certify.papers.answer_sheet import answer_sheet_pdf
from certify.papers.contents import Paper
from certify.papers.exam_paper import exam_paper_pdf
from certify.papers.key_booklet import key_booklet_pdf
from certify.papers.sheet_layout import lay_out_sheet, layout_mapping
from certify.services.acting import TEACHER, Actor
from certify.services.assembling_papers import find_form
from certify.services.context import ServiceContext
from certify.services.filing import with_files
from certify.services.versioning import note_event

__all__ = ["PAPER_FILES", "PaperFile", "print_file"]

PDF, CSV, JSON = "application/pdf", "text/csv; charset=utf-8", "application/json"


@dataclass(frozen=True, slots=True)
class PaperFile:
    """A file to download."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class FileKind:
    """How a file is made; what tells the key is noted in the audit trail."""

    ending: str
    media_type: str
    draw: Callable[[Paper], bytes]
    is_secret: bool = False


def print_file(context: ServiceContext, digest: str, kind: str, *, actor: Actor) -> PaperFile:
    """One of `PAPER_FILES` of a form.

    Raises NotPermitted, NotFound, MalformedForm, CorruptRelease or FontMissingError.
    """
    actor.require(TEACHER)
    chosen = PAPER_FILES.get(kind)
    if chosen is None:
        raise NotFound(kind="File", identifier=kind)
    with context.database.reading() as work:
        form, items = find_form(context, work, digest)
        filled = tuple(with_files(work, items))
    content = chosen.draw(Paper(form, filled, context.issuer.name_zh))
    if chosen.is_secret:
        with context.database.writing() as work:
            note_event(context, work, actor.name, "form.print_key", digest, kind)
            work.commit()
    name = f"{digest[:8]}-{form.letter}-{kind}.{chosen.ending}"
    return PaperFile(name, chosen.media_type, content)


def paper_fonts() -> tuple[Path, ...]:
    """The fonts that certificates are printed with, as far as this machine has them."""
    return (default_font_path(), *(path for path in SYSTEM_FONTS if path.is_file()))


def _layout(paper: Paper) -> bytes:
    data = layout_mapping(lay_out_sheet(paper.tasks()), paper.form.digest)
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


PAPER_FILES = {
    "paper": FileKind("pdf", PDF, lambda paper: exam_paper_pdf(paper, paper_fonts())),
    "answer-sheet": FileKind("pdf", PDF, lambda paper: answer_sheet_pdf(paper, paper_fonts())),
    "key": FileKind("pdf", PDF, lambda paper: key_booklet_pdf(paper, paper_fonts()), True),
    "key-table": FileKind("csv", CSV, lambda paper: key_table(paper.form, paper.items), True),
    "sheet-layout": FileKind("json", JSON, _layout),
}
"""By the name that stands in an address."""
