"""The whole audit of a bank. Pure: items, and where there are any, statistics of responses."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from question_bank.findings import Finding, Severity
from question_bank.item import Item
from question_bank.quality import rules
from question_bank.quality.coverage import audit_coverage
from question_bank.quality.duplicates import audit_duplicates
from question_bank.quality.keys import audit_keys
from question_bank.quality.observed import ItemStatistics, audit_observed
from question_bank.quality.reading import audit_reading
from question_bank.quality.report import (
    AuditFinding,
    AuditReport,
    AuditSeverity,
    compose_report,
)
from question_bank.quality.wording import audit_wording
from question_bank.skills import SkillModel
from question_bank.validation import validate_bank


def audit_bank(
    items: Sequence[Item],
    model: SkillModel,
    *,
    today: dt.date,
    statistics: Mapping[str, ItemStatistics] | None = None,
    shortages: Sequence[AuditFinding] = (),
) -> AuditReport:
    """Audit a bank as it stands on a day.

    `shortages` are what the programmes' blueprints lack, which only an exam engine can tell.
    """
    found = (
        *_faults(items, model),
        *shortages,
        *audit_keys(items),
        *audit_duplicates(items),
        *audit_wording(items),
        *audit_reading(items),
        *audit_coverage(items, model),
        *_out_of_date(items, today),
        *audit_observed(items, statistics or {}),
    )
    return compose_report(items, found)


def _faults(items: Sequence[Item], model: SkillModel) -> Iterator[AuditFinding]:
    """Findings of validation: what forbids a release is severe."""
    by_id = {item.id: item for item in items}
    for finding in validate_bank(items, model):
        yield _from_validation(finding, by_id[finding.item_id])


def _from_validation(finding: Finding, item: Item) -> AuditFinding:
    severe = finding.severity is Severity.ERROR
    return AuditFinding(
        AuditSeverity.SEVERE if severe else AuditSeverity.MINOR,
        item.id,
        f"{item.node}/{item.level}",
        finding.rule,
        finding.template,
        finding.params,
    )


def _out_of_date(items: Sequence[Item], today: dt.date) -> Iterator[AuditFinding]:
    for item in items:
        if item.valid_until and item.valid_until < today:
            yield rules.OUT_OF_DATE.in_item(item, date=item.valid_until.isoformat())
