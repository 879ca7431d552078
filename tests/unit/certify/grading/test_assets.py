"""Every file in tests/assets/grading, named after its fault, with what must come of it."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

import pytest

from certify.grading import errors
from certify.services.grading import GradingError, grade_files

ASSETS = Path(__file__).resolve().parents[3] / "assets" / "grading"
KEY = ASSETS / "key.csv"

# file: (rows in, graded, problems as (row, column, code))
GRADED: dict[str, tuple[int, int, list[tuple[int, str, str]]]] = {
    "clean.csv": (5, 5, []),
    "english_headings.csv": (5, 5, []),
    "utf8_bom.csv": (5, 5, []),
    "utf16_tabs.csv": (5, 5, []),
    "utf16_big_endian.csv": (5, 5, []),
    "rare_names_gb18030.csv": (5, 5, []),
    "old_mac_line_ends.csv": (5, 5, []),
    "title_row_above_heading.csv": (5, 5, []),
    "line_break_in_heading.csv": (5, 5, []),
    "mixed_spellings.csv": (5, 5, []),
    "blank_answers.csv": (3, 3, []),
    "blank_rows.csv": (3, 3, []),
    "formula_in_name.csv": (4, 4, []),
    "ids_written_as_text_formula.csv": (5, 5, []),
    "ids_full_width_and_spaces.csv": (3, 3, []),
    "identity_card_ending_in_x.csv": (4, 4, []),
    "column_without_heading.csv": (5, 5, []),
    "unrecognised_column.csv": (5, 5, []),
    "quotation_mark_inside_name.csv": (3, 3, []),
    "rounded_ids.csv": (5, 5, []),
    "gbk_16_digit_ids_one_broken_row.csv": (6, 5, [(4, "", "broken_row")]),
    "open_quotation_mark.csv": (4, 3, [(3, "", "broken_row")]),
    "too_many_cells.csv": (3, 2, [(3, "", "broken_row")]),
    "too_few_cells.csv": (3, 2, [(3, "", "broken_row")]),
    "missing_id.csv": (3, 2, [(3, "准考证号", "missing_id")]),
    "letter_in_id.csv": (5, 4, [(6, "准考证号", "id_not_digits")]),
    "total_row_at_the_end.csv": (6, 5, [(7, "准考证号", "id_not_digits")]),
    "formula_as_id.csv": (4, 3, [(3, "准考证号", "id_malformed")]),
    "repeated_row.csv": (4, 3, [(5, "准考证号", "repeated_row")]),
    "duplicate_id_other_answers.csv": (
        4,
        2,
        [(3, "准考证号", "duplicate_id"), (5, "准考证号", "duplicate_id")],
    ),
    "ruined_numbers.csv": (5, 2, [(row, "准考证号", "ruined_number") for row in (3, 4, 6)]),
    "all_ids_ruined.csv": (5, 0, [(row, "准考证号", "ruined_number") for row in range(2, 7)]),
    "ruined_identity_card.csv": (
        5,
        5,
        [(row, "身份证号", "ruined_attribute") for row in (2, 4, 6)],
    ),
    "lost_leading_zero.csv": (5, 5, [(5, "准考证号", "id_length")]),
    "several_marks_on_single_choice.csv": (
        2,
        2,
        [(2, "第1题", "several_marks"), (2, "第2题", "several_marks")],
    ),
    "unknown_marks.csv": (2, 2, [(2, f"第{n}题", "unknown_mark") for n in (1, 2, 3, 4, 6)]),
}

REFUSED: dict[str, type[GradingError]] = {
    "empty_file.csv": errors.EmptyFile,
    "only_byte_order_mark.csv": errors.EmptyFile,
    "only_spaces.csv": errors.EmptyFile,
    "binary_file.csv": errors.NotATextFile,
    "spreadsheet_named_csv.csv": errors.NotATextFile,
    "utf16_without_mark.csv": errors.NotATextFile,
    "damaged_utf8.csv": errors.EncodingUndecidable,
    "neither_utf8_nor_gb18030.csv": errors.EncodingUndecidable,
    "heading_only.csv": errors.NoCandidates,
    "no_heading.csv": errors.NoHeader,
    "duplicate_question_column.csv": errors.DuplicateColumn,
}

REFUSED_KEYS: dict[str, type[GradingError]] = {
    "key_misses_question.csv": errors.KeyMissesQuestions,
    "key_one_question_too_many.csv": errors.SheetMissesQuestions,
    "key_unknown_type.csv": errors.UnknownItemType,
    "key_duplicate_question.csv": errors.DuplicateQuestion,
    "key_zero_points.csv": errors.BadPoints,
    "key_negative_points.csv": errors.BadPoints,
    "key_points_not_a_number.csv": errors.BadPoints,
    "key_without_answer.csv": errors.KeyWithoutAnswer,
    "key_without_type_column.csv": errors.KeyMissesColumn,
    "key_without_heading.csv": errors.KeyMissesColumn,
    "key_without_questions.csv": errors.KeyWithoutQuestions,
    "key_several_letters_on_single_choice.csv": errors.AnswerUnfitForType,
    "key_several_faults.csv": errors.FaultyKey,
    "key_broken_row.csv": errors.KeyRowBroken,
    "key_open_quotation_mark.csv": errors.KeyRowBroken,
}

USABLE_KEYS = ("key.csv", "key_english.csv", "key_gbk.csv")
TESTED_ELSEWHERE = {"sixths.csv", "key_sixths.csv"}


def rows_of(files: Mapping[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[name].decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("name", GRADED)
def test_graded_and_reported_are_all_rows_and_every_problem_is_listed(name: str) -> None:
    rows_in, graded, problems = GRADED[name]
    batch = grade_files(ASSETS / name, KEY)
    assert batch.summary["rows_in"] == rows_in
    assert batch.graded == graded
    assert batch.reported == rows_in - graded
    assert [(p.row, p.column, p.code) for p in batch.problems] == problems
    assert len(rows_of(batch.files(), "results.csv")) == graded
    listed = rows_of(batch.files(), "errors.csv")
    assert [(int(row["row"]), row["column"], row["code"]) for row in listed] == problems
    assert all(row["reason"] for row in listed)


@pytest.mark.parametrize("name", REFUSED)
def test_answer_file_is_refused_in_one_line(name: str) -> None:
    with pytest.raises(GradingError) as caught:
        grade_files(ASSETS / name, KEY)
    assert type(caught.value) is REFUSED[name]
    assert name in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("name", REFUSED_KEYS)
def test_key_is_refused_in_one_line(name: str) -> None:
    with pytest.raises(GradingError) as caught:
        grade_files(ASSETS / "clean.csv", ASSETS / name)
    assert type(caught.value) is REFUSED_KEYS[name]
    assert name in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("name", USABLE_KEYS)
def test_key_in_chinese_english_and_gbk_give_the_same_results(name: str) -> None:
    expected = grade_files(ASSETS / "clean.csv", KEY).files()["results.csv"]
    assert grade_files(ASSETS / "clean.csv", ASSETS / name).files()["results.csv"] == expected


def test_every_asset_is_tested() -> None:
    named = {*GRADED, *REFUSED, *REFUSED_KEYS, *USABLE_KEYS, *TESTED_ELSEWHERE}
    assert {path.name for path in ASSETS.glob("*.csv")} == named


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("clean.csv", "utf-8"),
        ("utf8_bom.csv", "utf-8-bom"),
        ("utf16_tabs.csv", "utf-16"),
        ("gbk_16_digit_ids_one_broken_row.csv", "gb18030"),
    ],
)
def test_encoding_is_reported_and_changes_no_total(name: str, encoding: str) -> None:
    batch = grade_files(ASSETS / name, KEY)
    totals = [row["total_points"] for row in rows_of(batch.files(), "results.csv")]
    assert batch.summary["encoding"] == encoding
    assert totals == ["10", "9", "1", "7", "3.5"]


def test_sixteen_digit_identifiers_stay_as_they_are() -> None:
    batch = grade_files(ASSETS / "gbk_16_digit_ids_one_broken_row.csv", KEY)
    found = [row["candidate_id"] for row in rows_of(batch.files(), "results.csv")]
    assert found == [f"440981102026000{n}" for n in range(1, 6)]


def test_leading_zeros_of_text_formula_identifiers_stay() -> None:
    batch = grade_files(ASSETS / "ids_written_as_text_formula.csv", KEY)
    found = [row["candidate_id"] for row in rows_of(batch.files(), "results.csv")]
    assert found == ["0001", "0002", "0003", "0004", "0005"]
    assert batch.summary["normalised"]["identifier_text_mark"] == 5


def test_rare_names_come_out_as_they_went_in() -> None:
    batch = grade_files(ASSETS / "rare_names_gb18030.csv", KEY)
    names = [row["name"] for row in rows_of(batch.files(), "results.csv")]
    assert names[:3] == ["张䶮", "王𬎆·古丽", "㛃 𠅤"]


def test_six_sixths_are_one() -> None:
    batch = grade_files(ASSETS / "sixths.csv", ASSETS / "key_sixths.csv")
    assert [r["total_points"] for r in rows_of(batch.files(), "results.csv")] == ["1", "0.833333"]
    assert batch.summary["max_points"] == 1
    assert "points_rounded" in [warning.code for warning in batch.warnings]


def test_mixed_spellings_are_read_and_each_kind_is_counted() -> None:
    batch = grade_files(ASSETS / "mixed_spellings.csv", KEY)
    totals = [row["total_points"] for row in rows_of(batch.files(), "results.csv")]
    assert totals == ["10", "10", "10", "9", "9"]
    counted = batch.summary["normalised"]
    assert set(counted) == {
        "case",
        "full_width",
        "number_format",
        "order",
        "repeated_mark",
        "separators",
        "space",
        "true_false_word",
    }
    assert counted["separators"] == 4


def test_all_faults_of_a_key_are_told_at_once() -> None:
    with pytest.raises(errors.FaultyKey) as caught:
        grade_files(ASSETS / "clean.csv", ASSETS / "key_several_faults.csv")
    assert [type(error) for error in caught.value.errors] == [
        errors.AnswerUnfitForType,
        errors.BadPoints,
        errors.UnknownItemType,
        errors.KeyWithoutAnswer,
        errors.KeyRowWithoutQuestion,
    ]
    assert all(f"row {row}" in str(caught.value) for row in range(2, 7))


def test_formulas_in_names_headings_and_attributes_are_inert() -> None:
    files = grade_files(ASSETS / "formula_in_name.csv", KEY).files()
    lines = list(csv.reader(io.StringIO(files["results.csv"].decode("utf-8-sig"), newline="")))
    assert [line[1] for line in lines[1:]] == ["'=cmd|calc!A1", "'@SUM(A1)", "'-2", "'＝1"]
    assert lines[0][4] == "'=班级"
    assert lines[2][4] == "'+1"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("rounded_ids.csv", "ids_may_be_rounded"),
        ("title_row_above_heading.csv", "rows_above_heading"),
        ("column_without_heading.csv", "column_without_heading"),
        ("unrecognised_column.csv", "columns_kept"),
    ],
)
def test_what_is_not_graded_or_doubtful_is_warned_of(name: str, code: str) -> None:
    batch = grade_files(ASSETS / name, KEY)
    assert code in [warning.code for warning in batch.warnings]
    assert [str(warning) for warning in batch.warnings] == batch.summary["warnings"]
