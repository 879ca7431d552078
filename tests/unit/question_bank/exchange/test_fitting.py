"""Foreign items made to fit: identifiers and tags."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.exchange.fitting import LONGEST_ID, TagDefaults, fit_item, fitted_id
from question_bank.exchange.problems import Problem
from question_bank.item import Item
from question_bank.skills import load_skill_model
from tests.factories import make_item

MODEL = load_skill_model()


def fitted(item: Item, tags: TagDefaults | None = None) -> tuple[Item | None, list[Problem]]:
    problems: list[Problem] = []
    return fit_item(MODEL, item, tags or TagDefaults(), "file", problems), problems


def test_an_item_of_the_bank_is_left_alone() -> None:
    assert fitted(make_item()) == (make_item(), [])


@pytest.mark.parametrize("found", ["01-001", "题-1", "a.b_c-d", "x" * LONGEST_ID])
def test_an_identifier_that_fits_is_kept(found: str) -> None:
    assert fitted_id(make_item(found)) == found


@given(st.text(min_size=1))
def test_any_identifier_becomes_one_that_fits(found: str) -> None:
    made = fitted_id(make_item(found))
    assert 0 < len(made) <= LONGEST_ID
    assert not set(made) & set("/?#%&\\ \n\"'<>")
    assert made == fitted_id(make_item(found))


def test_different_identifiers_stay_different() -> None:
    found = ["a b", "a/b", "a-b", "a  b", "a" * 40, "a" * 41, "/", "?"]
    assert len({fitted_id(make_item(one)) for one in found}) == len(found)


def test_enemies_are_renamed_alike() -> None:
    item, _ = fitted(make_item("a", enemies=("b c",)))
    assert item is not None
    assert item.enemies == (fitted_id(make_item("b c")),)


@pytest.mark.parametrize(
    ("changes", "tags", "expected"),
    [
        ({}, TagDefaults(node="T3", level="elite"), ("01", "S", "novice")),
        ({"node": "", "dimension": ""}, TagDefaults(node="01"), ("01", "S", "novice")),
        ({"level": ""}, TagDefaults(level="elite"), ("01", "S", "elite")),
        ({"node": "99", "dimension": "M"}, TagDefaults(), ("", "", "novice")),
        ({"level": "master"}, TagDefaults(), ("01", "S", "")),
    ],
)
def test_tags_are_kept_filled_or_left_out(
    changes: dict[str, Any], tags: TagDefaults, expected: tuple[str, str, str]
) -> None:
    item, problems = fitted(make_item(**changes), tags)
    assert item is not None
    assert (item.node, item.dimension, item.level) == expected
    assert len(problems) == sum(value in ("99", "master") for value in changes.values())


def test_an_item_that_the_bank_cannot_read_again_is_told_and_left_out() -> None:
    item, (problem,) = fitted(make_item(dimension="Q"))
    assert item is None
    assert (problem.severity, problem.item_id) == ("error", "01-001")
