"""OpenDocument spreadsheets (.ods) -> rows of texts; repetition is expanded within bounds."""

from io import BytesIO

from lxml import etree

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
Table = tuple[str, list[list[str]], frozenset[tuple[int, int]]]
"""Name, rows of texts, places of formulas (row, column from 0)."""


def sheets_of_open_document(
    content: bytes, most_rows: int, most_columns: int
) -> list[Table] | None:
    """The tables of a document's content; None where it is no such document.

    Rows and columns beyond the bounds are cut, but only where they repeat empty cells, as every
    such file does down to the last row; anything else makes it no readable document.
    """
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        return None
    tables: list[Table] = []
    stream = etree.iterparse(
        BytesIO(content),
        tag=f"{_TABLE}table",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
    )
    try:
        for _event, table in stream:
            read = _table(table, most_rows, most_columns)
            if read is None:
                return None
            tables.append(read)
            table.clear()
    except etree.XMLSyntaxError:
        return None
    return tables or None


def _table(table: etree._Element, most_rows: int, most_columns: int) -> Table | None:
    rows: list[list[str]] = []
    formulas = set()
    waiting = 0
    for element in table.iter(f"{_TABLE}table-row"):
        cells = _cells(element, most_columns)
        if cells is None:
            return None
        repeated = _repeated(element, "number-rows-repeated")
        if not any(text or formula for text, formula in cells):
            waiting += repeated
            continue
        if len(rows) + waiting + repeated > most_rows:
            return None
        rows += [[] for _ in range(waiting)]
        waiting = 0
        for _ in range(repeated):
            formulas |= {(len(rows), column) for column, cell in enumerate(cells) if cell[1]}
            rows.append([text for text, _formula in cells])
    return table.get(f"{_TABLE}name", ""), rows, frozenset(formulas)


def _cells(row: etree._Element, most_columns: int) -> list[tuple[str, bool]] | None:
    """Text of each cell and whether it is a formula, without the empty ones at the end."""
    cells: list[tuple[str, bool]] = []
    waiting = 0
    for cell in row.iterchildren(f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
        found = (_text(cell), f"{_TABLE}formula" in cell.attrib)
        repeated = _repeated(cell, "number-columns-repeated")
        if not any(found):
            waiting += repeated
            continue
        if len(cells) + waiting + repeated > most_columns:
            return None
        cells += [("", False)] * waiting + [found] * repeated
        waiting = 0
    return cells


def _repeated(element: etree._Element, name: str) -> int:
    written = element.get(f"{_TABLE}{name}", "1")
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 10 else 1


def _text(cell: etree._Element) -> str:
    """The value as stored for numbers and dates, else the paragraphs of the cell."""
    kind = cell.get(f"{_OFFICE}value-type", "")
    if kind in ("float", "currency", "percentage"):
        return str(cell.get(f"{_OFFICE}value", ""))
    if kind == "date":
        return str(cell.get(f"{_OFFICE}date-value", "")).removesuffix("T00:00:00")
    if kind == "boolean":
        return str(cell.get(f"{_OFFICE}boolean-value", "")).upper()
    return "\n".join(_paragraph(part) for part in cell.iterchildren(f"{_TEXT}p"))


def _paragraph(part: etree._Element) -> str:
    pieces = [part.text or ""]
    for child in part.iter():
        if child is part:
            continue
        if child.tag == f"{_TEXT}s":
            pieces.append(" " * _repeated_blanks(child))
        elif child.tag == f"{_TEXT}line-break":
            pieces.append("\n")
        elif child.tag == f"{_TEXT}tab":
            pieces.append("\t")
        else:
            pieces.append(child.text or "")
        pieces.append(child.tail or "")
    return "".join(pieces)


def _repeated_blanks(element: etree._Element) -> int:
    written = element.get(f"{_TEXT}c", "1")
    return min(int(written), 200) if written.isascii() and written.isdecimal() else 1
