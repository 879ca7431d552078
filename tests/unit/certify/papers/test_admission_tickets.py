"""Admission tickets: four to a page, every word of them printed."""

from __future__ import annotations

from certify.papers.admission_tickets import PER_PAGE, AdmissionTicket, admission_tickets_pdf
from tests.unit.certify.papers.printed import FONTS, page_texts


def make_ticket(number: int, name: str = "林晓雨") -> AdmissionTicket:
    return AdmissionTicket(
        title="跨境电商数据运营",
        session="十一月第一场",
        name=name,
        admission_number=f"2026112001{number:02d}",
        username="student",
        centre="明德考点",
        room="第一考场",
        seat=str(number),
        time="2026年11月20日 09:00–11:00",
        entry="08:30起，09:15后不得入场",
    )


def test_four_tickets_fill_a_page() -> None:
    pages = page_texts(admission_tickets_pdf([make_ticket(n) for n in range(1, 6)], FONTS))
    assert len(pages) == 2
    assert pages[0].count("准考证号") == PER_PAGE and "202611200105" in pages[1]
    for words in ("林晓雨", "明德考点", "第一考场", "09:15后不得入场", "入场码"):
        assert words in pages[0]


def test_the_same_tickets_are_the_same_bytes() -> None:
    tickets = [make_ticket(1)]
    assert admission_tickets_pdf(tickets, FONTS) == admission_tickets_pdf(tickets, FONTS)


def test_a_long_name_is_printed_whole() -> None:
    name = "阿卜杜热合曼·" * 5
    (page,) = page_texts(admission_tickets_pdf([make_ticket(1, name)], FONTS))
    assert name in page


def test_nobody_gives_an_empty_page() -> None:
    assert len(page_texts(admission_tickets_pdf([], FONTS))) == 1
