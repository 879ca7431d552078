"""Papers assembled from a blueprint and the newest release, kept for good, and looked at."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from certify.errors import NotFound
from certify.exams.errors import PaperNotPossible
from certify.exams.fixed_forms.assembly import assemble
from certify.exams.fixed_forms.candidates import find_candidates
from certify.exams.fixed_forms.diagnosis import diagnose
from certify.exams.fixed_forms.form import ExamForm, read_form
from certify.exams.fixed_forms.key_table import KeyNotes, key_notes
from certify.exams.fixed_forms.laying_out import lay_out
from certify.exams.fixed_forms.measuring import FormReport, MeasuringBank, report_form
from certify.services.acting import TEACHER, Actor
from certify.services.context import ServiceContext
from certify.services.planning_papers import PaperBlueprint, find_blueprint
from certify.services.ports import Page, StoredForm, UnitOfWork
from certify.services.releasing import newest_release
from certify.services.versioning import note_event
from question_bank.item import Item
from rubrics.errors import UnknownLevel

__all__ = ["PaperForm", "assemble_papers", "get_form", "list_forms", "scale_of", "view_form"]

FORM_LETTERS = "ABCDEFGHIJ"
ASSEMBLY_SECONDS = 15.0
"""The solver's time; usually it needs a fraction of a second."""

Progress = Callable[[str, int, int], None]
"""What is being done, how far of how much; 0 of 0 where that is not known."""


def silent(step: str, done: int, total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class PaperForm:
    """A form with its items in the order of the paper, and everything that was measured."""

    stored: StoredForm
    form: ExamForm
    items: tuple[Item, ...]
    blueprint: PaperBlueprint
    report: FormReport
    notes: KeyNotes


def assemble_papers(
    context: ServiceContext,
    blueprint_id: str,
    *,
    actor: Actor,
    seed: str = "",
    seconds: float = ASSEMBLY_SECONDS,
    progress: Progress = silent,
) -> tuple[StoredForm, ...]:
    """Assemble and keep the forms that a blueprint asks for; a seed is drawn if none is given.

    Raises NotPermitted, NotFound, NoRelease, PaperNotPossible where requirements collide, and
    AssemblyFailed where no papers were found in time.
    """
    actor.require(TEACHER)
    seed = seed or context.new_id()
    with context.database.reading() as work:
        kept = find_blueprint(work, blueprint_id)
        release = newest_release(work)
        versions = context.shelf.release(work, release.digest, context.skill_model).items
    blueprint = kept.blueprint
    progress("Checking", 0, 3)
    candidates = find_candidates(blueprint, versions)
    if not diagnose(blueprint, candidates).is_satisfiable:
        raise PaperNotPossible(title=blueprint.title)
    progress("Assembling", 1, 3)
    bank = scale_of(context, blueprint.level)
    found = assemble(blueprint, candidates, bank, seed=seed, seconds=seconds)
    progress("Laying out", 2, 3)
    forms = [
        lay_out(
            blueprint,
            chosen,
            letter=letter,
            blueprint_id=kept.id,
            blueprint_version=kept.version,
            release_digest=release.digest,
            seed=seed,
        )
        for letter, chosen in zip(FORM_LETTERS, found.forms, strict=False)
    ]
    return _keep(context, forms, actor)


def list_forms(
    context: ServiceContext, *, blueprint_id: str = "", number: int = 1, size: int = 50
) -> Page:
    """Forms as they are stored, newest first."""
    with context.database.reading() as work:
        return work.forms.page(blueprint_id=blueprint_id, number=number, size=size)


def get_form(context: ServiceContext, digest: str) -> ExamForm:
    """A form by its digest. Raises NotFound or MalformedForm."""
    with context.database.reading() as work:
        return read_form(_content(work, digest), digest)


def view_form(context: ServiceContext, digest: str) -> PaperForm:
    """A form with its items as the release holds them, and its figures.

    Raises NotFound, MalformedForm or CorruptRelease.
    """
    with context.database.reading() as work:
        form, items = find_form(context, work, digest)
        stored = work.forms.get(digest)
        kept = find_blueprint(work, form.blueprint_id, form.blueprint_version)
    if stored is None:
        raise NotFound(kind="Paper", identifier=digest)
    report = report_form(form, kept.blueprint, items, scale_of(context, form.level))
    return PaperForm(stored, form, items, kept, report, key_notes(form, items))


def find_form(
    context: ServiceContext, work: UnitOfWork, digest: str
) -> tuple[ExamForm, tuple[Item, ...]]:
    """A form and its items in order. Raises NotFound, MalformedForm or CorruptRelease."""
    form = read_form(_content(work, digest), digest)
    release = context.shelf.release(work, form.release_digest, context.skill_model)
    return form, tuple(release.by_id[entry.item_id] for entry in form.items)


def scale_of(context: ServiceContext, level: str) -> MeasuringBank:
    """The scale on which papers of a level measure. Raises UnknownLevel."""
    for programme in context.programmes.values():
        if level in programme.scale.cuts:
            scale = programme.scale
            return MeasuringBank(context.skill_model.dimension_codes, scale.cuts, scale.correlation)
    raise UnknownLevel(where="paper", expected="a level of a programme", found=level)


def _content(work: UnitOfWork, digest: str) -> bytes:
    content = work.forms.content(digest)
    if content is None:
        raise NotFound(kind="Paper", identifier=digest)
    return content


def _keep(
    context: ServiceContext, forms: Sequence[ExamForm], actor: Actor
) -> tuple[StoredForm, ...]:
    stored = tuple(
        StoredForm(
            digest=form.digest,
            title=form.title,
            letter=form.letter,
            level=form.level,
            item_count=len(form.items),
            blueprint_id=form.blueprint_id,
            blueprint_version=form.blueprint_version,
            release_digest=form.release_digest,
            author=actor.name,
            created_at=context.clock(),
        )
        for form in forms
    )
    with context.database.writing() as work:
        for one, form in zip(stored, forms, strict=True):
            if work.forms.add(one, form.content):
                note_event(context, work, actor.name, "form.assemble", one.digest, one.letter)
        work.commit()
    return stored
