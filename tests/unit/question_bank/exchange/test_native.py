"""Our own item format: round trips, content files, and faults named by field and place."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from question_bank.errors import DuplicateItem, MalformedItem, UnreadableContent
from question_bank.exchange.native import (
    item_from_mapping,
    item_to_mapping,
    read_content,
    read_content_file,
)
from question_bank.item import CalibratedParameters, Item, Option
from question_bank.skills import load_skill_model
from tests.factories import make_item

MODEL = load_skill_model()
TYPES = ("single", "multiple", "true_false", "numeric")
REMOVED = object()

CONTENT = """\
node: "01"
items:
  - id: 01-001
    level: novice
    type: single
    stem: >-
      商品主图首先应当做到哪一点？
    options:
      - {id: a, text: 突出主体, correct: true, note: 对。}
      - {id: b, text: 堆满文字, note: 错。}
      - {id: c, text: 铺满色彩, note: 错。}
      - {id: d, text: 拼接多图, note: 错。}
    explanation: 主体要清楚。
    expected_seconds: 45
    difficulty: {p: 0.70, basis: placeholder}
    valid_until: 2027-10-31
"""


def read(data: dict[str, Any]) -> Item:
    return item_from_mapping(data, MODEL, "bank.yaml")


def changed(item_type: str, path: tuple[str | int, ...], value: object) -> dict[str, Any]:
    """The mapping of a valid item with one field replaced or removed."""
    data = json.loads(json.dumps(item_to_mapping(make_item(item_type=item_type))))
    place: Any = data
    for step in path[:-1]:
        place = place[step]
    if value is REMOVED:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return data


@pytest.mark.parametrize("item_type", TYPES)
def test_round_trip_gives_an_equal_item(item_type: str) -> None:
    item = make_item(
        "01-007",
        item_type,
        enemies=("01-008", "01-009"),
        calibration=CalibratedParameters(0.1 + 0.2, -1e-5, 0.25, 400),
        valid_until=dt.date(2027, 10, 31),
    )
    assert read(item_to_mapping(item)) == item


@pytest.mark.parametrize("item_type", TYPES)
def test_round_trip_through_json_gives_an_equal_item(item_type: str) -> None:
    item = make_item(item_type=item_type)
    assert read(json.loads(json.dumps(item_to_mapping(item)))) == item


@pytest.mark.parametrize("item_type", TYPES)
def test_draft_without_a_key_survives_the_round_trip(item_type: str) -> None:
    item = make_item(item_type=item_type, answer_key=None)
    assert read(item_to_mapping(item)) == item


@pytest.mark.parametrize(
    ("item_type", "field", "value"),
    [
        ("true_false", "options", [{"id": "true", "text": "对", "note": "说明"}]),
        ("numeric", "options", [{"id": "a", "text": "12", "note": "说明"}]),
        ("single", "wrong_answers", [{"value": "1", "note": "漏乘"}]),
    ],
)
def test_part_that_the_type_does_not_have_is_not_kept(
    item_type: str, field: str, value: object
) -> None:
    item = read(changed(item_type, (field,), value))
    assert item == make_item(item_type=item_type)
    assert read(item_to_mapping(item)) == item


@pytest.mark.parametrize("item_type", TYPES)
def test_mapping_holds_no_float(item_type: str) -> None:
    item = make_item(item_type=item_type, calibration=CalibratedParameters(1.2, 0.5, 0.0, 400))
    assert "float" not in {type(value).__name__ for value in _leaves(item_to_mapping(item))}


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for entry in value.values() for leaf in _leaves(entry)]
    if isinstance(value, list):
        return [leaf for entry in value for leaf in _leaves(entry)]
    return [value]


def test_dimension_defaults_to_the_primary_letter_of_the_node() -> None:
    assert read(changed("single", ("dimension",), REMOVED)).dimension == "S"


@pytest.mark.parametrize(
    ("item_type", "path", "value", "place", "expected"),
    [
        ("single", ("id",), REMOVED, "field id", "text"),
        ("single", ("id",), 7, "field id", "text"),
        ("single", ("node",), REMOVED, "field node", "text"),
        ("single", ("node",), "26", "field node", "a node of the skill model"),
        ("single", ("dimension",), "X", "field dimension", "one of e, S, T, O, R, M"),
        ("single", ("level",), "master", "field level", "one of novice, proficient, elite"),
        ("single", ("level",), REMOVED, "field level", "text"),
        ("single", ("type",), "poem", "field type", "one of single, multiple"),
        ("single", ("stem",), None, "field stem", "text"),
        ("single", ("point",), 3, "field point", "text"),
        ("single", ("expected_seconds",), "60", "field expected_seconds", "a whole number"),
        ("single", ("expected_seconds",), True, "field expected_seconds", "a whole number"),
        ("single", ("expected_seconds",), 60.0, "field expected_seconds", "a whole number"),
        ("single", ("difficulty",), REMOVED, "field difficulty", "a mapping"),
        ("single", ("difficulty",), 0.7, "field difficulty", "a mapping"),
        ("single", ("difficulty", "p"), "easy", "difficulty, field p", "a number"),
        ("single", ("difficulty", "p"), "NaN", "difficulty, field p", "a finite number"),
        ("single", ("difficulty", "basis"), REMOVED, "difficulty, field basis", "text"),
        ("single", ("options",), "abcd", "field options", "a list"),
        ("single", ("options",), ["a"], "field options", "a list of mappings"),
        ("single", ("options", 1, "id"), 2, "options 2, field id", "text"),
        ("single", ("options", 1, "text"), None, "options 2, field text", "text"),
        ("single", ("options", 1, "text"), 2.5, "options 2, field text", "text"),
        ("single", ("options", 1, "text"), True, "options 2, field text", "text"),
        ("single", ("options", 1, "note"), 5, "options 2, field note", "text"),
        ("single", ("options", 2, "correct"), "true", "options 3, field correct", "true or false"),
        ("single", ("options", 2, "correct"), 1, "options 3, field correct", "true or false"),
        ("single", ("enemies",), "01-002", "field enemies", "a list"),
        ("single", ("enemies",), [2], "field enemies", "a list of item ids"),
        ("single", ("enemies",), [None], "field enemies", "a list of item ids"),
        ("single", ("valid_until",), "31.10.2027", "field valid_until", "a date"),
        ("single", ("valid_until",), True, "field valid_until", "a date"),
        ("single", ("calibration",), [1.2], "field calibration", "a mapping"),
        ("single", ("calibration",), {"a": "1"}, "calibration, field b", "a number"),
        ("single", ("explanation",), ["x"], "field explanation", "text"),
        ("true_false", ("answer",), "true", "field answer", "true or false"),
        ("true_false", ("answer",), 1, "field answer", "true or false"),
        ("numeric", ("answer",), "12", "field answer", "a mapping"),
        ("numeric", ("answer", "value"), "twelve", "answer, field value", "a number"),
        ("numeric", ("answer", "value"), "Infinity", "answer, field value", "a finite number"),
        ("numeric", ("answer", "value"), "1e999999", "answer, field value", "a number below"),
        ("numeric", ("answer", "value"), "1e-999999", "answer, field value", "a number below"),
        ("numeric", ("answer", "tolerance"), REMOVED, "answer, field tolerance", "a number"),
        ("numeric", ("answer", "decimals"), "2", "answer, field decimals", "a whole number"),
        ("numeric", ("answer", "unit"), 3, "answer, field unit", "text"),
        ("numeric", ("wrong_answers",), {"value": "1"}, "field wrong_answers", "a list"),
        ("numeric", ("wrong_answers", 0, "value"), "x", "wrong_answers 1, field value", "a number"),
    ],
)
def test_malformed_field_is_named(
    item_type: str, path: tuple[str | int, ...], value: object, place: str, expected: str
) -> None:
    with pytest.raises(MalformedItem) as caught:
        read(changed(item_type, path, value))
    assert str(caught.value).startswith("bank.yaml")
    assert place in str(caught.value)
    assert f"expected {expected}" in str(caught.value)


def test_fault_names_the_item_where_it_has_an_id() -> None:
    with pytest.raises(MalformedItem, match=r"bank\.yaml \(01-001\), field level"):
        read(changed("single", ("level",), "master"))
    with pytest.raises(MalformedItem, match=r"bank\.yaml \(no id\), field id"):
        read(changed("single", ("id",), REMOVED))


def test_whole_number_written_as_an_option_is_text() -> None:
    """YAML reads 40 as a number; nothing of it is lost as text, unlike 2.50."""
    item = read(changed("single", ("options", 0, "text"), 40))
    assert item.options[0] == Option("a", "40")


def test_content_file_is_read() -> None:
    (item,) = read_content_file(CONTENT, "01.yaml", MODEL)
    assert (item.id, item.node, item.dimension) == ("01-001", "01", "S")
    assert item.valid_until == dt.date(2027, 10, 31)
    assert item.stem == "商品主图首先应当做到哪一点？"
    assert item.difficulty.p == Decimal("0.7")


@pytest.mark.parametrize(
    "text",
    ["", "- 1", "text", 'node: "01"', "items: []", 'node: "01"\nitems: {a: 1}', "node: 1\nitems:"],
)
def test_file_without_node_and_items_is_named(text: str) -> None:
    with pytest.raises(MalformedItem, match=r"01\.yaml: expected a mapping with node and items"):
        read_content_file(text, "01.yaml", MODEL)


@pytest.mark.parametrize("entry", ["text", "7", "[a, b]", "null"])
def test_entry_that_is_no_mapping_is_named(entry: str) -> None:
    text = f"{CONTENT}  - {entry}\n"
    with pytest.raises(MalformedItem, match=r"01\.yaml, entry 2: expected a mapping"):
        read_content_file(text, "01.yaml", MODEL)


def test_text_that_is_no_yaml_is_named_with_its_line() -> None:
    with pytest.raises(UnreadableContent, match=r"01\.yaml: not readable as YAML .*line 2"):
        read_content_file('node: "01"\nitems: [unclosed', "01.yaml", MODEL)


def test_yaml_cannot_build_objects() -> None:
    with pytest.raises(UnreadableContent):
        read_content_file("!!python/object/apply:os.getcwd []", "01.yaml", MODEL)


def test_folder_is_read_in_the_order_of_the_ids(tmp_path: Path) -> None:
    for name, item_id in (("S/b.yaml", "01-003"), ("S/a.yaml", "01-002"), ("e/c.yaml", "01-001")):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(CONTENT.replace("01-001", item_id), encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no content", encoding="utf-8")
    assert [item.id for item in read_content(tmp_path, MODEL)] == ["01-001", "01-002", "01-003"]


def test_id_used_twice_is_named_with_the_second_file(tmp_path: Path) -> None:
    (tmp_path / "01.yaml").write_text(CONTENT, encoding="utf-8")
    (tmp_path / "02.yaml").write_text(CONTENT, encoding="utf-8")
    with pytest.raises(DuplicateItem, match=r"02\.yaml: item id 01-001 is used twice"):
        read_content(tmp_path, MODEL)


def test_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "01.yaml").write_bytes(CONTENT.encode("gbk"))
    with pytest.raises(UnreadableContent, match=r"01\.yaml.*utf-8"):
        read_content(tmp_path, MODEL)
