"""The whole audit: counts, order of findings, and what only data or dates can show."""

import datetime as dt

import pytest

from question_bank.item import Stimulus
from question_bank.quality.audit import audit_bank
from question_bank.quality.observed import ItemStatistics, OptionStatistics
from question_bank.quality.report import AuditSeverity
from question_bank.shipped import load_shipped_items
from question_bank.skills import load_skill_model
from tests.factories import make_item

TODAY = dt.date(2027, 3, 1)
MODEL = load_skill_model()


def rules_of(item_id: str, **statistics: object) -> list[str]:
    observed = ItemStatistics(**{"responses": 400, "p": 0.6, "discrimination": 0.4, **statistics})  # type: ignore[arg-type]
    report = audit_bank([make_item(item_id)], MODEL, today=TODAY, statistics={item_id: observed})
    return [found.template for found in report.findings if found.item == item_id]


def test_counts_and_order() -> None:
    items = [make_item("01-001"), make_item("01-002", "numeric"), make_item("01-003", stem="")]
    report = audit_bank(items, MODEL, today=TODAY)
    assert (report.items, report.by_type) == (3, {"numeric": 1, "single": 2})
    assert report.cells["01", "novice"] == 3
    severities = [list(AuditSeverity).index(found.severity) for found in report.findings]
    assert severities == sorted(severities)


def test_an_error_of_validation_is_severe() -> None:
    report = audit_bank([make_item(answer_key=None)], MODEL, today=TODAY)
    assert [found.rule for found in report.of_severity(AuditSeverity.SEVERE)] == ["KEY"]


def test_an_item_past_its_date() -> None:
    item = make_item(valid_until=dt.date(2027, 2, 28))
    severe = audit_bank([item], MODEL, today=TODAY).of_severity(AuditSeverity.SEVERE)
    assert [found.params["date"] for found in severe] == ["2027-02-28"]
    valid = make_item(valid_until=TODAY)
    assert not audit_bank([valid], MODEL, today=TODAY).of_severity(AuditSeverity.SEVERE)


def test_long_reading() -> None:
    case = Stimulus("01-S1", "材料", "商" * 300)
    report = audit_bank(
        [make_item(stem="题" * 200, stimulus=case, expected_seconds=10)], MODEL, today=TODAY
    )
    assert {"ST2", "TIME"} <= {found.rule for found in report.findings}


def test_ordinary_statistics_pass() -> None:
    assert rules_of("01-001") == []


@pytest.mark.parametrize(
    ("statistics", "words"),
    [
        ({"p": 0.98}, "answered rightly"),
        ({"p": 0.1}, "answered rightly"),
        ({"discrimination": 0.05}, "revise it"),
        ({"discrimination": -0.2}, "check the key first"),
        ({"options": {"a": OptionStatistics(0.01, -0.1)}}, "write a believable one"),
        ({"options": {"a": OptionStatistics(0.3, 0.2)}}, "chosen by the able"),
        ({"earlier": (100, 200), "later": (170, 200)}, "more than chance explains"),
    ],
)
def test_statistics_that_warn(statistics: dict[str, object], words: str) -> None:
    assert [words in template for template in rules_of("01-001", **statistics)] == [True]


def test_few_responses_say_nothing() -> None:
    assert rules_of("01-001", responses=99, p=0.99, discrimination=-0.5) == []


def test_the_shipped_bank_has_no_severe_finding() -> None:
    report = audit_bank(load_shipped_items(), MODEL, today=dt.date(2026, 11, 20))
    assert [found.message for found in report.of_severity(AuditSeverity.SEVERE)] == []
