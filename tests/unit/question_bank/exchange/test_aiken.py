"""Aiken files as single choices, and back."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.answer_key import ChoiceKey
from question_bank.exchange.aiken import items_of, read_items, write_items
from question_bank.exchange.fidelity import different_parts
from question_bank.exchange.markdown_text import plain_of_markdown
from question_bank.item import Item, ItemType
from tests.unit.question_bank.exchange.native_items import items, one_of_each

FILE = """\
What is the correct answer?
A. Is it this one?
B. Maybe this answer?
ANSWER: B

Which of these
is written over two lines?
A) The first
B) The second
C) The third
ANSWER: A
"""


def test_questions_are_read_with_their_answers() -> None:
    (first, second), problems = items_of(FILE, "bank.txt")
    assert problems == ()
    assert first.stem == "What is the correct answer?"
    assert [option.text for option in first.options] == ["Is it this one?", "Maybe this answer?"]
    assert first.answer_key == ChoiceKey(frozenset("b"))
    assert second.stem == "Which of these\nis written over two lines?"
    assert second.answer_key == ChoiceKey(frozenset("a"))


def test_full_width_marks_are_understood() -> None:
    (item,), problems = items_of("甲？\nＡ．乙\nB、丙\n答案：Ｂ\n", "bank.txt")
    assert (problems, item.answer_key) == ((), ChoiceKey(frozenset("b")))
    assert [option.text for option in item.options] == ["乙", "丙"]


def test_stem_may_start_like_an_option() -> None:
    (item,), _problems = items_of("A. Smith wrote what?\nA. X\nB. Y\nANSWER: A", "bank.txt")
    assert item.stem == "A. Smith wrote what?"


def test_marks_of_markdown_mean_themselves() -> None:
    (item,), _problems = items_of("5*3*2?\nA. *30*\nB. [x](y)\nANSWER: A", "bank.txt")
    assert item.stem == "5\\*3\\*2?"
    assert [option.text for option in item.options] == ["\\*30\\*", "\\[x](y)"]


@pytest.mark.parametrize(
    ("text", "row", "reason"),
    [
        ("Stem\nA. x\nB. y\n", 1, "no line ANSWER:"),
        ("Stem\nA. x\nB. y\n\nStem\nA. x\nB. y\nANSWER: A", 1, "no line ANSWER:"),
        ("Stem\nA. x\nANSWER: A", 3, "two options"),
        ("ANSWER: A", 1, "two options"),
        ("Stem\nA. x\nB. y\nANSWER: C", 4, "the answer C names no option"),
        ("Stem\nA. x\nB. y\nANSWER:", 4, "names no option"),
        ("Stem\nA. x\nB. y\nANSWER: A, B", 4, "became a multiple choice"),
        ("", None, "no item was found"),
    ],
)
def test_fault_is_named_with_its_line(text: str, row: int | None, reason: str) -> None:
    problem = items_of(text, "bank.txt")[1][0]
    assert (problem.row, reason in problem.reason) == (row, True)


@given(item=items((ItemType.SINGLE,)))
def test_plain_choice_comes_back(item: Item) -> None:
    stream = StringIO()
    write_items([item], stream)
    found, _problems = items_of(stream.getvalue(), "")
    texts = (item.stem, *(option.text for option in item.options))
    if all("\n" not in text and plain_of_markdown(text) is not None for text in texts):
        lost = {"stem", "options", "answer_key", "type"} & set(different_parts(item, found[0]))
        assert lost == set(), stream.getvalue()


def test_loss_is_named_for_every_item() -> None:
    problems = write_items(one_of_each(), StringIO())
    assert [problem.item_id for problem in problems] == [item.id for item in one_of_each()]
    assert [problem.severity for problem in problems].count("error") == 6
    assert "explanation" in problems[0].reason


@given(text=st.text(st.sampled_from("AB.): \nANSWER")))
def test_any_text_gives_items_or_problems(text: str) -> None:
    found, problems = items_of(text, "")
    assert found or problems


def test_missing_file_is_a_problem(tmp_path: Path) -> None:
    assert "no such file" in read_items(tmp_path / "none.txt")[1][0].reason
