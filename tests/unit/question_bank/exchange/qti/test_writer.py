"""Items written as QTI and read again: the same items, the same bytes, the same points."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.answer_key import AcceptedAnswer, Blank, BlanksKey
from question_bank.exchange.drafts import draft_item, kept_file, settled
from question_bank.exchange.markup_reader import read_markup
from question_bank.exchange.qti import read_items, write_items
from question_bank.item import (
    CalibratedParameters,
    Explanation,
    Item,
    ItemType,
    ProvisionalDifficulty,
    Stimulus,
)
from question_bank.qti.processing import process
from question_bank.response_processing import score
from question_bank.scoring import Scoring, ScoringRule
from tests.unit.question_bank.exchange.qti.random_items import ANSWERED, ESSAY, as_responses

VERSIONS = ("3.0", "2.2", "2.1")
PICTURE = kept_file("图 1.png", "image/png", b"\x89PNG 1")
KEPT = kept_file("source.txt", "text/plain", b"kept from an import")
TAGGED = replace(
    ESSAY,
    id="01-001 / a?>",
    node="01",
    dimension="S",
    level="novice",
    point="01-N1",
    bloom="apply",
    source="教材 <概念> & 标准",
    expected_seconds=90,
    difficulty=ProvisionalDifficulty(Decimal("0.65"), "panel 2027"),
    calibration=CalibratedParameters(1.25, -0.5, 0.0, 312),
    enemies=("01-002", "01-003"),
    valid_until=dt.date(2027, 12, 31),
    stem="看图 ![图](<图 1.png>)，求 $\\frac{1}{2}$ 的值。\n\n| a | b |\n|---|---|\n| 1 | **2** |",
    explanation=Explanation("因为。", "记住。"),
    stimulus=Stimulus("case-1", "案例", "某公司出口 **椅子**。\n\n![图](<图 1.png>)"),
    work_area="P-D",
    chapter="01.2",
    files=(PICTURE, KEPT),
    shuffle=False,
)


def again(items: list[Item], tmp_path: Path, version: str, name: str = "q.zip") -> tuple[Item, ...]:
    path = tmp_path / name
    assert write_items(items, path, version=version) == ()
    found, problems = read_items(path)
    assert problems == ()
    return found


def written(items: list[Item], version: str = "3.0") -> bytes:
    target = io.BytesIO()
    write_items(items, target, version=version)
    return target.getvalue()


@pytest.mark.parametrize("version", VERSIONS)
def test_an_item_with_every_tag_comes_back_as_it_was(tmp_path: Path, version: str) -> None:
    second = replace(TAGGED, id="01-002", files=(PICTURE,), enemies=())
    found = again([TAGGED, second], tmp_path, version)
    assert found == (settled(TAGGED), settled(second))
    assert [file.content for file in found[0].files] == [PICTURE.content, KEPT.content]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_single_file_carries_the_tags_too(tmp_path: Path, version: str) -> None:
    item = replace(TAGGED, files=(), stem="无图。", stimulus=Stimulus("c", "", "文字"))
    assert again([item], tmp_path, version, "one.xml") == (settled(item),)


@settings(max_examples=60, deadline=None)
@given(st.lists(ANSWERED, min_size=1, max_size=3), st.sampled_from(VERSIONS))
def test_any_items_come_back_from_a_package(answered: list[tuple[Item, Any]], version: str) -> None:
    items = [replace(item, id=f"q-{at}") for at, (item, _) in enumerate(answered)]
    with zipfile.ZipFile(io.BytesIO(written(items, version))) as package:
        for (item, raw), at in zip(answered, range(len(items)), strict=True):
            markup = package.read(f"items/item-q-{at}.xml").decode()
            found = process(markup, as_responses(item, raw))
            assert found.points == score(item, {"RESPONSE": raw}).points


@pytest.mark.parametrize("version", VERSIONS)
def test_two_exports_are_equal_byte_for_byte(version: str) -> None:
    items = [TAGGED, replace(ESSAY, id="b")]
    assert written(items, version) == written(items, version)


def test_a_changed_file_keeps_the_tags_and_says_what_it_says_now(tmp_path: Path) -> None:
    item = replace(TAGGED, id="q-7", files=(), stimulus=None, stem="旧题干。")
    path = tmp_path / "one.xml"
    write_items([item], path)
    path.write_text(path.read_text().replace("旧题干", "新题干"))
    (found,), problems = read_items(path)
    assert problems == ()
    assert (found.stem, found.node, found.level) == ("新题干。", "01", "novice")
    assert found.enemies == item.enemies
    assert found.markup


@pytest.mark.parametrize("record", ["{", "{}", '{"item": 1}', '{"item": {"id": "x", "node": "?"}}'])
def test_a_broken_record_is_named_and_the_item_read(tmp_path: Path, record: str) -> None:
    path = tmp_path / "one.xml"
    write_items([ESSAY], path)
    head, _, rest = path.read_text().partition("<?certify-item-record ")
    path.write_text(f"{head}<?certify-item-record {record}}}?>{rest.partition('?>')[2]}")
    items, problems = read_items(path)
    assert [item.type for item in items] == [ItemType.ESSAY]
    assert len(problems) == 1
    assert "cannot be read" in problems[0].reason


def test_an_item_read_from_qti_is_written_from_its_markup(tmp_path: Path) -> None:
    path = tmp_path / "one.xml"
    write_items([replace(ESSAY, stem="题干")], path)
    text = path.read_text()
    start = text.index("<?certify")
    path.write_text(text[:start] + text[text.index("?>", start) + 2 :])
    (item,), _ = read_items(path)
    assert item.markup
    for version in VERSIONS:
        (found,) = again([item], tmp_path, version)
        assert process(found.markup, {}).needs_marking
        assert replace(found, markup="") == replace(settled(item), markup="")


def test_what_an_older_version_lacks_is_named() -> None:
    markup = (
        '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="m" '
        'title="m" time-dependent="false"><qti-item-body><p data-x="1">'
        "<ruby>字<rt>zi</rt></ruby></p>"
        '<audio src="a.mp3"/></qti-item-body></qti-assessment-item>'
    )
    item = draft_item("m", ItemType.COMPOSITE, "", markup=markup)
    problems = write_items([item], io.BytesIO(), version="2.1")
    assert {str(problem.params["parts"]) for problem in problems} == {
        "data-x",
        "ruby",
        "rt",
        "audio",
    }
    assert write_items([item], io.BytesIO(), version="3.0") == ()


def test_graphic_interactions_get_an_object_in_older_versions() -> None:
    markup = (
        '<qti-assessment-item identifier="m" title="m"><qti-item-body><qti-hotspot-interaction '
        'response-identifier="R"><img src="a.png" alt="x" width="9"/></qti-hotspot-interaction>'
        "</qti-item-body></qti-assessment-item>"
    )
    item = draft_item("m", ItemType.COMPOSITE, "", markup=markup)
    with zipfile.ZipFile(io.BytesIO(written([item], "2.2"))) as package:
        text = package.read("items/item-m.xml").decode()
    assert '<object data="a.png" type="image/png" width="9">x</object>' in text
    assert '<hotspotInteraction responseIdentifier="R">' in text


@pytest.mark.parametrize(
    ("item", "part"),
    [
        (draft_item("x", ItemType.COMPOSITE, "?"), "does not say what it asks"),
        (draft_item("x", ItemType.COMPOSITE, "?", markup="<a"), "cannot be read"),
        (draft_item("x", ItemType.COMPOSITE, "?", markup="<a/>"), "cannot be read"),
        (
            draft_item("x", ItemType.SINGLE, "?", scoring=Scoring(ScoringRule.PRECEDENCE)),
            "does not belong to the type",
        ),
    ],
)
def test_an_item_that_cannot_be_written_is_named_and_left_out(item: Item, part: str) -> None:
    target = io.BytesIO()
    (problem,) = write_items([item], target)
    assert part in problem.reason
    assert problem.severity.value == "error"
    with zipfile.ZipFile(target) as package:
        assert package.namelist() == ["imsmanifest.xml"]


def test_control_characters_are_named() -> None:
    (problem,) = write_items([replace(ESSAY, stem="a\x00b")], io.BytesIO())
    assert "control characters" in problem.reason


def test_a_blank_of_numbers_and_words_is_named() -> None:
    accepted = (AcceptedAnswer("12", Fraction(1), Decimal("0.5")), AcceptedAnswer("a dozen"))
    key = BlanksKey((Blank("1", accepted),))
    item = draft_item("x", ItemType.FILL_IN, "{{1}}", answer_key=key)
    (problem,) = write_items([item], io.BytesIO())
    assert "beside words" in problem.reason


def test_two_items_in_one_file_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "two.xml"
    (problem,) = write_items([ESSAY, replace(ESSAY, id="b")], path)
    assert "found 2" in problem.reason
    assert not path.exists()


def test_the_same_identifier_twice_is_named() -> None:
    (problem,) = write_items([ESSAY, ESSAY], io.BytesIO())
    assert "another item has this identifier" in problem.reason


def test_a_file_without_content_is_named() -> None:
    empty = replace(PICTURE, content=b"")
    (problem,) = write_items([replace(ESSAY, files=(empty,))], io.BytesIO())
    assert "is not at hand" in problem.reason


def test_the_manifest_names_every_file_once() -> None:
    items = [TAGGED, replace(TAGGED, id="b")]
    with zipfile.ZipFile(io.BytesIO(written(items))) as package:
        manifest = read_markup(package.read("imsmanifest.xml"), "imsmanifest.xml")
        resources = [
            node for node in manifest.walk() if node.name == "resource" and node.get("type")
        ]
        hrefs = [node.get("href") for node in resources]
        assert sorted(hrefs) == sorted(set(package.namelist()) - {"imsmanifest.xml"})
        identifiers = {node.get("identifier") for node in resources}
        assert len(identifiers) == len(resources)
        needed = {
            node.get("identifierref") for node in manifest.walk() if node.name == "dependency"
        }
        assert needed <= identifiers
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_an_unknown_version_is_refused() -> None:
    with pytest.raises(ValueError, match="not a valid Version"):
        write_items([ESSAY], io.BytesIO(), version="1.2")
