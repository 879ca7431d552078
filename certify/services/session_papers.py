"""The paper of a session: what may be chosen for it, and what a candidate's exam consists of.

A session without a paper has one adaptive part; with one, the form alone, or an adaptive part, a
break and the form.
"""

from collections.abc import Iterator, Sequence

from certify.errors import InvalidField, Phrase
from certify.exams.exam_session import ExamSession
from certify.exams.session_paper import MOST_BREAK_MINUTES, MOST_FORMS, SessionPaper
from certify.exams.terms import PartTerms
from certify.services.context import ServiceContext
from certify.services.examining import blueprint_of, pool_of
from certify.services.ports import StoredForm, UnitOfWork
from rubrics.catalogue import Programme

THEORY, PAPER = "theory", "paper"
"""The codes of the parts."""
MOST_LISTED = 100


def list_papers(context: ServiceContext) -> tuple[StoredForm, ...]:
    """The forms assembled last, to choose from."""
    with context.database.reading() as work:
        page = work.forms.page(blueprint_id="", number=1, size=MOST_LISTED)
    return tuple(page.rows)


def papers_of(context: ServiceContext, session: ExamSession) -> tuple[StoredForm, ...]:
    """The forms of a session, in its order; none where it is adaptive."""
    with context.database.reading() as work:
        found = [
            work.forms.get(digest) for digest in (session.paper.forms if session.paper else ())
        ]
    return tuple(form for form in found if form is not None)


def find_paper_faults(
    context: ServiceContext,
    work: UnitOfWork,
    paper: SessionPaper,
    programme: Programme,
    levels: Sequence[str],
) -> Iterator[InvalidField]:
    """Why a paper cannot be sat in a session of these levels, one reason for each field."""
    if not 0 <= paper.break_minutes <= MOST_BREAK_MINUTES:
        expected = Phrase("{lowest} to {highest}", {"lowest": 0, "highest": MOST_BREAK_MINUTES})
        yield InvalidField(field="break_minutes", expected=expected, found=paper.break_minutes)
    fitting = _expected_forms(context, work, paper, programme, levels)
    if fitting is not None:
        yield InvalidField(field="forms", expected=fitting, found=len(paper.forms))


def release_of(work: UnitOfWork, paper: SessionPaper) -> str:
    """The digest of the release that the forms were assembled from; empty for an unknown form."""
    stored = work.forms.get(paper.forms[0])
    return stored.release_digest if stored else ""


def parts_of(
    context: ServiceContext,
    work: UnitOfWork,
    session: ExamSession,
    programme: Programme,
    level: str,
    form_digest: str,
) -> tuple[PartTerms, ...]:
    """The parts of an exam; `form_digest` is the candidate's form where there is a paper.

    Raises NotFound or MalformedForm.
    """
    paper = session.paper
    limit_seconds = blueprint_of(programme, level).limit_seconds
    if paper is None:
        return (PartTerms(THEORY, limit_seconds),)
    minutes = context.shelf.form(work, form_digest).minutes
    form = PartTerms(PAPER, minutes * 60, form_digest, is_shuffled=paper.is_shuffled)
    if not paper.theory_first:
        return (form,)
    return (PartTerms(THEORY, limit_seconds, break_seconds=paper.break_minutes * 60), form)


def has_adaptive_part(session: ExamSession) -> bool:
    """Whether items are chosen by the answers, so that exposure is to be planned."""
    return session.paper is None or session.paper.theory_first


def _expected_forms(
    context: ServiceContext,
    work: UnitOfWork,
    paper: SessionPaper,
    programme: Programme,
    levels: Sequence[str],
) -> Phrase | None:
    """What the forms should have been, or None where they fit."""
    found = [work.forms.get(digest) for digest in paper.forms]
    stored = [form for form in found if form is not None]
    if not 0 < len(stored) == len(set(paper.forms)) <= MOST_FORMS:
        return Phrase("1 to {highest} different forms", {"highest": MOST_FORMS})
    origins = {(form.blueprint_id, form.blueprint_version, form.release_digest) for form in stored}
    if len(origins) > 1:
        return Phrase("parallel forms of one blueprint and one release")
    if tuple(levels) != (stored[0].level,):
        return Phrase("a session of the form's level alone")
    pool = pool_of(context, work, programme, stored[0].release_digest)
    for form in stored:
        items = context.shelf.form(work, form.digest).items
        if any(entry.item_id not in pool.index_of for entry in items):
            return Phrase("forms without items that people mark")
    return None
