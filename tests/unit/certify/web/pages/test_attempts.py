"""The exam page as a plain form: what is posted, in whatever order, loses and doubles nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certify.exams.attempt import AttemptState
from certify.services.administering import add_person
from certify.services.delivering import (
    AttemptView,
    save_response,
    start_attempt,
    view_attempt,
)
from certify.services.simulating import SimulatedCandidate
from tests.examined import Examined
from tests.unit.certify.web.pages.visiting import make_app, visitor, words_of

NOTICE = "That item was already answered in another window"
PROGRAMME = "estorm-comprehensive"


@dataclass
class Sitting:
    """A running attempt of the student, and the browser in which it runs."""

    examined: Examined
    client: FlaskClient
    id: str

    @property
    def path(self) -> str:
        return f"/attempts/{self.id}"

    @property
    def view(self) -> AttemptView:
        return view_attempt(self.examined.context, self.examined.people["student"].id, self.id)

    def page(self) -> str:
        answer = self.client.get(self.path)
        assert answer.status_code == 200
        return answer.text

    def form(self, **changes: Any) -> dict[str, Any]:
        """The page's form, filled in as a candidate would."""
        page = self.page()
        candidate = SimulatedCandidate(0.0, Random(5))
        response = candidate.answer_current_item(self.examined.context, self.id)
        answer = response["value"] if isinstance(response, dict) else response
        hidden = {name: field(page, name) for name in ("position", "revision", "idempotency_key")}
        return {**hidden, "answer": answer, "intent": "next", **changes}

    def post(self, form: dict[str, Any]) -> Any:
        return self.client.post(self.path, data=form)

    def go_to(self, item_type: str) -> None:
        """Answer until an item of the type is there."""
        while (item := self.view.item) is not None and item.type != item_type:
            assert self.post(self.form()).status_code == 303
        assert self.view.item is not None, f"no {item_type} item came"


def field(page: str, name: str) -> str:
    found = re.search(f'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return found[1]


@pytest.fixture
def app(examined: Examined) -> Flask:
    return make_app(examined)


@pytest.fixture
def sitting(app: Flask, examined: Examined) -> Sitting:
    student = examined.people["student"]
    attempt_id = start_attempt(examined.context, student.id, PROGRAMME, "proficient")
    return Sitting(examined, visitor(app, student), attempt_id)


def test_the_page_shows_item_time_and_no_key(sitting: Sitting) -> None:
    page, item = sitting.page(), sitting.view.item
    assert page.count("<h1") == 1
    assert item is not None
    assert 'data-remaining-seconds="3600.0"' in page
    assert "Item 1" in page
    for word in ("explanation", "answer_key", "difficulty", "correct"):
        assert word not in page


def test_options_stand_in_the_stored_order_with_letters(sitting: Sitting) -> None:
    sitting.go_to("single")
    page, item = sitting.page(), sitting.view.item
    assert item is not None
    found = re.findall(r'name="answer" value="(\w)" data-letter="(\w)"', page)
    assert found == [(option_id, "ABCD"[n]) for n, (option_id, _) in enumerate(item.options)]


def test_a_number_has_its_unit_and_how_to_round(sitting: Sitting) -> None:
    sitting.go_to("numeric")
    page, item = sitting.page(), sitting.view.item
    assert item is not None
    assert item.unit in page
    assert "Round to" in page


def test_multiple_choice_says_how_many_may_be_right(sitting: Sitting) -> None:
    sitting.go_to("multiple")
    page = sitting.page()
    assert "Two to four of the options are right." in page
    assert page.count('type="checkbox"') == 5


def test_an_answer_leads_to_the_next_item(sitting: Sitting) -> None:
    answer = sitting.post(sitting.form())
    assert (answer.status_code, answer.location) == (303, sitting.path)
    assert "Item 2" in sitting.page()


def test_a_second_click_changes_nothing(sitting: Sitting) -> None:
    form = sitting.form()
    assert sitting.post(form).status_code == 303
    again = sitting.post(form)
    assert (again.status_code, again.location) == (303, sitting.path)
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


def test_a_newer_draft_is_shown_again_instead_of_being_overwritten(sitting: Sitting) -> None:
    sitting.go_to("single")
    form, view = sitting.form(), sitting.view
    assert view.item is not None
    drafted = view.item.options[2][0]
    save_response(
        sitting.examined.context,
        sitting.examined.people["student"].id,
        sitting.id,
        position=view.item.position,
        response=[drafted],
        is_final=False,
        revision=1,
        idempotency_key="draft of another window",
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
        position=view.item.position,
        response={"value": "3.60"},
        is_final=False,
        revision=1,
        idempotency_key="draft",
    )
    page = visitor(app, student).get(sitting.path).text
    assert 'value="3.60"' in page
    assert "Saved" in page


def test_a_blank_answer_is_asked_about_once(sitting: Sitting) -> None:
    blank = sitting.form(answer="")
    blank.pop("answer") if sitting.view.item and sitting.view.item.options else None
    asked = sitting.post(blank)
    assert asked.status_code == 200
    assert "You have not chosen an answer" in asked.text
    assert 'name="confirm_blank"' in asked.text
    assert sitting.post({**blank, "confirm_blank": "1"}).status_code == 303
    assert "Item 2" in sitting.page()


@pytest.mark.parametrize("typed", ["about 12", "12 元", "1\0", "1e999"])
def test_an_unreadable_number_is_no_answer_yet(sitting: Sitting, typed: str) -> None:
    sitting.go_to("numeric")
    position = sitting.view.item and sitting.view.item.position
    answer = sitting.post(sitting.form(answer=typed))
    assert answer.status_code == 422
    assert "Enter a number without words or units" in answer.text
    assert sitting.view.item and sitting.view.item.position == position


def test_an_option_that_is_not_there_is_refused(sitting: Sitting) -> None:
    sitting.go_to("single")
    answer = sitting.post(sitting.form(answer=["z"]))
    assert answer.status_code == 422
    assert "does not fit" in answer.text
    assert sitting.post(sitting.form(answer=["a", "b"])).status_code == 422


@pytest.mark.parametrize(
    "changes",
    [
        {"position": "x"},
        {"revision": ""},
        {"revision": "-1"},
        {"revision": "99999999999999999999"},
        {"idempotency_key": ""},
        {"idempotency_key": "k" * 101},
        {"idempotency_key": "a\0b"},
    ],
)
def test_a_damaged_form_is_refused(sitting: Sitting, changes: dict[str, str]) -> None:
    assert sitting.post(sitting.form(**changes)).status_code == 400
    assert "Item 1" in sitting.page()


def test_the_form_needs_a_token(examined: Examined, sitting: Sitting) -> None:
    app = make_app(examined)
    app.config["WTF_CSRF_ENABLED"] = True
    client = visitor(app, examined.people["student"])
    assert client.post(sitting.path, data=sitting.form()).status_code == 400


def test_handing_in_early_is_confirmed_first(sitting: Sitting) -> None:
    sitting.post(sitting.form())
    page = sitting.client.get(f"{sitting.path}/hand-in")
    assert page.status_code == 200
    assert "ends at once" in words_of(page.text)
    assert sitting.view.state is AttemptState.RUNNING
    for _ in range(2):
        answer = sitting.client.post(f"{sitting.path}/hand-in")
        assert (answer.status_code, answer.location) == (303, f"{sitting.path}/result")
    assert sitting.view.state is AttemptState.HANDED_IN
    assert "because you handed it in" in sitting.client.get(answer.location).text


def test_a_blank_answer_is_not_counted_as_answered(sitting: Sitting) -> None:
    assert sitting.view.answered == 0
    sitting.post(sitting.form())
    assert sitting.view.answered == 1
    blank = sitting.form(confirm_blank="yes")
    del blank["answer"]
    sitting.post(blank)
    assert sitting.view.item is not None
    assert (sitting.view.item.position, sitting.view.answered) == (3, 1)
    words = words_of(sitting.client.get(f"{sitting.path}/hand-in").text)
    assert "Items answered so far 1 " in words


def test_a_page_that_thinks_time_is_up_does_not_end_a_running_exam(sitting: Sitting) -> None:
    answer = sitting.client.post(f"{sitting.path}/hand-in", data={"reason": "time"})
    assert answer.location == sitting.path
    assert sitting.view.state is AttemptState.RUNNING


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("end", ["", "/hand-in"])
def test_after_the_deadline_everything_leads_to_the_result(
    sitting: Sitting, method: str, end: str
) -> None:
    form = sitting.form()
    sitting.examined.clock.advance(minutes=60)
    answer = getattr(sitting.client, method)(f"{sitting.path}{end}", data=form)
    assert (answer.status_code, answer.location) == (303, f"{sitting.path}/result")
    assert "because time was up" in sitting.client.get(answer.location).text


def test_the_last_answer_leads_to_the_result(sitting: Sitting) -> None:
    while sitting.view.state is AttemptState.RUNNING:
        answer = sitting.post(sitting.form())
    assert answer.location == f"{sitting.path}/result"
    assert sitting.client.get(sitting.path).location == f"{sitting.path}/result"


@pytest.mark.parametrize(
    ("method", "end"),
    [
        ("get", ""),
        ("post", ""),
        ("get", "/hand-in"),
        ("post", "/hand-in"),
        ("get", "/result"),
        ("post", "/certificate"),
    ],
)
def test_attempts_of_others_and_unknown_ones_are_not_found(
    app: Flask, examined: Examined, sitting: Sitting, method: str, end: str
) -> None:
    other = add_person(
        examined.context,
        username="other",
        display_name="周可",
        password="correct horse",
        roles={"student"},
    )
    assert getattr(visitor(app, other), method)(f"{sitting.path}{end}").status_code == 404
    unknown = f"/attempts/{'0' * 32}{end}"
    assert getattr(sitting.client, method)(unknown).status_code == 404
    assert getattr(visitor(app), method)(f"{sitting.path}{end}").status_code == 303
    teacher = visitor(app, examined.people["teacher"])
    assert getattr(teacher, method)(f"{sitting.path}{end}").status_code == 403
