"""Drafts out of foreign formats: identifiers that stay, settled parts, no item twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from question_bank.exchange.drafts import (
    draft_item,
    gathered,
    identifier,
    kept_file,
    labelled,
    option_id,
    settled,
    with_files,
)
from question_bank.item import ItemType
from question_bank.skills import load_skill_model
from question_bank.validation import validate_item
from tests.factories import make_item


@pytest.mark.parametrize(
    ("given", "titles", "expected"),
    [
        ("题 7", ("Q1",), "题 7"),
        ("", ("Q1",), "Q1"),
        ("", ("A long title",), ""),
        ("  ", (), ""),
        ("x\n", (), ""),
        ("x" * 200, (), ""),
    ],
)
def test_identifier_is_what_the_file_gives(
    given: str, titles: tuple[str, ...], expected: str
) -> None:
    found = identifier(given, *titles, content="stem")
    assert found == (expected or identifier("", content="stem"))
    assert identifier("", content="stem") != identifier("", content="other")


def test_options_are_named_by_the_alphabet_and_beyond() -> None:
    assert [option_id(number) for number in (0, 25, 26)] == ["a", "z", "o27"]
    assert len({option.id for option in labelled("x" * 60)}) == 60


def test_draft_says_that_it_is_not_tagged() -> None:
    item = draft_item("x", ItemType.ESSAY, " stem ")
    assert item.stem == "stem"
    messages = [finding.message for finding in validate_item(item, load_skill_model())]
    assert any("not tagged yet" in message for message in messages)


def test_every_option_has_a_note_and_no_other_type_has_any() -> None:
    single = make_item()
    bare = replace(single.explanation, option_notes={"a": " x ", "q": "stray"})
    notes = settled(replace(single, explanation=bare)).explanation.option_notes
    assert notes == {"a": "x", "b": "", "c": "", "d": ""}
    essay = make_item(item_type="essay", explanation=bare)
    assert settled(essay).explanation.option_notes == {}


def test_second_item_of_an_id_is_named() -> None:
    first, other = make_item("x"), make_item("x", "numeric")
    items, problems = gathered([(first, 1), (first, 2), (other, 3)], "f")
    assert items == [settled(first)]
    assert [(problem.row, problem.severity) for problem in problems] == [(2, "info"), (3, "error")]


def test_files_of_one_name_stand_side_by_side() -> None:
    one, two = kept_file("a.png", "image/png", b"1"), kept_file("a.png", "image/png", b"2")
    bare = kept_file("readme", "text/plain", b"3")
    item = with_files(make_item(), [one, two, bare, bare])
    assert [file.name for file in item.files] == ["a.png", "a-2.png", "readme", "readme-2"]
