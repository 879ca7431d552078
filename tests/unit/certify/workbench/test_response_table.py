"""Response tables: every fault is named with its place, and the rest is read."""

from __future__ import annotations

import numpy as np
import pytest

from certify.grading.errors import EmptyFile, NotATextFile
from certify.workbench.errors import (
    DuplicateColumn,
    MissingColumn,
    NoUsableColumns,
    NoUsableRows,
)
from certify.workbench.response_table import ResponseTable, read_responses


def read(text: str, **options: object) -> ResponseTable:
    return read_responses(text.encode(), "r.csv", **options)  # type: ignore[arg-type]


def lines(table: ResponseTable) -> list[str]:
    return [str(finding) for finding in table.findings]


def test_a_good_table_is_read_without_a_finding() -> None:
    table = read("person_id,Q1,Q2\na,1,0\nb,,2\n")
    assert table.person_ids == ("a", "b")
    assert table.item_ids == ("Q1", "Q2")
    np.testing.assert_array_equal(table.values, [[1, 0], [np.nan, 2]])
    assert table.rows.tolist() == [2, 3]
    assert table.findings == ()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_chinese_headings_are_read_in_the_usual_encodings(encoding: str) -> None:
    table = read_responses("准考证号,第1题\n甲,1\n乙,0\n".encode(encoding), "r.csv")
    assert (table.person_ids, table.item_ids) == (("甲", "乙"), ("第1题",))


def test_tabs_and_whole_numbers_written_as_decimals_are_read() -> None:
    assert read("person_id\tQ1\na\t1.0\nb\t0.0\n").values.ravel().tolist() == [1, 0]


def test_text_in_a_cell_is_named_and_taken_as_missing() -> None:
    table = read("person_id,Q1,Q2\na,1,0\nb,x,1\n")
    assert np.isnan(table.values[1, 0])
    (line,) = lines(table)
    assert "row 3, column Q1" in line
    assert "found 'x'" in line
    assert "correct the cell" in line


@pytest.mark.parametrize("cell", ["-1", "1.5", "101", "nan", "inf", "1e400", "NA"])
def test_a_number_that_is_no_category_is_named(cell: str) -> None:
    table = read(f"person_id,Q1\na,1\nb,{cell}\n")
    assert np.isnan(table.values[1, 0])
    assert f"found '{cell}'" in lines(table)[0]


def test_a_column_of_text_is_left_out_once() -> None:
    table = read("person_id,sex,Q1\na,f,1\nb,m,0\n")
    assert table.item_ids == ("Q1",)
    assert len(lines(table)) == 1
    assert "column sex" in lines(table)[0]
    assert "--ignore" in lines(table)[0]


def test_ignored_and_label_columns_are_no_items() -> None:
    table = read("person_id,sex,x,Q1\na,f,z,1\nb,m,z,0\n", label_columns=["sex"], ignored=["x"])
    assert table.item_ids == ("Q1",)
    assert table.labels["sex"] == ("f", "m")


def test_a_person_without_a_group_is_left_out() -> None:
    table = read("person_id,sex,Q1\na,f,1\nb,,0\n", label_columns=["sex"])
    assert table.person_ids == ("a",)
    assert "row 3, column sex" in lines(table)[0]


def test_two_different_rows_of_one_person_are_both_left_out() -> None:
    table = read("person_id,Q1\na,1\nb,0\na,0\n")
    assert table.person_ids == ("b",)
    assert ["row 2, column person_id" in lines(table)[0], "rows 2, 4" in lines(table)[0]] == [
        True,
        True,
    ]


def test_a_repeated_row_counts_once() -> None:
    table = read("person_id,Q1\na,1\nb,0\na,1\n")
    assert table.person_ids == ("a", "b")
    assert "repeats row 2" in lines(table)[0]


def test_a_row_of_another_width_is_left_out() -> None:
    table = read("person_id,Q1,Q2\na,1\nb,1,0,1\nc,1,0\n")
    assert table.person_ids == ("c",)
    assert ["row 2: expected 3 cells, found 2" in line for line in lines(table)] == [True, False]


def test_a_person_without_a_name_is_left_out() -> None:
    assert "row 2, column person_id" in lines(read("person_id,Q1\n,1\nb,0\n"))[0]


def test_a_column_without_a_heading_is_named_if_it_has_cells() -> None:
    assert lines(read("person_id,Q1,\na,1,\n")) == []
    assert "column 3 has cells but no heading" in lines(read("person_id,Q1,\na,1,1\n"))[0]


def test_cells_above_the_highest_category_become_missing() -> None:
    table = read("person_id,Q1,Q2\na,1,0\nb,2,2\n").limited([1, 3])
    np.testing.assert_array_equal(table.values, [[1, 0], [np.nan, 2]])
    assert "row 3, column Q1: expected a whole number from 0 to 1" in lines(table)[0]


def test_options_may_be_letters() -> None:
    table = read("person_id,Q1,Q2\na,B,3\nb,d,?\n", are_options=True)
    np.testing.assert_array_equal(table.values, [[2, 3], [4, np.nan]])
    assert "expected an option" in lines(table)[0]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", EmptyFile),
        ("PK\x03\x04", NotATextFile),
        ("Q1,Q2\n1,0\n", MissingColumn),
        ("person_id\na\n", MissingColumn),
        ("person_id,Q1,Q1\na,1,0\n", DuplicateColumn),
        ("person_id,Q1\n", NoUsableRows),
        ("person_id,Q1\na,1\na,0\n", NoUsableRows),
        ("person_id,Q1\na,x\n", NoUsableColumns),
    ],
)
def test_a_table_without_anything_usable_is_refused_in_one_line(
    text: str, error: type[Exception]
) -> None:
    with pytest.raises(error) as caught:
        read(text)
    assert len(str(caught.value).splitlines()) == 1
    assert "r.csv" in str(caught.value)


def test_a_missing_group_column_is_refused() -> None:
    with pytest.raises(MissingColumn, match="a column 'sex'"):
        read("person_id,Q1\na,1\n", label_columns=["sex"])
