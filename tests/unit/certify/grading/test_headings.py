"""Headings: one label for all spellings, and no two questions for one."""

import pytest

from certify.grading.headings import looks_like_question, question_label


@pytest.mark.parametrize(
    ("heading", "label"),
    [
        ("Q1_1", "1_1"),
        ("第1-2题", "1-2"),
        ("1.2", "1.2"),
        ("Q 12", "12"),
        ("第 3 题", "3"),
        ("Item-07", "7"),
        ("A1", "a1"),
        ("3 (2 points)", "3"),
    ],
)
def test_label(heading: str, label: str) -> None:
    assert question_label(heading) == label


def test_parts_of_a_question_are_not_taken_for_another_question() -> None:
    assert len({question_label(text) for text in ("Q1_1", "Q1-1", "Q11", "Q1 1")}) == 4


@pytest.mark.parametrize(
    ("heading", "known", "expected"),
    [
        ("第7题", ["1"], True),
        ("7", ["1"], True),
        ("A51", ["a1", "a2"], True),
        ("A51", ["1"], False),
        ("V3", ["a1"], False),
        ("作答用时", ["1"], False),
    ],
)
def test_question_that_the_key_lacks_is_noticed(
    heading: str, known: list[str], expected: bool
) -> None:
    assert looks_like_question(heading, known) is expected
