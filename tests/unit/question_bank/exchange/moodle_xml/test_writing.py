"""Items as Moodle XML and back."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given

from question_bank.exchange.drafts import kept_file
from question_bank.exchange.fidelity import different_parts
from question_bank.exchange.moodle_xml import moodle_document, write_items
from question_bank.exchange.moodle_xml.reading import items_of
from question_bank.item import Item, ItemType
from tests.unit.question_bank.exchange.native_items import STIMULUS, item_of, items, one_of_each

FAITHFUL = (
    ItemType.SINGLE,
    ItemType.MULTIPLE,
    ItemType.TRUE_FALSE,
    ItemType.NUMERIC,
    ItemType.ESSAY,
)


@given(item=items(FAITHFUL))
def test_item_comes_back_whole(item: Item) -> None:
    stream = BytesIO()
    assert write_items([item], stream) == (), stream.getvalue().decode()


@given(item=items())
def test_item_comes_back_or_its_loss_is_named(item: Item) -> None:
    stream = BytesIO()
    problems = write_items([item], stream)
    found = {other.id: other for other in items_of(stream.getvalue(), "")[0]}
    assert problems or not different_parts(item, found[item.id])


def test_one_of_each_type_comes_back() -> None:
    assert write_items(one_of_each(), BytesIO()) == ()


def test_picture_is_embedded_and_named_again() -> None:
    picture = kept_file("chart.png", "image/png", b"\x89PNG")
    item = replace(one_of_each()[0], stem="看图：![图](chart.png)", files=(picture,))
    content = moodle_document([item])
    assert b"@@PLUGINFILE@@/chart.png" in content
    (back,) = items_of(content, "")[0]
    assert (back.stem, back.files, back.files[0].content) == (item.stem, (picture,), b"\x89PNG")


def test_chapter_and_stimulus_come_back() -> None:
    pair = [
        replace(one_of_each()[2], id=name, chapter="第一章/一", stimulus=STIMULUS)
        for name in ("x1", "x2")
    ]
    content = moodle_document(pair)
    assert content.decode().count("甲公司") == 1
    assert items_of(content, "") == (tuple(pair), ())


def test_composite_item_is_named_as_left_out() -> None:
    item = item_of("x1", ItemType.COMPOSITE, markup="<qti-assessment-item/>")
    (problem,) = write_items([item], BytesIO())
    assert (problem.severity, problem.item_id) == ("error", "x1")


@pytest.mark.parametrize("text", ["]]>", "a\x0bb", "&amp;<b>"])
def test_text_that_xml_minds_is_written(text: str) -> None:
    item = replace(one_of_each()[0], stem=text)
    (back,) = items_of(moodle_document([item]), "")[0]
    assert back.stem == text.replace("\x0b", "")
