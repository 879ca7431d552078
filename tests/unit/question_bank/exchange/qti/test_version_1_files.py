"""Real files of QTI 1.2: each reads, right responses earn full points and wrong ones nothing.

What is right was read from the files by hand.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from question_bank.exchange.qti import read_items
from question_bank.item import Item, ItemType
from question_bank.qti.processing import QtiOutcome, process

FILES = Path(__file__).parents[6] / "shared" / "testdata" / "qti12-instructure"
pytestmark = pytest.mark.skipif(
    not FILES.is_dir(), reason="shared data absent: testdata/qti12-instructure"
)
QUIZ = "all_canvas_simple_1.2.xml"
MATCHED = [
    *("response_9770 _182", "response_7296 _182", "response_1696 _6823", "response_1659 _6823"),
    *("response_8021 _4469", "response_2030 _6823", "response_1293 _4469"),
]


def read(name: str) -> tuple[Item, ...]:
    return read_items(FILES / name)[0]


def outcome(item: Item, *values: Any, **named: Any) -> QtiOutcome:
    return process(item.markup, {"RESPONSE": values[0]} if values else named)


CASES: list[tuple[str, int, Any, Any]] = [
    (QUIZ, 0, "_2799", "_599"),
    (QUIZ, 1, "true", "false"),
    (QUIZ, 2, "blank", "black"),
    (QUIZ, 4, ["_4094", "_8128", "_1582"], ["_4094", "_8128", "_1582", "_141"]),
    (QUIZ, 6, MATCHED, ["response_1696 _4469"]),
    (QUIZ, 7, "42.2", "43"),
    (QUIZ, 7, "0", "1"),
    (QUIZ, 8, "42", "41"),
    ("edge_cases_1.2.xml", 2, ["response_456 _2421"], ["response_456 _5318"]),
    ("edge_cases_1.2.xml", 3, "_2421", "_5318"),
    ("items_1.2/canvas_multiple_fib_as_single.xml", 0, "Word", "sword"),
    (
        "items_1.2/multiple_answer.xml",
        0,
        [*("QUE_1024_A1", "QUE_1026_A3", "QUE_1027_A4", "QUE_1030_A7")],
        ["QUE_1025_A2"],
    ),
    ("items_1.2/numeric_precision.xml", 0, "1000.005", "999.995"),
    ("items_1.2/ordering.xml", 0, list("ABEDC"), list("ABCDE")),
    ("items_1.2/true_false.xml", 0, "false", "true"),
    ("mathml/numeric_1.2.xml", 0, "1234", "1233"),
    ("mathml/numeric_1.2.xml", 1, "1111", "1112"),
    (
        "test_qti_1.2_canvas/i00f37ac2af026e5a607e4a5d9a70b1d5/"
        "i00f37ac2af026e5a607e4a5d9a70b1d5.xml",
        2,
        ["_6216", "_5119"],
        ["_6216"],
    ),
    ("with_banks/non_cc_assessments/g9a20cf3af178b54e4792cbe992f65790.xml.qti", 0, "true", "false"),
]


@pytest.mark.parametrize(("name", "place", "right", "wrong"), CASES)
def test_the_right_response_earns_all_points_and_a_wrong_one_none(
    name: str, place: int, right: Any, wrong: Any
) -> None:
    item = read(name)[place]
    best = outcome(item, right)
    assert best.points == best.max_points == item.scoring.max_points
    assert outcome(item, wrong).points == 0
    assert process(item.markup, {}).points == 0


def test_each_blank_earns_its_share() -> None:
    item = read(QUIZ)[3]
    assert item.type is ItemType.FILL_IN
    both = outcome(item, response_Multiple="MULTIPLE", response_Blanks="blanks")
    assert (both.points, both.max_points) == (1, 1)
    assert outcome(item, response_Multiple="multiple").points * 2 == 1


def test_each_list_earns_its_share() -> None:
    (item,) = read("items_1.2/canvas_multiple_dropdown.xml")
    assert outcome(item, response_color1="_6548", response_color2="_6951").points == 1
    assert outcome(item, response_color1="_6548", response_color2="_4500").points * 2 == 1
    assert outcome(item, response_color1="_5550", response_color2="_4500").points == 0


def test_half_the_points_for_the_second_best_choice() -> None:
    (item,) = read("items_1.2/choice_vary_points_by_answer.xml")
    assert outcome(item, "_93bbcb84-3281-4d99-b243-79ba4051e654").points == 10
    assert outcome(item, "_3cd6d311-07cd-4ec0-b2db-3048e6cf1128").points == 5


def test_a_drawn_question_is_right_for_the_numbers_it_shows() -> None:
    (item,) = read("items_1.2/formula_mform.xml")
    answers = {"8.94": "82.58", "1.31": "23.72", "3.67": "39.75", "3.42": "46.25", "4.04": "41.03"}
    seen = set()
    for seed in range(20):
        shown = str(process(item.markup, {}, seed=seed).templates["n"])
        seen.add(shown)
        assert process(item.markup, {"RESPONSE": answers[shown]}, seed=seed).points == 1
        assert process(item.markup, {"RESPONSE": "1"}, seed=seed).points == 0
    assert len(seen) > 1


@pytest.mark.parametrize(
    ("typed", "fifths"),
    [
        ({"bafd8242-ecdb-4158-a6d3-4ff15e016cb8": "a red rose"}, 1),
        ({"d719aee0-6ce0-462c-9c0d-be63ba8d3408": "BLU"}, 1),
        ({"d719aee0-6ce0-462c-9c0d-be63ba8d3408": "bl"}, 0),
        ({"ce47aaf6-c1dd-4db8-9a9f-7f5c131d8a90": "green"}, 1),
        ({"41dfd716-8fd9-466a-97fa-33d353e44b42": "teal"}, 1),
        ({"a053119f-6a61-4372-ac79-4b2a7de0232f": "orange<s>"}, 1),
        ({"a053119f-6a61-4372-ac79-4b2a7de0232f": "orange"}, 0),
    ],
)
def test_blanks_are_compared_as_the_file_says(typed: dict[str, str], fifths: int) -> None:
    (item,) = read("items_1.2/nq_multiple_fib_scoring_algorithms.xml")
    responses = {f"response_{name}": text for name, text in typed.items()}
    assert outcome(item, **responses).points * 5 == fifths


@pytest.mark.parametrize("name", ["items_1.2/fib.xml", "items_1.2/item_no_title.xml"])
def test_a_file_with_a_tag_left_open_is_read_and_named(name: str) -> None:
    items, problems = read_items(FILES / name)
    assert [item.type for item in items] == [ItemType.FILL_IN]
    right = {"FIB01": "Winter", "FIB02": "Summer", "FIB03": "York"}
    assert outcome(items[0], **right).points == 3
    assert outcome(items[0], **{**right, "FIB01": "winter"}).points == 0
    assert any("not well-formed" in problem.reason for problem in problems)


def test_every_file_reads_without_an_error() -> None:
    paths = [path for path in FILES.rglob("*") if path.suffix in (".xml", ".qti")]
    assert len(paths) == 19
    for path in paths:
        items, problems = read_items(path)
        assert items, path
        assert not [problem for problem in problems if problem.severity.value == "error"], path


def test_feedback_on_an_option_is_its_note() -> None:
    item = read(QUIZ)[0]
    assert item.explanation.option_notes["_599"] == "Answer feedback for B, incorrect"
    assert "Item Feedback, Correct" in item.explanation.text
