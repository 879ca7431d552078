"""Before a release: what it would hold, what is wrong with it, which exams it could give.

Judges the versions that the next release takes; `releasing.publish_release` freezes them.
"""

from dataclasses import dataclass

from certify.services.context import ServiceContext
from certify.services.examining import ExamReadiness, readiness_of_exams
from certify.services.ports import StoredRelease, UnitOfWork
from certify.services.releasing import next_versions
from question_bank.findings import Finding, Severity
from question_bank.item import ItemStatus, ItemVersion
from question_bank.validation import validate_bank


@dataclass(frozen=True, slots=True)
class ReleaseReview:
    """The state of the bank against its newest release.

    `items` are operational, `pretest` those that are tried out beside them. `added`, `changed` and
    `removed` are ids since that release.
    """

    items: int
    pretest: int
    newest: StoredRelease | None
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    findings: tuple[Finding, ...]
    exams: tuple[ExamReadiness, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Findings that forbid a release."""
        return tuple(found for found in self.findings if found.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Findings that advise."""
        return tuple(found for found in self.findings if found.severity is Severity.WARNING)

    @property
    def is_publishable(self) -> bool:
        """Whether `publish_release` would go through."""
        lacking = any(exam.shortages for exam in self.exams)
        return self.items > 0 and not self.errors and not lacking

    @property
    def is_new(self) -> bool:
        """Whether a release would differ from the newest one."""
        return bool(self.newest is None or self.added or self.changed or self.removed)


def review_release(context: ServiceContext) -> ReleaseReview:
    """What a release published now would be."""
    with context.database.reading() as work:
        versions = next_versions(context, work)
        newest = work.releases.newest()
        released = _released(context, work, newest)
    present = {version.item.id: version.version for version in versions}
    items = [version.item for version in versions]
    operational = [v.item for v in versions if v.status is ItemStatus.OPERATIONAL]
    return ReleaseReview(
        items=len(operational),
        pretest=len(items) - len(operational),
        newest=newest,
        added=tuple(sorted(present.keys() - released.keys())),
        changed=tuple(sorted(i for i in present.keys() & released if present[i] != released[i])),
        removed=tuple(sorted(released.keys() - present.keys())),
        findings=tuple(validate_bank(items, context.skill_model)),
        exams=readiness_of_exams(context.programmes, operational, context.skill_model),
    )


def _released(
    context: ServiceContext, work: UnitOfWork, newest: StoredRelease | None
) -> dict[str, int]:
    """Version of each item in the newest release."""
    if newest is None:
        return {}
    held: tuple[ItemVersion, ...] = context.shelf.release(
        work, newest.digest, context.skill_model
    ).items
    return {version.item.id: version.version for version in held}
