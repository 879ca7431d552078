"""A form part as plain forms: any item at any time, flags, the review, and nothing lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certify.exams.attempt import Attempt, AttemptState
from certify.services.administering import add_person
from certify.services.delivering import open_attempt
from certify.services.form_sitting import flag_item
from tests.examined import Examined
from tests.integration.services.form_days import (
    SHORT,
    make_forms,
    open_with,
    paper_of,
    right_at,
    sit_down,
    stored,
)
from tests.unit.certify.web.pages.exam_pages import HIDDEN, TAKEN_OVER, field
from tests.unit.certify.web.pages.visiting import make_app, visitor, words_of

LENGTH = sum(SHORT.values())


class FormSitting:
    """The student in front of a form of six items."""

    def __init__(self, examined: Examined, client: FlaskClient, attempt_id: str) -> None:
        self.examined = examined
        self.client = client
        self.id = attempt_id

    @property
    def path(self) -> str:
        return f"/attempts/{self.id}"

    @property
    def attempt(self) -> Attempt:
        return stored(self.examined.context, self.id)

    def page(self, position: int) -> str:
        answer = self.client.get(f"{self.path}?item={position}&page={self.attempt.client}")
        assert answer.status_code == 200, answer.status
        return answer.text

    def post(self, position: int, answer: Any = None, intent: str = "next", **changes: Any) -> Any:
        page = self.page(position)
        hidden = {name: field(page, name) for name in HIDDEN}
        given = {} if answer is None else {"answer": answer}
        return self.client.post(self.path, data={**hidden, **given, "intent": intent, **changes})

    def right(self, position: int) -> Any:
        return right_at(self.examined.context, self.id, position)


@pytest.fixture
def app(examined: Examined) -> Flask:
    return make_app(examined)


@pytest.fixture
def sitting(app: Flask, examined: Examined) -> FormSitting:
    context = examined.context
    paper = paper_of(make_forms(context, counts=SHORT))
    session = open_with(context, examined.people["centre"], paper)
    student = examined.people["student"]
    attempt_id = sit_down(context, session, student.id)
    return FormSitting(examined, visitor(app, student), attempt_id)


def lands_on(answer: Any) -> str:
    """Where a redirect leads: the position of an item, or the last word of the path."""
    assert answer.status_code == 303, words_of(answer.text)
    found = re.search(r"item=(\d+)", answer.location)
    return found[1] if found else answer.location.partition("?")[0].rsplit("/", 1)[1]


def test_the_page_shows_the_map_and_no_key(sitting: FormSitting) -> None:
    page = sitting.page(1)
    assert f"Item 1 of {LENGTH}" in words_of(page)
    assert page.count('name="intent" value="go-') == LENGTH
    assert 'aria-label="Item 2, not answered"' in page
    for word in ("explanation", "answer_key", "difficulty", "correct"):
        assert word not in page


def test_one_goes_forth_back_and_anywhere(sitting: FormSitting) -> None:
    assert lands_on(sitting.post(1)) == "2"
    assert lands_on(sitting.post(3, intent="back")) == "2"
    assert lands_on(sitting.post(1, intent="back")) == "1"
    assert lands_on(sitting.post(2, intent="go-5")) == "5"
    assert lands_on(sitting.post(2, intent="go-99")) == "2"
    assert lands_on(sitting.post(LENGTH)) == "hand-in"
    assert lands_on(sitting.post(2, intent="review")) == "hand-in"
    assert not sitting.attempt.answers


def test_whichever_way_an_item_is_left_its_answer_is_saved_once(sitting: FormSitting) -> None:
    for position, intent in ((1, "next"), (2, "back"), (3, "flag"), (4, "go-1"), (5, "review")):
        sitting.post(position, sitting.right(position), intent)
    assert sorted(sitting.attempt.answers) == [1, 2, 3, 4, 5]
    assert sitting.attempt.flagged == {3}
    before = sitting.attempt.sequence
    assert lands_on(sitting.post(1, sitting.right(1))) == "2"
    assert sitting.attempt.sequence == before


def test_an_answer_may_be_changed_and_taken_back(sitting: FormSitting) -> None:
    right = sitting.right(1)
    wrong = next(o for o in sitting.attempt.served[0].option_order if o not in right)
    for answer in (right, [wrong]):
        sitting.post(1, answer)
    assert sitting.attempt.answers[1].response == [wrong]
    assert f'value="{wrong}" data-letter' in sitting.page(1)
    sitting.post(1)
    assert sitting.attempt.answers[1].response == []
    assert "Item 1, not answered" in sitting.page(2)


def test_a_flag_is_set_shown_and_removed(sitting: FormSitting) -> None:
    assert lands_on(sitting.post(2, intent="flag")) == "2"
    assert "Remove the flag" in sitting.page(2)
    assert 'aria-label="Item 2, not answered, flagged"' in sitting.page(1)
    sitting.post(2, intent="unflag")
    assert not sitting.attempt.flagged


def test_the_review_names_what_is_without_an_answer(sitting: FormSitting) -> None:
    sitting.post(1, sitting.right(1))
    flag_item(
        sitting.examined.context,
        sitting.attempt.candidate_id,
        sitting.id,
        4,
        flagged=True,
        client=sitting.attempt.client,
    )
    page = sitting.client.get(f"{sitting.path}/hand-in").text
    words = words_of(page)
    assert f"{LENGTH - 1} items have no answer" in words
    assert "Flagged to come back to Item 4" in words
    assert "Item 1," not in words
    for position in range(2, LENGTH + 1):
        sitting.post(position, sitting.right(position))
    done = words_of(sitting.client.get(f"{sitting.path}/hand-in").text)
    assert "Every item has an answer" in done


def test_handing_in_leads_to_points_by_section_and_dimension(sitting: FormSitting) -> None:
    for position in range(1, LENGTH):
        sitting.post(position, sitting.right(position))
    handed = sitting.client.post(f"{sitting.path}/hand-in", data={})
    assert lands_on(handed) == "result"
    assert sitting.attempt.state_at(sitting.examined.clock.now) is AttemptState.HANDED_IN
    page = words_of(sitting.client.get(f"{sitting.path}/result").text)
    assert "Points on 技能卷, form A" in page
    assert "Points by section" in page and "Points by dimension" in page
    assert "They decide nothing by themselves" in page
    # six answers are too few for a level, and the page says so
    assert "a decision needs at least 24" in page


def test_a_page_that_was_replaced_is_told_so(sitting: FormSitting) -> None:
    page = sitting.page(1)
    open_attempt(sitting.examined.context, sitting.attempt.candidate_id, sitting.id)
    hidden = {name: field(page, name) for name in HIDDEN}
    for intent in ("next", "flag"):
        answer = sitting.client.post(
            sitting.path, data={**hidden, "answer": sitting.right(1), "intent": intent}
        )
        assert lands_on(answer) == sitting.id
    assert TAKEN_OVER in words_of(sitting.client.get(sitting.path).text)
    assert not sitting.attempt.answers and not sitting.attempt.flagged


def test_an_answer_that_does_not_fit_changes_nothing(sitting: FormSitting) -> None:
    refused = sitting.post(1, "no such option")
    assert refused.status_code == 422
    assert "This answer does not fit the item" in words_of(refused.text)
    assert not sitting.attempt.answers


def test_an_item_that_the_form_does_not_have_changes_nothing(sitting: FormSitting) -> None:
    hidden = {name: field(sitting.page(1), name) for name in HIDDEN}
    sent = {**hidden, "answer": sitting.right(1), "position": "77"}
    answer = sitting.client.post(sitting.path, data=sent)
    assert answer.status_code == 303
    assert not sitting.attempt.answers
    assert "Item 1 of" in words_of(sitting.page(77))


def test_answers_after_the_time_lead_to_the_result(sitting: FormSitting) -> None:
    page = sitting.page(1)
    hidden = {name: field(page, name) for name in HIDDEN}
    sitting.examined.clock.advance(hours=5)
    late = sitting.client.post(sitting.path, data={**hidden, "answer": sitting.right(1)})
    assert lands_on(late) == "result"
    assert not sitting.attempt.answers and sitting.attempt.is_over


def test_somebody_elses_form_looks_like_none(app: Flask, sitting: FormSitting) -> None:
    other = add_person(
        sitting.examined.context,
        username="other",
        display_name="别人",
        password="not a demo",
        roles=["student"],
    )
    client = visitor(app, other)
    for path in (f"{sitting.path}?item=1", f"{sitting.path}/hand-in"):
        assert client.get(path).status_code == 404
    assert visitor(app).get(f"{sitting.path}/hand-in").status_code in (302, 303)
    assert sitting.client.put(f"{sitting.path}/hand-in").status_code == 405
