"""The formats by name: each file finds its reader."""

from __future__ import annotations

from pathlib import Path

import pytest

from question_bank.exchange.formats import BY_NAME, FORMATS, format_of, read_items, write_items
from question_bank.item import ItemType
from tests.unit.question_bank.exchange.native_items import one_of_each

QTI = '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1"/>'


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.yaml", "", "yaml"),
        ("a.YML", "", "yaml"),
        ("a.zip", "", "qti"),
        ("a.xlsx", "", "workbook"),
        ("a.csv", "", "workbook"),
        ("a.gift", "", "gift"),
        ("a.xml", "<?xml version='1.0'?>\n<quiz>", "moodle_xml"),
        ("a.xml", QTI, "qti"),
        ("a.xml", "", "gift"),
        ("a.txt", "Q\nA. x\nB. y\nANSWER: A\n", "aiken"),
        ("a.txt", "题\nA. x\nB. y\n答案：A\n", "aiken"),
        ("a.txt", "Q{=x ~y}", "gift"),
        ("a.txt", "items:\n- id: x", "yaml"),
        ("unknown", "PK\x03\x04", "qti"),
    ],
)
def test_format_is_found(name: str, content: str, expected: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    assert format_of(path) == expected


def test_folder_is_ours_where_it_holds_yaml(tmp_path: Path) -> None:
    assert format_of(tmp_path) == "qti"
    (tmp_path / "a.yaml").write_text("items: []", encoding="utf-8")
    assert format_of(tmp_path) == "yaml"


@pytest.mark.parametrize("name", FORMATS)
def test_what_a_format_writes_it_reads(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"bank{BY_NAME[name].suffixes[0]}"
    write_items(one_of_each(), path, name)
    found, _problems = read_items(path, name)
    assert {item.type for item in found} >= {ItemType.SINGLE}


@pytest.mark.parametrize("name", FORMATS)
def test_missing_file_is_a_problem(name: str, tmp_path: Path) -> None:
    found, problems = read_items(tmp_path / f"none{BY_NAME[name].suffixes[0]}", name)
    assert (found, len(problems)) == ((), 1)
