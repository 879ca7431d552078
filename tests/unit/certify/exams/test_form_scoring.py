"""The raw score of a form: its points, partial credit, sections, dimensions, items never served."""

from __future__ import annotations

from dataclasses import asdict
from fractions import Fraction

from certify.exams.commands import Transition
from certify.exams.form_scoring import FormScore, form_score_from_mapping, score_forms
from certify.exams.scoring import score_attempt
from tests.factories import begin, right_response, tick
from tests.unit.certify.exams.form_parts import (
    begun,
    form_exam,
    form_terms,
    give,
    item_at,
    make_form,
)

FORM = make_form()
EXAM = form_exam(FORM)
SINGLES, MULTIPLES, CASE = 10, 4, 3
FIRST_MULTIPLE = SINGLES + 1


def score_of(transition: Transition) -> FormScore:
    (found,) = score_forms(transition.attempt, EXAM.forms, EXAM.pool.by_id)
    return found


def answered_rightly(*positions: int) -> Transition:
    transition = begun(EXAM)
    for position in positions:
        item = EXAM.pool.by_id[item_at(transition.attempt, position)]
        give(transition, EXAM, position, right_response(item))
    return transition


def test_points_are_those_of_the_form() -> None:
    found = score_of(answered_rightly(1, 2, FIRST_MULTIPLE))
    assert found.points == Fraction(3, 2) * 2 + 2
    assert found.possible == Fraction(3, 2) * (SINGLES + CASE) + 2 * MULTIPLES == FORM.total_points
    assert (found.form_digest, found.letter, found.part) == (FORM.digest, "A", "paper")


def test_partial_credit_is_the_items_share_of_the_forms_points() -> None:
    transition = begun(EXAM)
    give(transition, EXAM, FIRST_MULTIPLE, ["a", "c"])
    found = score_of(transition)
    assert found.points == Fraction(2, 3) * 2
    assert transition.attempt.answers[FIRST_MULTIPLE].correct == 0


def test_the_last_answer_counts() -> None:
    transition = answered_rightly(1)
    give(transition, EXAM, 1, ["a"], revision=2)
    found = score_of(transition)
    assert found.points == 0 and found.items[0].is_answered
    give(transition, EXAM, 1, [], revision=3)
    assert not score_of(transition).items[0].is_answered


def test_sections_and_dimensions_add_up_to_the_whole() -> None:
    found = score_of(answered_rightly(1, FIRST_MULTIPLE, SINGLES + MULTIPLES + 1))
    for groups in (found.sections, found.dimensions):
        assert sum((group.points for group in groups), Fraction(0)) == found.points
        assert sum((group.possible for group in groups), Fraction(0)) == found.possible
        assert sum(group.answered for group in groups) == 3
    assert [(g.code, g.items) for g in found.sections] == [
        ("single", SINGLES),
        ("multiple", MULTIPLES),
        ("block", CASE),
    ]


def test_a_part_that_time_ended_before_it_was_served_earns_nothing() -> None:
    transition = begin(parts=(form_terms(FORM),))
    tick(transition, 99_999)
    transition.close_if_due()
    found = score_of(transition)
    assert (found.points, found.possible) == (0, FORM.total_points)
    assert {item.position for item in found.items} == {0}


def test_the_report_estimates_ability_from_the_same_answers() -> None:
    few, many = answered_rightly(1), answered_rightly(*range(1, 18))
    for transition in (few, many):
        transition.hand_in()
    assert score_attempt(many.attempt, EXAM).theta > score_attempt(few.attempt, EXAM).theta
    report = score_attempt(many.attempt, EXAM)
    assert (report.items, report.correct, report.answered) == (17, 17, 17)
    assert report.forms == (score_of(many),)


def test_a_shuffled_form_is_worth_the_same() -> None:
    transition = begun(EXAM, is_shuffled=True)
    for served in transition.attempt.served:
        item = EXAM.pool.by_id[served.item_id]
        give(transition, EXAM, served.position, right_response(item))
    assert score_of(transition).points == FORM.total_points


def test_a_score_comes_back_from_its_mapping() -> None:
    found = score_of(answered_rightly(1, 12))
    assert form_score_from_mapping(asdict(found)) == found
