"""Every validation rule with one bad item, and good items without findings."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from question_bank.answer_key import ChoiceKey, NumericKey
from question_bank.findings import FAULTS, Severity
from question_bank.item import Explanation, Option, ProvisionalDifficulty, WrongAnswer
from question_bank.skills import load_skill_model
from question_bank.validation import chance_level, validate_bank, validate_item
from tests.factories import calibrated, make_item

MODEL = load_skill_model()
TYPES = ("single", "multiple", "true_false", "numeric")
ERROR, WARNING = Severity.ERROR, Severity.WARNING
NUMBER = NumericKey(Decimal("15.00"), Decimal("0.005"), 2, "元", "600 / 40000 * 1000")


def options(*texts: str) -> tuple[Option, ...]:
    return tuple(Option(letter, text) for letter, text in zip("abcdefgh", texts, strict=False))


def difficulty(p: str) -> ProvisionalDifficulty:
    return ProvisionalDifficulty(Decimal(p), "placeholder")


def slip(value: str) -> Explanation:
    return Explanation("算式。", wrong_answers=(WrongAnswer(Decimal(value), "漏乘。"),))


@pytest.mark.parametrize("item_type", TYPES)
def test_good_item_has_no_finding(item_type: str) -> None:
    assert validate_item(make_item(item_type=item_type), MODEL) == []


@pytest.mark.parametrize(
    ("item_type", "changes", "severity", "rule", "message"),
    [
        ("single", {"answer_key": None}, ERROR, "KEY", "no answer key"),
        ("numeric", {"answer_key": None}, ERROR, "KEY", "no answer key"),
        ("single", {"answer_key": NUMBER}, ERROR, "KEY", "does not fit the type"),
        ("numeric", {"answer_key": ChoiceKey(frozenset("a"))}, ERROR, "KEY", "does not fit"),
        ("single", {"answer_key": ChoiceKey(frozenset("x"))}, ERROR, "KEY", "does not exist"),
        ("single", {"answer_key": ChoiceKey(frozenset("ab"))}, ERROR, "MC1", "1 to 1 right"),
        ("multiple", {"answer_key": ChoiceKey(frozenset("a"))}, ERROR, "MC1", "2 to 4 right"),
        ("multiple", {"answer_key": ChoiceKey(frozenset("abcde"))}, ERROR, "MC1", "found 5"),
        ("single", {"options": options("仅此一项")}, ERROR, "OP1", "expected 4 options, found 1"),
        ("single", {"options": options("突出主体", "堆满文字", "铺满色彩")}, WARNING, "OP1", "4"),
        ("single", {"options": options("甲乙", "丙丁", "戊己", " ")}, ERROR, "OP1", "is empty"),
        (
            "single",
            {"options": options("甲乙", "甲 乙", "戊己", "庚辛")},
            ERROR,
            "OP1",
            "the same;",
        ),
        ("single", {"options": options("FOB", "fob", "CIF", "CFR")}, ERROR, "OP1", "say the same"),
        (
            "single",
            {"options": (*options("甲乙", "丙丁", "戊己"), Option("a", "庚辛"))},
            ERROR,
            "OP1",
            "the same id",
        ),
        ("single", {"options": options("甲乙", "丙丁", "戊己", "以上都对")}, ERROR, "OP6", "other"),
        ("single", {"options": options("甲乙", "丙丁", "戊己", "以上选项皆错")}, ERROR, "OP6", ""),
        (
            "single",
            {"options": options("甲乙", "丙丁", "戊己", "庚辛壬癸子")},
            WARNING,
            "OP2",
            "2 to",
        ),
        ("single", {"stem": ""}, ERROR, "ST1", "the stem is empty"),
        ("single", {"stem": "主图,突出什么？"}, WARNING, "7.8", "half-width punctuation"),
        (
            "numeric",
            {"answer_key": replace(NUMBER, tolerance=Decimal(-1))},
            ERROR,
            "NU2",
            "0 or more",
        ),
        ("numeric", {"answer_key": replace(NUMBER, decimals=-1)}, ERROR, "NU2", "decimals"),
        ("numeric", {"answer_key": replace(NUMBER, decimals=10**9)}, ERROR, "NU2", "decimals"),
        ("numeric", {"answer_key": replace(NUMBER, formula="价格 * 2")}, ERROR, "NU3", "not arith"),
        ("numeric", {"answer_key": replace(NUMBER, formula="1 / 0")}, ERROR, "NU3", "by zero"),
        ("numeric", {"answer_key": replace(NUMBER, formula="9**9**9")}, ERROR, "NU3", "not arith"),
        (
            "numeric",
            {"answer_key": replace(NUMBER, formula="16")},
            ERROR,
            "NU3",
            "gives 16.00, the",
        ),
        ("numeric", {"answer_key": NUMBER, "explanation": slip("15.005")}, ERROR, "NU3", "15.005"),
        (
            "numeric",
            {"answer_key": replace(NUMBER, formula=""), "explanation": slip("14.995")},
            ERROR,
            "NU3",
            "14.995 would be marked right",
        ),
        ("single", {"node": "07"}, ERROR, "TAG", "node 07 is not asked at level novice"),
        ("single", {"dimension": "T"}, ERROR, "TAG", "has no weight on dimension T"),
        ("true_false", {"level": "elite"}, WARNING, "TF4", "two lower levels"),
        ("single", {"expected_seconds": 9}, ERROR, "TIME", "expected time 9 s"),
        ("single", {"expected_seconds": 901}, ERROR, "TIME", "expected time 901 s"),
        ("single", {"difficulty": difficulty("0.25")}, ERROR, "DIF", "between 0.25"),
        ("multiple", {"difficulty": difficulty("0.04")}, ERROR, "DIF", "between 0.04"),
        ("true_false", {"difficulty": difficulty("0.5")}, ERROR, "DIF", "between 0.5"),
        ("numeric", {"difficulty": difficulty("0")}, ERROR, "DIF", "between 0 "),
        ("single", {"difficulty": difficulty("1")}, ERROR, "DIF", "difficulty 1;"),
        ("single", {"calibration": calibrated(a=0.0)}, ERROR, "CAL", "slope 0.0"),
        ("single", {"calibration": calibrated(c=1.0)}, ERROR, "CAL", "asymptote 1.0"),
        ("single", {"calibration": calibrated(c=-0.1)}, ERROR, "CAL", "asymptote -0.1"),
        ("single", {"explanation": Explanation("")}, WARNING, "EXP", "no explanation"),
        ("single", {"explanation": Explanation("对。")}, WARNING, "EXP", "without a note: a, b, c"),
        ("single", {"source": ""}, WARNING, "SRC", "no source"),
    ],
)
def test_fault_is_found_under_its_rule(
    item_type: str, changes: dict[str, Any], severity: Severity, rule: str, message: str
) -> None:
    findings = validate_item(make_item("01-005", item_type, **changes), MODEL)
    assert [finding.item_id for finding in findings] == ["01-005"] * len(findings)
    hits = [f for f in findings if (f.severity, f.rule) == (severity, rule)]
    assert any(message in finding.message for finding in hits), findings


@pytest.mark.parametrize(
    ("item_type", "changes"),
    [
        ("single", {"expected_seconds": 10}),
        ("single", {"expected_seconds": 900}),
        ("single", {"difficulty": difficulty("0.2501")}),
        ("single", {"options": options("甲乙", "丙丁", "戊己", "庚辛壬癸")}),
        ("single", {"stem": "单价为 1,200 元时, 利润是多少？"}),
        ("numeric", {"answer_key": NUMBER, "explanation": slip("15.0051")}),
        ("numeric", {"answer_key": replace(NUMBER, formula="")}),
        ("single", {"dimension": "S", "node": "09"}),
        ("single", {"dimension": "O", "node": "09"}),
        ("true_false", {"level": "proficient"}),
    ],
)
def test_item_at_the_edge_of_a_rule_passes(item_type: str, changes: dict[str, Any]) -> None:
    item = make_item(item_type=item_type, **changes)
    rules = {finding.rule for finding in validate_item(item, MODEL)} - {"EXP"}
    assert rules == set()


def test_errors_come_before_warnings() -> None:
    item = make_item(stem="", source="", expected_seconds=1)
    severities = [finding.severity for finding in validate_item(item, MODEL)]
    assert severities == [ERROR, ERROR, WARNING]


def test_enemy_that_does_not_exist_is_a_warning() -> None:
    items = [make_item("01-001", enemies=("01-002", "01-099")), make_item("01-002")]
    (finding,) = validate_bank(items, MODEL)
    assert (finding.severity, finding.item_id) == (WARNING, "01-001")
    assert "01-099" in finding.message


@pytest.mark.parametrize(
    ("item_type", "chance"),
    [("single", "0.25"), ("multiple", "0.04"), ("true_false", "0.5"), ("numeric", "0")],
)
def test_chance_is_that_of_a_blind_guess(item_type: str, chance: str) -> None:
    assert chance_level(make_item(item_type=item_type)) == Decimal(chance)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"stem": ""}, "stem"),
        ({"dimension": "T"}, "dimension"),
        ({"answer_key": None}, "answer_key"),
        ({"difficulty": difficulty("1")}, "difficulty"),
    ],
)
def test_finding_names_the_field_to_mend_and_can_be_told_anew(
    changes: dict[str, Any], field: str
) -> None:
    (finding,) = validate_item(make_item(**changes), MODEL)
    assert finding.field == field
    assert finding.template in {fault.template for fault in FAULTS}
    assert finding.message == finding.template.format(**finding.params)
