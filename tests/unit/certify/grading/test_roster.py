"""Rosters of sessions: whatever a centre's spreadsheet does to them."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from certify.grading.errors import (
    EmptyFile,
    EncodingUndecidable,
    GradingError,
    NoHeader,
    NotATextFile,
    RosterMissesColumn,
    UnreadableWorkbook,
)
from certify.grading.roster import ROSTER_TEMPLATES, Roster, read_roster

HEAD = "准考证号,姓名,用户名,考场,座位,加时(分钟)"


def read(*lines: str, head: str = HEAD, encoding: str = "utf-8") -> Roster:
    return read_roster("\r\n".join([head, *lines]).encode(encoding), "roster.csv")


def workbook(rows: Sequence[Sequence[object]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("名单")
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return buffer.getvalue()


def codes(roster: Roster) -> list[tuple[int, str, str]]:
    return [(problem.row, problem.column, problem.code) for problem in roster.problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_encoding_of_office_programs_is_read(encoding: str) -> None:
    roster = read("0012026112001001,阿依·古丽,,第一考场,7,15", encoding=encoding)
    (row,) = roster.rows
    assert row.admission_number == "0012026112001001" and row.name == "阿依·古丽"
    assert (row.room, row.seat, row.extra_minutes, row.username) == ("第一考场", "7", 15, "")
    assert roster.problems == ()


def test_rare_characters_of_names_stay() -> None:
    """Pain 29."""
    roster = read("101,𬎆㛃䶮,,一,1,")
    assert roster.rows[0].name == "𬎆㛃䶮"


def test_a_workbook_keeps_text_as_text() -> None:
    rows = [HEAD.split(","), ["0012026112001001", "张三", "", "一", 1, 10]]
    (row,) = read_roster(workbook(rows), "roster.xlsx").rows
    assert row.admission_number == "0012026112001001" and row.seat == "1"
    assert row.extra_minutes == 10


def test_numbers_ruined_by_a_spreadsheet_are_reported_never_guessed() -> None:
    """Pain 28."""
    rows = [HEAD.split(","), [440981199001011234, "张三", "", "一", 1, ""]]
    roster = read_roster(workbook(rows), "roster.xlsx")
    assert roster.rows == () and codes(roster) == [(2, "准考证号", "ruined_number")]
    assert codes(read("4.40981E+17,张三,,一,1,")) == [(2, "准考证号", "ruined_number")]


def test_a_broken_row_takes_no_other_with_it() -> None:
    roster = read(
        "101,张三,,一,1,",
        "102,李四",
        ",王五,,一,3,",
        "104,,,一,4,",
        "105,赵六,,,5,",
        "106,钱七,,一,,",
        "107,孙八,,一,7,abc",
        "108,周九,,一,8,9999",
        "a b,吴十,,一,9,",
        "110,郑\u200b\ue000,,一,10,",
        "111,冯,,一,11,",
    )
    assert [row.admission_number for row in roster.rows] == ["101", "111"]
    assert codes(roster) == [
        (3, "", "broken_row"),
        (4, "准考证号", "missing_value"),
        (5, "姓名", "missing_value"),
        (6, "考场", "missing_value"),
        (7, "座位", "missing_value"),
        (8, "加时(分钟)", "bad_extra"),
        (9, "加时(分钟)", "bad_extra"),
        (10, "准考证号", "id_malformed"),
        (11, "姓名", "unfit_name"),
    ]


def test_neither_of_two_equal_numbers_names_or_seats_is_taken() -> None:
    roster = read(
        "101,张三,,一,1,",
        "101,李四,,一,2,",
        "103,王五,wang,一,3,",
        "104,赵六,WANG,一,4,",
        "105,钱七,,一,5,",
        "106,孙八,,一,5,",
        "107,周九,,二,5,",
    )
    assert [row.row for row in roster.rows] == [8]
    assert codes(roster) == [
        (2, "准考证号", "repeated"),
        (3, "准考证号", "repeated"),
        (4, "用户名", "repeated"),
        (5, "用户名", "repeated"),
        (6, "座位", "repeated"),
        (7, "座位", "repeated"),
    ]
    assert [problem.params["first_row"] for problem in roster.problems] == [3, 2, 5, 4, 7, 6]


def test_lost_leading_zeros_are_pointed_at_and_the_row_taken() -> None:
    lines = [f"00{n},考生,,一,{n}," for n in range(11, 19)]
    roster = read(*lines, "19,考生,,一,19,")
    assert len(roster.rows) == 9
    assert codes(roster) == [(10, "准考证号", "id_length")] and not roster.problems[0].fatal


def test_levels_are_read_in_both_languages() -> None:
    roster = read(
        "101,甲,一,1,新手",
        "102,乙,一,2,elite",
        "103,丙,一,3,高级",
        head="准考证号,姓名,考场,座位,等级",
    )
    assert [row.level for row in roster.rows] == ["novice", "elite"]
    assert codes(roster) == [(4, "等级", "unknown_level")]


def test_headings_may_be_spelt_otherwise_and_stand_lower() -> None:
    content = "某校考生名单\n\n 考号 ,考生姓名,考场号,座位号,备注\n101,张三,一,1,无\n"
    (row,) = read_roster(content.encode(), "roster.csv").rows
    assert (row.row, row.seat) == (4, "1")


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", EmptyFile),
        (b"%PDF-1.7", NotATextFile),
        ("姓名,考场\n".encode(), NoHeader),
        ("准考证号,姓名\n101,张三\n".encode(), RosterMissesColumn),
        ("准考证号,姓名,考场,座位\n张".encode() + b"\xff\xff\xff", EncodingUndecidable),
        (b"PK\x03\x04 no workbook", UnreadableWorkbook),
        (workbook([["姓名"], ["张三"]]), NoHeader),
    ],
)
def test_unreadable_files_are_refused_whole(content: bytes, error: type[GradingError]) -> None:
    with pytest.raises(error):
        read_roster(content, "roster")


@given(st.lists(st.lists(st.text(max_size=12), min_size=6, max_size=6), max_size=6))
def test_whatever_stands_in_the_cells_every_row_is_taken_or_reported(
    cells: list[list[str]],
) -> None:
    plain = [[c.translate({ord(x): None for x in ',"\r\n\t'}) for c in row] for row in cells]
    try:
        lines = [",".join(row).encode("utf-8") for row in plain]
        roster = read_roster(b"\n".join([HEAD.encode(), *lines]), "roster.csv")
    except (UnicodeEncodeError, GradingError):
        return
    reported = {problem.row for problem in roster.problems if problem.fatal}
    taken = {row.row for row in roster.rows}
    assert not reported & taken
    assert all(problem.code in ROSTER_TEMPLATES for problem in roster.problems)
