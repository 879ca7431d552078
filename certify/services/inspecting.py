"""The quality audit as a use case: of an installation's bank, of a folder, of the shipped items."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from certify.services.context import ServiceContext
from certify.services.examining import readiness_of_exams
from certify.services.item_statistics import observe_items
from certify.services.releasing import next_versions
from question_bank.exchange.native import read_content
from question_bank.item import Item
from question_bank.quality import rules
from question_bank.quality.audit import audit_bank
from question_bank.quality.observed import ItemStatistics
from question_bank.quality.report import AuditFinding, AuditReport, AuditSeverity
from question_bank.shipped import load_shipped_items
from question_bank.skills import SkillModel, load_skill_model
from rubrics.catalogue import Programme, load_programme_versions, newest_versions

__all__ = ["AuditReport", "AuditSeverity", "inspect_bank", "inspect_files"]


def inspect_bank(context: ServiceContext) -> AuditReport:
    """Audit the items of this installation that the next release takes, with their responses."""
    with context.database.reading() as work:
        items = [version.item for version in next_versions(context, work)]
    today = context.clock().date()
    observed = observe_items(context, items)
    statistics = {item_id: one.for_audit() for item_id, one in observed.items()}
    return _inspect(items, context.skill_model, context.programmes, today, statistics)


def inspect_files(folder: Path | None, today: dt.date) -> AuditReport:
    """Audit the items below a folder, or the shipped ones where none is named; no database.

    Raises UnreadableContent, MalformedItem or DuplicateItem for files that cannot be read.
    """
    model = load_skill_model()
    items = read_content(folder, model) if folder else load_shipped_items()
    return _inspect(items, model, newest_versions(load_programme_versions()), today)


def _inspect(
    items: Sequence[Item],
    model: SkillModel,
    programmes: Mapping[str, Programme],
    today: dt.date,
    statistics: Mapping[str, ItemStatistics] | None = None,
) -> AuditReport:
    lacking = tuple(_shortages(programmes, items, model))
    return audit_bank(items, model, today=today, statistics=statistics, shortages=lacking)


def _shortages(
    programmes: Mapping[str, Programme], items: Sequence[Item], model: SkillModel
) -> Iterator[AuditFinding]:
    """What the exams of the open programmes lack."""
    for exam in readiness_of_exams(programmes, items, model):
        for shortage in exam.shortages:
            yield rules.LEVEL_THIN.in_place(
                f"{exam.programme.code}/{exam.level}",
                blueprint=f"{exam.programme.code}/{exam.level}",
                dimension=shortage.dimension,
                wanted=shortage.needed,
                found=shortage.found,
            )
