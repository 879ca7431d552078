"""Workbooks of items: what a teacher types is read, and what is written comes back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from question_bank.answer_key import (
    AcceptedAnswer,
    Blank,
    BlanksKey,
    ChoiceKey,
    EssayKey,
    MatchKey,
    NumericKey,
    OrderKey,
)
from question_bank.exchange.drafts import settled
from question_bank.exchange.fidelity import different_parts
from question_bank.exchange.problems import Problem
from question_bank.exchange.workbook import read_items, write_items, write_template
from question_bank.exchange.workbook.columns import TYPE_NAMES
from question_bank.item import CalibratedParameters, Item, ItemType, WrongAnswer
from question_bank.scoring import Scoring, ScoringRule
from question_bank.skills import load_skill_model
from question_bank.validation import validate_item
from tests.unit.question_bank.exchange.native_items import STIMULUS, item_of, items, one_of_each

CHOICE = {"题干": "哪一项？", "选项A": "甲", "选项B": "乙", "选项C": "丙", "答案": "B"}


def book(path: Path, rows: list[Mapping[str, Any]], name: str = "题目") -> Path:
    """A workbook with the headings of the rows; a value that starts with = is a formula."""
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet(name)
        sheet.write_row(0, 0, headings)
        for number, row in enumerate(rows, start=1):
            for column, heading in enumerate(headings):
                if heading in row:
                    sheet.write(number, column, row[heading])
    return path


@pytest.fixture
def read(tmp_path: Path) -> Any:
    """Read rows as a workbook."""

    def reader(*rows: Mapping[str, Any]) -> tuple[tuple[Item, ...], tuple[Problem, ...]]:
        return read_items(book(tmp_path / "bank.xlsx", list(rows)))

    return reader


@pytest.mark.parametrize("name", [name for names in TYPE_NAMES.values() for name in names])
def test_every_name_of_a_type_is_known(name: str, read: Any) -> None:
    rows = {**CHOICE, "题型": name, "配对项": "1. 一\n2. 二"}
    assert not any("expected 单选" in problem.reason for problem in read(rows)[1])


@pytest.mark.parametrize("answer", ["AC", "A,C", "a、c", "Ａ；Ｃ", "C A", "A|C"])
def test_letters_are_read_however_they_are_set_apart(answer: str, read: Any) -> None:
    (item,), problems = read({**CHOICE, "题型": "多选", "答案": answer})
    assert (problems, item.answer_key) == ((), ChoiceKey(frozenset("ac")))


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        *((word, "true") for word in ("对", "√", "T", "正确", True, 1)),
        *((word, "false") for word in ("错", "×", "F", "错误", False, 0)),
    ],
)
def test_truth_is_read_however_it_is_written(answer: object, value: str, read: Any) -> None:
    (item,), problems = read({"题干": "天是蓝的。", "题型": "判断题", "答案": answer})
    assert (problems, item.answer_key) == ((), ChoiceKey(frozenset({value})))


def test_letter_of_a_true_false_item_means_its_option(read: Any) -> None:
    row = {"题干": "天是蓝的。", "题型": "判断", "选项A": "错误", "选项B": "正确", "答案": "A"}
    (item,), _problems = read(row)
    assert item.answer_key == ChoiceKey(frozenset({"false"}))


def test_type_is_told_by_the_answer_or_the_sheet(tmp_path: Path, read: Any) -> None:
    found, problems = read(CHOICE, {**CHOICE, "答案": "AB"}, {"题干": "天蓝。", "答案": "对"})
    assert [item.type for item in found] == ["single", "multiple", "true_false"]
    assert problems == ()
    row = {"题目": "多少？", "答案": 12.5}
    (item,), _problems = read_items(book(tmp_path / "b.xlsx", [row], name="计算题"))
    assert item.answer_key == NumericKey(Decimal("12.5"), Decimal(0), 1)


def test_number_with_relative_tolerance_is_read(read: Any) -> None:
    row = {
        "题干": "多少？",
        "题型": "数值",
        "答案": "1,200",
        "容差": "5%",
        "小数位数": 2,
        "单位": "元",
    }
    (item,), _problems = read(row)
    key = NumericKey(Decimal(1200), Decimal("0.05"), 2, "元", relative=True)
    assert item.answer_key == key


def test_blanks_are_found_in_the_stem(read: Any) -> None:
    row = {"题干": "先____，后（　）。", "题型": "填空", "答案": "询盘|询价；报价"}
    (item,), problems = read(row)
    assert item.stem == "先{{1}}，后{{2}}。"
    assert problems == ()
    assert item.answer_key == BlanksKey(
        (
            Blank("1", (AcceptedAnswer("询盘"), AcceptedAnswer("询价"))),
            Blank("2", (AcceptedAnswer("报价"),)),
        )
    )


def test_order_and_pairs_are_read(read: Any) -> None:
    order = {**CHOICE, "题型": "排序", "答案": "C>A>B"}
    match = {**CHOICE, "题型": "连线", "配对项": "一\n二\n三", "答案": "A-2，B-1, C3"}
    (first, second), problems = read(order, match)
    assert problems == ()
    assert first.answer_key == OrderKey(("c", "a", "b"))
    assert second.answer_key == MatchKey(frozenset({("a", "t2"), ("b", "t1"), ("c", "t3")}))


def test_tags_are_read_in_chinese(read: Any) -> None:
    tags = {"节点": 10, "等级": "成熟", "认知层次": "应用", "预计秒数": 90, "预估难度": "中等"}
    day = {"有效期": "2027年10月31日", "敌对题": "10-002、10-003", "分值": "1/3"}
    (item,), problems = read({**CHOICE, **tags, **day})
    assert problems == ()
    assert (item.node, item.dimension, item.level, item.bloom) == ("10", "O", "proficient", "apply")
    assert (item.expected_seconds, item.difficulty.p) == (90, Decimal("0.6"))
    assert item.valid_until == dt.date(2027, 10, 31)
    assert item.enemies == ("10-002", "10-003")
    assert item.scoring.max_points == Fraction(1, 3)


def test_headings_may_be_english_below_a_title(tmp_path: Path) -> None:
    path = tmp_path / "bank.csv"
    text = "My questions,,,\nQuestion,A,B,Answer\nWhich?,x,y,B\n"
    path.write_bytes(text.encode("utf-8-sig"))
    (item,), problems = read_items(path)
    assert (problems, item.answer_key) == ((), ChoiceKey(frozenset("b")))


def test_table_in_gb18030_is_read(tmp_path: Path) -> None:
    path = tmp_path / "bank.csv"
    path.write_bytes("题干,选项A,选项B,答案\n哪个？,甲,乙,A\n".encode("gb18030"))
    (item,), _problems = read_items(path)
    assert item.options[0].text == "甲"


def test_three_good_and_two_bad_rows_give_two_problems(read: Any) -> None:
    rows = [{**CHOICE, "题号": f"q{number}"} for number in range(5)]
    rows[1]["答案"] = "E"
    rows[3]["题型"] = "诗歌"
    found, problems = read(*rows)
    assert [item.id for item in found] == ["q0", "q2", "q4"]
    assert [(p.file, p.row, p.column, p.item_id) for p in problems] == [
        ("bank.xlsx", 3, "答案", "q1"),
        ("bank.xlsx", 5, "题型", "q3"),
    ]


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"题干": ""}, "题干", "no stem"),
        ({"答案": "E"}, "答案", "names E, but the row has 3 options"),
        ({"题型": "单选", "答案": "AB"}, "答案", "one right option"),
        ({"题型": "判断", "答案": "也许"}, "答案", "expected 对 or 错"),
        ({"题型": "数值", "答案": "很多"}, "答案", "expected a number"),
        ({"题型": "数值", "答案": "1", "容差": "-1"}, "容差", "expected a number"),
        ({"题型": "匹配", "配对项": "一", "答案": "甲对一"}, "答案", "expected pairs"),
        ({"题型": "匹配", "配对项": "一", "答案": "A-2"}, "答案", "names 2"),
        ({"题型": "填空", "答案": "|"}, "答案", "one line per blank"),
        ({"选项B": ""}, "选项B", "option is empty"),
        ({"分值": "0"}, "分值", "points above 0"),
        ({"分值": "多"}, "分值", "expected a number"),
        ({"评分规则": "随缘"}, "评分规则", "expected 全对得分"),
        ({"分项分值": "A"}, "分项分值", "points by part"),
        ({"得分范围": "5"}, "得分范围", "expected bounds"),
        ({"节点": "99"}, "节点", "expected 10, T3"),
        ({"维度": "X"}, "维度", "expected e, S"),
        ({"等级": "大师"}, "等级", "expected 新手"),
        ({"认知层次": "背诵"}, "认知层次", "expected 记忆"),
        ({"预计秒数": "一分钟"}, "预计秒数", "expected a number"),
        ({"预估难度": "1.5"}, "预估难度", "expected a number"),
        ({"材料编号": "M1"}, "材料编号", "no stimulus M1"),
        ({"有效期": "明年"}, "有效期", "expected a date"),
        ({"选项乱序": "或许"}, "选项乱序", "expected 对 or 错"),
        ({"各选项说明": "无字母"}, "各选项说明", "expected lines"),
        ({"各选项说明": "F：没有"}, "各选项说明", "names F"),
        ({"题型": "", "答案": "若干"}, "题型", "type cannot be told"),
    ],
)
def test_fault_is_named_by_row_and_column(
    changes: dict[str, str], column: str, reason: str, read: Any
) -> None:
    found, problems = read({**CHOICE, **changes})
    assert found == ()
    assert [(problem.row, problem.column) for problem in problems] == [(2, column)]
    assert reason in problems[0].reason


def test_row_without_an_answer_is_a_draft(read: Any) -> None:
    (item,), (problem,) = read({**CHOICE, "题型": "单选", "答案": ""})
    assert (item.answer_key, problem.severity) == (None, "warning")


def test_column_that_is_not_ours_is_named(read: Any) -> None:
    _items, (problem,) = read({**CHOICE, "出题日期": "昨天"})
    assert (problem.severity, "出题日期" in problem.reason) == ("info", True)


def test_formula_is_not_trusted(read: Any) -> None:
    found, (problem,) = read(CHOICE, {**CHOICE, "题干": "另一题？", "答案": '="B"'})
    assert len(found) == 1
    assert (problem.row, problem.column, problem.severity) == (3, "答案", "error")
    assert "formula stands in E3" in problem.reason


def test_formula_in_a_column_that_is_left_out_does_no_harm(read: Any) -> None:
    found, _problems = read({**CHOICE, "合计": "=1+1"})
    assert len(found) == 1


def test_same_row_gives_the_same_identifier(read: Any) -> None:
    assert read(CHOICE)[0][0].id == read({"分值": ""} | CHOICE)[0][0].id


def test_template_reads_without_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    with path.open("wb") as stream:
        write_template(stream)
    found, problems = read_items(path)
    assert problems == ()
    assert {item.type for item in found} == set(ItemType) - {ItemType.COMPOSITE}
    model = load_skill_model()
    for item in found:
        assert [f.message for f in validate_item(item, model) if f.severity == "error"] == [], item


def test_items_come_back_from_a_file(tmp_path: Path) -> None:
    listed = [replace(item, stimulus=STIMULUS) for item in one_of_each()]
    for name in ("bank.xlsx", "bank.csv"):
        problems = write_items(listed, tmp_path / name)
        found, read_problems = read_items(tmp_path / name)
        assert read_problems == ()
        kept = {item.id: item for item in found}
        lost = {part for item in listed for part in different_parts(item, kept[item.id])}
        assert lost == (set() if name.endswith("xlsx") else {"stimulus"})
        assert bool(problems) == bool(lost)


@given(item=items())
def test_any_item_is_written_without_loss(item: Item) -> None:
    assert write_items([item], BytesIO()) == ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(listed=st.lists(items(), max_size=3, unique_by=lambda item: item.id))
def test_any_items_come_back_from_a_workbook(listed: list[Item], tmp_path: Path) -> None:
    for name in ("any.xlsx", "any.csv"):
        write_items(listed, tmp_path / name)
        found, _problems = read_items(tmp_path / name)
        kept = {item.id: item for item in found}
        assert [different_parts(item, kept[item.id]) for item in listed] == [[]] * len(listed)


def test_what_few_items_have_comes_back(tmp_path: Path) -> None:
    single, multiple, _truth, numeric, *_rest = one_of_each()
    points = {"a": Fraction(1, 2), "b": Fraction(-1, 4)}
    mapped = Scoring(ScoringRule.MAPPED, Fraction(2), points, None, Fraction(1))
    slips = (WrongAnswer(Decimal("0.01"), "漏乘；再看[一]\n遍"),)
    listed = [
        replace(
            single,
            calibration=CalibratedParameters(0.1 + 0.2, -1e-5, 0.25, 400),
            valid_until=dt.date(2027, 10, 31),
            enemies=("01-002",),
            shuffle=False,
            work_area="W1",
            chapter="第一章",
        ),
        replace(multiple, scoring=mapped),
        replace(numeric, explanation=replace(numeric.explanation, wrong_answers=slips)),
        item_of(
            "f1",
            ItemType.FILL_IN,
            stem="{{x}}和{{y}}",
            answer_key=BlanksKey(
                (
                    Blank("x", (AcceptedAnswer("5", Fraction(1, 3), Decimal("0.1")),), True),
                    Blank("y", (AcceptedAnswer("[50%]|\n；", Fraction(1)),)),
                )
            ),
            scoring=Scoring(ScoringRule.MAPPED, mapping={"x": Fraction(1)}),
        ),
        item_of("e1", ItemType.ESSAY, answer_key=EssayKey("=1+1", 5)),
    ]
    listed = [settled(item) for item in listed]
    assert write_items(listed, tmp_path / "bank.xlsx") == ()
    found, problems = read_items(tmp_path / "bank.xlsx")
    assert problems == ()
    assert [different_parts(*pair) for pair in zip(listed, found, strict=True)] == [[]] * 5


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    texts = ("=1+1", "+1", "-1", "@x", "'=1", '=HYPERLINK("https://x.example")')
    listed = [replace(one_of_each()[0], id=f"q{n}", stem=text) for n, text in enumerate(texts)]
    for name in ("bank.xlsx", "bank.csv"):
        write_items(listed, tmp_path / name)
        found, problems = read_items(tmp_path / name)
        assert (problems, tuple(item.stem for item in found)) == ((), texts)
    raw = (tmp_path / "bank.csv").read_text(encoding="utf-8")
    assert ",=1" not in raw
    assert ",'=1+1," in raw


def test_composite_item_and_long_text_are_named(tmp_path: Path) -> None:
    composite = item_of("x1", ItemType.COMPOSITE, markup="<qti-assessment-item/>")
    long = replace(one_of_each()[0], id="x2", stem="长" * 40_000)
    problems = write_items([composite, long], tmp_path / "bank.xlsx")
    assert [(p.item_id, p.severity) for p in problems] == [("x1", "error"), ("x2", "error")]
