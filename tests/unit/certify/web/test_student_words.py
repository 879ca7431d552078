"""Decisions and results in words: every code has its sentence."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from certify.exams.attempt import EndReason
from certify.exams.scoring import DimensionScore
from certify.web import student_words
from certify.web.vocabulary import LEVELS
from rubrics.level_decision import LevelDecision, Reason


@pytest.fixture(autouse=True)
def _english(app: Flask) -> Iterator[None]:
    with app.test_request_context("/?lang=en"):
        yield


def decision(applied: str, placed: str, awarded: str, probability: float = 0.8) -> LevelDecision:
    return LevelDecision(applied, placed, awarded, {}, probability, 0.2, 0.5, ())


def score(theta: float | None, se: float | None = 0.4) -> DimensionScore:
    evidence = "not_assessed" if theta is None else "sufficient"
    return DimensionScore("S", theta, se, 5, 3, 0.2, evidence)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("applied", "placed", "awarded", "sentence"),
    [
        ("elite", "elite", "elite", "You have reached the level “Elite”."),
        ("elite", "novice", "novice", "You have reached the level “Novice”, and not yet “Elite”."),
        ("elite", "elite", "proficient", "the certificate is for “Proficient”"),
        ("elite", "elite", "none", "a condition for the certificate is missing"),
        ("novice", "none", "none", "You have not reached a level this time."),
    ],
)
def test_the_level_in_one_sentence(applied: str, placed: str, awarded: str, sentence: str) -> None:
    assert sentence in student_words.verdict(decision(applied, placed, awarded))


def test_too_few_answers_are_no_verdict_on_ability() -> None:
    reason = Reason("too_few_answers", "elite", 3.0, 24.0)
    undecided = LevelDecision("elite", "none", "none", {}, 0.9, 0.2, 0.5, (reason,))
    assert student_words.verdict(undecided).startswith("Too few items")
    assert not student_words.is_undecided(decision("elite", "none", "none"))


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (0.95, "very likely"),
        (0.949, "It is likely"),
        (0.79, "more likely than not"),
        (0.5, "only slightly"),
        (0.0, "only slightly"),
    ],
)
def test_probabilities_in_words(probability: float, words: str) -> None:
    placed = decision("novice", "novice", "novice", probability)
    assert words in student_words.certainty(placed, "novice")


def test_who_is_below_reads_how_sure_that_is() -> None:
    words = student_words.certainty(decision("elite", "none", "none", 0.9), "novice")
    assert "still below “Novice”: the probability is 90%" in words


@pytest.mark.parametrize(
    ("theta", "words"),
    [(0.71, "Above"), (0.69, "About"), (-0.09, "About"), (-0.11, "Below"), (None, "Not assessed")],
)
def test_a_dimension_is_about_a_level_within_one_standard_error(
    theta: float | None, words: str
) -> None:
    found = student_words.dimension_words(score(theta), "proficient", 0.3)
    assert found.startswith(words)


@pytest.mark.parametrize("distance", [0.0, 0.4, -0.4])
def test_distances_say_their_side(distance: float) -> None:
    side = "below" if distance < 0 else "above"
    assert side in student_words.distance_words(distance, "novice")


@pytest.mark.parametrize("code", sorted(student_words.REASON_SENTENCES))
def test_every_reason_has_a_sentence_with_its_numbers(code: str) -> None:
    line = student_words.reason_line(Reason(code, "novice", 4.0, 5.0, "S"))
    assert "4" in line.text
    assert "5" in line.text
    assert line.met == (code == "threshold_reached")


@pytest.mark.parametrize("reason", [*EndReason, None])
def test_every_end_has_a_reason(reason: EndReason | None) -> None:
    assert bool(student_words.end_words(reason)) == (reason is not None)


def test_every_level_that_can_be_reached_has_a_meaning() -> None:
    assert [bool(student_words.level_meaning(code)) for code in LEVELS] == [False, True, True, True]
