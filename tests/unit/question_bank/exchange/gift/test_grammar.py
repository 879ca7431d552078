"""The GIFT grammar, held against files whose parse another project published."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.exchange.gift import grammar
from question_bank.exchange.gift.grammar import (
    LONGEST_QUESTION,
    GiftChoice,
    GiftNumber,
    GiftQuestion,
    GiftText,
    GiftType,
    parse_gift,
)

CASES = 26


def text_mapping(text: GiftText | None) -> Any:
    return None if text is None else {"format": text.format, "text": text.text}


def number_mapping(number: GiftNumber) -> dict[str, Any]:
    values = {
        "simple": {"number": number.low},
        "range": {"number": number.low, "range": number.tolerance},
        "high-low": {"numberHigh": number.high, "numberLow": number.low},
    }[number.type]
    return {"type": number.type, **{name: float(value) for name, value in values.items()}}


def choice_mapping(choice: GiftChoice) -> dict[str, Any]:
    text = choice.text
    return {
        "isCorrect": choice.is_correct,
        "weight": None if choice.weight is None else float(choice.weight),
        "text": number_mapping(text) if isinstance(text, GiftNumber) else text_mapping(text),
        "feedback": text_mapping(choice.feedback),
    }


def question_mapping(question: GiftQuestion) -> dict[str, Any]:
    """A question in the shape of the published parse."""
    kind = question.type
    if kind is GiftType.CATEGORY:
        return {"type": "Category", "title": question.title}
    data: dict[str, Any] = {
        "id": question.id,
        "tags": list(question.tags) or None,
        "type": kind.value,
        "title": question.title,
        "stem": text_mapping(question.stem),
        "hasEmbeddedAnswers": question.embedded,
    }
    if kind is not GiftType.DESCRIPTION:
        data["globalFeedback"] = text_mapping(question.feedback)
    if kind is GiftType.TRUE_FALSE:
        data["isTrue"] = question.is_true
        data["trueFeedback"] = text_mapping(question.true_feedback)
        data["falseFeedback"] = text_mapping(question.false_feedback)
    if kind is GiftType.MATCHING:
        data["matchPairs"] = [
            {"subquestion": text_mapping(pair.subquestion), "subanswer": pair.subanswer}
            for pair in question.pairs
        ]
    if question.number is not None:
        data["choices"] = number_mapping(question.number)
    elif question.choices:
        data["choices"] = [choice_mapping(choice) for choice in question.choices]
    return data


def test_every_published_file_parses_as_published(shared_path: Callable[[str], Path]) -> None:
    paths = sorted(shared_path("testdata/gift").glob("*.gift"))
    assert len(paths) == CASES
    for path in paths:
        expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        found = parse_gift(path.read_text(encoding="utf-8"), path.name)
        assert found.problems == (), path.name
        assert [question_mapping(question) for question in found.questions] == expected, path.name


def only(text: str) -> GiftQuestion:
    found = parse_gift(text)
    assert found.problems == ()
    (question,) = found.questions
    return question


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ("{}", GiftType.ESSAY),
        ("{ }", GiftType.ESSAY),
        ("{####well}", GiftType.ESSAY),
        ("{t}", GiftType.TRUE_FALSE),
        ("{ True # no }", GiftType.TRUE_FALSE),
        ("{FALSE#a#b####c}", GiftType.TRUE_FALSE),
        ("{#3}", GiftType.NUMERICAL),
        ("{#=3:0.1 =%50%4}", GiftType.NUMERICAL),
        ("{=a}", GiftType.SHORT),
        ("{=a =%50%b#close}", GiftType.SHORT),
        ("{=a ~b}", GiftType.CHOICE),
        ("{~%50%a ~%50%b}", GiftType.CHOICE),
        ("{=a->b =c->d}", GiftType.MATCHING),
        ("{=a->b =c}", GiftType.SHORT),
        ("", GiftType.DESCRIPTION),
    ],
)
def test_shape_of_the_answers_tells_the_type(answers: str, kind: GiftType) -> None:
    assert only(f"Question{answers}").type is kind


def test_feedback_for_all_follows_four_signs() -> None:
    question = only("Q{=a#right ~b#wrong ####[html]<b>all</b>}")
    assert question.feedback == GiftText("html", "<b>all</b>")
    assert [choice.feedback for choice in question.choices] == [
        GiftText("moodle", "right"),
        GiftText("moodle", "wrong"),
    ]


def test_signs_inside_html_tags_are_text() -> None:
    question = only('[html]Q{=<span style="color:#f00">a</span> ~<a href="x?y=1#z">b</a>#note}')
    texts = [choice.text for choice in question.choices]
    assert texts == [
        GiftText("html", '<span style="color:#f00">a</span>'),
        GiftText("html", '<a href="x?y=1#z">b</a>'),
    ]


def test_blank_line_inside_braces_does_not_end_the_question() -> None:
    question = only("Q {\n=a\n\n~b\n}")
    assert len(question.choices) == 2


def test_two_questions_without_a_blank_line_are_two() -> None:
    found = parse_gift("One{T}\nTwo{F}\n")
    assert [question.stem.text for question in found.questions] == ["One", "Two"]
    assert [question.row for question in found.questions] == [1, 2]


def test_category_needs_no_blank_line() -> None:
    found = parse_gift("$CATEGORY: a/b\nOne{T}")
    assert [question.type for question in found.questions] == ["Category", "TF"]


def test_label_in_a_comment_block_belongs_to_the_next_question() -> None:
    assert only("// [id:q\\]7] [tag:a b]\n\nOne{T}").id == "q]7"


def test_range_may_be_written_either_way() -> None:
    assert only("Q{#5..1}").number == GiftNumber("high-low", 1, high=5)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("One{=a", "a brace is opened and never closed"),
        ("One=a}", "a brace is opened and never closed"),
        ("One{=a{b}}", "a brace is opened and never closed"),
        ("One{what}", "no GIFT answer: what"),
        ("One{#about 5}", "expected a number, found about 5"),
        ("One{#=5 =six}", "expected a number, found six"),
    ],
)
def test_question_that_cannot_be_read_is_named_with_its_line(text: str, reason: str) -> None:
    found = parse_gift(f"Zero{{T}}\n\n{text}\n\nTwo{{F}}", "bank.gift")
    assert [question.stem.text for question in found.questions] == ["Zero", "Two"]
    problem = found.problems[0]
    assert (problem.file, problem.row) == ("bank.gift", 3)
    assert reason in problem.reason


def test_question_without_end_is_refused() -> None:
    (problem,) = parse_gift("Q" + "a" * LONGEST_QUESTION + "{T}").problems
    assert "is a blank line missing?" in problem.reason


def test_file_of_too_many_questions_is_read_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grammar, "MOST_ITEMS", 2)
    found = parse_gift("A{T}\n\nB{T}\n\nC{T}")
    assert len(found.questions) == 2
    assert "more than 2 items" in found.problems[0].reason


def test_comment_in_html_hides_its_signs() -> None:
    question = only("[html]Q{=a<!-- ~ # = -->b ~c}")
    assert [choice.text for choice in question.choices] == [
        GiftText("html", "a<!-- ~ # = -->b"),
        GiftText("html", "c"),
    ]


def test_comment_that_does_not_end_in_its_line_is_text() -> None:
    assert len(only("Q{=a<!--\n~b}").choices) == 2


@given(text=st.text(st.sampled_from("ab {}=~#:%\\\n/[]-><T$5.,")))
def test_any_text_gives_questions_or_problems(text: str) -> None:
    found = parse_gift(text)
    assert found.questions or found.problems or not text.strip() or "//" in text
