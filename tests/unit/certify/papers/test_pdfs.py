"""What is printed can be read, in order, and nobody finds the key on the paper."""

from __future__ import annotations

import base64
import re
from fractions import Fraction

import pytest

from certify.papers.answer_sheet import answer_sheet_pdf
from certify.papers.exam_paper import exam_paper_pdf
from certify.papers.key_booklet import key_booklet_pdf
from certify.papers.marked_text import inline_runs
from certify.papers.text_runs import plain_text
from certify.papers.wording import CONFIDENTIAL, KEY_CONFIDENTIAL, SECTION_TITLES
from question_bank.item import ItemFile, ItemType, Stimulus
from tests.unit.certify.exams.fixed_forms.bank import as_version, make_bank, make_item
from tests.unit.certify.papers.printed import FONTS, make_paper, page_texts

PICTURE = ItemFile(
    "chart.png",
    "image/png",
    "0" * 64,
    base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    ),
)


def test_a_paper_shows_every_section_and_item_in_order_and_no_key() -> None:
    paper = make_paper()
    text = "".join(page_texts(exam_paper_pdf(paper, FONTS)))
    places = [text.index(f"、{SECTION_TITLES[section.name]}（共") for section in paper.sections()]
    assert places == sorted(places)
    for task in paper.tasks():
        assert f"{task.entry.number}." in text
        assert task.item.stem[:6] in text
    assert CONFIDENTIAL in text
    assert "因为如此" not in text
    assert "要点：先核对单据" not in text


def test_every_page_says_which_of_how_many_it_is() -> None:
    pages = page_texts(exam_paper_pdf(make_paper(), FONTS))
    assert len(pages) > 2
    for number, text in enumerate(pages, 1):
        assert f"第{number}页，共{len(pages)}页" in text


def test_a_stimulus_stands_on_the_page_of_its_items() -> None:
    paper = make_paper()
    pages = page_texts(exam_paper_pdf(paper, FONTS))
    for group in paper.sections()[-1].groups:
        assert group.stimulus is not None
        page = next(text for text in pages if group.stimulus.title in text)
        assert "4,000" in page
        assert all(f"{task.entry.number}.（" in page for task in group.tasks)


def test_options_stay_on_the_page_of_their_stem() -> None:
    for text in page_texts(exam_paper_pdf(make_paper(), FONTS)):
        stems = len(re.findall(r"第\d+道题的题干，问的是哪一项？A\.", text))
        assert text.count("A.选项内容") == stems


def test_a_stimulus_longer_than_a_page_flows_on() -> None:
    long = Stimulus("S", "长材料", "\n\n".join(["甲公司的数据如下，逐月列出。" * 12] * 30))
    versions = [as_version(make_item(ItemType.SINGLE, n, stimulus=long)) for n in range(2)]
    pages = page_texts(exam_paper_pdf(make_paper(versions), FONTS))
    assert len(pages) > 1
    assert sum(text.count("甲公司") for text in pages) == 30 * 12


def test_the_key_names_each_answer_with_its_points_and_is_marked_confidential() -> None:
    paper = make_paper()
    pages = page_texts(key_booklet_pdf(paper, FONTS))
    assert all(KEY_CONFIDENTIAL in text for text in pages)
    text = "".join(pages)
    by_type = {task.item.type: task.entry.number for task in paper.tasks()}
    assert f"{by_type[ItemType.NUMERIC]}.答案：9.75 ± 0.01 元" in text
    assert f"{by_type[ItemType.FILL_IN]}.答案：(1) FOB 或 离岸价；(2) 1,200 ± 5" in text
    assert f"{by_type[ItemType.ESSAY]}.答案：要点：先核对单据。" in text
    assert text.count("因为如此。") == len(paper.items)


def test_the_answer_sheet_has_a_place_for_every_item() -> None:
    paper = make_paper()
    text = "".join(page_texts(answer_sheet_pdf(paper, FONTS)))
    assert "准考证号" in text
    for task in paper.tasks():
        assert str(task.entry.number) in text
    fill_in = next(t.entry.number for t in paper.tasks() if t.item.type is ItemType.FILL_IN)
    assert f"{fill_in}.1." in text
    assert f"{fill_in}.2." in text


@pytest.mark.parametrize("draw", [exam_paper_pdf, answer_sheet_pdf, key_booklet_pdf])
def test_the_same_form_gives_the_same_bytes(draw) -> None:  # type: ignore[no-untyped-def]
    paper = make_paper(make_bank({ItemType.SINGLE: 4}, blocks=0))
    assert draw(paper, FONTS) == draw(paper, FONTS)


def test_pictures_tables_lists_and_formulas_are_set() -> None:
    stem = (
        "见图：\n\n![图一](chart.png)\n\n![没有的图](gone.png)\n\n- 第一条\n- 第二条\n\n"
        "1. 步骤一\n\n| 项 | 值 |\n|:--|--:|\n| 甲 | 1 |\n\n按 $\\frac{a+b}{2}\\times x^{2}$ 计算，"
        "**不正确**的是哪一项？\n\n```\n代码\n```"
    )
    item = make_item(ItemType.SINGLE, 1, stem=stem, files=(PICTURE,))
    damaged = make_item(
        ItemType.SINGLE,
        2,
        stem="坏图 ![说明](bad.png)",
        files=(ItemFile("bad.png", "image/png", "1" * 64, b"no picture"),),
    )
    pdf = exam_paper_pdf(make_paper([as_version(item), as_version(damaged)]), FONTS)
    text = "".join(page_texts(pdf))
    for words in (
        "［图：没有的图］",
        "［图：说明］",
        "•第一条",
        "1.步骤一",
        "(a + b)/2 × x2",
        "不正确",
        "代码",
    ):
        assert words in text
    assert "［图：图一］" not in text
    assert b"/Image" in pdf


def test_characters_without_a_glyph_are_seen_to_be_missing() -> None:
    item = make_item(ItemType.SINGLE, 1, stem="图标\U0001f680表示什么？")
    assert "图标□表示什么？" in "".join(
        page_texts(exam_paper_pdf(make_paper([as_version(item)]), FONTS))
    )


def test_odd_points_of_a_block_are_printed_exactly() -> None:
    text = "".join(
        page_texts(exam_paper_pdf(make_paper(make_bank({}, blocks=1), block="10"), FONTS))
    )
    assert "（3分）" in text
    assert text.count("（3.5分）") == 2
    paper = make_paper(make_bank({}, blocks=1), block="1")
    assert {task.entry.points for task in paper.tasks()} == {Fraction(1, 3)}
    assert "（1/3分）" in "".join(page_texts(exam_paper_pdf(paper, FONTS)))


def test_html_and_links_stay_the_text_they_are() -> None:
    assert plain_text(inline_runs("<b>a</b> [b](http://x)")) == "<b>a</b> [b](http://x)"
