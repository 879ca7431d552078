"""The item form loses nothing of a stored item, and tells every field it cannot read."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from certify.web.answer_form import AnswerForm, OptionRow, with_usual_rows
from certify.web.item_form import (
    ItemForm,
    blank_form,
    differing_fields,
    form_of,
    submitted_form,
    with_stimulus_shown,
)
from certify.web.item_reading import read_form
from certify.web.typed_numbers import read_decimal, read_share, read_whole
from question_bank.answer_key import (
    AcceptedAnswer,
    Blank,
    BlanksKey,
    ChoiceKey,
    MatchKey,
    NumericKey,
    OrderKey,
)
from question_bank.exchange.native import item_from_mapping, item_to_mapping
from question_bank.item import Item, ItemFile, ItemType, Stimulus
from question_bank.scoring import Scoring, ScoringRule
from question_bank.shipped import load_shipped_items
from question_bank.skills import load_skill_model
from tests.factories import make_item, make_version

MODEL = load_skill_model()
TYPES = tuple(ItemType)
PLAIN_TYPES = tuple(kind for kind in ItemType if kind is not ItemType.COMPOSITE)
ANSWER_FIELDS = {field.name for field in fields(AnswerForm)}
ROWS = {"single": 4, "multiple": 5, "order": 5, "match": 4}
NODE = MODEL.nodes["01"]
pytestmark = pytest.mark.usefixtures("page_context")


def written(item_type: str, **changes: Any) -> ItemForm:
    """The form of a valid item with other texts in some fields."""
    form = form_of(make_version(make_item(item_type=item_type)))
    of_answer = {name: text for name, text in changes.items() if name in ANSWER_FIELDS}
    plain = {name: text for name, text in changes.items() if name not in ANSWER_FIELDS}
    return replace(form, answer=replace(form.answer, **of_answer), **plain)


def test_every_shipped_item_passes_through_the_form_unchanged() -> None:
    for item in load_shipped_items():
        data, errors = read_form(form_of(make_version(item)), MODEL.nodes[item.node])
        assert errors == []
        assert item_from_mapping({**data, "id": item.id}, MODEL, "form") == item


def test_what_a_browser_sends_reads_as_the_form_that_it_was_shown() -> None:
    form = written("single")
    sent = MultiDict({name: getattr(form, name) for name in ("stem", "level", "status", "source")})
    for row in form.answer.options:
        sent.add("option_id", row.id)
        sent.add("option_text", row.text)
        sent.add("option_note", row.note)
        if row.is_correct:
            sent.add("correct", row.id)
    back = submitted_form(sent, ItemType.SINGLE)
    assert back.answer.options == form.answer.options
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
    assert not isinstance(item.answer_key, ChoiceKey | NumericKey | BlanksKey | OrderKey)
    assert len(form.answer.options) == ROWS.get(item_type, 0)


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
        ("essay", {"most_characters": "many"}, "most_characters"),
        ("multiple", {"max_points": "0"}, "max_points"),
        ("multiple", {"max_points": "two"}, "max_points"),
        ("multiple", {"lower": "x"}, "lower"),
        ("multiple", {"rule": "mapped", "mapping": "a: 1"}, "mapping"),
        ("single", {"stimulus_id": "new"}, "stimulus_text"),
        ("single", {"stimulus_id": "new", "stimulus_text": "长" * 5001}, "stimulus_text"),
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
    first, *others = form.answer.wrong_answers
    slips = (replace(first, value=""), *others)
    _data, errors = read_form(written("numeric", wrong_answers=slips), NODE)
    assert [name for name, _message in errors] == ["wrong_answers"]


def test_rows_left_empty_are_no_options() -> None:
    form = written("single")
    kept, emptied = form.answer.options[:2], form.answer.options[2:]
    rows = (*kept, *(replace(row, text="", note="") for row in emptied))
    data, _errors = read_form(written("single", options=rows), NODE)
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


# --- answers of every type -----------------------------------------------------------------


def through_the_form(item: Item) -> Item:
    data, errors = read_form(form_of(make_version(item)), MODEL.nodes[item.node])
    assert errors == []
    return item_from_mapping({**data, "id": item.id}, MODEL, "form")


@pytest.mark.parametrize("item_type", PLAIN_TYPES)
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"scoring": Scoring(ScoringRule.PER_OPTION, Fraction(5, 2), lower=None)},
        {"scoring": Scoring(upper=Fraction(1, 3), lower=Fraction(-1))},
        {
            "scoring": Scoring(
                ScoringRule.MAPPED, Fraction(2), {"a": Fraction(1, 3), "b t1": Fraction(-1, 2)}
            )
        },
        {"stimulus": Stimulus("01-S1", "某店铺", "| 甲 |\n|---|\n| 1 |")},
        {"work_area": "P-D", "chapter": "01.2"},
        {"files": (ItemFile("图.png", "image/png", "0" * 64),)},
    ],
)
def test_every_item_passes_through_the_form_unchanged(
    item_type: str, changes: dict[str, Any]
) -> None:
    item = make_item(item_type=item_type, **changes)
    assert through_the_form(item) == item


def test_an_item_whose_order_is_fixed_stays_so() -> None:
    item = make_item(shuffle=False)
    assert through_the_form(item) == item


def test_accepted_answers_keep_their_shares_and_tolerances() -> None:
    answers = (
        AcceptedAnswer("12", Fraction(1), Decimal("0.5")),
        AcceptedAnswer("13", Fraction(1, 3), Decimal(2)),
        AcceptedAnswer("船上交货", Fraction(1, 2)),
    )
    key = BlanksKey((Blank("1", answers, case_sensitive=True), Blank("2", answers[:1])))
    item = make_item(item_type="fill_in", answer_key=key)
    assert through_the_form(item) == item


def test_entries_stand_in_the_right_order_and_the_stored_order_stays() -> None:
    form = written("order")
    assert [row.id for row in form.answer.options if row.text] == list("bdac")
    places = dict(zip("bdac", "2134", strict=True))
    rows = tuple(replace(row, place=places.get(row.id, "")) for row in form.answer.options)
    data, errors = read_form(written("order", options=rows), NODE)
    assert errors == []
    assert data["answer"] == list("dbac")
    assert [option["id"] for option in data["options"]] == list("abcd")


def test_two_entries_at_one_place_are_told() -> None:
    rows = tuple(replace(row, place="1") for row in written("order").answer.options)
    _data, errors = read_form(written("order", options=rows), NODE)
    assert [name for name, _message in errors] == ["options"]


def test_a_partner_that_is_not_written_is_told() -> None:
    form = written("match")
    first, *others = form.answer.options
    rows = (replace(first, partner="t9"), *others)
    data, errors = read_form(written("match", options=rows), NODE)
    assert [name for name, _message in errors] == ["options"]
    key = item_from_mapping({**data, "id": "01-001"}, MODEL, "form").answer_key
    assert key == MatchKey(frozenset({("b", "t1"), ("c", "t2")}))


@pytest.mark.parametrize("line", ["FOB || 2", "FOB || half", "FOB || 1/0", "12 || 1 || much"])
def test_a_share_that_cannot_be_read_is_told(line: str) -> None:
    first, *others = written("fill_in").answer.blanks
    blanks = (replace(first, accepted=line), *others)
    _data, errors = read_form(written("fill_in", blanks=blanks), NODE)
    assert [name for name, _message in errors] == ["blanks"]


def test_a_new_case_gets_the_next_free_number() -> None:
    form = written("single", stimulus_id="new", stimulus_text="某店铺。")
    data, _errors = read_form(form, NODE, ["01-S1", "01-S2"])
    assert data["stimulus"] == {"id": "01-S3", "title": "", "text": "某店铺。"}


def test_choosing_another_case_does_not_write_the_old_text_into_it() -> None:
    stimuli = {"01-S2": Stimulus("01-S2", "另一家", "第二家店铺。")}
    form = written(
        "single", stimulus_id="01-S2", stimulus_shown="01-S1", stimulus_text="第一家店铺。"
    )
    shown = with_stimulus_shown(form, stimuli)
    assert (shown.stimulus_title, shown.stimulus_text) == ("另一家", "第二家店铺。")
    own = with_stimulus_shown(replace(shown, stimulus_text="改过。"), stimuli)
    assert own.stimulus_text == "改过。"


@pytest.mark.parametrize("item_type", ["single", "order", "match", "fill_in", "numeric"])
def test_more_rows_can_be_asked_for(item_type: str) -> None:
    kind = ItemType(item_type)
    before = blank_form(NODE, kind).answer
    after = with_usual_rows(before, kind, spare=2)
    assert count_rows(after) >= count_rows(before) + 2
    assert len({row.id for row in after.options}) == len(after.options)


def count_rows(form: AnswerForm) -> int:
    return len(form.options) + len(form.blanks) + len(form.wrong_answers)


def test_a_column_that_was_not_sent_is_empty() -> None:
    form = submitted_form(MultiDict([("option_id", "a"), ("option_text", "甲")]), ItemType.ORDER)
    assert form.answer.options == (OptionRow("a", "甲"),)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1/3", Fraction(1, 3)),
        ("１／３", Fraction(1, 3)),
        ("0.5", Fraction(1, 2)),
        ("1/0", None),
        ("a", None),
        ("", None),
    ],
)
def test_shares_are_read_exactly(typed: str, read: Fraction | None) -> None:
    assert read_share(typed) == read
