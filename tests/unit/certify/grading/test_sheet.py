"""Reading answer sheets: nothing is dropped, whatever the rows hold."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certify.grading.errors import GradingError
from certify.grading.key import PaperKey, read_key
from certify.grading.sheet import read_sheet
from certify.services.grading import grade_bytes

KEY = "题号,答案,分值,题型\n1,A,1,单选\n2,AC,0.1,多选\n".encode()
HEADING = "准考证号,姓名,1,2\n"

cells = st.one_of(
    st.sampled_from(
        ["", "1001", "1002", "1003", "4.40981E+17", "A", "AC", '"', '"A', "=1", " ", "，"]
    ),
    st.text(st.characters(blacklist_categories=["Cc", "Cs"]), max_size=6),
)
rows = st.lists(st.lists(cells, min_size=1, max_size=6), min_size=1, max_size=12)


@pytest.fixture
def key() -> PaperKey:
    return read_key(KEY, "key.csv")


@settings(deadline=None)
@given(rows, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]))
def test_rows_in_are_graded_plus_reported(table: list[list[str]], encoding: str) -> None:
    text = HEADING + "\n".join(",".join(row) for row in table)
    try:
        batch = grade_bytes(text.encode(encoding), "answers.csv", KEY, "key.csv")
    except GradingError:
        return
    summary = batch.summary
    assert summary["rows_in"] == batch.graded + batch.reported
    refused = {problem.row for problem in batch.problems if problem.fatal}
    assert len(refused) == batch.reported
    graded = {candidate.row for candidate in batch.graded_sheet.sheet.candidates}
    assert not graded & refused


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "1001,张三,A,AC",
                "1002,李四,B,AC",
                "1002,李四,A,A",
                "1003,王五",
                ",,,",
                "",
                "合计,,,",
                "4.4E+17,赵六,A,C",
                '1004,"钱七,A,AC',
                "1005,孙八,AB,AC,",
                "1006,周九,A,AC,B",
            ]
        ),
        min_size=1,
        max_size=30,
    )
)
def test_every_row_with_content_is_counted(lines: list[str]) -> None:
    text = HEADING + "\n".join(lines)
    try:
        batch = grade_bytes(text.encode(), "answers.csv", KEY, "key.csv")
    except GradingError:
        assert not any(line.strip(",") for line in lines)
        return
    with_content = [n for n, line in enumerate(lines, 2) if line.strip(",")]
    refused = {problem.row for problem in batch.problems if problem.fatal}
    graded = {candidate.row for candidate in batch.graded_sheet.sheet.candidates}
    assert sorted(refused | graded) == with_content
    assert batch.summary["rows_in"] == len(with_content)


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_give_a_result_or_one_line(data: bytes) -> None:
    for answers, key in ((data, KEY), (f"{HEADING}1001,a,A,AC\n".encode(), data)):
        try:
            grade_bytes(answers, "answers.csv", key, "key.csv")
        except GradingError as error:
            assert len(str(error).splitlines()) == 1


def test_blank_answers_stay_empty_strings(key: PaperKey) -> None:
    sheet = read_sheet(f"{HEADING}1001,张三,,AC\n1002,李四,NaN,\n".encode(), "answers.csv", key)
    assert sheet.columns[0].distinct == ("", "NaN")
    assert sheet.columns[1].distinct == ("AC", "")


def test_examination_number_is_preferred_to_student_number(key: PaperKey) -> None:
    text = "学号,准考证号,姓名,1,2\n7,1001,张三,A,AC\n"
    sheet = read_sheet(text.encode(), "answers.csv", key)
    assert sheet.candidates[0].candidate_id == "1001"
    assert sheet.attribute_names == ("学号",)
    assert sheet.candidates[0].attributes == ("7",)


@pytest.mark.parametrize(
    "heading", ["第1题", "1", "01", "Q1", "q1", "题1", "题目1", "第１题(2分)", "1.", " Q_1 "]
)
def test_question_heading_is_recognised(heading: str, key: PaperKey) -> None:
    sheet = read_sheet(f"学号,{heading},2\n1001,A,AC\n".encode(), "answers.csv", key)
    assert sheet.columns[0].heading == heading.strip()


def test_columns_follow_the_key_not_the_sheet(key: PaperKey) -> None:
    sheet = read_sheet("学号,2,1\n1001,AC,A\n".encode(), "answers.csv", key)
    assert [column.heading for column in sheet.columns] == ["1", "2"]
    assert sheet.columns[0].distinct == ("A",)


def test_row_number_counts_blank_rows_and_rows_above_the_heading(key: PaperKey) -> None:
    text = f"模拟考试\n\n{HEADING}1001,张三,A,AC\n\n1002,李四\n"
    sheet = read_sheet(text.encode(), "answers.csv", key)
    assert sheet.header_row == 3
    assert sheet.candidates[0].row == 4
    assert [problem.row for problem in sheet.problems] == [6]


def test_quoted_line_break_is_one_row(key: PaperKey) -> None:
    text = f'{HEADING}1001,"张\n三",A,AC\n1002,李四,A,AC\n'
    sheet = read_sheet(text.encode(), "answers.csv", key)
    assert [candidate.row for candidate in sheet.candidates] == [2, 3]
    assert sheet.candidates[0].name == "张\n三"
