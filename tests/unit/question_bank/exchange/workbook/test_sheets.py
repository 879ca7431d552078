"""Spreadsheet files that are hostile, old, odd or broken: a clear problem, and nothing worse."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from question_bank.exchange.workbook import read_items
from question_bank.exchange.workbook.open_document import sheets_of_open_document
from question_bank.exchange.workbook.sheets import cell_text, column_letters, read_sheets

ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
    '<office:spreadsheet><table:table table:name="题目">{rows}</table:table>'
    "</office:spreadsheet></office:body></office:document-content>"
)


def cell(text: str, attributes: str = "") -> str:
    return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"


def row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def plain_book() -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("题目")
        sheet.write_row(0, 0, ["题干", "选项A", "选项B", "答案"])
        sheet.write_row(1, 0, ["哪个？", "甲", "乙", "B"])
    return stream.getvalue()


def changed_book(path: Path, changes: dict[str, bytes]) -> Path:
    """A small workbook with parts replaced or added."""
    with (
        zipfile.ZipFile(io.BytesIO(plain_book())) as source,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            target.writestr(name, changes.pop(name, source.read(name)))
        for name, content in changes.items():
            target.writestr(name, content)
    return path


SHEET = "xl/worksheets/sheet1.xml"
FAR_CELLS = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1"><c r="A1"><v>1</v></c></row>'
    b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"xl/vbaProject.bin": b"macro"}, "holds macros"),
        ({SHEET: FAR_CELLS}, "reaches to XFD1048576"),
        ({"xl/sharedStrings.xml": b"a" * 90_000_000}, "unpack"),
        (
            {"xl/sharedStrings.xml": b"<t>" + bytes(range(97, 123)) * 20_000},
            "a cell holds more than",
        ),
        ({"../outside.xml": b"x"}, "outside"),
        ({SHEET: b"no xml"}, "cannot be read"),
        ({"xl/workbook.xml": b"<workbook/>"}, "no item was found"),
    ],
)
def test_hostile_workbook_is_refused(
    changes: dict[str, bytes], reason: str, tmp_path: Path
) -> None:
    found, problems = read_items(changed_book(tmp_path / "bank.xlsx", dict(changes)))
    assert found == ()
    assert any(reason in problem.reason for problem in problems), problems


def test_workbook_with_links_outside_is_read_and_named(tmp_path: Path) -> None:
    path = changed_book(tmp_path / "b.xlsx", {"xl/externalLinks/externalLink1.xml": b"<x/>"})
    found, (problem,) = read_items(path)
    assert (len(found), "links to other files" in problem.reason) == (1, True)


def test_formula_is_found_whatever_the_prefix(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(plain_book())) as book:
        sheet = book.read(SHEET)
    with_formula = sheet.replace(b"</v></c></row></sheetData>", b"</v></c></row></sheetData>")
    with_formula = with_formula.replace(b'<c r="D2" t="s"><v>', b'<c r="D2" t="s"><f>B1</f><v>')
    assert with_formula != sheet
    sheets, _problems = read_sheets(changed_book(tmp_path / "b.xlsx", {SHEET: with_formula}))
    assert sheets[0].formulas == {(1, 3)}


def test_workbook_with_macros_is_refused_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "bank.xlsm"
    path.write_bytes(plain_book())
    assert "holds macros" in read_items(path)[1][0].reason


@pytest.mark.parametrize("name", ["bank.xlsx", "bank.xls", "bank.ods"])
def test_file_that_is_no_spreadsheet_is_named(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(b"no spreadsheet at all")
    found, problems = read_items(path)
    assert (found, len(problems)) == ((), 1)


def test_other_suffix_and_missing_file_are_named(tmp_path: Path) -> None:
    (tmp_path / "bank.pdf").write_bytes(b"%PDF")
    assert "not a spreadsheet" in read_items(tmp_path / "bank.pdf")[1][0].reason
    assert "no such file" in read_items(tmp_path / "none.xlsx")[1][0].reason


def test_sheet_without_headings_is_named(tmp_path: Path) -> None:
    path = tmp_path / "bank.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    reasons = [problem.reason for problem in read_items(path)[1]]
    assert "no column 题干" in reasons[0]
    assert "no item was found" in reasons[1]


def test_table_with_an_endless_cell_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "bank.csv"
    path.write_text('题干,答案\n"' + "a" * 200_000, encoding="utf-8")
    found, problems = read_items(path)
    assert (found, "cannot be read" in problems[0].reason) == ((), True)


def test_open_document_is_read_with_its_formulas(tmp_path: Path) -> None:
    rows = row(cell("题干"), cell("选项A"), cell("选项B"), cell("答案"))
    rows += row(cell("哪<text:s text:c='2'/>个？"), cell("甲"), cell("乙"), cell("B"))
    rows += row(cell("二？"), cell("甲"), cell("乙"), cell("A", 'table:formula="of:=1"'))
    rows += row(attributes='table:number-rows-repeated="1048000"')
    path = tmp_path / "bank.ods"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("content.xml", ODS.format(rows=rows))
    (item,), (problem,) = read_items(path)
    assert (item.stem, problem.row, problem.column) == ("哪  个？", 3, "答案")


@pytest.mark.parametrize(
    "rows",
    [
        row(cell("x"), attributes='table:number-rows-repeated="1048576"'),
        row(cell("x", 'table:number-columns-repeated="16384"')),
        row(cell("", 'table:number-columns-repeated="16383"'), cell("x")),
    ],
)
def test_open_document_that_repeats_without_end_is_refused(rows: str) -> None:
    assert sheets_of_open_document(ODS.format(rows=rows).encode(), 1000, 100) is None


def test_open_document_with_entities_is_refused() -> None:
    content = b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'
    assert sheets_of_open_document(content, 10, 10) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (True, "TRUE"), (12.0, "12"), (0.1, "0.1"), (1e300, "1e+300"), ("a\r\nb", "a\nb")],
)
def test_cell_is_read_as_people_see_it(value: object, text: str) -> None:
    assert cell_text(value) == text


@pytest.mark.parametrize(("number", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (16383, "XFD")])
def test_column_is_named_by_letters(number: int, letters: str) -> None:
    assert column_letters(number) == letters


@given(content=st.binary(max_size=200), suffix=st.sampled_from([".csv", ".xlsx", ".xls", ".ods"]))
def test_any_bytes_give_items_or_problems(
    content: bytes, suffix: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / f"any{suffix}"
    path.write_bytes(content)
    found, problems = read_items(path)
    assert found or problems
