"""Several windows on one exam: what is written twice, late, or from an older page."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from certify.exams.attempt import AttemptState
from certify.exams.commands import NewAnswer
from certify.services.delivering import (
    change,
    save_response,
    start_attempt,
)
from tests.examined import Examined
from tests.unit.certify.web.pages.exam_pages import (
    NOTICE,
    PROGRAMME,
    TAKEN_OVER,
    Sitting,
    field,
)
from tests.unit.certify.web.pages.visiting import make_app, visitor


@pytest.fixture
def app(examined: Examined) -> Flask:
    return make_app(examined)


@pytest.fixture
def sitting(app: Flask, examined: Examined) -> Sitting:
    student = examined.people["student"]
    attempt_id = start_attempt(examined.context, student.id, PROGRAMME, "proficient")
    return Sitting(examined, visitor(app, student), attempt_id)


def test_a_second_click_changes_nothing(sitting: Sitting) -> None:
    form = sitting.form()
    assert sitting.post(form).status_code == 303
    again = sitting.post(form)
    assert (again.status_code, again.location) == (303, f"{sitting.path}?page=1")
    page = sitting.page()
    assert "Item 2" in page
    assert NOTICE not in page


def test_an_old_page_in_a_second_window_is_told_so(sitting: Sitting) -> None:
    old = sitting.form()
    sitting.post(sitting.form())
    assert sitting.post(old).status_code == 303
    page = sitting.page()
    assert NOTICE in page
    assert "Item 2" in page
    assert NOTICE not in sitting.page()


def test_the_page_opened_last_takes_over(app: Flask, sitting: Sitting) -> None:
    """A copy of the tab, or another computer: what was open before writes nothing more."""
    old = sitting.form()
    other = visitor(app, sitting.examined.people["student"])
    assert field(other.get(sitting.path).text, "client") == "2"
    refused = sitting.post(old)
    assert (refused.status_code, refused.location) == (303, sitting.path)
    assert sitting.view.revision == 0
    page = sitting.client.get(refused.location).text
    assert TAKEN_OVER in page
    assert field(page, "client") == "3"
    assert TAKEN_OVER not in sitting.page()


def test_an_older_page_that_is_shown_again_stays_an_older_page(
    app: Flask, sitting: Sitting
) -> None:
    blank = sitting.blank_form()
    visitor(app, sitting.examined.people["student"]).get(sitting.path)
    asked = sitting.post(blank).text
    assert "You have not chosen an answer" in asked
    assert field(asked, "client") == "1"
    assert sitting.post({**blank, "confirm_blank": "1"}).location == sitting.path
    assert "Item 1" in sitting.page()


def test_a_page_that_goes_on_takes_nothing_over(sitting: Sitting) -> None:
    assert field(sitting.client.get(sitting.path).text, "client") == "1"
    address = sitting.post(sitting.form()).location
    assert field(sitting.client.get(address).text, "client") == "1"
    assert field(sitting.client.get(sitting.path).text, "client") == "2"


def test_nothing_is_taken_while_the_exam_is_paused(sitting: Sitting) -> None:
    sitting.client.get(sitting.path)
    form = sitting.form()
    context = sitting.examined.context
    change(context, sitting.id, lambda work, transition: transition.pause("drill", "ann"))
    answer = sitting.post(form)
    assert (answer.status_code, answer.location) == (303, sitting.path)
    for way in (sitting.client.get, sitting.client.post):
        assert way(f"{sitting.path}/hand-in").location == sitting.path
    assert 'name="answer"' not in sitting.client.get(sitting.path).text
    assert sitting.view.state is AttemptState.PAUSED
    change(context, sitting.id, lambda work, transition: transition.resume("ann"))
    assert sitting.post(form).location == f"{sitting.path}?page=1"


def test_a_newer_draft_is_shown_again_instead_of_being_overwritten(sitting: Sitting) -> None:
    sitting.go_to("single")
    form, view = sitting.form(), sitting.view
    assert view.item is not None
    drafted = view.item.options[2][0]
    save_response(
        sitting.examined.context,
        sitting.examined.people["student"].id,
        sitting.id,
        NewAnswer(
            position=view.item.position,
            response=[drafted],
            is_final=False,
            revision=1,
            client=view.client,
            idempotency_key="draft of another window",
        ),
    )
    assert sitting.post(form).status_code == 303
    page = sitting.page()
    assert "The latest saved answer is shown." in page
    assert re.search(f'value="{drafted}" data-letter="C" checked', page)
    assert field(page, "revision") == "1"
    assert sitting.post(sitting.form()).status_code == 303


def test_a_draft_is_there_on_another_device(app: Flask, sitting: Sitting) -> None:
    sitting.go_to("numeric")
    view = sitting.view
    assert view.item is not None
    student = sitting.examined.people["student"]
    save_response(
        sitting.examined.context,
        student.id,
        sitting.id,
        NewAnswer(
            position=view.item.position,
            response={"value": "3.60"},
            is_final=False,
            revision=1,
            client=view.client,
            idempotency_key="draft",
        ),
    )
    page = visitor(app, student).get(sitting.path).text
    assert 'value="3.60"' in page
    assert "Saved" in page
