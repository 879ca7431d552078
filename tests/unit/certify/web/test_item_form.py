"""The item form loses nothing of a stored item, and tells every field it cannot read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from certify.web.item_form import (
    ItemForm,
    blank_form,
    differing_fields,
    form_of,
    submitted_form,
)
from certify.web.item_reading import read_decimal, read_form, read_whole
from question_bank.exchange.native import item_from_mapping, item_to_mapping
from question_bank.item import ItemType
from question_bank.shipped import load_shipped_items
from question_bank.skills import load_skill_model
from tests.factories import make_item, make_version

MODEL = load_skill_model()
TYPES = tuple(ItemType)
NODE = MODEL.nodes["01"]
pytestmark = pytest.mark.usefixtures("page_context")


def written(item_type: str, **changes: str) -> ItemForm:
    return replace(form_of(make_version(make_item(item_type=item_type))), **changes)


def test_every_shipped_item_passes_through_the_form_unchanged() -> None:
    for item in load_shipped_items():
        data, errors = read_form(form_of(make_version(item)), MODEL.nodes[item.node])
        assert errors == []
        assert item_from_mapping({**data, "id": item.id}, MODEL, "form") == item


def test_what_a_browser_sends_reads_as_the_form_that_it_was_shown() -> None:
    form = written("single")
    sent = MultiDict({name: getattr(form, name) for name in ("stem", "level", "status", "source")})
    for row in form.options:
        sent.add("option_id", row.id)
        sent.add("option_text", row.text)
        sent.add("option_note", row.note)
        if row.is_correct:
            sent.add("correct", row.id)
    back = submitted_form(sent, ItemType.SINGLE)
    assert back.options == form.options
    assert (back.stem, back.level, back.status) == (form.stem, form.level, form.status)


def test_line_ends_of_a_browser_and_control_characters_do_not_stay() -> None:
    form = submitted_form(MultiDict({"stem": " 甲\r\n乙\x00\x1b "}), ItemType.SINGLE)
    assert form.stem == "甲\n乙"


def test_an_unknown_state_is_read_as_a_draft() -> None:
    form = submitted_form(MultiDict({"status": "published"}), ItemType.SINGLE)
    assert form.status == "draft"


@pytest.mark.parametrize("item_type", TYPES)
def test_a_blank_form_can_be_shown_but_lacks_the_level(item_type: ItemType) -> None:
    form = blank_form(NODE, item_type)
    data, errors = read_form(form, NODE)
    assert [name for name, _message in errors] == ["level"]
    item = item_from_mapping({**data, "id": "01-999"}, MODEL, "form")
    assert item.answer_key is None
    assert len(form.options) == {"single": 4, "multiple": 5}.get(item_type, 0)


@pytest.mark.parametrize(
    ("item_type", "changes", "field"),
    [
        ("single", {"level": "master"}, "level"),
        ("single", {"dimension": "T"}, "dimension"),
        ("single", {"expected_seconds": "1.5"}, "expected_seconds"),
        ("single", {"expected_seconds": ""}, "expected_seconds"),
        ("single", {"difficulty": "hard"}, "difficulty"),
        ("single", {"valid_until": "31.10.2027"}, "valid_until"),
        ("single", {"stem": "长" * 5001}, "stem"),
        ("numeric", {"value": "twelve"}, "value"),
        ("numeric", {"value": ""}, "value"),
        ("numeric", {"value": "NaN"}, "value"),
        ("numeric", {"tolerance": ""}, "tolerance"),
        ("numeric", {"decimals": "-1"}, "decimals"),
    ],
)
def test_a_field_that_cannot_be_read_is_named_and_has_a_stand_in(
    item_type: str, changes: dict[str, str], field: str
) -> None:
    data, errors = read_form(written(item_type, **changes), NODE)
    assert [name for name, _message in errors] == [field]
    item_from_mapping({**data, "id": "01-001"}, MODEL, "form")


def test_a_wrong_answer_without_its_value_is_named() -> None:
    form = written("numeric")
    slips = (replace(form.wrong_answers[0], value=""), *form.wrong_answers[1:])
    _data, errors = read_form(replace(form, wrong_answers=slips), NODE)
    assert [name for name, _message in errors] == ["wrong_answers"]


def test_rows_left_empty_are_no_options() -> None:
    form = written("single")
    rows = (*form.options[:2], *(replace(row, text="", note="") for row in form.options[2:]))
    data, _errors = read_form(replace(form, options=rows), NODE)
    assert [option["id"] for option in data["options"]] == ["a", "b"]


def test_enemies_may_be_parted_by_any_sign() -> None:
    data, _errors = read_form(written("single", enemies="01-002，01-003、01-004 01-005"), NODE)
    assert data["enemies"] == ["01-002", "01-003", "01-004", "01-005"]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("12.50", "12.50"),
        ("１２．５", "12.5"),
        ("1,200", "1200"),
        ("−3", "-3"),
        ("1e999", None),
        ("1_000", None),
        ("Infinity", None),
        ("", None),
        ("10²", None),
        ("9" * 40, None),
    ],
)
def test_numbers_are_read_as_people_type_them(typed: str, read: str | None) -> None:
    assert read_decimal(typed) == read


@pytest.mark.parametrize(("typed", "read"), [("60", 60), ("６０", 60), ("6.0", None), ("²", None)])
def test_whole_numbers_are_read_as_people_type_them(typed: str, read: int | None) -> None:
    assert read_whole(typed) == read


def test_two_versions_tell_the_fields_in_which_they_differ() -> None:
    form = written("single")
    assert differing_fields(form, replace(form, stem="别的", level="elite")) == ("level", "stem")


def test_items_from_elsewhere_with_more_options_keep_them(app: Flask) -> None:
    item = make_item(item_type="multiple")
    single = replace(item, type=ItemType.SINGLE)
    data, _errors = read_form(form_of(make_version(single)), NODE)
    assert data["options"] == item_to_mapping(item)["options"]
