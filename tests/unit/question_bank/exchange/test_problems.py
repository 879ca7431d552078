"""A problem says where it stands, what it is, and stays short."""

from __future__ import annotations

from question_bank.errors import UnreadableContent
from question_bank.exchange.problems import (
    LONGEST_QUOTE,
    ProblemSeverity,
    changed,
    lost,
    noted,
    problem_of_error,
)

ODD = lost("the option {option} is odd; correct it")


def test_message_names_the_place_and_the_reason() -> None:
    problem = ODD.at("bank.xlsx", row=7, column="答案", item_id="q1", option="A")
    assert problem.reason == "the option A is odd; correct it"
    assert problem.message == f"bank.xlsx, row 7, column 答案, item q1: {problem.reason}"


def test_place_that_is_not_known_is_left_out() -> None:
    assert ODD.at("", option="A").message == "the option A is odd; correct it"
    assert ODD.at("bank.gift", option="A").message.startswith("bank.gift: the option")


def test_long_foreign_text_is_shortened_to_one_line() -> None:
    problem = ODD.at("bank.xlsx", option="x\n" * 10_000)
    assert len(problem.reason) < LONGEST_QUOTE + 50
    assert "\n" not in problem.message


def test_text_with_braces_is_repeated_as_it_is() -> None:
    assert "{option}" in ODD.at("bank.xlsx", option="{option}").reason


def test_severity_follows_the_kind() -> None:
    kinds = [lost("a"), changed("b"), noted("c")]
    assert [kind.at("f").severity for kind in kinds] == list(ProblemSeverity)


def test_error_of_the_room_is_told_as_a_problem() -> None:
    error = UnreadableContent(where="a.yaml", reason="line 2")
    problem = problem_of_error(error, "a.yaml", item_id="q1")
    assert problem.reason == str(error)
    assert (problem.file, problem.item_id, problem.severity) == ("a.yaml", "q1", "error")
