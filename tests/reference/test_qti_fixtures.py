"""Items and response cases of another player (pie-qti, ISC licence), scored exactly.

Classes, from validation against the schema of QTI 2.2: `valid` and `lax` items must read and
score; `dialect` items use elements that QTI does not have, so a clear error is as good.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from question_bank.errors import UnsupportedMarkup
from question_bank.exchange.qti import read_items
from question_bank.qti.definition import to_markup
from question_bank.qti.item_reader import read_item
from question_bank.qti.presentation import present
from question_bank.qti.processing import process
from question_bank.qti.sitting import begin

FOLDER = Path(__file__).parents[3] / "shared" / "testdata" / "pie-qti"
CLASSES: dict[str, Any] = (
    json.loads((FOLDER / "class.json").read_text(encoding="utf-8")) if FOLDER.exists() else {}
)

pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="shared data absent: testdata/pie-qti")


def cases(*classes: str) -> Iterator[Any]:
    """The cases of the fixtures of these classes, but those that the source expects to fail."""
    for name, kind in CLASSES.items():
        if kind["class"] in classes:
            found = json.loads((FOLDER / "fixtures" / name / "cases.json").read_text("utf-8"))
            conflicting = kind.get("conflict_cases", ())
            for case in found["cases"]:
                if not case.get("xfail") and case["name"] not in conflicting:
                    seed = found.get("seed") or case.get("seed") or 0
                    yield pytest.param(name, case, seed, id=f"{name}-{case['name']}")


def markup_of(name: str) -> str:
    return (FOLDER / "fixtures" / name / "item.xml").read_text(encoding="utf-8")


def same(found: object, expected: object) -> bool:
    """Equal, numbers exactly as decimals."""
    if isinstance(expected, (int, float)) and not isinstance(expected, bool):
        return not isinstance(found, bool) and Fraction(str(found)) == Fraction(str(expected))
    return found == expected and type(found) is type(expected)


def assert_scores(name: str, case: Any, seed: int) -> None:
    expected = case["expect"]
    found = process(markup_of(name), case["responses"], seed=seed)
    for identifier, value in expected.get("outcomes", {}).items():
        assert same(found.outcomes[identifier], value), identifier
    if "score" in expected:
        assert found.points == Fraction(str(expected["score"]))
    if "maxScore" in expected:
        assert found.max_points == Fraction(str(expected["maxScore"]))
    if "modalFeedbackIdentifiers" in expected:
        assert list(found.modal_feedback) == expected["modalFeedbackIdentifiers"]


@pytest.mark.parametrize(("name", "case", "seed"), list(cases("valid", "lax")))
def test_valid_and_lax_items_score_exactly(name: str, case: Any, seed: int) -> None:
    assert_scores(name, case, seed)


@pytest.mark.parametrize(("name", "case", "seed"), list(cases("valid", "lax")))
def test_body_shows_what_the_templates_drew(name: str, case: Any, seed: int) -> None:
    definition = read_item(markup_of(name))
    body = present(definition, begin(definition, seed))
    assert body is not None
    shown = " ".join(body.text.split())
    for text in case["expect"].get("itemBodyContains", ()):
        assert text in shown


@pytest.mark.parametrize(("name", "case", "seed"), list(cases("dialect")))
def test_dialect_scores_as_expected_or_is_refused(name: str, case: Any, seed: int) -> None:
    try:
        assert_scores(name, case, seed)
    except UnsupportedMarkup as error:
        assert error.params["feature"]


@pytest.mark.parametrize("name", CLASSES)
def test_every_item_is_read_and_written_without_loss(name: str) -> None:
    definition = read_item(markup_of(name))
    assert read_item(to_markup(definition)).root == definition.root


@pytest.mark.parametrize("name", CLASSES)
def test_every_file_gives_its_item_with_markup(name: str) -> None:
    items, problems = read_items(FOLDER / "fixtures" / name / "item.xml")
    assert [each.markup for each in items] == [to_markup(read_item(markup_of(name)))]
    refused = bool(read_item(markup_of(name)).unknown)
    assert not refused or problems
