"""Rows and cells: a broken row takes no other with it."""

from certify.grading.records import Header, Record, find_header, records_after, split_lines


def records(text: str) -> list[Record]:
    lines = split_lines(text)
    header = find_header(lines, lambda cells: cells[0] == "id", 5)
    assert isinstance(header, Header)
    return list(records_after(lines, header))


def test_unclosed_quotation_mark_breaks_one_row_only() -> None:
    found = records('id,a\n1,"x\n2,y\n3,z\n')
    assert [record.cells for record in found] == [None, ["2", "y"], ["3", "z"]]
    assert [record.row for record in found] == [2, 3, 4]


def test_two_unclosed_quotation_marks_do_not_join_rows() -> None:
    found = records('id,a\n1,"x\n2,"y\n3,z\n')
    assert [record.row for record in found if record.cells is None] == [2, 3]


def test_doubled_quotation_mark_is_one() -> None:
    assert records('id,a\n1,"x""y"\n')[0].cells == ["1", 'x"y']


def test_delimiter_is_the_one_of_the_heading() -> None:
    assert records("id\ta\n1\tx,y\n")[0].cells == ["1", "x,y"]


def test_line_separators_inside_cells_do_not_split() -> None:
    assert records("id,a\n1,x\u2028y\n")[0].cells == ["1", "x\u2028y"]


def test_end_of_file_mark_is_no_row() -> None:
    assert len(records("id,a\n1,x\n\x1a")) == 1
