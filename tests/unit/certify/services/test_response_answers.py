"""What raw responses of every type say, as words that can be counted."""

from __future__ import annotations

from typing import Any

import pytest

from certify.services.response_answers import NO_ANSWER, answers_given
from tests.factories import make_item


@pytest.mark.parametrize(
    ("item_type", "raw", "answers"),
    [
        ("single", ["b"], {"b"}),
        ("multiple", ["a", "c"], {"a", "c"}),
        ("true_false", ["false"], {"false"}),
        ("numeric", {"value": "12.50"}, {"12.5"}),
        ("numeric", {"value": "1,200"}, {"1200"}),
        ("numeric", {"value": "about  12"}, {"about 12"}),
        ("fill_in", {"blanks": {"1": " FOB ", "2": ""}}, {"1: FOB"}),
        ("order", ["b", "d", "a", "c"], {"b → d → a → c"}),
        ("match", {"pairs": {"a": "t2"}}, {"a → t2"}),
        ("essay", {"text": "先说人群。"}, set()),
        ("single", [], {NO_ANSWER}),
        ("numeric", {"value": " "}, {NO_ANSWER}),
        ("order", [], {NO_ANSWER}),
    ],
)
def test_a_response_in_words(item_type: str, raw: Any, answers: set[str]) -> None:
    assert answers_given(make_item(item_type=item_type), raw) == answers


def test_an_answer_to_another_state_of_the_item_says_nothing() -> None:
    assert answers_given(make_item(), ["z"]) == frozenset()
    assert answers_given(make_item(), {"value": "12"}) == frozenset()


def test_long_answers_are_cut() -> None:
    item = make_item(item_type="fill_in")
    (answer,) = answers_given(item, {"blanks": {"1": "长" * 100}})
    assert answer == "1: " + "长" * 60 + "…"
