"""Composite items that no exam can show or score are found before anybody sits them."""

from __future__ import annotations

import pytest

from question_bank.item import Item
from question_bank.markup_checks import NOT_SHOWN, check_markup, is_marked_by_people
from question_bank.skills import load_skill_model
from tests.factories import make_item

MODEL = load_skill_model()
FRAME = """<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="i"
 title="t"><qti-response-declaration identifier="R" cardinality="single" base-type="string"/>
<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>
<qti-item-body><p>{inner}</p></qti-item-body>{rules}</qti-assessment-item>"""
ENTRY = '<qti-text-entry-interaction response-identifier="R"/>'
ESSAY = '<qti-extended-text-interaction response-identifier="R"/>'


def composite(inner: str = ENTRY, rules: str = "") -> Item:
    return make_item(item_type="composite", markup=FRAME.format(inner=inner, rules=rules))


def templates(item: Item) -> list[str]:
    return [finding.template.partition(" (")[0] for finding in check_markup(item, MODEL)]


def test_a_sound_item_has_no_finding() -> None:
    assert templates(composite()) == []
    assert templates(make_item(markup="<broken")) == []


def test_markup_that_cannot_be_read_is_an_error() -> None:
    assert templates(make_item(item_type="composite", markup="<broken")) == [
        "the markup cannot be used"
    ]
    assert len(templates(make_item(item_type="composite"))) == 1


def test_markup_that_asks_nothing_is_an_error() -> None:
    (finding,) = check_markup(composite("只读"), MODEL)
    assert "no interaction" in finding.message


@pytest.mark.parametrize("name", sorted(NOT_SHOWN))
def test_an_interaction_without_a_form_is_an_error(name: str) -> None:
    found = check_markup(composite(f'<{name} response-identifier="R"/>'), MODEL)
    assert [finding.params.get("interaction") for finding in found] == [name[4:]]


def test_rules_that_qti_does_not_have_are_an_error() -> None:
    rules = "<qti-response-processing><qti-magic/></qti-response-processing>"
    assert len(templates(composite(rules=rules))) == 1


@pytest.mark.parametrize(
    ("item", "by_people"),
    [
        (make_item(), False),
        (make_item(item_type="essay"), True),
        (composite(), False),
        (composite(ESSAY), True),
        (make_item(item_type="composite", markup="<broken"), True),
    ],
)
def test_what_people_mark_is_known(item: Item, by_people: bool) -> None:
    assert is_marked_by_people(item) == by_people
