"""The answer sheet's numbers: every bubble on the page, none over another, ticks for each row."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from certify.papers.sheet_layout import (
    BUBBLE,
    HEIGHT,
    ID_DIGITS,
    LEFT,
    WIDTH,
    lay_out_sheet,
    layout_mapping,
)
from question_bank.item import ItemType
from tests.unit.certify.exams.fixed_forms.bank import make_bank
from tests.unit.certify.papers.printed import make_paper


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 220), st.integers(0, 60), st.integers(0, 60), st.integers(0, 30),
    st.integers(0, 4),
)  # fmt: skip
def test_whatever_the_paper_nothing_overlaps_or_leaves_the_page(
    singles: int, multiples: int, truths: int, blanks: int, essays: int
) -> None:
    counts = {
        ItemType.SINGLE: singles,
        ItemType.MULTIPLE: multiples,
        ItemType.TRUE_FALSE: truths,
        ItemType.FILL_IN: blanks,
        ItemType.ESSAY: essays,
    }
    tasks = make_paper(make_bank(counts, blocks=0)).tasks()
    pages = lay_out_sheet(tasks)
    seen = set()
    for page in pages:
        places = [(b.x, b.y) for b in (*page.identity, *page.bubbles)]
        assert len(places) == len(set(places))
        for x, y in places:
            assert x - BUBBLE[0] / 2 >= LEFT
            assert x + BUBBLE[0] / 2 < WIDTH - 40
            assert 50 < y < HEIGHT - 60
        lowest = min((bubble.y for bubble in page.bubbles), default=HEIGHT)
        for box in page.boxes:
            assert box.y > 50
            assert box.y + box.height < lowest
            assert box.x + box.width <= WIDTH - 50
        spans = [(box.x, box.y, box.y + box.height) for box in page.boxes]
        for x, low, high in spans:
            assert not any(
                other is not None and o_x == x and low < o_low < high
                for other in (1,)
                for o_x, o_low, _ in spans
            )
        assert {round(y, 3) for y in page.ticks} == {round(y, 3) for _, y in places}
        seen |= {bubble.question for bubble in page.bubbles} | {b.question for b in page.boxes}
    choices = singles + multiples + truths
    assert len(seen) == choices + 2 * blanks + essays
    assert len(pages[0].identity) == 10 * ID_DIGITS


def test_the_layout_can_be_handed_to_a_reader_of_scans() -> None:
    paper = make_paper()
    data = json.loads(json.dumps(layout_mapping(lay_out_sheet(paper.tasks()), paper.form.digest)))
    assert data["form"] == paper.form.digest
    assert len(data["corners"]) == 4
    question, mark, x, y = data["pages"][0]["bubbles"][0]
    assert (question, mark) == ("1", "A")
    assert 0 < x < data["page"][0]
    assert 0 < y < data["page"][1]
